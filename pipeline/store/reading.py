"""Ask the catalogue about the newest snapshot of a site."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select
from sqlalchemy.orm import aliased

from pipeline.errors import NoRunError, NotFoundError, UsageError
from pipeline.model import Finding, Place, Severity
from pipeline.store.answers import Entry, NamedSite, Site, StoredFile
from pipeline.store.events import PACK
from pipeline.store.tables import (
    BlobRow,
    CaptureRow,
    DocumentRow,
    EventRow,
    FileRow,
    FindingRow,
    MentionRow,
    PersonRow,
    PublicationRow,
    RunRow,
    SiteRow,
    SnapshotFileRow,
    SnapshotRow,
    TaggingRow,
    TagRow,
    UrlRow,
    VersionRow,
    WarcFileRow,
)


def site(connection: Connection, key: str | None) -> Site:
    """Find a site by its key, or the only one there is, with the snapshot of its newest run.

    Raises NotFoundError, UsageError where several could be meant, NoRunError where it is a part.
    """
    statement = (
        select(SiteRow.__table__, RunRow.snapshot_id, SnapshotRow.revision, SnapshotRow.tree_oid)
        .join(RunRow, RunRow.site_id == SiteRow.id)
        .join(SnapshotRow, SnapshotRow.id == RunRow.snapshot_id)
        .order_by(SiteRow.key, RunRow.id.desc())
    )
    newest: dict[str, Any] = {}
    for row in connection.execute(statement):
        newest.setdefault(row.key, row)
    if not newest:
        _refuse_part(connection, key)
    if key is not None and key not in newest:
        raise NotFoundError("site", key, f"there are: {', '.join(newest) or 'none'}")
    if key is None and len(newest) != 1:
        raise UsageError(
            f"which site? choose one with --site: {', '.join(newest) or 'there is none'}"
        )
    row = newest[key] if key is not None else next(iter(newest.values()))
    return Site(
        id=row.id,
        key=row.key,
        title=row.title,
        origin=row.origin,
        url=row.url,
        timezone=row.timezone,
        snapshot_id=row.snapshot_id,
        revision=row.revision,
        tree_oid=row.tree_oid,
    )


def _refuse_part(connection: Connection, key: str | None) -> None:
    """Say what a catalogue is that knows a site and no run of it: a part taken out of another."""
    packed = (
        select(SiteRow.key)
        .join(EventRow, EventRow.site_id == SiteRow.id)
        .where(EventRow.kind == PACK)
        .order_by(SiteRow.key)
    )
    parts = tuple(connection.scalars(packed))
    if key in parts or (key is None and len(parts) == 1):
        raise NoRunError(key or parts[0])


def named_site(connection: Connection, key: str | None) -> NamedSite:
    """Find a site by its key, or the only one there is; it need not have a run."""
    statement = select(SiteRow.id, SiteRow.key, SiteRow.title).order_by(SiteRow.key)
    known = {row.key: row for row in connection.execute(statement)}
    listed = ", ".join(known)
    if key is not None and key not in known:
        raise NotFoundError("site", key, f"there are: {listed or 'none'}")
    if key is None and len(known) != 1:
        raise UsageError(f"which site? choose one with --site: {listed or 'there is none'}")
    row = known[key] if key is not None else next(iter(known.values()))
    return NamedSite(id=row.id, key=row.key, title=row.title)


def newest_options(connection: Connection, site: Site) -> dict[str, Any]:
    """Give what was asked of the newest run of a site."""
    statement = (
        select(RunRow.options).where(RunRow.site_id == site.id).order_by(RunRow.id.desc()).limit(1)
    )
    return dict(connection.execute(statement).scalar_one())


def entries(connection: Connection, site: Site) -> tuple[Entry, ...]:
    """List the documents of the newest snapshot, by collection and path."""
    people = _grouped(connection, _people_of(site))
    tags = _grouped(connection, _tags_of(site))
    return tuple(
        _entry(row, people[row.version_id], tags[row.version_id])
        for row in connection.execute(_documents_of(site))
    )


def _documents_of(site: Site) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *VersionRow.__table__.c["title", "slug", "date", "date_offset", "date_raw"],
            *VersionRow.__table__.c["date_source", "draft", "file_id"],
            VersionRow.id.label("version_id"),
            *DocumentRow.__table__.c["uid", "kind"],
            SnapshotFileRow.collection,
            FileRow.path,
            *BlobRow.__table__.c["sha256", "size"],
            PublicationRow.written,
            UrlRow.url,
        )
        .join(FileRow, FileRow.id == VersionRow.file_id)
        .join(SnapshotFileRow, SnapshotFileRow.file_id == FileRow.id)
        .join(DocumentRow, DocumentRow.id == VersionRow.document_id)
        .join(BlobRow, BlobRow.id == FileRow.blob_id)
        .outerjoin(PublicationRow, PublicationRow.id == SnapshotFileRow.publication_id)
        .outerjoin(UrlRow, UrlRow.id == PublicationRow.url_id)
        .where(SnapshotFileRow.snapshot_id == site.snapshot_id)
        .order_by(SnapshotFileRow.collection, FileRow.path)
    )


def _people_of(site: Site) -> Select[*tuple[Any, ...]]:
    return (
        select(MentionRow.version_id, MentionRow.role.label("kind"), PersonRow.name)
        .join(PersonRow, PersonRow.id == MentionRow.person_id)
        .where(PersonRow.site_id == site.id)
        .order_by(MentionRow.version_id, MentionRow.position)
    )


def _tags_of(site: Site) -> Select[*tuple[Any, ...]]:
    return (
        select(TaggingRow.version_id, TagRow.kind, TagRow.name)
        .join(TagRow, TagRow.id == TaggingRow.tag_id)
        .where(TagRow.site_id == site.id)
        .order_by(TaggingRow.version_id, TaggingRow.position)
    )


def _grouped(
    connection: Connection, statement: Select[*tuple[Any, ...]]
) -> dict[int, list[tuple[str, str]]]:
    groups: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row in connection.execute(statement):
        groups[row.version_id].append((row.kind, row.name))
    return groups


def _entry(row: Any, people: list[tuple[str, str]], tags: list[tuple[str, str]]) -> Entry:  # noqa: ANN401
    return Entry(
        uid=row.uid,
        version_id=row.version_id,
        file_id=row.file_id,
        kind=row.kind,
        collection=None if row.collection.startswith("(") else row.collection,
        path=row.path,
        title=row.title,
        slug=row.slug,
        date=local(row.date, row.date_offset),
        date_raw=row.date_raw,
        date_source=row.date_source,
        draft=row.draft,
        url=row.url,
        written=bool(row.written),
        people=tuple(dict.fromkeys(name for _, name in people)),
        tags=tuple(dict.fromkeys(name for kind, name in tags if kind == "tag")),
        categories=tuple(dict.fromkeys(name for kind, name in tags if kind == "category")),
        sha256=row.sha256,
        size=row.size,
    )


def local(moment: datetime | None, offset: int | None) -> datetime | None:
    """Give a time the offset that it had on the site, in minutes east of UTC."""
    if moment is None or offset is None:
        return moment
    return moment.astimezone(timezone(timedelta(minutes=offset)))


def find_document(entries: tuple[Entry, ...], name: str) -> Entry:
    """Find a document by uid, path, URL, slug or title, in this order; then by the end of its path.

    Raises NotFoundError, or UsageError where several answer.
    """
    tests: tuple[Callable[[Entry], bool], ...] = (
        lambda e: e.uid == name,
        lambda e: e.path == name,
        lambda e: e.url is not None and e.url.strip("/") == name.strip("/"),
        lambda e: e.slug == name,
        lambda e: e.title is not None and e.title.casefold() == name.casefold(),
        lambda e: e.path.endswith("/" + name) or e.path.rsplit(".", 1)[0].endswith(name),
    )
    for test in tests if name else ():
        matches = [entry for entry in entries if test(entry)]
        if len(matches) == 1:
            return matches[0]
        if matches:
            names = ", ".join(entry.path for entry in matches[:5])
            more = f" and {len(matches) - 5} more" if len(matches) > 5 else ""  # noqa: PLR2004
            raise UsageError(f"{name!r} is the name of {len(matches)} documents: {names}{more}")
    raise NotFoundError("document", name)


def files(connection: Connection, site: Site) -> Iterator[StoredFile]:
    """List every file of the newest snapshot by path, with the first record that holds it."""
    present = select(SnapshotFileRow.file_id).where(SnapshotFileRow.snapshot_id == site.snapshot_id)
    return stored_files(connection, FileRow.id.in_(present))


def stored_files(connection: Connection, chosen: ColumnElement[bool]) -> Iterator[StoredFile]:
    """List files by path, each with the first record that holds its bytes: no revisit does."""
    holding = aliased(CaptureRow)
    statement = (
        select(
            FileRow.id.label("file_id"),
            *FileRow.__table__.c["path", "path_raw", "mode"],
            *BlobRow.__table__.c["oid", "state", "sha256", "size"],
            WarcFileRow.path.label("warc_path"),
            holding.offset.label("record_offset"),
            holding.length.label("record_length"),
        )
        .join(BlobRow, BlobRow.id == FileRow.blob_id)
        .outerjoin(CaptureRow, CaptureRow.file_id == FileRow.id)
        .outerjoin(holding, holding.id == func.coalesce(CaptureRow.refers_to_id, CaptureRow.id))
        .outerjoin(WarcFileRow, WarcFileRow.id == holding.warc_file_id)
        .where(chosen)
        .order_by(FileRow.path, FileRow.id, CaptureRow.id)
    )
    last = None
    for row in connection.execute(statement).mappings():
        if row["file_id"] != last:
            yield StoredFile(**row)
        last = row["file_id"]


def stored_findings(connection: Connection, site: Site) -> tuple[Finding, ...]:
    """List the findings of the newest snapshot, in the order in which they were made."""
    table = FindingRow.__table__
    statement = select(table).where(table.c.snapshot_id == site.snapshot_id)
    return tuple(
        Finding(
            code=row.code,
            severity=Severity(row.severity),
            message=row.message,
            place=Place(
                path=row.path,
                line=row.line,
                column=row.column,
                offset=row.offset,
                length=row.length,
                field=row.field,
            ),
        )
        for row in connection.execute(statement.order_by(table.c.position))
    )
