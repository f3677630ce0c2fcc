"""From the history as it was read to the lives that lineage takes: one line through all branches.

Lineage wants each path's past as a line. Commits are put in an order in which parents come first
and a side branch stands, unbroken, just before the merge that took it in: what a branch did is
seen where it was done, and the merge that repeats it against its first parent changes nothing.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pipeline.history.graph import Graph
from pipeline.history.lineage.values import Facts, Life, Lineage, Point, State
from pipeline.history.versions import Gap, Kind, Span, Versions

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CHANGES = frozenset({Kind.MODIFIED, Kind.MODE})

Read = Callable[[Span], tuple[str | None, Facts] | None]
"""Gives the collection and the facts of a span's file; None for what is no document or page."""


def line_up(graph: Graph) -> tuple[str, ...]:
    """Order all commits: parents first, and of a merge's parents the first with all its past."""
    done: set[str] = set()
    order: list[str] = []
    tips = [graph.branch[-1]] if graph.branch else []
    for tip in (*tips, *graph.nodes):
        waiting = [(tip, False)]
        while waiting:
            oid, ready = waiting.pop()
            if ready:
                order.append(oid)
            elif oid not in done:
                done.add(oid)
                waiting.append((oid, True))
                parents = graph.nodes[oid].parents
                waiting += [(each, False) for each in reversed(parents) if each is not None]
    return tuple(order)


def past_lives(versions: Versions, read: Read) -> tuple[Life, ...]:
    """Give the life of every path that ever held a document or a page."""
    points = _points(versions.graph)
    by_path: dict[str, list[Span | Gap]] = {}
    begun: tuple[Span | Gap, ...] = (*versions.spans, *versions.gaps)
    for event in begun:
        by_path.setdefault(event.path, []).append(event)
    found = []
    for path in sorted(by_path):
        events = sorted(by_path[path], key=lambda event: points[event.since].order)
        collection, states = _states(events, points, read)
        if states:
            found.append(Life(path=path, collection=collection, states=tuple(states)))
    return tuple(found)


def _points(graph: Graph) -> dict[str, Point]:
    points = {}
    for order, oid in enumerate(line_up(graph)):
        seconds = graph.nodes[oid].seconds
        at = None if seconds is None else _EPOCH + timedelta(seconds=seconds)
        points[oid] = Point(order=order, commit=oid, at=at)
    return points


def _states(
    events: Iterable[Span | Gap], points: dict[str, Point], read: Read
) -> tuple[str | None, list[State]]:
    collection: str | None = None
    states: list[State] = []
    for event in events:
        point = points[event.since]
        standing = states[-1] if states and states[-1].until is None else None
        if isinstance(event, Span) and standing and standing.blob == event.entry.oid:
            continue
        if standing:
            states[-1] = replace(standing, until=point)
        said = read(event) if isinstance(event, Span) else None
        if isinstance(event, Span) and said:
            collection = said[0] or collection
            added = event.kind not in _CHANGES and not event.by_merge
            states.append(State(blob=event.entry.oid, since=point, added=added, facts=said[1]))
    return collection, states


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Which document a path held: for tying spans and versions to documents."""

    _order: dict[str, int]
    _stays: dict[str, list[tuple[int, int, int]]]

    @classmethod
    def of(cls, graph: Graph, lineage: Lineage) -> "Whereabouts":
        """Look a whole lineage up."""
        stays: dict[str, list[tuple[int, int, int]]] = {}
        for number, document in enumerate(lineage.documents):
            for stay in document.stays:
                until = stay.until.order if stay.until else len(graph.nodes)
                stays.setdefault(stay.path, []).append((stay.since.order, until, number))
        return cls({oid: order for order, oid in enumerate(line_up(graph))}, stays)

    def document(self, path: str, commit: str) -> int | None:
        """Give the number of the document that a path held from this commit on, if any."""
        order = self._order[commit]
        return next(
            (
                number
                for since, until, number in self._stays.get(path, ())
                if since <= order < until
            ),
            None,
        )
