"""The assignment: the largest total, found on sparse graphs, in little time."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.history.lineage.assign import assign

GRAPHS = st.dictionaries(
    st.integers(0, 5),
    st.dictionaries(st.integers(0, 5), st.integers(-3, 9).map(float), max_size=6),
    max_size=6,
)


def best_total(
    gains: Mapping[int, Mapping[int, float]], rows: tuple[int, ...], taken: frozenset[int]
) -> float:
    """Try everything."""
    if not rows:
        return 0.0
    row, *rest = rows
    alone = best_total(gains, tuple(rest), taken)
    paired = (
        gain + best_total(gains, tuple(rest), taken | {column})
        for column, gain in gains[row].items()
        if column not in taken
    )
    return max(alone, *paired, 0.0)


@given(gains=GRAPHS)
@settings(max_examples=200, deadline=None)
def test_no_other_pairing_gains_more(gains: dict[int, dict[int, float]]) -> None:
    pairs = assign(gains)
    assert len(set(pairs.values())) == len(pairs)
    assert all(gains[row][column] > 0 for row, column in pairs.items())
    total = sum(gains[row][column] for row, column in pairs.items())
    assert total == best_total(gains, tuple(gains), frozenset())


def test_the_greedy_pairing_is_not_taken() -> None:
    """Greedy takes (1, 1) for 10 and leaves row 2 with nothing."""
    assert assign({1: {1: 10.0, 2: 9.0}, 2: {1: 8.0}}) == {1: 2, 2: 1}


def test_a_long_chain_of_displacements_is_followed() -> None:
    """Each row wants the next column most; the last has only the first: all have to move."""
    count = 400
    gains = {row: {row: 5.0, row + 1: 6.0} for row in range(count)}
    gains[count] = {0: 5.5, 1: 1.0}
    pairs = assign(gains)
    assert pairs == {row: row + 1 for row in range(count)} | {count: 0}


def test_nothing_to_gain_is_nothing_paired() -> None:
    assert assign({}) == {}
    assert assign({1: {1: 0.0, 2: -1.0}}) == {}
