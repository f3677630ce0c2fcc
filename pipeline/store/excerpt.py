"""Take a part of a catalogue out, so that it stands by itself: some documents and all behind them.

Rows keep their ids, so that what was said of `stay:7` elsewhere is true of it here. What only the
whole site could prove is left out: snapshots, runs, findings, and what is derived from versions.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from pipeline.store.answers import Site
from pipeline.store.base import Base
from pipeline.store.intake import Intake
from pipeline.store.tables import (
    AddressRow,
    BlobRow,
    CaptureRow,
    CommitParentRow,
    CommitRow,
    DocumentRow,
    FileRow,
    JoinRow,
    PageRow,
    PublicationRow,
    ReasonRow,
    RedirectRow,
    RelationRow,
    SeriesMemberRow,
    SeriesRow,
    SiteRow,
    SpanRow,
    StayRow,
    UrlRow,
    VersionRow,
)

Row = Mapping[str, Any]
Rows = dict[type[Base], list[Row]]


@dataclass(slots=True)
class _Taking:
    connection: Connection
    site: Site
    rows: Rows = field(default_factory=dict)

    def take(self, table: type[Base], condition: ColumnElement[bool]) -> list[Row]:
        """Take the rows that a condition chooses, in the order of their key."""
        statement = select(table.__table__).where(condition)
        keys = list(table.__table__.primary_key)
        found = self.connection.execute(statement.order_by(*keys)).mappings()
        self.rows[table] = [dict(row) for row in found]
        return self.rows[table]

    def ids(self, *wanted: tuple[type[Base], str]) -> list[int]:
        """Give what these columns of the rows taken so far name, each once."""
        found = {row[column] for table, column in wanted for row in self.rows[table]}
        return sorted(each for each in found if each is not None)


def excerpt(
    connection: Connection,
    site: Site,
    series: str,
    documents: Collection[int],
    files: Collection[int],
) -> Rows:
    """Give the rows of a series, of its documents, and of files, with all that they lead to."""
    taking = _Taking(connection, site)
    take, ids = taking.take, taking.ids
    take(SiteRow, SiteRow.id == site.id)
    take(DocumentRow, DocumentRow.id.in_(sorted(documents)))
    take(SeriesRow, and_(SeriesRow.site_id == site.id, SeriesRow.name == series))
    take(SeriesMemberRow, SeriesMemberRow.series_id.in_(ids((SeriesRow, "id"))))
    stays = take(StayRow, StayRow.document_id.in_(sorted(documents)))
    among = [row["id"] for row in stays]
    take(JoinRow, and_(JoinRow.old_stay_id.in_(among), JoinRow.new_stay_id.in_(among)))
    take(ReasonRow, ReasonRow.join_id.in_(ids((JoinRow, "id"))))
    related = and_(RelationRow.one_stay_id.in_(among), RelationRow.other_stay_id.in_(among))
    take(RelationRow, related)
    take(FileRow, FileRow.id.in_(sorted(files)))
    take(BlobRow, BlobRow.id.in_(ids((FileRow, "blob_id"))))
    take(SpanRow, SpanRow.file_id.in_(sorted(files)))
    mine = VersionRow.document_id.in_(sorted(documents))
    take(VersionRow, and_(VersionRow.file_id.in_(sorted(files)), mine))
    take(PublicationRow, PublicationRow.file_id.in_(sorted(files)))
    take(AddressRow, AddressRow.publication_id.in_(ids((PublicationRow, "id"))))
    take(RedirectRow, RedirectRow.file_id.in_(sorted(files)))
    _pages(taking)
    _commits(taking)
    return taking.rows


def _pages(taking: _Taking) -> None:
    """Take the rendered pages of what was published, and every URL that is named."""
    published = taking.ids((PublicationRow, "url_id"))
    versions = taking.ids((VersionRow, "id"))
    whose = or_(PageRow.version_id.is_(None), PageRow.version_id.in_(versions))
    taking.take(PageRow, and_(PageRow.url_id.in_(published), whose))
    named = taking.ids((PublicationRow, "url_id"), (RedirectRow, "from_url_id"))
    taking.take(UrlRow, UrlRow.id.in_(named))


def _commits(taking: _Taking) -> None:
    """Take every commit that a row names, with its parents."""
    named = taking.ids(
        (SpanRow, "since_commit_id"),
        (SpanRow, "until_commit_id"),
        (SpanRow, "written_commit_id"),
        (SpanRow, "created_commit_id"),
        (StayRow, "since_commit_id"),
        (StayRow, "until_commit_id"),
        (JoinRow, "commit_id"),
        (RelationRow, "commit_id"),
        (SeriesRow, "published_commit_id"),
        (AddressRow, "since_commit_id"),
        (AddressRow, "until_commit_id"),
    )
    taking.take(CommitRow, CommitRow.id.in_(named))
    taking.take(CommitParentRow, CommitParentRow.commit_id.in_(named))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """The first record of a page or file at a URL with these bytes, by its own address."""

    capture_id: int
    url_id: int
    address: str


def rendered(connection: Connection, ids: Collection[int]) -> list[Rendered]:
    """List what was rendered at these URLs."""
    table = CaptureRow.__table__
    statement = (
        select(*table.c["id", "url_id", "target_uri", "block_sha256", "refers_to_id"])
        .where(table.c.url_id.in_(sorted(ids)), table.c.type != "metadata")
        .order_by(table.c.id)
    )
    found: dict[tuple[Any, ...], Rendered] = {}
    for row in connection.execute(statement):
        key = (row.url_id, row.block_sha256, row.refers_to_id)
        address = str(row.target_uri)
        found.setdefault(key, Rendered(capture_id=row.id, url_id=row.url_id, address=address))
    return list(found.values())


def url_ids(connection: Connection, site: Site, urls: Iterable[str]) -> list[int]:
    """Find the rows of URLs of the site."""
    statement = select(UrlRow.id).where(
        UrlRow.site_id == site.id, UrlRow.url.in_(sorted(set(urls)))
    )
    return sorted(connection.scalars(statement))


def add_urls(connection: Connection, rows: Rows, ids: Collection[int]) -> None:
    """Add URLs that nothing names but a capture."""
    known = {row["id"] for row in rows[UrlRow]}
    statement = select(UrlRow.__table__).where(UrlRow.id.in_(sorted(set(ids) - known)))
    more = connection.execute(statement.order_by(UrlRow.id)).mappings()
    rows[UrlRow] += [dict(row) for row in more]


def put(intake: Intake, rows: Rows) -> None:
    """Put rows into another catalogue, as they are."""
    for table, every in rows.items():
        keys = [column.name for column in table.__table__.primary_key]
        shelf = intake.shelf(table, *keys)
        for row in every:
            shelf.put(**row)
