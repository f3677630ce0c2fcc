"""Ask the catalogue for a rendering and its source as rows describe them, archived or not."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from pipeline.content.dates import Provenance
from pipeline.jekyll.item import ItemKind
from pipeline.reconciliation.sources import Described
from pipeline.store.answers import Site
from pipeline.store.auditing import real_path
from pipeline.store.tables import (
    CaptureRow,
    FileRow,
    PageRow,
    PublicationRow,
    RunRow,
    SnapshotFileRow,
    TaggingRow,
    TagRow,
    UrlRow,
    VersionRow,
    WarcFileRow,
)
from pipeline.warc.record import RecordType

_OF_THE_AUTHOR = frozenset({Provenance.FRONT_MATTER.value, Provenance.FILE_NAME.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedPage:
    """The page that was catalogued last at a URL; `others` were there before it."""

    url: str
    title: str | None
    others: int


def described_pages(connection: Connection, site: Site) -> tuple[DescribedPage, ...]:
    """List the page of every URL at which there ever was one, by URL."""
    statement = (
        select(UrlRow.url, PageRow.title)
        .join(UrlRow, UrlRow.id == PageRow.url_id)
        .where(UrlRow.site_id == site.id)
        .order_by(UrlRow.url, PageRow.id)
    )
    found: dict[str, DescribedPage] = {}
    for row in connection.execute(statement):
        others = found[row.url].others + 1 if row.url in found else 0
        found[row.url] = DescribedPage(url=row.url, title=row.title, others=others)
    return tuple(found.values())


def described_files(connection: Connection, site: Site) -> tuple[Described, ...]:
    """List the documents and pages of the newest snapshot, published or not, by path."""
    statement = (
        select(
            *FileRow.__table__.c["path", "path_raw"],
            *SnapshotFileRow.__table__.c["role", "collection", "left_out"],
            *PublicationRow.__table__.c["destination", "written"],
            *VersionRow.__table__.c["title", "date", "date_source"],
            VersionRow.id.label("version_id"),
            UrlRow.url,
        )
        .join(SnapshotFileRow, SnapshotFileRow.file_id == FileRow.id)
        .join(VersionRow, VersionRow.file_id == FileRow.id)
        .outerjoin(PublicationRow, PublicationRow.id == SnapshotFileRow.publication_id)
        .outerjoin(UrlRow, UrlRow.id == PublicationRow.url_id)
        .where(
            SnapshotFileRow.snapshot_id == site.snapshot_id,
            SnapshotFileRow.role.in_((ItemKind.DOCUMENT.value, ItemKind.PAGE.value)),
        )
        .order_by(FileRow.path)
    )
    terms = _terms(connection, site)
    return tuple(
        Described(
            path=real_path(row.path, row.path_raw),
            kind=ItemKind(row.role),
            collection=row.collection if row.role == ItemKind.DOCUMENT.value else None,
            left_out=row.left_out,
            url=row.url,
            destination=row.destination or None,
            written=bool(row.written),
            title=row.title,
            date=row.date if row.date_source in _OF_THE_AUTHOR else None,
            terms=terms.get(row.version_id, ()),
        )
        for row in connection.execute(statement)
    )


def _terms(connection: Connection, site: Site) -> dict[int, tuple[str, ...]]:
    statement = (
        select(TaggingRow.version_id, TagRow.name)
        .join(TagRow, TagRow.id == TaggingRow.tag_id)
        .where(TagRow.site_id == site.id)
        .order_by(TaggingRow.version_id, TagRow.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for version_id, name in connection.execute(statement):
        found[version_id] = (*found.get(version_id, ()), name)
    return found


def described_at(connection: Connection, site: Site) -> datetime | None:
    """Say when a rendering was last read into the catalogue: it is not younger than that."""
    statement = select(RunRow.started_at, RunRow.options).where(RunRow.site_id == site.id)
    for started_at, options in connection.execute(statement.order_by(RunRow.id.desc())):
        said = json.loads(options) if isinstance(options, str) else options
        if said.get("rendered"):
            return datetime.fromisoformat(started_at.isoformat())
    return None


def pages_not_kept(connection: Connection, site_id: int) -> int:
    """Count the rendered pages that the catalogue describes, and of which no record has the bytes.

    An import describes without archiving, so they need not be there; but nobody has read them.
    """
    kept = (
        select(CaptureRow.block_sha256)
        .join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
        .where(WarcFileRow.site_id == site_id, CaptureRow.type == RecordType.RESOURCE.value)
    )
    statement = (
        select(func.count())
        .select_from(PageRow)
        .join(UrlRow, UrlRow.id == PageRow.url_id)
        .where(UrlRow.site_id == site_id, PageRow.sha256.not_in(kept))
    )
    return connection.scalar(statement) or 0
