"""How alike two texts are: the share of five-word runs (shingles) that they have in common.

Exact sets, not MinHash: only the texts at the ends of stays are compared, so there are few, and
a sketch's error would be largest on the short texts that need most care. A run ends with its
passage, so that each distinct passage is looked at once, in whatever texts it stands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

RUN = 5

_MASK = (1 << 61) - 1
_P1, _P2, _P3, _P4 = 0x1F35A7BD, 0x2C1B3C6D3, 0x297A2D39B5, 0x1B873593A7F1
# Which shingles find candidates: every eighth, and every 32nd of a long text, so that a part that
# was taken from a long text still meets some of its own.
_SAMPLE_SHIFT, _SAMPLE, _LONG_SAMPLE = 23, 7, 31
_FEW, _LONG = 16, 400


@lru_cache(maxsize=1 << 17)
def _number(word: str) -> int:
    return crc32(word.encode("utf-8", "surrogatepass"))


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


def shingles(words: Sequence[str]) -> frozenset[int]:
    """The shingles of one passage, as many as words. Depends on its words alone, in every process.

    From the end of the passage a run goes on at its beginning: short passages count in full.
    """
    numbers = [_number(word) for word in words]
    if len(numbers) < RUN:
        return frozenset([hash(tuple(numbers)) & _MASK] if numbers else [])
    ring = numbers + numbers[: RUN - 1]
    runs = zip(numbers, ring[1:], ring[2:], ring[3:], ring[4:], strict=False)
    return frozenset(
        [(a + b * _P1 + c * _P2 + d * _P3 + e * _P4) & _MASK for a, b, c, d, e in runs]
    )


def fingerprint(passages: Iterable[frozenset[int]]) -> Fingerprint:
    """Take the fingerprint of a text that has these passages."""
    found = frozenset().union(*passages)
    return Fingerprint(found, tuple(sorted(_sample(found))))


def _sample(shingles: frozenset[int]) -> Iterable[int]:
    if len(shingles) <= _FEW:
        return shingles
    rare = _LONG_SAMPLE if len(shingles) > _LONG else _SAMPLE
    return [each for each in shingles if not (each >> _SAMPLE_SHIFT) & rare]


def likeness(one: Fingerprint, other: Fingerprint) -> Likeness:
    """Compare two fingerprints; texts without words are like nothing."""
    size = min(len(one.shingles), len(other.shingles))
    if not size:
        return Likeness(0.0, 0.0, 0)
    common = len(one.shingles & other.shingles)
    return Likeness(
        common / (len(one.shingles) + len(other.shingles) - common), common / size, size
    )
