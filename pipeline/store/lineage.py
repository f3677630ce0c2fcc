"""Ask the catalogue which paths were which document, why, and what was published together."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from pipeline.store.answers import Site
from pipeline.store.tables import (
    CommitRow,
    DocumentRow,
    JoinRow,
    ReasonRow,
    RelationRow,
    SeriesMemberRow,
    SeriesRow,
    StayRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stayed:
    """A path, as git shows it, that held a document from one commit until another, or still."""

    id: int
    document_id: int
    uid: str
    path: str
    collection: str | None
    since: str
    since_at: datetime | None
    until: str | None
    until_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What speaks for a join (a positive weight: natural logarithm of odds) or against it."""

    kind: str
    weight: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Two stays that are one document (`joined`), or that a person should look at."""

    id: int
    old_stay_id: int
    new_stay_id: int
    commit: str
    manner: str
    confidence: float
    joined: bool
    decided: bool
    sentence: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """How two documents are related without being one."""

    id: int
    kind: str
    one_stay_id: int
    other_stay_id: int
    commit: str
    similarity: float
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSeries:
    """A series: ids of its documents, the landing one first."""

    name: str
    reason: str
    published: str | None
    settled: bool
    documents: tuple[int, ...]


def stays(connection: Connection, site: Site) -> tuple[Stayed, ...]:
    """List every stay, by document, oldest first. Empty where no history was read."""
    since, until = aliased(CommitRow), aliased(CommitRow)
    statement = (
        select(
            *StayRow.__table__.c["id", "document_id", "path", "collection"],
            DocumentRow.uid,
            since.oid.label("since"),
            since.committed_at.label("since_at"),
            until.oid.label("until"),
            until.committed_at.label("until_at"),
        )
        .join(DocumentRow, DocumentRow.id == StayRow.document_id)
        .join(since, since.id == StayRow.since_commit_id)
        .outerjoin(until, until.id == StayRow.until_commit_id)
        .where(DocumentRow.site_id == site.id)
        .order_by(StayRow.document_id, StayRow.position)
    )
    return tuple(
        Stayed(
            id=row.id,
            document_id=row.document_id,
            uid=row.uid,
            path=row.path,
            collection=row.collection,
            since=row.since,
            since_at=row.since_at,
            until=row.until,
            until_at=row.until_at,
        )
        for row in connection.execute(statement)
    )


def paths_ever(connection: Connection, site: Site) -> dict[str, tuple[str, ...]]:
    """Give by uid every path that a document ever had, oldest first."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for stay in stays(connection, site):
        found[stay.uid][stay.path] = None
    return {uid: tuple(paths) for uid, paths in found.items()}


def joins(connection: Connection, site: Site) -> tuple[Joined, ...]:
    """List every join that was made or is doubtful, with its reasons."""
    reasons: dict[int, list[Reason]] = defaultdict(list)
    columns = ReasonRow.__table__.c["join_id", "kind", "weight", "words"]
    for row in connection.execute(select(*columns).order_by(ReasonRow.join_id, ReasonRow.position)):
        reasons[row.join_id].append(Reason(kind=row.kind, weight=row.weight, words=row.words))
    statement = (
        select(JoinRow.__table__, CommitRow.oid)
        .join(CommitRow, CommitRow.id == JoinRow.commit_id)
        .where(CommitRow.site_id == site.id)
        .order_by(JoinRow.id)
    )
    return tuple(
        Joined(
            id=row.id,
            old_stay_id=row.old_stay_id,
            new_stay_id=row.new_stay_id,
            commit=row.oid,
            manner=row.manner,
            confidence=row.confidence,
            joined=row.joined,
            decided=row.decided,
            sentence=row.sentence,
            reasons=tuple(reasons[row.id]),
        )
        for row in connection.execute(statement)
    )


def relations(connection: Connection, site: Site) -> tuple[Related, ...]:
    """List what was copied, split, merged or misnamed."""
    statement = (
        select(RelationRow.__table__, CommitRow.oid)
        .join(CommitRow, CommitRow.id == RelationRow.commit_id)
        .where(CommitRow.site_id == site.id)
        .order_by(RelationRow.id)
    )
    return tuple(
        Related(
            id=row.id,
            kind=row.kind,
            one_stay_id=row.one_stay_id,
            other_stay_id=row.other_stay_id,
            commit=row.oid,
            similarity=row.similarity,
            sentence=row.sentence,
        )
        for row in connection.execute(statement)
    )


def series(connection: Connection, site: Site) -> tuple[StoredSeries, ...]:
    """List the series of a site, in the order in which they were published."""
    members: dict[int, list[int]] = defaultdict(list)
    columns = SeriesMemberRow.__table__.c["series_id", "document_id"]
    for row in connection.execute(
        select(*columns).order_by(SeriesMemberRow.series_id, SeriesMemberRow.position)
    ):
        members[row.series_id].append(row.document_id)
    statement = (
        select(SeriesRow.__table__, CommitRow.oid)
        .outerjoin(CommitRow, CommitRow.id == SeriesRow.published_commit_id)
        .where(SeriesRow.site_id == site.id)
        .order_by(SeriesRow.id)
    )
    return tuple(
        StoredSeries(
            name=row.name,
            reason=row.reason,
            published=row.oid,
            settled=row.settled,
            documents=tuple(members[row.id]),
        )
        for row in connection.execute(statement)
    )
