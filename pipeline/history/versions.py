"""Every state that a path was ever in, and from which commit until which it stood.

A **state** is a path, a mode and a content. A **span** is an unbroken stretch of one line (see
`graph`) in which a state stood: since a commit, until the next commit of that line at which the
path has another state or none. On the branch `until` is None for what stands at its tip. A side
line ends at the merge that took it in, so its last spans stand until that merge.

So each commit's tree is told once: a commit of the branch has exactly the spans of the branch that
it is in; a commit of a side line has the tree of the line's fork with the line's own changes put
over it. What a merge brings to the branch begins a span there, since the merge, but it is the same
state; `written` names the commit that made it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from pipeline.history.changes import Against, Change, Status, Step
from pipeline.history.graph import Graph
from pipeline.model import TreeEntry


class Kind(Enum):
    """How a span began, as seen from the first parent."""

    ADDED = "added"
    MODIFIED = "modified"
    MODE = "mode only"
    BACK = "back after a gap"
    SEEN = "first seen"
    """What was there before is out of sight: a shallow clone, a folder that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A state and a stretch of one line in which it stood.

    `line` is the line's number in the graph, 0 for the branch. `until` is the first commit at which
    it stood no more. `written` is the commit that made the state, as far as can be seen: `since`
    itself or, where `since` is a merge that brought it, the one on the other side. `lost` says that
    at `until` the folder cannot be read, so nobody knows whether it ended there.
    """

    entry: TreeEntry
    line: int
    since: str
    until: str | None
    kind: Kind
    written: str
    lost: bool = False

    @property
    def path(self) -> str:
        """Where it stood."""
        return self.entry.path

    @property
    def by_merge(self) -> bool:
        """Whether a merge brought it from another side."""
        return self.written != self.since


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """From `since` on there is no file at a path in one line, until a span of it begins.

    `lost`: that its folder cannot be read is all we know.
    """

    path: str
    line: int
    since: str
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One state with all its spans, those of the branch first."""

    entry: TreeEntry
    spans: tuple[Span, ...]

    @property
    def on_branch(self) -> bool:
        """Whether it ever stood on the branch itself, not only on a side line."""
        return self.spans[0].line == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """All spans and gaps, by the commit at which they begin, then by path."""

    graph: Graph
    spans: tuple[Span, ...]
    gaps: tuple[Gap, ...]
    _states: list[tuple[Version, ...]] = field(default_factory=list, compare=False, repr=False)

    def states(self) -> tuple[Version, ...]:
        """Give every distinct state once, in the order in which they first stood."""
        if not self._states:
            self._states.append(self._found())
        return self._states[0]

    def _found(self) -> tuple[Version, ...]:
        found: dict[TreeEntry, list[Span]] = {}
        for span in self.spans:
            found.setdefault(span.entry, []).append(span)
        return tuple(
            Version(entry=entry, spans=tuple(sorted(spans, key=lambda span: span.line != 0)))
            for entry, spans in found.items()
        )

    def tree_at(self, commit: str) -> tuple[TreeEntry, ...]:
        """Give every file as it stood at any commit, by path bytes. Raises KeyError."""
        places = self.graph.places()
        number, reached = places[commit]
        chain = {number: reached}
        while (fork := self.graph.lines[number].fork) is not None:
            number, reached = places[fork]
            chain[number] = reached
        nearest = {number: -rank for rank, number in enumerate(chain)}
        latest: dict[str, tuple[tuple[int, int], TreeEntry | None]] = {}
        begun: tuple[Span | Gap, ...] = (*self.spans, *self.gaps)
        for each in begun:
            position = places[each.since][1]
            when = (nearest.get(each.line, 0), position)
            if position > chain.get(each.line, -1) or (
                each.path in latest and latest[each.path][0] > when
            ):
                continue
            latest[each.path] = (when, each.entry if isinstance(each, Span) else None)
        stood = [entry for _, entry in latest.values() if entry is not None]
        return tuple(sorted(stood, key=lambda entry: entry.path.encode("utf-8", "surrogateescape")))


