"""Which document a path held at a commit, from the stays alone: just traced, or kept in rows."""

from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

from pipeline.history.graph import Graph
from pipeline.history.lineage.past import line_up
from pipeline.history.lineage.values import Lineage

REMEMBERED = 8  # commits of side lines whose ancestors are


class Kept(Protocol):
    """A stay as rows tell it: a path, from one commit until another."""

    @property
    def path(self) -> str:
        """Where."""

    @property
    def since(self) -> str:
        """The commit that began it."""

    @property
    def until(self) -> str | None:
        """The commit that ended it, None where it still stands."""


KeptT = TypeVar("KeptT", bound=Kept)
KeyT = TypeVar("KeyT")
Tenure = tuple[str, str, str | None, KeyT]
"""Path, since, until, and what stayed."""


class Whereabouts(Generic[KeyT]):
    """Looks up what stayed at a path.

    At a commit of the branch, all that comes before it in the order of lineage is behind it. At a
    commit of a side line only its own ancestors count: what the branch did meanwhile did not
    happen there yet.
    """

    def __init__(self, graph: Graph, tenures: Iterable[Tenure[KeyT]]) -> None:
        """Prepare to look. What ends at a commit ends before what begins there."""
        self._graph = graph
        self._order = {oid: order for order, oid in enumerate(line_up(graph))}
        self._branch = frozenset(graph.branch)
        self._turns: dict[str, list[tuple[int, bool, KeyT | None]]] = {}
        for path, since, until, key in tenures:
            turns = self._turns.setdefault(path, [])
            turns.append((self._order[since], True, key))
            if until is not None:
                turns.append((self._order[until], False, None))
        for turns in self._turns.values():
            turns.sort(key=lambda turn: turn[:2])
        self._behind = lru_cache(maxsize=REMEMBERED)(self._ancestors)

    @classmethod
    def of(cls, graph: Graph, lineage: Lineage) -> "Whereabouts[int]":
        """Look a whole lineage up, by the numbers of its documents."""
        return Whereabouts(
            graph,
            (
                (stay.path, stay.since.commit, stay.until.commit if stay.until else None, number)
                for number, document in enumerate(lineage.documents)
                for stay in document.stays
            ),
        )

    @classmethod
    def among(cls, graph: Graph, stays: Iterable[KeptT]) -> "Whereabouts[KeptT]":
        """Look up stays as they are kept; gives the stay itself.

        What began at a commit that the graph does not have (any more) is left out.
        """
        known = graph.nodes
        return Whereabouts(
            graph,
            (
                (stay.path, stay.since, stay.until if stay.until in known else None, stay)
                for stay in stays
                if stay.since in known
            ),
        )

    def document(self, path: str, commit: str) -> KeyT | None:
        """Give what a path held after a commit, None for nothing.

        Raises KeyError for a commit that is not in the graph.
        """
        order = self._order[commit]
        turns = self._turns.get(path, [])
        at = bisect_right(turns, order, key=lambda turn: turn[0])
        if commit not in self._branch:
            branched, own = self._behind(commit)
            while at and turns[at - 1][0] > branched and turns[at - 1][0] not in own:
                at -= 1
        return turns[at - 1][2] if at else None

    def holder(self, path: str, commit: str) -> KeyT | None:
        """Give what a file belongs to that stood at a path at a commit; None for a path unknown.

        Where `document` finds nothing the file came to a side line by a way of its own, or what it
        held could not be read then: it is put to what began there last, or else first.
        """
        found = self.document(path, commit)
        if found is not None:
            return found
        begun = [(order, key) for order, begins, key in self._turns.get(path, []) if begins]
        before = [key for order, key in begun if order <= self._order[commit]]
        return before[-1] if before else begun[0][1] if begun else None

    def _ancestors(self, commit: str) -> tuple[int, frozenset[int]]:
        """The commit and all behind it: up to a place in the order, and places after that one.

        It is not followed along the branch, of which it is known that all before is behind, so that
        a look costs no more than the side line is long.
        """
        branched, own = -1, set[str]()
        waiting = [commit]
        while waiting:
            oid = waiting.pop()
            if oid in self._branch:
                branched = max(branched, self._order[oid])
            elif oid not in own:
                own.add(oid)
                waiting += [each for each in self._graph.nodes[oid].parents if each is not None]
        return branched, frozenset(self._order[oid] for oid in own)
