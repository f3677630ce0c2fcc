"""What is in the archive folder: WARC files, the records in them, and manifests."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from pipeline.model import Sha256
from pipeline.store.base import Base, Id, Name, Size, reference
from pipeline.store.types import Sha256Type, UtcDateTime


class WarcFileRow(Base):
    """A sealed WARC file. Its bytes never change."""

    __tablename__ = "warc_files"
    __table_args__ = (UniqueConstraint("site_id", "path"),)

    id: Mapped[Id]
    site_id: Mapped[int] = reference("sites.id", index=False)
    path: Mapped[Name] = mapped_column(comment="relative to the archive folder")
    size: Mapped[Size]
    sha256: Mapped[Sha256] = mapped_column(Sha256Type)
    records: Mapped[int]
    order_sha256: Mapped[Sha256] = mapped_column(Sha256Type, comment="of the record ids in order")
    stream_sha256: Mapped[Sha256] = mapped_column(Sha256Type, comment="of the uncompressed records")
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaptureRow(Base):
    """One WARC record, and the file, commit or URL whose bytes it holds."""

    __tablename__ = "captures"
    __table_args__ = (UniqueConstraint("warc_file_id", "offset"),)

    id: Mapped[Id]
    warc_file_id: Mapped[int] = reference("warc_files.id", index=False)
    offset: Mapped[Size] = mapped_column(comment="of the record's gzip member")
    length: Mapped[Size]
    record_id: Mapped[Name] = mapped_column(unique=True)
    type: Mapped[Name]
    target_uri: Mapped[str | None]
    captured_at: Mapped[datetime] = mapped_column(UtcDateTime)
    content_type: Mapped[str | None]
    block_sha256: Mapped[Sha256] = mapped_column(Sha256Type, index=True)
    block_size: Mapped[Size]
    file_id: Mapped[int | None] = reference("files.id")
    commit_id: Mapped[int | None] = reference("commits.id")
    url_id: Mapped[int | None] = reference("urls.id")
    refers_to_id: Mapped[int | None] = reference(
        "captures.id", comment="of a revisit: the record that holds the same bytes"
    )


class ManifestRow(Base):
    """A manifest: all sealed files with their digests, and the digest of the manifest before."""

    __tablename__ = "manifests"
    __table_args__ = (UniqueConstraint("site_id", "sequence"),)

    id: Mapped[Id]
    site_id: Mapped[int] = reference("sites.id", index=False)
    sequence: Mapped[int]
    path: Mapped[Name]
    sha256: Mapped[Sha256] = mapped_column(Sha256Type)
    previous: Mapped[Sha256 | None] = mapped_column(Sha256Type)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
