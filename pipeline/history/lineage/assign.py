"""The assignment problem on a sparse graph: the pairing with the largest total, not the greedy one.

Shortest augmenting paths with potentials (Jonker and Volgenant's way, on adjacency lists, with
Dijkstra's heap). A row may stay alone at no cost, so only pairs that gain something are made.
Rows whose best column nobody else wants settle at once: a history of n renames costs O(n log n).
A dense solver (scipy's `linear_sum_assignment`) would need a matrix and a heavy dependency.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf

Gains = Mapping[int, Mapping[int, float]]


def assign(gains: Gains) -> dict[int, int]:
    """Pair rows with columns, each at most once, so that the sum of gains is the largest.

    Args:
        gains: by row, what pairing it with a column gains; gains of 0 and less are not used.

    Returns:
        The column of every row that got one.
    """
    state = _State(
        costs={
            row: {column: -gain for column, gain in sorted(gains[row].items()) if gain > 0}
            for row in sorted(gains)
        }
    )
    for row in state.costs:
        state.augment(row)
    return {row: column for column, row in state.row_of.items() if column >= 0}


@dataclass(slots=True)
class _State:
    """Columns below zero are the places where a row stays alone: row r's is `-1 - r`, cost 0."""

    costs: dict[int, dict[int, float]]
    row_of: dict[int, int] = field(default_factory=dict)
    column_of: dict[int, int] = field(default_factory=dict)
    potential: dict[int, float] = field(default_factory=dict)

    def augment(self, start: int) -> None:
        """Find the cheapest way to give `start` a place, moving others where that pays."""
        distance: dict[int, float] = {}
        before: dict[int, int] = {}
        heap: list[tuple[float, int]] = []
        done: dict[int, float] = {}
        row, base = start, 0.0
        while True:
            self._relax(row, base, distance, before, heap, done)
            reached, column = heappop(heap)
            while column in done:
                reached, column = heappop(heap)
            done[column] = reached
            if column not in self.row_of:
                break
            row = self.row_of[column]
            base = reached - self._reduced(row, column)
        for each, at in done.items():
            self.potential[each] = self.potential.get(each, 0.0) + at - reached
        while True:
            row = before[column]
            self.row_of[column] = row
            previous = self.column_of.get(row)
            self.column_of[row] = column
            if previous is None:
                return
            column = previous

    def _relax(
        self,
        row: int,
        base: float,
        distance: dict[int, float],
        before: dict[int, int],
        heap: list[tuple[float, int]],
        done: dict[int, float],
    ) -> None:
        for column in (*self.costs[row], -1 - row):
            if column in done:
                continue
            reached = base + self._reduced(row, column)
            if reached < distance.get(column, inf):
                distance[column] = reached
                before[column] = row
                heappush(heap, (reached, column))

    def _reduced(self, row: int, column: int) -> float:
        return self.costs[row].get(column, 0.0) - self.potential.get(column, 0.0)
