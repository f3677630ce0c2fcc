"""What happened to a path, in one line, with what its merges left out.

A side line may change a file, and the merge that takes the line in may keep the other side's. Seen
from its first parent such a merge changes nothing; seen from the side line it takes a change back.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from pipeline.history.graph import Graph
from pipeline.history.versions import Gap, Kind, Span
from pipeline.model import TreeEntry

_CHANGES = frozenset({Kind.MODIFIED, Kind.MODE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """From `since` on a path holds this file, or none.

    `added` is False where the commit changed a file that its first parent had.
    """

    line: int
    since: str
    entry: TreeEntry | None
    added: bool = False

    @classmethod
    def of_span(cls, span: Span) -> Self:
        """A span began."""
        added = span.kind not in _CHANGES and not span.by_merge
        return cls(line=span.line, since=span.since, entry=span.entry, added=added)

    @classmethod
    def of_gap(cls, gap: Gap) -> Self:
        """A gap began."""
        return cls(line=gap.line, since=gap.since, entry=None)


class Merges:
    """The merges of a history, and which commits each of them took in."""

    def __init__(self, graph: Graph, order: Mapping[str, int]) -> None:
        """Prepare; `order` gives the place of each commit in the one line."""
        self._graph = graph
        self._places = graph.places()
        self._order = order
        self._into = self._takers()
        self._tip = order[graph.branch[-1]] if graph.branch else -1

    def is_merged(self, event: Event) -> bool:
        """Whether it happened on the branch, or on a line that was taken into it at last."""
        return self._order[event.since] <= self._tip

    def line(self, events: Iterable[Event]) -> list[Event]:
        """Put what happened to one path in order, with what merges took back."""
        found = sorted(events, key=lambda event: self._order[event.since])
        merges = self._enclosing(found)
        if not merges:
            return found
        by_line: dict[int, list[Event]] = {}
        for event in found:
            by_line.setdefault(event.line, []).append(event)
        for merge in merges:
            at = bisect_right(found, self._order[merge], key=lambda event: self._order[event.since])
            line, position = self._places[merge]
            stands = self._standing(by_line, line, position)
            if _blob(stands) != _blob(found[at - 1].entry):
                found.insert(at, Event(line=line, since=merge, entry=stands))
        return found

    def _takers(self) -> list[str | None]:
        """For each commit, in order: the merge between whose first parent and itself it stands.

        What a merge takes in stands there unbroken, so these stretches lie within each other.
        """
        line = sorted(self._order, key=self._order.__getitem__)
        taker: list[str | None] = [None] * len(line)
        open_: list[tuple[int, str]] = []
        for at in range(len(line) - 1, -1, -1):
            while open_ and at <= open_[-1][0]:
                open_.pop()
            taker[at] = open_[-1][1] if open_ else None
            parents = self._graph.nodes[line[at]].parents
            if len(parents) > 1 and parents[0] is not None:
                open_.append((self._order[parents[0]], line[at]))
        return taker

    def _enclosing(self, events: Iterable[Event]) -> list[str]:
        """The merges that took these events in, at once or at last."""
        found: set[str] = set()
        for event in events:
            merge = self._into[self._order[event.since]]
            while merge is not None and merge not in found:
                found.add(merge)
                merge = self._into[self._order[merge]]
        return sorted(found, key=self._order.__getitem__)

    def _standing(
        self, by_line: Mapping[int, Sequence[Event]], line: int, position: int
    ) -> TreeEntry | None:
        """What stood at a place, going back from fork to fork."""
        while True:
            events = by_line.get(line, ())
            at = bisect_right(events, position, key=lambda event: self._places[event.since][1])
            if at:
                return events[at - 1].entry
            fork = self._graph.lines[line].fork
            if fork is None:
                return None
            line, position = self._places[fork]


def _blob(entry: TreeEntry | None) -> str | None:
    return entry.oid if entry else None
