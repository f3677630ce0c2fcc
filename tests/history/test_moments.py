from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.history.graph import NO_COMMITS, Graph, Node, arrange
from pipeline.history.moments import Calendar, Standing, read_clocks

Clock = int | None


def branch(*clocks: Clock) -> Graph:
    """A branch whose commits are called c0, c1, ... and have these times."""
    nodes = [
        Node(oid=f"c{at}", tree="", parents=(f"c{at - 1}",) if at else (), seconds=clock)
        for at, clock in enumerate(clocks)
    ]
    return arrange(nodes, nodes[-1].oid)


def stood(calendar: Calendar, second: int) -> str | None:
    standing = calendar.at(datetime.fromtimestamp(second, UTC))
    return None if standing is None else standing.commit


def test_gives_the_commit_that_stood() -> None:
    calendar = read_clocks(branch(10, 20, 20, 30))
    expected = {9: None, 10: "c0", 19: "c0", 20: "c2", 29: "c2", 30: "c3", 1000: "c3"}
    assert {second: stood(calendar, second) for second in expected} == expected
    assert calendar.doubted == frozenset()


def test_takes_a_moment_of_any_zone() -> None:
    calendar = read_clocks(branch(0, 7200))
    zone = timezone(timedelta(hours=2))
    assert calendar.at(datetime(1970, 1, 1, 3, 59, 59, tzinfo=zone)) == Standing(
        commit="c0", doubted=False
    )
    assert calendar.at(datetime(1970, 1, 1, 4, tzinfo=zone)) == Standing(commit="c1", doubted=False)


@pytest.mark.parametrize(
    ("clocks", "settled", "doubted"),
    [
        ((10, 99, 20, 30), (10, 20, 20, 30), {"c1"}),  # one clock far ahead
        ((10, 20, 1, 30), (10, 20, 20, 30), {"c2"}),  # one far behind
        ((10, 20, None, 30), (10, 20, 30, 30), {"c2"}),  # one that no calendar holds
        ((None, 10, 20), (10, 10, 20), {"c0"}),
        ((10, 20, None), (10, 20, 20), {"c2"}),
        ((10, 90, 15, 80, 20, 30), (10, 15, 15, 20, 20, 30), {"c1", "c3"}),
    ],
)
def test_doubts_as_few_clocks_as_possible(
    clocks: tuple[Clock, ...], settled: tuple[int, ...], doubted: set[str]
) -> None:
    calendar = read_clocks(branch(*clocks))
    assert calendar.seconds == settled
    assert calendar.doubted == doubted


def test_says_when_the_commit_that_stood_has_a_doubted_clock() -> None:
    calendar = read_clocks(branch(10, 20, 1))
    assert calendar.at(datetime.fromtimestamp(25, UTC)) == Standing(commit="c2", doubted=True)


def test_without_any_clock_the_tip_stood() -> None:
    assert stood(read_clocks(branch(None, None)), 0) == "c1"


def test_without_history_nothing_stood() -> None:
    assert stood(read_clocks(NO_COMMITS), 0) is None


@given(st.lists(st.none() | st.integers(0, 12), min_size=1, max_size=9))
@settings(max_examples=200, deadline=None)
def test_settled_times_never_go_backwards(clocks: list[Clock]) -> None:
    calendar = read_clocks(branch(*clocks))
    assert list(calendar.seconds) == sorted(calendar.seconds)
    kept = [time for at, time in enumerate(clocks) if f"c{at}" not in calendar.doubted]
    known = [time for time in kept if time is not None]
    assert known == sorted(known)
    assert len(kept) == len(known)
    for at, settled in enumerate(calendar.seconds):
        assert f"c{at}" in calendar.doubted or settled == clocks[at]
    assert len(known) == longest(clocks)


def longest(clocks: list[Clock]) -> int:
    """The length of the longest run that does not go backwards, counted the slow way."""
    best: list[int] = []
    for at, time in enumerate(clocks):
        if time is None:
            best.append(0)
            continue
        before = [best[i] for i, early in enumerate(clocks[:at]) if (early or 0) <= time]
        best.append(1 + max(before, default=0))
    return max(best)
