"""Two texts compared word by word, as a reader sees them, told as runs.

Lines first, then the words between lines that stayed. Two words are the same if a reader sees the
same: Markdown renders straight quotes as curly ones, and invisible characters are not seen.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.history.comparison.align import Block, blocks
from pipeline.history.comparison.kinds import RunKind
from pipeline.history.comparison.values import Run

CELLS = 100_000_000  # of the tables for one document: about 0.3 s and 13 MB at the worst
MOST_RUNS = 1_000
ISLAND = 2  # words that two rewritten stretches have in common by chance
SHOWN = {RunKind.EQUAL: 24, RunKind.REMOVED: 300, RunKind.ADDED: 300}
LONGEST = 80  # characters of one word that are shown

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SAME = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc`", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | {"\u2026": "..."}
)

Line = tuple[str, ...]


def seen(word: str) -> str:
    """Fold a word to what a reader sees of it. Case stays."""
    if word.isascii():
        return word.replace("`", "'")
    plain = unicodedata.normalize("NFKC", _INVISIBLE.sub("", word))
    return plain.translate(_SAME)


def lines_of(text: str) -> list[Line]:
    """Cut a plain text into lines of words; invisible and empty ones fall away."""
    lines = (tuple(_INVISIBLE.sub("", line).split()) for line in text.split("\n"))
    return [line for line in lines if line]


def folded(lines: Iterable[Line]) -> str:
    """Write lines as one string in which stretches of words can be looked for."""
    return " " + " ".join(seen(word) for line in lines for word in line) + " "


@dataclass(slots=True)
class Stretch:
    """Words that stayed, went or came, by line."""

    kind: RunKind
    lines: list[Line] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many words."""
        return sum(map(len, self.lines))


@dataclass(slots=True)
class Meter:
    """How much one document may still cost; `whole` is False once something was too much."""

    cells: int = CELLS
    whole: bool = True

    def pays(self, one: Sequence[object], other: Sequence[object]) -> bool:
        """Take the cost of comparing these, or refuse."""
        cost = len(one) * len(other)
        if cost > self.cells:
            self.whole = False
            return False
        self.cells -= cost
        return True


def stretches(old: Sequence[Line], new: Sequence[Line], meter: Meter) -> Iterator[Stretch]:
    """Compare two texts. What is equal is given as the newer text has it."""
    keys = [[tuple(map(seen, line)) for line in side] for side in (old, new)]
    same = blocks(*keys) if meter.pays(old, new) else []
    for before, after, stay in _gaps(same, len(old), len(new)):
        yield from _inside(old[before], new[after], meter)
        if stay.stop > stay.start:
            yield Stretch(RunKind.EQUAL, list(new[stay]))


def _gaps(same: Iterable[Block], old: int, new: int) -> Iterator[tuple[slice, slice, slice]]:
    i = j = 0
    for at, there, length in (*same, (old, new, 0)):
        yield slice(i, at), slice(j, there), slice(there, there + length)
        i, j = at + length, there + length


def _inside(old: Sequence[Line], new: Sequence[Line], meter: Meter) -> Iterator[Stretch]:
    """Compare the words of lines that are not the same."""
    flat = [[(word, line) for line, words in enumerate(side) for word in words]
            for side in (old, new)]  # fmt: skip
    keys = [[seen(word) for word, _ in side] for side in flat]
    same = blocks(*keys) if old and new and meter.pays(*keys) else []
    for before, after, stay in _gaps(_without_islands(same, *map(len, keys)), *map(len, keys)):
        for kind, side, part in (
            (RunKind.REMOVED, flat[0], before),
            (RunKind.ADDED, flat[1], after),
            (RunKind.EQUAL, flat[1], stay),
        ):
            if part.stop > part.start:
                yield Stretch(kind, _by_line(side[part]))


def _by_line(words: Iterable[tuple[str, int]]) -> list[Line]:
    lines: dict[int, list[str]] = {}
    for word, line in words:
        lines.setdefault(line, []).append(word)
    return [tuple(each) for each in lines.values()]


def _without_islands(same: Sequence[Block], old: int, new: int) -> list[Block]:
    """Leave out the few words that two rewritten stretches share by chance: nobody reads them."""
    kept: list[Block] = []
    for number, (i, j, length) in enumerate(same):
        last = kept[-1] if kept else (0, 0, 0)
        following = same[number + 1] if number + 1 < len(same) else (old, new, 0)
        left = min(i - last[0] - last[2], j - last[1] - last[2])
        right = min(following[0] - i - length, following[1] - j - length)
        if length > ISLAND or min(left, right) <= length:
            kept.append((i, j, length))
    return kept


def runs(found: Iterable[Stretch]) -> tuple[Run, ...]:
    """Tell stretches as runs, neighbours of a kind as one, long ones by their ends."""
    joined: list[Stretch] = []
    for each in found:
        at = _last_of(joined, each.kind)
        if at is None:
            joined.append(Stretch(each.kind, list(each.lines)))
        else:
            at.lines += each.lines
    return tuple(_run(each) for each in joined)


def _last_of(joined: list[Stretch], kind: RunKind) -> Stretch | None:
    """Find the run that a stretch goes on: the last, or the one before between two changes.

    Past the bound on runs, everything goes on with the last of its kind.
    """
    many = len(joined) >= MOST_RUNS
    for each in reversed(joined if many else joined[-2:]):
        if each.kind is kind:
            return each
        if RunKind.EQUAL in {each.kind, kind} and not many:
            return None
    return None


def _run(stretch: Stretch) -> Run:
    count, most = stretch.count, SHOWN[stretch.kind]
    if count <= most + ISLAND:
        return Run(kind=stretch.kind, words=count, text=_text(stretch.lines))
    half = most // 2
    return Run(
        kind=stretch.kind,
        words=count,
        text=_text(_first(stretch.lines, half)),
        rest=_text([line[::-1] for line in _first(_reversed(stretch.lines), half)][::-1]),
        left_out=count - 2 * half,
    )


def _reversed(lines: Sequence[Line]) -> list[Line]:
    return [line[::-1] for line in reversed(lines)]


def _first(lines: Iterable[Line], most: int) -> list[Line]:
    taken: list[Line] = []
    for line in lines:
        if most <= 0:
            break
        taken.append(line[:most])
        most -= len(line)
    return taken


def _text(lines: Iterable[Line]) -> str:
    return "\n".join(" ".join(map(shown, line)) for line in lines)


def shown(word: str) -> str:
    """Shorten a word that is too long to be read."""
    return word if len(word) <= LONGEST else word[: LONGEST - 1] + "\u2026"
