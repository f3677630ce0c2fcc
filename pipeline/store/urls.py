"""Ask the catalogue where everything stood, and what is served where today."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Select, select
from sqlalchemy.orm import aliased

from pipeline.history.urls.promises import Stood, Was
from pipeline.jekyll.item import ItemKind
from pipeline.jekyll.serving import Published, Redirect
from pipeline.store.answers import Site
from pipeline.store.auditing import real_path
from pipeline.store.tables import (
    AddressRow,
    CommitRow,
    DocumentRow,
    FileRow,
    PublicationRow,
    RedirectRow,
    SnapshotFileRow,
    UrlRow,
    VersionRow,
)

FROM, TO = "redirect_from", "redirect_to"


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What the newest snapshot publishes: its files, its redirects, whose each file is."""

    published: tuple[Published, ...]
    redirects: tuple[Redirect, ...]
    owners: dict[str, str]
    file_ids: dict[str, int]


def today(connection: Connection, site: Site) -> Today:
    """Read what is written today. Jekyll's order of documents does not matter for what is seen."""
    onward = {row.file_id: row.target for row in connection.execute(_redirects(site, TO))}
    published: list[Published] = []
    owners: dict[str, str] = {}
    file_ids: dict[str, int] = {}
    for row in connection.execute(_standing(site)):
        path = real_path(row.path, row.path_raw)
        owners[path] = row.uid or path
        file_ids[path] = row.file_id
        published.append(
            Published(
                path=path,
                kind=ItemKind(row.role),
                url=row.url,
                destination=row.destination,
                redirect_to=onward.get(row.file_id),
            )
        )
    by_id = {number: path for path, number in file_ids.items()}
    redirects = tuple(
        Redirect(start=row.url, path=by_id[row.file_id], target=row.target)
        for row in connection.execute(_redirects(site, FROM))
        if row.file_id in by_id
    )
    return Today(published=tuple(published), redirects=redirects, owners=owners, file_ids=file_ids)


def _standing(site: Site) -> Select[*tuple[object, ...]]:
    return (
        select(
            *FileRow.__table__.c["path", "path_raw"],
            FileRow.id.label("file_id"),
            SnapshotFileRow.role,
            UrlRow.url,
            PublicationRow.destination,
            DocumentRow.uid,
        )
        .join(SnapshotFileRow, SnapshotFileRow.file_id == FileRow.id)
        .join(PublicationRow, PublicationRow.id == SnapshotFileRow.publication_id)
        .join(UrlRow, UrlRow.id == PublicationRow.url_id)
        .outerjoin(VersionRow, VersionRow.file_id == FileRow.id)
        .outerjoin(DocumentRow, DocumentRow.id == VersionRow.document_id)
        .where(SnapshotFileRow.snapshot_id == site.snapshot_id, PublicationRow.written)
        .order_by(SnapshotFileRow.role, FileRow.path)
    )


def _redirects(site: Site, source: str) -> Select[*tuple[object, ...]]:
    return (
        select(*RedirectRow.__table__.c["file_id", "target"], UrlRow.url)
        .join(SnapshotFileRow, SnapshotFileRow.file_id == RedirectRow.file_id)
        .join(UrlRow, UrlRow.id == RedirectRow.from_url_id)
        .where(SnapshotFileRow.snapshot_id == site.snapshot_id, RedirectRow.source == source)
        .order_by(RedirectRow.id)
    )


def stood(connection: Connection, site: Site) -> Iterator[Stood]:
    """Give everything that was ever written at a URL, redirects too, by position on the branch.

    A redirect is told wherever its file was published: that the site had the plugin is taken for
    granted.
    """
    for row in connection.execute(_addresses(site)):
        path = real_path(row.path, row.path_raw)
        yield Stood(
            owner=row.uid or path,
            path=path,
            url=row.url,
            destination=row.destination,
            since=row.since,
            until=row.until,
        )
        if row.start is not None:
            made = Redirect(start=row.start, path=path, target=row.url)
            yield Stood(
                owner=row.uid or path,
                path=path,
                url=made.url,
                destination=made.destination,
                since=row.since,
                until=row.until,
                was=Was.REDIRECT,
            )


def _addresses(site: Site) -> Select[*tuple[object, ...]]:
    since, until, start = aliased(CommitRow), aliased(CommitRow), aliased(UrlRow)
    return (
        select(
            *FileRow.__table__.c["path", "path_raw"],
            UrlRow.url,
            PublicationRow.destination,
            DocumentRow.uid,
            since.branch_position.label("since"),
            until.branch_position.label("until"),
            start.url.label("start"),
        )
        .select_from(AddressRow)
        .join(PublicationRow, PublicationRow.id == AddressRow.publication_id)
        .join(FileRow, FileRow.id == PublicationRow.file_id)
        .join(UrlRow, UrlRow.id == PublicationRow.url_id)
        .join(since, since.id == AddressRow.since_commit_id)
        .outerjoin(until, until.id == AddressRow.until_commit_id)
        .outerjoin(VersionRow, VersionRow.file_id == FileRow.id)
        .outerjoin(DocumentRow, DocumentRow.id == VersionRow.document_id)
        .outerjoin(RedirectRow, (RedirectRow.file_id == FileRow.id) & (RedirectRow.source == FROM))
        .outerjoin(start, start.id == RedirectRow.from_url_id)
        .where(
            FileRow.site_id == site.id,
            PublicationRow.written,
            since.branch_position.is_not(None),
        )
        .order_by(AddressRow.id, RedirectRow.id)
    )
