"""Ask the catalogue what is known of each commit: when, by whom, what it says."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from pipeline.store.answers import Site
from pipeline.store.reading import local
from pipeline.store.tables import CommitRow


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCommit:
    """A commit in one line. `at` is the committer's clock, None where no calendar can hold it."""

    oid: str
    at: datetime | None
    by: str
    subject: str
    on_branch: bool


def commits(connection: Connection, site: Site) -> dict[str, KnownCommit]:
    """Give every commit of a site by its id."""
    statement = (
        select(
            *CommitRow.__table__.c["oid", "committed_at", "committer_offset", "author_name"],
            *CommitRow.__table__.c["message", "branch_position"],
        )
        .where(CommitRow.site_id == site.id)
        .order_by(CommitRow.id)
    )
    return {
        row.oid: KnownCommit(
            oid=row.oid,
            at=local(row.committed_at, row.committer_offset),
            by=row.author_name,
            subject=row.message.lstrip().partition("\n")[0].strip(),
            on_branch=row.branch_position is not None,
        )
        for row in connection.execute(statement)
    }
