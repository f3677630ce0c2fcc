"""How alike two texts are: the share of five-word runs (shingles) that they have in common.

Exact sets, not MinHash: only the texts at the ends of stays are compared, so there are few, and
a sketch's error would be largest on the short texts that need most care. A run ends with its
passage, so that each distinct passage is looked at once, in whatever texts it stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

RUN = 5
# Which shingles find candidates: every eighth, and every 32nd of a long text, so that a part that
# was taken from a long text still meets some of its own. Of a short text all do.
_SOME, _RARE = 7 << 23, 31 << 23
_WORDS = 1 << 17  # whose numbers are kept
_FEW, _MANY = 16, 400


class _Numbers(dict[str, int]):
    """A number for every word, kept once asked for: a look at a dictionary is half a call."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _WORDS:
            self.clear()
        number = self[word] = crc32(word.encode("utf-8", "surrogatepass"))
        return number


_NUMBERS = _Numbers()


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The shingles of a text as numbers. A text of fewer than five words has one, or none.

    `sample` are those to look other texts up by: the same ones in every text that has them.
    """

    shingles: frozenset[int]
    sample: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """`jaccard` is common / all, `containment` common / the smaller one, `size` the smaller one."""

    jaccard: float
    containment: float
    size: int


@dataclass(frozen=True, slots=True)
class Passage:
    """The shingles of one passage, as many as words, and those that find candidates."""

    shingles: frozenset[int]
    sample: frozenset[int]


def shingled(words: Sequence[str]) -> Passage:
    """Take a passage's shingles. They depend on its words alone, in every process.

    From the end of the passage a run goes on at its beginning: short passages count in full.
    """
    numbers = list(map(_NUMBERS.__getitem__, words))  # since Python salts the hashes of strings
    if len(numbers) < RUN:
        runs = frozenset([hash(tuple(numbers))] if numbers else [])
    else:
        ring = numbers + numbers[: RUN - 1]
        runs = frozenset(map(hash, zip(numbers, ring[1:], ring[2:], ring[3:], ring[4:])))  # noqa: B905
    return Passage(runs, frozenset([each for each in runs if not each & _SOME]))


def fingerprint(passages: Sequence[Passage]) -> Fingerprint:
    """Take the fingerprint of a text that has these passages."""
    found = frozenset().union(*(passage.shingles for passage in passages))
    if len(found) <= _FEW:
        return Fingerprint(found, tuple(sorted(found)))
    sample = frozenset().union(*(passage.sample for passage in passages))
    if len(found) > _MANY:
        sample = frozenset([each for each in sample if not each & _RARE])
    return Fingerprint(found, tuple(sorted(sample)))


def likeness(one: Fingerprint, other: Fingerprint) -> Likeness:
    """Compare two fingerprints; texts without words are like nothing."""
    size = min(len(one.shingles), len(other.shingles))
    if not size:
        return Likeness(0.0, 0.0, 0)
    common = len(one.shingles & other.shingles)
    return Likeness(
        common / (len(one.shingles) + len(other.shingles) - common), common / size, size
    )
