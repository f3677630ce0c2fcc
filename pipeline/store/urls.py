"""Ask the catalogue where everything stood, and what is served where today."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, Select, select
from sqlalchemy.orm import aliased

from pipeline.history.urls.promises import Stood, Stretch, Was
from pipeline.jekyll.item import ItemKind
from pipeline.jekyll.serving import Published, Redirect
from pipeline.store.answers import Site
from pipeline.store.auditing import real_path
from pipeline.store.past import BRANCH
from pipeline.store.tables import (
    AddressRow,
    CommitRow,
    DocumentRow,
    FileRow,
    PublicationRow,
    RedirectRow,
    SnapshotFileRow,
    SpanRow,
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


def _standing(site: Site) -> Select[*tuple[Any, ...]]:
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


def _redirects(site: Site, source: str) -> Select[*tuple[Any, ...]]:
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
        page = Stood(
            owner=row.uid or path,
            path=path,
            url=row.url,
            destination=row.destination,
            since=row.since,
            until=row.until,
            leads_to=row.target if row.source == TO else "",
        )
        yield page
        if row.source == FROM:
            made = Redirect(start=row.start, path=path, target=row.url)
            yield replace(
                page,
                url=made.url,
                destination=made.destination,
                was=Was.REDIRECT,
                leads_to=row.url,
            )


def _addresses(site: Site) -> Select[*tuple[Any, ...]]:
    since, until, start = aliased(CommitRow), aliased(CommitRow), aliased(UrlRow)
    return (
        select(
            *FileRow.__table__.c["path", "path_raw"],
            UrlRow.url,
            PublicationRow.destination,
            DocumentRow.uid,
            since.branch_position.label("since"),
            until.branch_position.label("until"),
            *RedirectRow.__table__.c["source", "target"],
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


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionStood:
    """A version of a document, and the stretches of the branch in which it stood."""

    file_id: int
    uid: str
    path: str
    since: str
    stretches: tuple[Stretch, ...]


def versions_stood(
    connection: Connection, site: Site, uid: str | None = None
) -> tuple[VersionStood, ...]:
    """List the versions of all documents or of one, by document, oldest first."""
    since, until = aliased(CommitRow), aliased(CommitRow)
    statement = (
        select(
            *FileRow.__table__.c["path", "path_raw"],
            FileRow.id.label("file_id"),
            DocumentRow.uid,
            since.oid,
            since.branch_position.label("since"),
            until.branch_position.label("until"),
        )
        .select_from(VersionRow)
        .join(FileRow, FileRow.id == VersionRow.file_id)
        .join(DocumentRow, DocumentRow.id == VersionRow.document_id)
        .join(SpanRow, (SpanRow.file_id == FileRow.id) & (SpanRow.line == BRANCH))
        .join(since, since.id == SpanRow.since_commit_id)
        .outerjoin(until, until.id == SpanRow.until_commit_id)
        .where(DocumentRow.site_id == site.id, since.branch_position.is_not(None))
        .order_by(DocumentRow.uid, since.branch_position, FileRow.path)
    )
    if uid is not None:
        statement = statement.where(DocumentRow.uid == uid)
    rows: dict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in connection.execute(statement):
        rows[row.file_id].append(row)
    return tuple(_version(found) for found in rows.values())


def _version(found: Sequence[Row[*tuple[Any, ...]]]) -> VersionStood:
    first = found[0]
    return VersionStood(
        file_id=first.file_id,
        uid=first.uid,
        path=real_path(first.path, first.path_raw),
        since=first.oid,
        stretches=tuple(Stretch(since=row.since, until=row.until) for row in found),
    )
