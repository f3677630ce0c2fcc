"""Compare a site at two moments: the fidelity report of a migration, from the archive alone."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC

from pipeline.errors import NotFoundError
from pipeline.history.comparison.compare import Frame
from pipeline.history.comparison.compare import compare as compare_trees
from pipeline.history.comparison.pairing import Ties
from pipeline.history.comparison.reading import ReadVersion
from pipeline.history.comparison.values import (
    Beat,
    Comparison,
    Day,
    Moment,
    Tie,
    Timeline,
    Unread,
)
from pipeline.history.graph import Graph
from pipeline.jobs.ask import PAGES, asked
from pipeline.jobs.looking_back import Then, Told, read_then
from pipeline.jobs.place import Place
from pipeline.jobs.then import stood_at
from pipeline.model import shown_path
from pipeline.store.commits import KnownCommit, commits
from pipeline.store.former import Stays
from pipeline.store.lineage import Joined, joins
from pipeline.store.past import graph

BEATS = 20  # commits that are told of one by one


def compare(place: Place, before: str, after: str, collection: str | None = None) -> Comparison:
    """Compare what stood at two moments, each asked for as `commit_at` has it.

    Raises UsageError, NotFoundError, and SourceErrors where a configuration cannot be read.
    """
    with asked(place) as (connection, site):
        thens = [
            read_then(connection, site, stood_at(connection, site, place.archive, when))
            for when in (before, after)
        ]
        lineage = Stays.of(connection, site)
        made = joins(connection, site)
        facts = commits(connection, site)
        past = graph(connection, site)
    _check(thens, collection)
    between = _between(past, thens[0].commit, thens[1].commit)
    ties = _ties(lineage, made, {*between[0], *between[1]}, facts)
    homes = [_homes(lineage, then) for then in thens]
    unread = [_unread(then, home) for then, home in zip(thens, homes, strict=True)]
    frame = Frame(
        site=site.key,
        title=site.title,
        before=_moment(before, thens[0], facts),
        after=_moment(after, thens[1], facts),
        timeline=_timeline(thens, between, facts, ties),
        collection=collection,
        public_url=thens[0].public_url or thens[1].public_url or site.url,
        unread=tuple(
            Unread(before=number == 0, path=shown_path(path), why=why)
            for number, side in enumerate(unread)
            for path, why in side.items()
        ),
        unread_documents=frozenset(
            home[path] for home, side in zip(homes, unread, strict=True) for path in side
        ),
    )
    return compare_trees(
        frame,
        map(_read, thens[0].documents),
        map(_read, thens[1].documents),
        Ties(
            before=homes[0],
            after=homes[1],
            joins=ties,
        ),
    )


def _check(thens: Iterable[Then], collection: str | None) -> None:
    known = {told.entry.collection or PAGES for then in thens for told in then.documents}
    if collection is not None and collection not in known:
        names = ", ".join(sorted(known))
        raise NotFoundError("collection", collection, f"there are, on either side: {names}")


def _read(told: Told) -> ReadVersion:
    return ReadVersion(
        path=told.path,
        item=told.item,
        content=told.content,
        sha256=told.entry.sha256.hex if told.entry.sha256 else "",
        size=told.entry.size or 0,
    )


def _ties(
    lineage: Stays,
    made: Iterable[Joined],
    between: Collection[str],
    facts: Mapping[str, KnownCommit],
) -> dict[str, tuple[Tie, ...]]:
    """Choose the joins that were made between two moments, by document."""
    stays = {stay.id: stay for stay in lineage.all}
    ties: dict[str, list[Tie]] = defaultdict(list)
    for join in made:
        if join.joined and join.commit in between:
            fact = facts.get(join.commit)
            tie = Tie(
                commit=join.commit,
                at=fact.at if fact else None,
                manner=join.manner,
                confidence=join.confidence,
                decided=join.decided,
                sentence=join.sentence,
            )
            ties[stays[join.new_stay_id].uid].append(tie)
    return {document: tuple(found) for document, found in ties.items()}


def _unread(then: Then, homes: Mapping[str, str]) -> dict[str, str]:
    """Choose the documents among the files whose bytes are absent: most of those are images."""
    return {path: why for path, why in then.unread if path in homes}


def _homes(lineage: Stays, then: Then) -> dict[str, str]:
    """Say which document each path held at a commit."""
    paths = (*(told.path for told in then.documents), *(path for path, _ in then.unread))
    found = {path: lineage.holder(path, then.commit) for path in paths}
    return {path: stay.uid for path, stay in found.items() if stay is not None}


def _between(past: Graph, before: str, after: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the commits that only the one has behind it or is, then those of the other."""
    behind = [_behind(past, commit) for commit in (before, after)]
    return (
        tuple(oid for oid in past.nodes if oid in behind[1] - behind[0]),
        tuple(oid for oid in past.nodes if oid in behind[0] - behind[1]),
    )


def _behind(past: Graph, commit: str) -> set[str]:
    found: set[str] = set()
    waiting = [commit]
    while waiting:
        oid = waiting.pop()
        if oid not in found:
            found.add(oid)
            waiting += [parent for parent in past.nodes[oid].parents if parent is not None]
    return found


def _moment(asked_for: str, then: Then, facts: Mapping[str, KnownCommit]) -> Moment:
    fact = facts[then.commit]
    return Moment(
        asked=asked_for,
        commit=then.commit,
        at=fact.at,
        subject=fact.subject,
        on_branch=fact.on_branch,
        documents=len(then.documents),
    )


def _timeline(
    thens: Sequence[Then],
    between: tuple[Collection[str], Collection[str]],
    facts: Mapping[str, KnownCommit],
    ties: Mapping[str, Sequence[Tie]],
) -> Timeline:
    inside = [facts[oid] for side in between for oid in side]
    ends = [facts[then.commit] for then in thens]
    times = sorted(fact.at for fact in (*inside, *ends) if fact.at is not None)
    days = Counter(f"{fact.at.astimezone(UTC):%Y-%m-%d}" for fact in inside if fact.at is not None)
    moved = Counter(tie.commit for found in ties.values() for tie in found)
    ranked = sorted(
        (fact for fact in inside if moved[fact.oid]), key=lambda fact: -moved[fact.oid]
    )[:BEATS]
    order = {fact.oid: number for number, fact in enumerate(inside)}
    return Timeline(
        commits=len(between[0]),
        undone=len(between[1]),
        since=times[0] if times else None,
        until=times[-1] if times else None,
        days=tuple(Day(day=day, commits=count) for day, count in sorted(days.items())),
        beats=tuple(
            Beat(commit=fact.oid, at=fact.at, subject=fact.subject, documents=moved[fact.oid])
            for fact in sorted(ranked, key=lambda fact: order[fact.oid])
        ),
    )
