"""Put what the archive folder holds into rows: WARC files, records, pages, manifests, runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, FromClause, Row, Table, func, insert, select

from pipeline.errors import UsageError
from pipeline.model import Sha256
from pipeline.store.intake import Intake
from pipeline.store.rows import of_site, plain
from pipeline.store.tables import (
    CaptureRow,
    CommitRow,
    FileRow,
    ManifestRow,
    PageRow,
    RunCountRow,
    RunRow,
    WarcFileRow,
)
from pipeline.store.types import Sha256Type, clean
from pipeline.warc.manifest import ManifestFile
from pipeline.warc.record import Capture, Original, RecordType


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPayload:
    """A record that holds a payload, and the id of its row."""

    capture_id: int
    original: Original


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What the archive has already: ids of files and commits, URLs with digests of bodies.

    `payloads` has the first record of each content that is not empty, `moments` when which body was
    captured at which URL.
    """

    files: frozenset[int]
    commits: frozenset[int]
    urls: frozenset[tuple[int, Sha256]]
    payloads: Mapping[Sha256, HeldPayload] = field(default_factory=dict)
    moments: frozenset[tuple[int, Sha256, datetime]] = frozenset()

    @classmethod
    def of(cls, connection: Connection, site_id: int) -> "Holdings":
        """Read it from the captures."""
        table, target = CaptureRow.__table__, CaptureRow.__table__.alias("target")
        wanted = table.c[
            "id", "type", "record_id", "target_uri", "captured_at", "block_sha256", "block_size",
            "file_id", "commit_id", "url_id",
        ]  # fmt: skip
        held = func.coalesce(target.c.block_sha256, table.c.block_sha256, type_=Sha256Type)
        statement = (
            select(*wanted, held.label("payload"))
            .outerjoin(target, target.c.id == table.c.refers_to_id)
            .where(of_site(_table(table), site_id))
            .order_by(table.c.id)
        )
        rows = connection.execute(statement).all()
        return cls(
            files=frozenset(row.file_id for row in rows if row.file_id is not None),
            commits=frozenset(row.commit_id for row in rows if row.commit_id is not None),
            urls=frozenset((r.url_id, r.payload) for r in rows if r.url_id is not None),
            moments=frozenset(
                (r.url_id, r.payload, r.captured_at) for r in rows if r.url_id is not None
            ),
            # The last to be put in stays, so they go from the last to the first.
            payloads={row.block_sha256: _held(row) for row in reversed(rows) if _is_original(row)},
        )


def _is_original(row: Row[Any]) -> bool:
    is_content = row.file_id is not None or row.url_id is not None
    return is_content and row.type == RecordType.RESOURCE.value and row.block_size > 0


def _held(row: Row[Any]) -> HeldPayload:
    original = Original(
        record_id=row.record_id,
        target_uri=row.target_uri,
        date=row.captured_at,
        payload_sha256=row.block_sha256,
    )
    return HeldPayload(capture_id=row.id, original=original)


def catalogued(connection: Connection, site_id: int) -> Holdings:
    """Say what the catalogue knows already, archived or not: for an import, which records nothing.

    Raises UsageError where the archive keeps records, which an import would let fall behind.
    """
    kept = select(func.count()).select_from(WarcFileRow).where(WarcFileRow.site_id == site_id)
    if connection.scalar(kept):
        raise UsageError("this archive keeps records: use `run`, which archives what it describes")
    files = select(FileRow.id).where(FileRow.site_id == site_id)
    commits = select(CommitRow.id).where(CommitRow.site_id == site_id)
    return Holdings(
        files=frozenset(connection.scalars(files)),
        commits=frozenset(connection.scalars(commits)),
        urls=frozenset(),
    )


def keep_warc_file(intake: Intake, site_id: int, sealed: ManifestFile, at: datetime) -> int:
    """Keep a sealed WARC file, as the manifest has it."""
    return intake.shelf(WarcFileRow, "site_id", "path").put(
        site_id=site_id,
        path=sealed.path,
        size=sealed.size,
        sha256=sealed.sha256,
        records=sealed.records,
        order_sha256=sealed.order_sha256,
        stream_sha256=sealed.stream_sha256,
        sealed_at=at,
    )


def keep_capture(
    intake: Intake, warc_file_id: int, capture: Capture, holds: Mapping[str, int]
) -> int:
    """Keep a record; `holds` says what its bytes are: `file_id`, `commit_id` or `url_id`.

    For a revisit it has `refers_to_id` too: the capture that holds the bytes.
    """
    return intake.shelf(CaptureRow, "warc_file_id", "offset").put(
        warc_file_id=warc_file_id,
        offset=capture.offset,
        length=capture.length,
        record_id=capture.record_id,
        type=capture.type.value,
        target_uri=capture.target_uri,
        captured_at=capture.date,
        content_type=capture.content_type,
        block_sha256=capture.block_sha256,
        block_size=capture.block_size,
        **holds,
    )


def keep_page(
    intake: Intake,
    url_id: int,
    version_id: int | None,
    *,
    path: str,
    title: str | None,
    sha256: Sha256,
) -> int:
    """Keep a rendered page and the version that it shows."""
    return intake.shelf(PageRow, "url_id", "sha256").put(
        url_id=url_id,
        sha256=sha256,
        version_id=version_id,
        path=clean(path),
        title=None if title is None else clean(title),
    )


def knows_page(intake: Intake, url_id: int, sha256: Sha256) -> bool:
    """Tell whether these bytes were a page at this URL before, in this run or another."""
    return intake.shelf(PageRow, "url_id", "sha256").get(url_id, sha256) is not None


def record_run(
    connection: Connection,
    site_id: int,
    values: Mapping[str, Any],
    counts: Mapping[str, Mapping[str, int]],
) -> dict[str, Any]:
    """Write a run and its counts by collection; give both as plain values for the event log."""
    run_id = (connection.scalar(select(func.max(RunRow.id))) or 0) + 1
    run = {"id": run_id, "site_id": site_id, **values}
    connection.execute(insert(RunRow), [run])
    rows = [
        {"run_id": run_id, "collection": name, **count} for name, count in sorted(counts.items())
    ]
    if rows:
        connection.execute(insert(RunCountRow), rows)
    return {
        "run": plain(_table(RunRow.__table__), run),
        "counts": [plain(_table(RunCountRow.__table__), row) for row in rows],
    }


def record_manifest(
    connection: Connection,
    site_id: int,
    *,
    path: str,
    sequence: int,
    sha256: Sha256,
    previous: Sha256 | None,
    at: datetime,
) -> None:
    """Write the row that names a sealed manifest: from here on, what it lists counts."""
    row_id = (connection.scalar(select(func.max(ManifestRow.id))) or 0) + 1
    connection.execute(
        insert(ManifestRow).values(
            id=row_id,
            site_id=site_id,
            sequence=sequence,
            path=path,
            sha256=sha256,
            previous=previous,
            created_at=at,
        )
    )


def newest_manifest(connection: Connection, site_id: int) -> tuple[int, Sha256] | None:
    """Give number and digest of the newest manifest that counts."""
    table = ManifestRow.__table__
    row = connection.execute(
        select(*table.c["sequence", "sha256"])
        .where(table.c.site_id == site_id)
        .order_by(table.c.sequence.desc())
        .limit(1)
    ).first()
    return (row.sequence, row.sha256) if row else None


def _table(mapped: FromClause) -> Table:
    if not isinstance(mapped, Table):
        raise TypeError(mapped)
    return mapped
