"""Commits, and from which commit until which a file stood."""

from datetime import datetime

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.model import Sha256
from pipeline.store.base import Base, Id, Name, Oid, Size, reference
from pipeline.store.types import Sha256Type, UtcDateTime


class CommitRow(Base):
    """A git commit that some row names as evidence. The raw object is in the archive."""

    __tablename__ = "commits"
    __table_args__ = (UniqueConstraint("site_id", "oid"),)

    id: Mapped[Id]
    site_id: Mapped[int] = reference("sites.id", index=False)
    oid: Mapped[Oid]
    tree_oid: Mapped[Oid]
    author_name: Mapped[Name]
    author_email: Mapped[Name]
    authored_at: Mapped[datetime | None] = mapped_column(UtcDateTime, comment="None: out of range")
    author_offset: Mapped[int] = mapped_column(comment="minutes east of UTC, as written")
    author_raw: Mapped[Name]
    committer_name: Mapped[Name]
    committer_email: Mapped[Name]
    committed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    committer_offset: Mapped[int]
    committer_raw: Mapped[Name]
    message: Mapped[Name]
    sha256: Mapped[Sha256] = mapped_column(Sha256Type, comment="of the raw commit object")
    size: Mapped[Size]
    branch_position: Mapped[int | None] = mapped_column(
        index=True,
        comment="on the branch that was read, from 0; None: on a side line, or not known",
    )


class CommitParentRow(Base):
    """The parents of a commit, in order; a parent need not be in the catalogue."""

    __tablename__ = "commit_parents"

    commit_id: Mapped[int] = reference("commits.id", index=False, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    parent_oid: Mapped[Oid]


class SpanRow(Base):
    """A stretch of one line of history in which a file stood: from one commit until another."""

    __tablename__ = "spans"
    __table_args__ = (UniqueConstraint("file_id", "since_commit_id"),)

    id: Mapped[Id]
    file_id: Mapped[int] = reference("files.id", index=False)
    line: Mapped[int] = mapped_column(comment="0: the branch; else a side line, until its merge")
    kind: Mapped[Name] = mapped_column(comment="how it began: added, modified, first seen, ...")
    since_commit_id: Mapped[int] = reference("commits.id")
    until_commit_id: Mapped[int | None] = reference("commits.id")
    written_commit_id: Mapped[int] = reference(
        "commits.id", comment="who made the state, where `since` is the merge that brought it"
    )
    created_commit_id: Mapped[int | None] = reference(
        "commits.id", comment="the first commit that had any file at this path"
    )


class AbsenceRow(Base):
    """From a commit on there is no file at a path in one line of history."""

    __tablename__ = "absences"
    __table_args__ = (UniqueConstraint("site_id", "path", "line", "since_commit_id"),)

    id: Mapped[Id]
    site_id: Mapped[int] = reference("sites.id", index=False)
    path: Mapped[Name] = mapped_column(comment="as git shows it")
    path_raw: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="only where `path` is quoted"
    )
    line: Mapped[int] = mapped_column(comment="as in `spans`")
    since_commit_id: Mapped[int] = reference("commits.id")
    lost: Mapped[bool] = mapped_column(comment="all we know is that its folder cannot be read")
