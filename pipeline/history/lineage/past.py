"""From the history as it was read to the lives that lineage takes: one line through all branches.

Lineage wants each path's past as a line. Commits are put in an order in which parents come first
and a side branch stands, unbroken, just before the merge that took it in: what a branch did is
seen where it was done, and the merge that repeats it against its first parent changes nothing.
What a merge did not take in ends there. What a branch did that was never merged is left out, but
for paths that no other branch has.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.history.graph import Graph
from pipeline.history.lineage.merges import Event, Merges
from pipeline.history.lineage.values import Facts, Life, Point, State
from pipeline.history.versions import Versions
from pipeline.model import TreeEntry

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Read = Callable[[TreeEntry], tuple[str | None, Facts] | None]
"""Gives the collection and the facts of a file; None for what is no document or page."""


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
    order = line_up(versions.graph)
    points = {oid: _point(versions.graph, oid, number) for number, oid in enumerate(order)}
    merges = Merges(versions.graph, {oid: point.order for oid, point in points.items()})
    by_path: dict[str, list[Event]] = {}
    for span in versions.spans:
        by_path.setdefault(span.path, []).append(Event.of_span(span))
    for gap in versions.gaps:
        by_path.setdefault(gap.path, []).append(Event.of_gap(gap))
    found = []
    for path in sorted(by_path):
        inside = [event for event in by_path[path] if merges.is_merged(event)]
        collection, states = _states(merges.line(inside or by_path[path]), points, read)
        if states:
            found.append(Life(path=path, collection=collection, states=tuple(states)))
    return tuple(found)


def _point(graph: Graph, oid: str, order: int) -> Point:
    seconds = graph.nodes[oid].seconds
    at = None if seconds is None else _EPOCH + timedelta(seconds=seconds)
    return Point(order=order, commit=oid, at=at)


def _states(
    events: Iterable[Event], points: dict[str, Point], read: Read
) -> tuple[str | None, list[State]]:
    collection: str | None = None
    states: list[State] = []
    for event in events:
        point = points[event.since]
        entry = event.entry
        standing = states[-1] if states and states[-1].until is None else None
        if entry and standing and standing.blob == entry.oid:
            continue
        if standing:
            states[-1] = replace(standing, until=point)
        said = read(entry) if entry else None
        if entry and said:
            collection = said[0] or collection
            states.append(State(blob=entry.oid, since=point, added=event.added, facts=said[1]))
    return collection, states
