"""Ask the catalogue about the past: the branch, the tree at one of its commits, all of it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from pipeline.history.graph import NO_COMMITS, Graph, Line, Node, arrange
from pipeline.history.versions import Gap, Kind, Span, Versions
from pipeline.model import FileMode, TreeEntry
from pipeline.store.answers import Site, StoredFile
from pipeline.store.auditing import IMPORT, real_path
from pipeline.store.reading import local, stored_files
from pipeline.store.tables import (
    AbsenceRow,
    BlobRow,
    CommitParentRow,
    CommitRow,
    FileRow,
    RunRow,
    SpanRow,
)

BRANCH = 0


def branch(connection: Connection, site: Site) -> Graph:
    """Give the commits of the branch, oldest first; empty where no history was read."""
    table = CommitRow.__table__
    rows = connection.execute(
        select(*table.c["oid", "tree_oid", "committed_at"])
        .where(table.c.site_id == site.id, table.c.branch_position.is_not(None))
        .order_by(table.c.branch_position)
    ).all()
    nodes = {
        row.oid: Node(
            oid=row.oid,
            tree=row.tree_oid,
            parents=(),
            seconds=None if row.committed_at is None else int(row.committed_at.timestamp()),
        )
        for row in rows
    }
    return Graph(nodes=nodes, lines=(Line(commits=tuple(nodes)),) if nodes else ())


def files_at(connection: Connection, site: Site, position: int) -> Iterator[StoredFile]:
    """List the files that stood at a commit of the branch, by path."""
    since, until = aliased(CommitRow), aliased(CommitRow)
    standing = (
        select(SpanRow.file_id)
        .join(since, since.id == SpanRow.since_commit_id)
        .outerjoin(until, until.id == SpanRow.until_commit_id)
        .where(
            SpanRow.line == BRANCH,
            since.branch_position <= position,
            or_(SpanRow.until_commit_id.is_(None), until.branch_position > position),
        )
    )
    return stored_files(connection, and_(FileRow.site_id == site.id, FileRow.id.in_(standing)))


def first_seen(connection: Connection, site: Site) -> dict[str, datetime]:
    """Give for each path when the first commit of the branch that had it was written."""
    statement = (
        select(FileRow.path, CommitRow.authored_at, CommitRow.author_offset)
        .join(SpanRow, SpanRow.file_id == FileRow.id)
        .join(CommitRow, CommitRow.id == SpanRow.since_commit_id)
        .where(FileRow.site_id == site.id, CommitRow.branch_position.is_not(None))
        .order_by(CommitRow.branch_position)
    )
    seen: dict[str, datetime] = {}
    for row in connection.execute(statement):
        moment = local(row.authored_at, row.author_offset)
        if moment is not None:
            seen.setdefault(row.path, moment)
    return seen


def graph(connection: Connection, site: Site) -> Graph:
    """Give all commits that the newest run read, in order and in lines; empty without any."""
    nodes = _reachable(connection, site)
    return arrange(nodes.values(), branch(connection, site).branch[-1]) if nodes else NO_COMMITS


def whole(connection: Connection, site: Site, paths: Collection[str] | None = None) -> Versions:
    """Give the history that is kept, as it was read: its graph, all spans, all gaps.

    With `paths`, as git shows them, only the spans and gaps of these.
    """
    found = graph(connection, site)
    nodes = found.nodes
    since, until, written = aliased(CommitRow), aliased(CommitRow), aliased(CommitRow)
    statement = (
        select(
            *FileRow.__table__.c["path", "path_raw", "mode"],
            BlobRow.oid,
            *SpanRow.__table__.c["line", "kind"],
            since.oid.label("since"),
            until.oid.label("until"),
            written.oid.label("written"),
        )
        .join(FileRow, FileRow.id == SpanRow.file_id)
        .join(BlobRow, BlobRow.id == FileRow.blob_id)
        .join(since, since.id == SpanRow.since_commit_id)
        .join(written, written.id == SpanRow.written_commit_id)
        .outerjoin(until, until.id == SpanRow.until_commit_id)
        .where(FileRow.site_id == site.id, _among(FileRow.path, paths))
        .order_by(SpanRow.id)
    )
    spans = tuple(
        Span(
            entry=TreeEntry(
                path=real_path(row.path, row.path_raw), mode=FileMode(row.mode), oid=row.oid
            ),
            line=row.line,
            since=row.since,
            until=row.until,
            kind=Kind(row.kind),
            written=row.written,
        )
        for row in connection.execute(statement)
        if row.since in nodes
    )
    return Versions(graph=found, spans=spans, gaps=tuple(_gaps(connection, site, nodes, paths)))


def _among(
    column: InstrumentedAttribute[str], paths: Collection[str] | None
) -> ColumnElement[bool]:
    return true() if paths is None else column.in_(sorted(paths))


def _gaps(
    connection: Connection, site: Site, nodes: Mapping[str, Node], paths: Collection[str] | None
) -> Iterator[Gap]:
    statement = (
        select(AbsenceRow.__table__, CommitRow.oid)
        .join(CommitRow, CommitRow.id == AbsenceRow.since_commit_id)
        .where(AbsenceRow.site_id == site.id, _among(AbsenceRow.path, paths))
        .order_by(AbsenceRow.id)
    )
    for row in connection.execute(statement):
        if row.oid in nodes:
            path = real_path(row.path, row.path_raw)
            yield Gap(path=path, line=row.line, since=row.oid, lost=row.lost)


def _all_refs(connection: Connection, site: Site) -> bool:
    """Whether the newest run that read a source read the history of every ref."""
    options = connection.scalar(
        select(RunRow.options)
        .where(RunRow.site_id == site.id, RunRow.job.in_(("run", IMPORT)))
        .order_by(RunRow.id.desc())
        .limit(1)
    )
    return isinstance(options, dict) and bool(options.get("all_refs"))


def _reachable(connection: Connection, site: Site) -> dict[str, Node]:
    """Give the commits that the newest run read: behind the tip of the branch, or behind all refs.

    Others are left of a branch that was rewritten.
    """
    parents: dict[str, list[str]] = defaultdict(list)
    statement = (
        select(CommitRow.oid, CommitParentRow.parent_oid)
        .join(CommitRow, CommitRow.id == CommitParentRow.commit_id)
        .where(CommitRow.site_id == site.id)
        .order_by(CommitParentRow.commit_id, CommitParentRow.position)
    )
    for row in connection.execute(statement):
        parents[row.oid].append(row.parent_oid)
    table = CommitRow.__table__
    rows = connection.execute(
        select(*table.c["oid", "tree_oid", "committed_at"]).where(table.c.site_id == site.id)
    )
    known = {row.oid: row for row in rows}
    tip = branch(connection, site).branch[-1:]
    waiting = list(known) if tip and _all_refs(connection, site) else list(tip)
    nodes: dict[str, Node] = {}
    while waiting:
        row = known[waiting.pop()]
        if row.oid in nodes:
            continue
        inside = [parent if parent in known else None for parent in parents[row.oid]]
        nodes[row.oid] = Node(
            oid=row.oid,
            tree=row.tree_oid,
            parents=tuple(inside),
            seconds=None if row.committed_at is None else int(row.committed_at.timestamp()),
        )
        waiting += [parent for parent in inside if parent is not None]
    return nodes
