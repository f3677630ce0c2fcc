"""Word by word: the longest common part, told as runs, whatever the texts are."""

from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.history.comparison.align import blocks
from pipeline.history.comparison.kinds import RunKind
from pipeline.history.comparison.values import Run
from pipeline.history.comparison.words import MOST_RUNS, Meter, lines_of, runs, stretches

few = st.lists(st.sampled_from("abcd"), max_size=14)
texts = st.lists(
    st.lists(st.sampled_from(["mill", "wheel", "tide", "gate", "sea"]), min_size=1, max_size=6),
    max_size=6,
)


def longest(one: list[str], other: list[str]) -> int:
    """The textbook's table."""
    row = [0] * (len(other) + 1)
    for left in one:
        corner = 0
        for index, right in enumerate(other):
            up = row[index + 1]
            row[index + 1] = corner + 1 if left == right else max(up, row[index])
            corner = up
    return row[-1]


@given(few, few)
@settings(deadline=None)
def test_the_common_part_is_common_in_order_and_the_longest(
    one: list[str], other: list[str]
) -> None:
    found = blocks(one, other)
    assert sum(length for _, _, length in found) == longest(one, other)
    assert all(one[i : i + n] == other[j : j + n] for i, j, n in found)
    assert all(a[0] + a[2] <= b[0] and a[1] + a[2] <= b[1] for a, b in pairwise(found))


def told(old: str, new: str) -> tuple[Run, ...]:
    return runs(stretches(lines_of(old), lines_of(new), Meter()))


def words_of(found: tuple[Run, ...], *kinds: RunKind) -> list[str]:
    return [word for run in found if run.kind in kinds for word in run.text.split()]


@given(texts, texts)
@settings(deadline=None)
def test_runs_give_both_texts_back(old: list[list[str]], new: list[list[str]]) -> None:
    before, after = ("\n".join(map(" ".join, text)) for text in (old, new))
    found = told(before, after)
    assert sorted(words_of(found, RunKind.EQUAL, RunKind.REMOVED)) == sorted(before.split())
    assert sorted(words_of(found, RunKind.EQUAL, RunKind.ADDED)) == sorted(after.split())
    assert all(one.kind is not other.kind for one, other in pairwise(found))
    assert [run.words for run in found] == [len(run.text.split()) for run in found]


def test_changed_words_stand_between_those_that_stay() -> None:
    found = told(
        "The wheel turns at dawn.\nIt rests.", "The wheel stands still at dawn.\nIt rests."
    )
    assert [(run.kind.value, run.text) for run in found] == [
        ("equal", "The wheel"),
        ("removed", "turns"),
        ("added", "stands still"),
        ("equal", "at dawn.\nIt rests."),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("it's here", "it\u2019s here"),
        ('"a" - b', "\u201ca\u201d \u2013 b"),
        ("W\ufeffritten by", "Written by"),
        ("so...", "so\u2026"),
        ("\ufb01sh", "fish"),
        ("one  two", "one\u00a0two"),
    ],
)
def test_what_a_reader_sees_alike_is_the_same(old: str, new: str) -> None:
    assert [run.kind for run in told(old, new)] == [RunKind.EQUAL]


def test_rewritten_text_is_not_told_as_crumbs() -> None:
    found = told("red green blue the black white grey", "one two three the four five six")
    assert [run.kind for run in found] == [RunKind.REMOVED, RunKind.ADDED]


def test_long_runs_are_told_by_their_ends() -> None:
    (run,) = told("tide " * 5000, "tide " * 5000)
    assert (run.words, run.left_out) == (5000, 5000 - 24)
    assert len(f"{run.text} {run.rest}".split()) == 24
    (cut, _) = told("\n".join(f"a{i} b{i}" for i in range(900)), "z")
    assert cut.text.startswith("a0 b0\na1")
    assert cut.rest.endswith("a899 b899")
    (odd,) = told("x" * 10_000, "x" * 10_000)
    assert len(odd.text) == 80


def test_runs_are_bounded_and_still_count_every_word() -> None:
    old = "\n".join(f"a{i} same{i} line{i} here{i} b{i}" for i in range(3000))
    new = "\n".join(f"c{i} same{i} line{i} here{i} d{i}" for i in range(3000))
    found = told(old, new)
    assert len(found) <= MOST_RUNS + 1
    counts = {kind: sum(run.words for run in found if run.kind is kind) for kind in RunKind}
    assert counts[RunKind.EQUAL] + counts[RunKind.REMOVED] == 15_000
    assert counts[RunKind.EQUAL] + counts[RunKind.ADDED] == 15_000


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * 60_000, "b a a " * 40_000),
        ("\n".join("a b" * 3 for _ in range(30_000)), "\n".join("b a" for _ in range(30_000))),
    ],
)
def test_hostile_texts_take_bounded_time_and_say_that_they_were_not_compared(
    old: str, new: str
) -> None:
    meter = Meter()
    start = process_time()
    found = runs(stretches(lines_of(old), lines_of(new), meter))
    assert process_time() - start < 5
    assert not meter.whole
    assert sum(run.words for run in found if run.kind is not RunKind.ADDED) == len(old.split())