def trace(graph: Graph, steps: Iterable[Step]) -> Versions:
    """Read the steps of a whole history, in the order of its graph, into spans."""
    tracing = _Tracing(graph)
    for step in steps:
        tracing.take(step)
    return tracing.finish()


@dataclass(slots=True, kw_only=True)
class _Event:
    """A span or gap in the making; `entry` is None for a gap."""

    path: str
    line: int
    position: int
    since: str
    entry: TreeEntry | None
    kind: Kind = Kind.SEEN
    written: str = ""
    until: str | None = None
    lost: bool = False
    ended_lost: bool = False


class _Events:
    """What is known of one path: its events in each line, oldest first."""

    def __init__(self) -> None:
        self._by_line: dict[int, list[_Event]] = {}

    def append(self, event: _Event) -> None:
        self._by_line.setdefault(event.line, []).append(event)

    def at(self, line: int, position: int) -> _Event | None:
        """Give the newest event of a line at or before a position."""
        events = self._by_line.get(line)
        if events is None:
            return None
        index = bisect_right(events, position, key=lambda event: event.position)
        return events[index - 1] if index else None


@dataclass(slots=True)
class _Tracing:
    graph: Graph
    events: list[_Event] = field(default_factory=list)
    paths: dict[str, _Events] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(init=False)

    def __post_init__(self) -> None:
        self.places = self.graph.places()

    def take(self, step: Step) -> None:
        """End and begin spans at one commit, by what it changed against its first parent."""
        line, position = self.places[step.commit.oid]
        first, *others = step.against
        sides = [(other, frozenset(change.path for change in other.changes)) for other in others]
        for change in first.changes:
            before = self._standing(change.path, line, position)
            event = _Event(
                path=change.path,
                line=line,
                position=position,
                since=step.commit.oid,
                entry=change.after,
                lost=change.after is None and _under(change.path, step.unread),
            )
            if before is not None and before.line == line:
                before.until, before.ended_lost = event.since, event.lost
            if change.after is not None:
                cut = first.parent is None and self.graph.nodes[event.since].cut
                hidden = cut or _under(change.path, first.unread)
                event.kind = _kind(change, before, hidden=hidden)
                event.written = self._written(change, sides) or event.since
            self.events.append(event)
            self.paths.setdefault(change.path, _Events()).append(event)

    def finish(self) -> Versions:
        """Let what still stands stand until its line ends."""
        lines = self.graph.lines
        return Versions(
            graph=self.graph,
            spans=tuple(
                Span(
                    entry=event.entry,
                    line=event.line,
                    since=event.since,
                    until=event.until or lines[event.line].end,
                    kind=event.kind,
                    written=event.written,
                    lost=event.ended_lost,
                )
                for event in self.events
                if event.entry is not None
            ),
            gaps=tuple(
                Gap(path=event.path, line=event.line, since=event.since, lost=event.lost)
                for event in self.events
                if event.entry is None
            ),
        )

    def _standing(self, path: str, line: int, position: int) -> _Event | None:
        """Find what a path is at a place, going back from fork to fork."""
        events = self.paths.get(path)
        while events is not None:
            event = events.at(line, position)
            if event is not None:
                return event
            fork = self.graph.lines[line].fork
            if fork is None:
                return None
            line, position = self.places[fork]
        return None

    def _written(
        self, change: Change, sides: Sequence[tuple[Against, frozenset[str]]]
    ) -> str | None:
        """Find who made a state that a merge has from another parent than the first."""
        for other, differs in sides:
            if other.parent is not None and change.path not in differs:
                event = self._standing(change.path, *self.places[other.parent])
                if event is not None and event.entry == change.after:
                    return event.written
        return None


def _kind(change: Change, before: _Event | None, *, hidden: bool) -> Kind:
    if change.status is Status.MODE:
        return Kind.MODE
    if change.status is Status.MODIFIED:
        return Kind.MODIFIED
    if hidden or (before is not None and before.lost):
        return Kind.SEEN
    return Kind.ADDED if before is None else Kind.BACK


def _under(path: str, folders: Sequence[str]) -> bool:
    return any(path.startswith(folder) for folder in folders)
