"""From a row to its evidence: file, commits, blob, WARC record and byte range."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, and_, func, select
from sqlalchemy.orm import aliased

from pipeline.errors import NotFoundError
from pipeline.model import Sha256
from pipeline.store.answers import Evidence, Revisit, Site
from pipeline.store.base import Base
from pipeline.store.grounds import GROUNDED, grounds
from pipeline.store.kinds import COMMIT_ID, KIND_OF, KINDS, ROW_ID
from pipeline.store.reading import entries, find_document
from pipeline.store.rows import of_site
from pipeline.store.tables import (
    BlobRow,
    CaptureRow,
    CommitRow,
    FileRow,
    SnapshotFileRow,
    SpanRow,
    VersionRow,
    WarcFileRow,
)

#: Tables whose rows are evidenced by other rows that point at them: the first of these that do.
POINTED_AT = {
    "people": (("mentions", "person_id"),),
    "tags": (("taggings", "tag_id"),),
    "urls": (
        ("publications", "url_id"),
        ("captures", "url_id"),
        ("redirects", "from_url_id"),
        ("links", "url_id"),
    ),
}
#: The record that holds the bytes of a capture: for a revisit, the one that it refers to.
HOLDING, HOLDING_FILE = aliased(CaptureRow), aliased(WarcFileRow)
_HOLDS = HOLDING.id == func.coalesce(CaptureRow.refers_to_id, CaptureRow.id)
_PLACE = ("warc_path", "record_id", "record_offset", "record_length", "target_uri")
_RECORDS = tuple(
    column.label(f"{whose}{name}")
    for record, file, whose in (
        (HOLDING, HOLDING_FILE, ""),
        (CaptureRow, WarcFileRow, "own_"),
    )
    for name, column in zip(
        _PLACE,
        (file.path, record.record_id, record.offset, record.length, record.target_uri),
        strict=True,
    )
)
#: What a row says, in its own columns.
SAYING = (
    "title",
    "sentence",
    "words",
    "reason",
    "name",
    "role",
    "kind",
    "target",
    "raw",
    "code",
    "message",
    "url",
    "path",
    "field",
)


def trace(connection: Connection, site: Site, identifier: str) -> tuple[Evidence, ...]:
    """Follow `KIND:ID`, a SHA-256, or the name of a document to the bytes that prove it.

    Raises NotFoundError.
    """
    kind, _, name = identifier.partition(":")
    if _is_digest(identifier):
        found = tuple(_by_digest(connection, site, Sha256.parse(identifier)))
    elif kind == "commit" and COMMIT_ID.fullmatch(name):
        found = tuple(_by_commit(connection, site, name.lower()))
    elif kind in KINDS and ROW_ID.fullmatch(name):
        table = Base.metadata.tables[KINDS[kind]]
        found = tuple(_of_row(connection, site, table, int(name)))
    else:
        known = find_document(entries(connection, site), name if kind == "document" else identifier)
        found = tuple(
            of_file(connection, site, known.file_id, called(f"document:{known.uid}", known.title))
        )
    if not found:
        raise NotFoundError("row", identifier, f"ids are {', '.join(KINDS)} and a number")
    return found


def _is_digest(text: str) -> bool:
    try:
        Sha256.parse(text)
    except ValueError:
        return False
    return True


def _by_digest(connection: Connection, site: Site, digest: Sha256) -> Iterator[Evidence]:
    files = (
        select(FileRow.id, FileRow.path)
        .join(BlobRow, BlobRow.id == FileRow.blob_id)
        .where(FileRow.site_id == site.id, BlobRow.sha256 == digest)
        .order_by(FileRow.id)
    )
    for row in connection.execute(files):
        yield from of_file(connection, site, row.id, called(f"file:{row.id}", row.path))
    yield from _of_captures(
        connection, site, (HOLDING.block_sha256 == digest) & CaptureRow.file_id.is_(None)
    )


def _by_commit(connection: Connection, site: Site, prefix: str) -> Iterator[Evidence]:
    commits = select(CommitRow.id).where(
        CommitRow.site_id == site.id, CommitRow.oid.startswith(prefix)
    )
    for commit_id in connection.scalars(commits.order_by(CommitRow.id)):
        yield from _of_captures(connection, site, CaptureRow.commit_id == commit_id)


def _of_row(connection: Connection, site: Site, table: Table, row_id: int) -> Iterator[Evidence]:
    statement = select(table).where(table.c.id == row_id, of_site(table, site.id))
    stored = connection.execute(statement).mappings().first()
    if stored is None:
        return
    row = dict(stored)
    label = f"{KIND_OF[table.name]}:{row_id}"
    captured = _captured(table.name, row)
    if table.name in POINTED_AT:
        for pointing, pointing_id in _pointing(connection, table.name, row_id):
            yield from _of_row(connection, site, pointing, pointing_id)
    elif captured is not None:
        yield from _of_captures(connection, site, captured)
    elif table.name in GROUNDED:
        found = grounds(connection, site, table.name, row)
        for file_id in found.files:
            yield from of_file(connection, site, file_id, called(label, _saying(row)))
        for commit_id in found.commits:
            yield from _of_captures(connection, site, CaptureRow.commit_id == commit_id)
    else:
        of_row = _file_of(connection, table, row)
        if of_row is not None:
            yield from of_file(connection, site, of_row, {**row, **called(label, _saying(row))})


def _captured(table: str, row: Mapping[str, Any]) -> ColumnElement[bool] | None:
    """Say which records hold what a row is about, where records do and not files."""
    match table:
        case "captures":
            return and_(CaptureRow.id == row["id"])
        case "commits":
            return and_(CaptureRow.commit_id == row["id"])
        case "pages":
            same = CaptureRow.block_sha256 == row["sha256"]
            return and_(CaptureRow.url_id == row["url_id"], same)
    return None


def _pointing(connection: Connection, name: str, row_id: int) -> list[tuple[Table, int]]:
    for pointing, column in POINTED_AT[name]:
        table = Base.metadata.tables[pointing]
        ids = select(table.c.id).where(table.c[column] == row_id).order_by(table.c.id)
        found = [(table, pointing_id) for pointing_id in connection.scalars(ids)]
        if found:
            return found
    return []


def _file_of(connection: Connection, table: Table, row: Mapping[str, Any]) -> int | None:
    if table.name == "files":
        return int(row["id"])
    if "version_id" in row:
        statement = select(VersionRow.file_id).where(VersionRow.id == row["version_id"])
        return connection.scalar(statement)
    return row["file_id"]  # type: ignore[no-any-return]


def called(label: str, says: str | None) -> dict[str, str]:
    """Name a row and what it says."""
    return {"row": label, "says": says or ""}


def _saying(row: Mapping[str, Any]) -> str:
    said = "; ".join(f"{name} {row[name]!r}" for name in SAYING if row.get(name))
    return said or str(row.get("oid") or "")


def of_file(
    connection: Connection, site: Site, file_id: int, row: Mapping[str, Any]
) -> Iterator[Evidence]:
    """Give the evidence of a file, for a row that stands on it.

    `row` holds what the row calls itself (`row`, `says`) and its own place in the file, if any.
    """
    since = CommitRow.__table__.alias("since")
    statement = (
        select(
            FileRow.path,
            *BlobRow.__table__.c["oid", "sha256", "size"],
            since.c.oid.label("since_commit"),
            since.c.committed_at.label("since_at"),
            *_RECORDS,
        )
        .join(BlobRow, BlobRow.id == FileRow.blob_id)
        .outerjoin(SpanRow, SpanRow.file_id == FileRow.id)
        .outerjoin(since, since.c.id == SpanRow.since_commit_id)
        .outerjoin(CaptureRow, CaptureRow.file_id == FileRow.id)
        .outerjoin(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
        .outerjoin(HOLDING, _HOLDS)
        .outerjoin(HOLDING_FILE, HOLDING_FILE.id == HOLDING.warc_file_id)
        .where(FileRow.id == file_id, FileRow.site_id == site.id)
        .order_by(SpanRow.id.desc(), CaptureRow.id)
    )
    found = connection.execute(statement).mappings().first()
    if found is not None:
        yield Evidence(
            row=row["row"],
            says=row["says"],
            field=row.get("field") or (row.get("name") if "plain" in row else None),
            offset=row.get("offset"),
            length=row.get("length"),
            revision=_revision(connection, site, file_id),
            **_records(found),
        )


def _records(row: RowMapping) -> dict[str, Any]:
    """Tell the record that holds the bytes from the revisit that refers to it, if there is one."""
    known = {str(name): value for name, value in row.items()}
    own = {name: known.pop(f"own_{name}") for name in _PLACE}
    is_revisit = own["record_id"] is not None and own["record_id"] != known["record_id"]
    return known | {"revisit": Revisit(**own) if is_revisit else None}


def _revision(connection: Connection, site: Site, file_id: int) -> str | None:
    present = select(SnapshotFileRow.file_id).where(
        SnapshotFileRow.snapshot_id == site.snapshot_id, SnapshotFileRow.file_id == file_id
    )
    return (site.revision or None) if connection.scalar(present) is not None else None


def _of_captures(
    connection: Connection, site: Site, condition: ColumnElement[bool]
) -> Iterator[Evidence]:
    statement = (
        select(
            *CaptureRow.__table__.c["id", "type", "captured_at"],
            HOLDING.block_sha256,
            HOLDING.block_size,
            CommitRow.oid,
            *_RECORDS,
        )
        .join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
        .join(HOLDING, _HOLDS)
        .join(HOLDING_FILE, HOLDING_FILE.id == HOLDING.warc_file_id)
        .outerjoin(CommitRow, CommitRow.id == CaptureRow.commit_id)
        .where(WarcFileRow.site_id == site.id, condition)
        .order_by(CaptureRow.id)
    )
    for row in connection.execute(statement).mappings():
        known = _records(row)
        kind, moment = known.pop("type"), known.pop("captured_at")
        yield Evidence(
            row=f"capture:{known.pop('id')}",
            says=f"{kind} record, captured {moment:%Y-%m-%dT%H:%M:%SZ}",
            path=None,
            field=None,
            offset=None,
            length=None,
            sha256=known.pop("block_sha256"),
            size=known.pop("block_size"),
            revision=None,
            since_commit=None,
            since_at=None,
            **known,
        )
