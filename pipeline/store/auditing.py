"""What verification asks of the catalogue: captures, trees, manifests, runs."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, text

from pipeline.model import FileMode, Sha256, TreeEntry
from pipeline.store.base import Base
from pipeline.store.rows import OWNER, of_site, plain
from pipeline.store.tables import (
    BlobRow,
    CaptureRow,
    CommitRow,
    EventRow,
    FileRow,
    FindingRow,
    ManifestRow,
    RunCountRow,
    RunRow,
    SiteRow,
    SnapshotFileRow,
    SnapshotRow,
    WarcFileRow,
)
from pipeline.store.tables.sources import BlobState
from pipeline.store.types import readable

#: With this finding, the files as listed did not make the tree: its id cannot be computed again.
TREE_CUT = frozenset({"TREE-ODD"})
IMPORT = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureFacts:
    """A row of the captures, and the git object whose bytes it should hold, if any."""

    id: int
    warc_path: str
    offset: int
    length: int
    record_id: str
    type: str
    target_uri: str | None
    captured_at: datetime
    content_type: str | None
    block_sha256: Sha256
    block_size: int
    blob_oid: str | None
    commit_oid: str | None
    commit_tree: str | None
    refers_to_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotFacts:
    """A snapshot: the tree that it should be, and its files. `cut` says why they are not all."""

    id: int
    revision: str
    tree_oid: str
    commit_tree: str | None
    cut: str
    entries: tuple[TreeEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestFacts:
    """A row of the manifests. `head` is the digest of the one before, and when it was written."""

    path: str
    sha256: Sha256
    head: tuple[Sha256 | None, datetime]


def site_ids(connection: Connection) -> dict[str, int]:
    """Name the sites of a catalogue."""
    rows = connection.execute(select(SiteRow.key, SiteRow.id).order_by(SiteRow.id))
    return {row.key: row.id for row in rows}


def sites_without_events(connection: Connection) -> list[tuple[str, int]]:
    """List sites of which the event log says nothing: no run made them."""
    told = select(EventRow.site_id)
    rows = connection.execute(select(SiteRow.key, SiteRow.id).where(SiteRow.id.not_in(told)))
    return [(row.key, row.id) for row in rows]


def orphans(connection: Connection) -> Iterator[str]:
    """Name the rows that belong to nothing, and so to no site: no run could have written them."""
    for table in Base.metadata.sorted_tables:
        column, owner = OWNER.get(table.name, ("site_id", "sites"))
        if column in table.columns:
            owners = select(Base.metadata.tables[owner].c.id)
            keys = list(table.primary_key.columns)
            found = select(*keys).where(table.c[column].not_in(owners)).order_by(*keys)
            for key in connection.execute(found):
                yield f"{table.name}:{'/'.join(str(part) for part in key)}"


def captures(connection: Connection, site_id: int) -> Iterator[CaptureFacts]:
    """List the captures of a site in the order of their files and places."""
    columns = CaptureRow.__table__.c[
        "id", "offset", "length", "record_id", "type", "target_uri", "captured_at", "content_type",
        "block_sha256", "block_size", "refers_to_id",
    ]  # fmt: skip
    statement = (
        select(
            *columns,
            WarcFileRow.path.label("warc_path"),
            BlobRow.oid.label("blob_oid"),
            CommitRow.oid.label("commit_oid"),
            CommitRow.tree_oid.label("commit_tree"),
        )
        .join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
        .outerjoin(FileRow, FileRow.id == CaptureRow.file_id)
        .outerjoin(BlobRow, BlobRow.id == FileRow.blob_id)
        .outerjoin(CommitRow, CommitRow.id == CaptureRow.commit_id)
        .where(WarcFileRow.site_id == site_id)
        .order_by(CaptureRow.id)
    )
    for row in connection.execute(statement).mappings():
        yield CaptureFacts(**row)


def keeps_records(connection: Connection, site_id: int) -> bool:
    """Tell whether any run archived what it described, or all were imports."""
    jobs = select(RunRow.id).where(RunRow.site_id == site_id, RunRow.job != IMPORT)
    return connection.scalar(jobs.limit(1)) is not None


def contents_not_kept(connection: Connection, site_id: int) -> list[tuple[str, str]]:
    """List contents that should be in the archive and have no record: blob id and a path."""
    kept = select(FileRow.blob_id).join(CaptureRow, CaptureRow.file_id == FileRow.id)
    statement = (
        select(BlobRow.oid, FileRow.path)
        .join(FileRow, FileRow.blob_id == BlobRow.id)
        .where(
            BlobRow.site_id == site_id,
            BlobRow.state == BlobState.PRESENT.value,
            BlobRow.id.not_in(kept),
        )
        .order_by(FileRow.path)
    )
    return [(row.oid, row.path) for row in connection.execute(statement)]


def snapshots(
    connection: Connection, site_id: int, only: Collection[int] | None = None
) -> Iterator[SnapshotFacts]:
    """Give every snapshot of a site with its files, or `only` these."""
    statement = (
        select(SnapshotRow.__table__, CommitRow.tree_oid.label("commit_tree"))
        .outerjoin(CommitRow, CommitRow.id == SnapshotRow.commit_id)
        .where(SnapshotRow.site_id == site_id)
        .order_by(SnapshotRow.id)
    )
    for row in connection.execute(statement).all():
        if only is not None and row.id not in only:
            continue
        yield SnapshotFacts(
            id=row.id,
            revision=row.revision,
            tree_oid=row.tree_oid,
            commit_tree=row.commit_tree,
            cut=_cut(connection, row.id),
            entries=tuple(_entries(connection, row.id)),
        )


def _cut(connection: Connection, snapshot_id: int) -> str:
    statement = select(FindingRow.message).where(
        FindingRow.snapshot_id == snapshot_id, FindingRow.code.in_(sorted(TREE_CUT))
    )
    return connection.scalar(statement.limit(1)) or ""


def _entries(connection: Connection, snapshot_id: int) -> Iterator[TreeEntry]:
    statement = (
        select(FileRow.path, FileRow.path_raw, FileRow.mode, BlobRow.oid)
        .join(SnapshotFileRow, SnapshotFileRow.file_id == FileRow.id)
        .join(BlobRow, BlobRow.id == FileRow.blob_id)
        .where(SnapshotFileRow.snapshot_id == snapshot_id)
    )
    for row in connection.execute(statement):
        with readable(row.mode):
            mode = FileMode(row.mode)
        yield TreeEntry(path=real_path(row.path, row.path_raw), mode=mode, oid=row.oid)


def real_path(path: str, raw: bytes | None) -> str:
    """Give a path as the tree has it, from how it is shown and its raw bytes, if it has any."""
    return path if raw is None else raw.decode("utf-8", "surrogateescape")


def manifests(connection: Connection, site_id: int) -> dict[int, ManifestFacts]:
    """List the manifests that the catalogue names, by number."""
    statement = select(ManifestRow.__table__).where(ManifestRow.site_id == site_id)
    return {
        row.sequence: ManifestFacts(
            path=row.path, sha256=row.sha256, head=(row.previous, row.created_at)
        )
        for row in connection.execute(statement.order_by(ManifestRow.sequence))
    }


def runs(connection: Connection, site_id: int) -> Iterator[dict[str, object]]:
    """Give every run of a site as its event has it: the row, and the rows of its counts."""
    run_table, count_table = Base.metadata.tables["runs"], Base.metadata.tables["run_counts"]
    statement = select(run_table).where(of_site(run_table, site_id)).order_by(RunRow.id)
    for row in connection.execute(statement).mappings().all():
        counts = connection.execute(
            select(count_table)
            .where(RunCountRow.run_id == row["id"])
            .order_by(*count_table.primary_key.columns)
        ).mappings()
        yield {
            "run": plain(run_table, dict(row)),
            "counts": [plain(count_table, dict(count)) for count in counts],
        }


def run_times(connection: Connection, site_id: int) -> list[tuple[int, datetime, int]]:
    """List the runs of a site: id, when it began, the snapshot that it read."""
    statement = select(RunRow.id, RunRow.started_at, RunRow.snapshot_id)
    rows = connection.execute(statement.where(RunRow.site_id == site_id).order_by(RunRow.id))
    return [(row.id, row.started_at, row.snapshot_id) for row in rows]


def integrity(connection: Connection) -> tuple[str, ...]:
    """Ask the database whether it is sound; PostgreSQL keeps its own checksums."""
    if connection.dialect.name != "sqlite":
        return ()
    said = [row[0] for row in connection.execute(text("PRAGMA integrity_check(10)"))]
    return () if said == ["ok"] else tuple(said)
