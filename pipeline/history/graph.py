"""The commits of a repository in a stable order, and the lines that they form.

**Order**: parents before children; among the commits whose parents are done, the one with the
earliest committer time, then the smallest id. Commits that come later to a repository never change
the order of those before them.

**Lines**: the branch is the line of first parents from the tip back to the root, as `git log
--first-parent` walks it. Every other commit is on exactly one side line: from the newest commit
down, each commit without a child, and each parent, that has no line yet begins one, which follows
first parents until it meets a commit that has a line (its fork) or has no parent.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A commit without its words.

    `parents` are in the commit's own order, None where one is out of sight (a shallow clone, a lost
    object). `seconds` is the committer's clock since 1970, None where no calendar can hold it.
    """

    oid: str
    tree: str
    parents: tuple[str | None, ...]
    seconds: int | None

    @property
    def cut(self) -> bool:
        """Whether the history before this commit is out of sight, not only empty."""
        return None in self.parents


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A chain of first parents, oldest first.

    `fork` is the first parent of its oldest commit, on another line; None if that has no parent in
    sight. `end` is the merge that took its newest commit in; None for the branch itself, and for
    the branch of another ref.
    """

    commits: tuple[str, ...]
    fork: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """All commits, parents first, and their lines: the branch's (`lines[0]`), then the others."""

    nodes: Mapping[str, Node]
    lines: tuple[Line, ...]

    @property
    def branch(self) -> tuple[str, ...]:
        """The commits of the branch, oldest first; empty where there is no history."""
        return self.lines[0].commits if self.lines else ()

    def places(self) -> dict[str, tuple[int, int]]:
        """Say for each commit its line and its position in it."""
        return {
            oid: (number, position)
            for number, line in enumerate(self.lines)
            for position, oid in enumerate(line.commits)
        }


NO_COMMITS = Graph(nodes={}, lines=())


def arrange(nodes: Iterable[Node], tip: str) -> Graph:
    """Put commits in order and in lines; the branch is that of `tip`.

    The tip, and every parent that is not None, must be among the nodes.
    """
    ordered = _ordered({node.oid: node for node in nodes})
    return Graph(nodes=ordered, lines=_lines(ordered, tip))


def _ordered(nodes: Mapping[str, Node]) -> dict[str, Node]:
    children: dict[str, list[str]] = {}
    waiting: dict[str, int] = {}
    for oid, node in nodes.items():
        parents = {parent for parent in node.parents if parent is not None}
        waiting[oid] = len(parents)
        for parent in parents:
            children.setdefault(parent, []).append(oid)
    ready = [_key(nodes[oid]) for oid, count in waiting.items() if count == 0]
    heapify(ready)
    ordered: dict[str, Node] = {}
    while ready:
        _, oid = heappop(ready)
        ordered[oid] = nodes[oid]
        for child in children.get(oid, ()):
            waiting[child] -= 1
            if waiting[child] == 0:
                heappush(ready, _key(nodes[child]))
    return ordered


def _key(node: Node) -> tuple[float, str]:
    return (float("-inf") if node.seconds is None else node.seconds, node.oid)


def _lines(nodes: dict[str, Node], tip: str) -> tuple[Line, ...]:
    taken: set[str] = set()
    lines = [_line(nodes, tip, None, taken)]
    for oid in reversed(nodes):
        if oid not in taken:  # all children come before it here, so it has none
            lines.append(_line(nodes, oid, None, taken))
        others = nodes[oid].parents[1:]
        lines.extend(
            _line(nodes, parent, oid, taken)
            for parent in others
            if parent is not None and parent not in taken
        )
    return tuple(lines)


def _line(nodes: Mapping[str, Node], newest: str, end: str | None, taken: set[str]) -> Line:
    chain = list(_first_parents(nodes, newest, taken))
    taken.update(chain)
    parents = nodes[chain[-1]].parents
    return Line(commits=tuple(reversed(chain)), fork=parents[0] if parents else None, end=end)


def _first_parents(nodes: Mapping[str, Node], newest: str, taken: set[str]) -> Iterator[str]:
    at: str | None = newest
    while at is not None and at not in taken:
        yield at
        parents = nodes[at].parents
        at = parents[0] if parents else None
