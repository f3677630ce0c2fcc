"""Ask the catalogue for every state that some paths were ever in: when, by whom, what it said."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, select
from sqlalchemy.orm import aliased

from pipeline.store.answers import Site, Stood, StoredFile
from pipeline.store.reading import stored_files
from pipeline.store.tables import (
    AddressRow,
    BlobRow,
    CommitRow,
    FileRow,
    PublicationRow,
    SpanRow,
    UrlRow,
    VersionRow,
)

AT_ONCE = 10_000  # parameters of one statement; SQLite takes 32,766, PostgreSQL 65,535

Address = tuple[int, int | None, str]
"""From which commit of the branch until which, and the URL."""


def states_of(connection: Connection, site: Site, paths: Collection[str]) -> tuple[Stood, ...]:
    """List the states of paths and when they stood, oldest first, those of the branch first.

    Paths are as git shows them. A state that stood several times is told several times.
    """
    found = connection.execute(_states(site, paths)).mappings().all()
    addresses = _addresses(connection, [row["file_id"] for row in found])
    return tuple(_stood(dict(row), addresses[row["file_id"]]) for row in found)


def _states(site: Site, paths: Collection[str]) -> Select[*tuple[Any, ...]]:
    since, until, written = aliased(CommitRow), aliased(CommitRow), aliased(CommitRow)
    return (
        select(
            FileRow.path,
            FileRow.id.label("file_id"),
            *SpanRow.__table__.c["line", "kind"],
            since.oid.label("since"),
            since.committed_at.label("since_at"),
            since.branch_position.label("position"),
            until.oid.label("until"),
            until.committed_at.label("until_at"),
            written.oid.label("written"),
            written.author_name.label("by"),
            written.message.label("subject"),
            *BlobRow.__table__.c["oid", "sha256", "size"],
            VersionRow.id.label("version_id"),
            VersionRow.title,
        )
        .join(FileRow, FileRow.id == SpanRow.file_id)
        .join(BlobRow, BlobRow.id == FileRow.blob_id)
        .outerjoin(VersionRow, VersionRow.file_id == FileRow.id)
        .join(since, since.id == SpanRow.since_commit_id)
        .join(written, written.id == SpanRow.written_commit_id)
        .outerjoin(until, until.id == SpanRow.until_commit_id)
        .where(FileRow.site_id == site.id, FileRow.path.in_(sorted(paths)))
        .order_by(SpanRow.line, since.branch_position, since.committed_at, SpanRow.id)
    )


def _addresses(connection: Connection, files: Collection[int]) -> Mapping[int, Sequence[Address]]:
    """Give by file at which URLs it stood, oldest first."""
    since, until = aliased(CommitRow), aliased(CommitRow)
    statement = (
        select(
            PublicationRow.file_id,
            since.branch_position.label("since"),
            until.branch_position.label("until"),
            UrlRow.url,
        )
        .join(AddressRow, AddressRow.publication_id == PublicationRow.id)
        .join(UrlRow, UrlRow.id == PublicationRow.url_id)
        .join(since, since.id == AddressRow.since_commit_id)
        .outerjoin(until, until.id == AddressRow.until_commit_id)
        .where(PublicationRow.file_id.in_(sorted(set(files))))
        .order_by(PublicationRow.file_id, since.branch_position, AddressRow.id)
    )
    found: dict[int, list[Address]] = defaultdict(list)
    for row in connection.execute(statement):
        found[row.file_id].append((row.since or 0, row.until, row.url))
    return found


def _stood(values: dict[str, Any], addresses: Sequence[Address]) -> Stood:
    position = values.pop("position")
    values["subject"] = values["subject"].partition("\n")[0]
    return Stood(**values, url=_url_at(addresses, position))


def _url_at(addresses: Sequence[Address], position: int | None) -> str | None:
    """Give the URL of a state when it began to stand; the first one where it stood aside."""
    for since, until, url in addresses:
        if position is None or (since <= position and (until is None or position < until)):
            return url
    return addresses[0][2] if addresses else None


def files_by_path(
    connection: Connection, site: Site, paths: Collection[str]
) -> Iterator[StoredFile]:
    """List every state of files at these paths, as git shows them, with the record of each."""
    return stored_files(
        connection, and_(FileRow.site_id == site.id, FileRow.path.in_(sorted(paths)))
    )


def every_file(connection: Connection, site: Site) -> Iterator[StoredFile]:
    """List every state of every file that was ever read, with the record of each."""
    return stored_files(connection, FileRow.site_id == site.id)


def files_by_id(connection: Connection, site: Site, ids: Collection[int]) -> Iterator[StoredFile]:
    """List these files, with the record of each."""
    wanted = sorted(ids)
    for start in range(0, len(wanted), AT_ONCE):
        some = FileRow.id.in_(wanted[start : start + AT_ONCE])
        yield from stored_files(connection, and_(FileRow.site_id == site.id, some))
