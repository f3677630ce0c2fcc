"""Sites, and what was done to them: runs, their counts and findings, and the chained event log."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.model import Severity, Sha256
from pipeline.store.base import Base, Id, Name, Size, one_of, reference
from pipeline.store.types import Json, Sha256Type, UtcDateTime


class SiteRow(Base):
    """One Jekyll site: a repository and its archive folder."""

    __tablename__ = "sites"

    id: Mapped[Id]
    key: Mapped[Name] = mapped_column(unique=True, comment="short name, also of the archive folder")
    title: Mapped[str | None] = mapped_column(comment="`title` of the configuration")
    origin: Mapped[str | None] = mapped_column(comment="URL of the repository, without credentials")
    url: Mapped[str | None] = mapped_column(comment="public address: `url` + `baseurl`")
    timezone: Mapped[str | None] = mapped_column(comment="`timezone` of the configuration")


class RunRow(Base):
    """One execution: what it read, with which version and options, how it ended."""

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint("found = stored + skipped + failed + absent", name="adds_up"),
    )

    id: Mapped[Id]
    site_id: Mapped[int] = reference("sites.id")
    job: Mapped[Name] = mapped_column(comment="`run`, `import`, ...")
    software: Mapped[Name] = mapped_column(comment="name and version of this software")
    options: Mapped[Any] = mapped_column(Json, comment="what was asked for, as JSON")
    source_kind: Mapped[Name] = mapped_column(comment="folder, repository, bundle or url")
    snapshot_id: Mapped[int] = reference("snapshots.id")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[Name] = mapped_column(comment="`stored` or `unchanged`")
    found: Mapped[int]
    stored: Mapped[int]
    skipped: Mapped[int] = mapped_column(comment="already in the archive, or no file at all")
    failed: Mapped[int] = mapped_column(comment="could not be read")
    absent: Mapped[int] = mapped_column(comment="named by the tree, missing from the repository")


class RunCountRow(Base):
    """The counts of one run for one collection; they add up to the run's."""

    __tablename__ = "run_counts"
    __table_args__ = (
        CheckConstraint("found = stored + skipped + failed + absent", name="adds_up"),
    )

    run_id: Mapped[int] = reference("runs.id", index=False, primary_key=True)
    collection: Mapped[Name] = mapped_column(primary_key=True)
    found: Mapped[int]
    stored: Mapped[int]
    skipped: Mapped[int]
    failed: Mapped[int]
    absent: Mapped[int]


class FindingRow(Base):
    """Something a person should know: a stable code, a severity, a place, a sentence."""

    __tablename__ = "findings"
    __table_args__ = (UniqueConstraint("snapshot_id", "position"), one_of("severity", Severity))

    id: Mapped[Id]
    snapshot_id: Mapped[int] = reference("snapshots.id", index=False)
    position: Mapped[int]
    file_id: Mapped[int | None] = reference("files.id")
    code: Mapped[Name] = mapped_column(index=True)
    severity: Mapped[Name]
    message: Mapped[Name]
    path: Mapped[str | None]
    line: Mapped[int | None]
    column: Mapped[int | None]
    offset: Mapped[Size | None]
    length: Mapped[Size | None]
    field: Mapped[str | None]


class EventRow(Base):
    """The append-only log: each event holds the digest of the one before."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("site_id", "sequence"),)

    id: Mapped[Id]
    site_id: Mapped[int] = reference("sites.id", index=False)
    sequence: Mapped[int] = mapped_column(comment="from 1, without gaps, by site")
    kind: Mapped[Name]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    payload: Mapped[Name] = mapped_column(comment="canonical JSON; these bytes are what is hashed")
    previous: Mapped[Sha256 | None] = mapped_column(Sha256Type)
    digest: Mapped[Sha256] = mapped_column(Sha256Type)
