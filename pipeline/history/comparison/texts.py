"""The whole text of a document against its later text: what was kept, moved, removed, added."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from pipeline.history.comparison.kinds import RunKind
from pipeline.history.comparison.reading import Account
from pipeline.history.comparison.values import TextChange
from pipeline.history.comparison.words import Line, Meter, Stretch, folded, runs, seen, stretches

SHORTEST = 4  # words that, found elsewhere, are the same words and no chance
MOST_SEARCHES = 400

Pair = tuple[str | None, str | None]
"""The names of a text before and after."""


def compare_texts(old: Account, new: Account) -> TextChange | None:
    """Compare the texts; None where a reader sees no difference in words or in their place."""
    meter = Meter()
    found: list[Stretch] = []
    moved: list[Pair] = []
    for before, after in _paired(old.texts, new.texts):
        inside = list(stretches(_lines(old, before), _lines(new, after), meter))
        kept = any(each.kind is RunKind.EQUAL and each.count >= SHORTEST for each in inside)
        if kept and before != after:
            moved.append((before, after))
        found += inside
    counts = {kind: sum(each.count for each in found if each.kind is kind) for kind in RunKind}
    if not moved and not counts[RunKind.REMOVED] and not counts[RunKind.ADDED]:
        return None
    shifted = _elsewhere(found, new.all_text)
    return TextChange(
        before=old.side.words,
        after=new.side.words,
        kept=counts[RunKind.EQUAL],
        shifted=shifted,
        removed=counts[RunKind.REMOVED] - shifted,
        added=counts[RunKind.ADDED],
        boilerplate=0,
        runs=runs(found),
        whole=meter.whole,
        moved=_places(moved),
    )


def _lines(account: Account, name: str | None) -> tuple[Line, ...]:
    return account.texts[name] if name is not None else ()


def _paired(old: Mapping[str, tuple[Line, ...]], new: Mapping[str, tuple[Line, ...]]) -> list[Pair]:
    """Pair texts of the same name, then those that share most of their words; in the new order."""
    partner = {name: name for name in new if name in old}
    free_old = [name for name in old if name not in partner]
    free_new = [name for name in new if name not in partner]
    bags = {(number, name): Counter(seen(word) for line in side[name] for word in line)
            for number, side, free in ((0, old, free_old), (1, new, free_new))
            for name in free}  # fmt: skip
    shares = [
        (-(bags[0, before] & bags[1, after]).total(), before, after)
        for before in free_old
        for after in free_new
    ]
    for share, before, after in sorted(shares):
        if share < 0 and after not in partner and before not in partner.values():
            partner[after] = before
    pairs: list[Pair] = [(partner.get(name), name) for name in new]
    return [*pairs, *((name, None) for name in old if name not in partner.values())]


def _elsewhere(found: Iterable[Stretch], text: str) -> int:
    """Count the removed words that stand elsewhere on the newer side, line by line."""
    wanted = islice(_sentences(found), MOST_SEARCHES)
    return sum(len(words) for words in wanted if folded([words]) in text)


def _sentences(found: Iterable[Stretch]) -> Iterator[Line]:
    for each in found:
        if each.kind is RunKind.REMOVED:
            for line in each.lines:
                yield from (part for part in _cut(line) if len(part) >= SHORTEST)


def _cut(line: Line) -> Iterator[Line]:
    start = 0
    for end, word in enumerate(line, 1):
        if word[-1] in ".!?:" or end == len(line):
            yield line[start:end]
            start = end


def _places(moved: Sequence[Pair]) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    if not moved:
        return None
    before = tuple(dict.fromkeys(name for name, _ in moved if name is not None))
    return before, tuple(dict.fromkeys(name for _, name in moved if name is not None))
