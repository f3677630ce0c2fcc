"""Ask the catalogue about the past: the branch, the tree at one of its commits, a path's states."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select
from sqlalchemy.orm import aliased

from pipeline.history.graph import Graph, Line, Node
from pipeline.store.answers import Site, Stood, StoredFile
from pipeline.store.reading import local, stored_files
from pipeline.store.tables import BlobRow, CommitRow, FileRow, SpanRow

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


def states_of(connection: Connection, site: Site, path: str) -> tuple[Stood, ...]:
    """List the states of a path and when they stood, oldest first, those of the branch first."""
    since, until, written = aliased(CommitRow), aliased(CommitRow), aliased(CommitRow)
    statement = (
        select(
            FileRow.path,
            SpanRow.line,
            SpanRow.kind,
            since.oid.label("since"),
            since.committed_at.label("since_at"),
            until.oid.label("until"),
            until.committed_at.label("until_at"),
            written.oid.label("written"),
            written.author_name.label("by"),
            written.message.label("subject"),
            *BlobRow.__table__.c["oid", "sha256", "size"],
        )
        .join(FileRow, FileRow.id == SpanRow.file_id)
        .join(BlobRow, BlobRow.id == FileRow.blob_id)
        .join(since, since.id == SpanRow.since_commit_id)
        .join(written, written.id == SpanRow.written_commit_id)
        .outerjoin(until, until.id == SpanRow.until_commit_id)
        .where(FileRow.site_id == site.id, FileRow.path == path)
        .order_by(SpanRow.line, since.branch_position, since.committed_at, SpanRow.id)
    )
    return tuple(
        Stood(**{**row, "subject": row["subject"].partition("\n")[0]})
        for row in connection.execute(statement).mappings()
    )


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
