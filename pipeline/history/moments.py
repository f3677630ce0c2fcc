"""Which commit of the branch stood at a moment, by the committers' clocks.

Clocks can be wrong: a commit may claim a time before its parent's. The longest run of commits whose
times do not go backwards is believed, so that as few as possible are doubted. A doubted commit
stood after the believed one before it and until the next; where its time lies outside of that, the
nearer end is taken in its place.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.history.graph import Graph

_NEVER = -(2**63)  # where no clock at all can be read


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The commit that stood. `doubted`: its clock disagrees with those of its neighbours."""

    commit: str
    doubted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The commits of a branch, oldest first, and when each began to stand, in seconds since 1970.

    `seconds` never go backwards. `doubted` are the commits whose own clock says otherwise, or whose
    time no calendar can hold.
    """

    commits: tuple[str, ...]
    seconds: tuple[int, ...]
    doubted: frozenset[str]

    def at(self, moment: datetime) -> Standing | None:
        """Give the commit that stood at an aware datetime; None before the first commit.

        Of two commits of the same second, the later one in the branch stood.
        """
        index = bisect_right(self.seconds, moment.timestamp())
        if index == 0:
            return None
        commit = self.commits[index - 1]
        return Standing(commit=commit, doubted=commit in self.doubted)


def read_clocks(graph: Graph) -> Calendar:
    """Lay out the times of a branch so that they do not go backwards."""
    clocks = [graph.nodes[oid].seconds for oid in graph.branch]
    believed = _longest_run(clocks)
    doubted = frozenset(oid for index, oid in enumerate(graph.branch) if index not in believed)
    return Calendar(
        commits=graph.branch, seconds=tuple(_settled(clocks, believed)), doubted=doubted
    )


def _longest_run(clocks: Sequence[int | None]) -> dict[int, int]:
    """Find the longest part of the times that does not go backwards: position to time.

    Patience sorting: `ends[k]` is where the run of length k + 1 with the least last time ends.
    """
    ends: list[int] = []
    times: list[int] = []
    before: dict[int, int | None] = {}
    known = {index: time for index, time in enumerate(clocks) if time is not None}
    for index, time in known.items():
        length = bisect_right(times, time)
        before[index] = ends[length - 1] if length else None
        ends[length : length + 1] = [index]
        times[length : length + 1] = [time]
    run: dict[int, int] = {}
    at = ends[-1] if ends else None
    while at is not None:
        run[at] = known[at]
        at = before[at]
    return run


def _settled(clocks: Sequence[int | None], believed: dict[int, int]) -> list[int]:
    """Move each doubted time into the stretch between its believed neighbours."""
    times: list[int] = []
    following: list[int | None] = []
    upcoming: int | None = None
    for index in reversed(range(len(clocks))):
        upcoming = believed.get(index, upcoming)
        following.append(upcoming)
    latest = _NEVER
    for time, limit in zip(clocks, reversed(following), strict=True):
        wanted = next(each for each in (time, limit, latest) if each is not None)
        latest = max(latest, wanted if limit is None else min(wanted, limit))
        times.append(latest)
    return times
