"""What was read: contents, the files that hold them, whole trees, and static files."""

from enum import Enum

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.model import Sha256
from pipeline.store.base import Base, Id, Name, Oid, Size, one_of, reference
from pipeline.store.types import Sha256Type


class BlobState(Enum):
    """Whether we have the bytes."""

    PRESENT = "present"
    ABSENT = "absent"
    FAILED = "failed"


class BlobRow(Base):
    """A content, by its git blob id; `sha256` and `size` are None until the bytes were read."""

    __tablename__ = "blobs"
    __table_args__ = (UniqueConstraint("site_id", "oid"), one_of("state", BlobState))

    id: Mapped[Id]
    site_id: Mapped[int] = reference("sites.id", index=False)
    oid: Mapped[Oid]
    state: Mapped[Name]
    sha256: Mapped[Sha256 | None] = mapped_column(Sha256Type, index=True)
    size: Mapped[Size | None]


class FileRow(Base):
    """One state of one path: a mode and a content; every file of the tree, published or not."""

    __tablename__ = "files"
    __table_args__ = (UniqueConstraint("site_id", "path", "mode", "blob_id"),)

    id: Mapped[Id]
    site_id: Mapped[int] = reference("sites.id", index=False)
    path: Mapped[Name] = mapped_column(
        comment="as git shows it; quoted where it is not plain UTF-8"
    )
    path_raw: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="only where `path` is quoted"
    )
    mode: Mapped[int] = mapped_column(comment="as git stores it, e.g. 33188 = 0o100644")
    blob_id: Mapped[int] = reference("blobs.id")


class SnapshotRow(Base):
    """A whole tree as it was read under one configuration."""

    __tablename__ = "snapshots"
    __table_args__ = (UniqueConstraint("site_id", "tree_oid", "revision", "context"),)

    id: Mapped[Id]
    site_id: Mapped[int] = reference("sites.id", index=False)
    revision: Mapped[Name] = mapped_column(comment="commit id, or empty for a plain folder")
    commit_id: Mapped[int | None] = reference("commits.id")
    tree_oid: Mapped[Oid] = mapped_column(
        comment="git tree id, recomputed from the files by verify"
    )
    context: Mapped[Sha256] = mapped_column(
        Sha256Type,
        comment="of all that decides derived values: rules, settings, YAML engine, clock",
    )


class SnapshotFileRow(Base):
    """A file in a snapshot: its part in the site, and where it was published."""

    __tablename__ = "snapshot_files"

    snapshot_id: Mapped[int] = reference("snapshots.id", index=False, primary_key=True)
    file_id: Mapped[int] = reference("files.id", primary_key=True)
    role: Mapped[Name] = mapped_column(comment="document, page, static, data, config, layout, ...")
    collection: Mapped[Name] = mapped_column(comment="collection, or the role in parentheses")
    publication_id: Mapped[int | None] = reference("publications.id")
    left_out: Mapped[Name] = mapped_column(comment="why Jekyll leaves it out; empty if it does not")


class AssetRow(Base):
    """A static file that the site publishes as it is."""

    __tablename__ = "assets"

    id: Mapped[Id]
    file_id: Mapped[int] = reference("files.id", index=False, unique=True)
    media_type: Mapped[Name] = mapped_column(comment="as a web server would send it")
