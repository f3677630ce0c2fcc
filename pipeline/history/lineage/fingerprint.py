"""How alike two texts are: the share of five-word runs (shingles) that they have in common.

Exact sets, not MinHash: only the texts at the ends of stays are compared, so there are few, and
a sketch's error would be largest on the short texts that need most care.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

RUN = 5
MAX_WORDS = 20_000  # of one text; what follows is not compared

_WORD = re.compile(r"[^\W_]+")
_MASK = (1 << 61) - 1
_P1, _P2, _P3, _P4 = 0x1F35A7BD, 0x2C1B3C6D3, 0x297A2D39B5, 0x1B873593A7F1
# Which shingles find candidates: every eighth, and every 32nd of a long text, so that a part that
# was taken from a long text still meets some of its own.
_SAMPLE_SHIFT, _SAMPLE, _LONG_SAMPLE = 23, 7, 31
_FEW, _LONG = 16, 400


def words(text: str) -> list[str]:
    """The words of a text in lower case; punctuation and its many spellings fall away."""
    return _WORD.findall(text.casefold())[:MAX_WORDS]


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


def fingerprint(text: str) -> Fingerprint:
    """Take a text's fingerprint. Depends on the text alone, in every process."""
    numbers = [_number(word) for word in words(text)]
    if len(numbers) < RUN:
        shingles = frozenset([hash(tuple(numbers)) & _MASK] if numbers else [])
    else:
        runs = zip(numbers, numbers[1:], numbers[2:], numbers[3:], numbers[4:], strict=False)
        shingles = frozenset(
            [(a + b * _P1 + c * _P2 + d * _P3 + e * _P4) & _MASK for a, b, c, d, e in runs]
        )
    return Fingerprint(shingles, tuple(sorted(_sample(shingles))))


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
