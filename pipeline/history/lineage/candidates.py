"""Which pieces might continue which: found through shared features, never by comparing all pairs.

A feature is a blob, a title, a name, a URL, a path; so is a sampled shingle of the text. One
that many pieces have (boilerplate, `index`, share buttons) leads nowhere and is passed over.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

from pipeline.history.lineage.passages import words
from pipeline.history.lineage.pieces import Piece
from pipeline.history.lineage.texts import Texts
from pipeline.history.lineage.values import State

COMMON = 24  # pieces with a feature: from here on it is no sign of one document
BEST = 12  # candidates of one piece that are weighed: those that share most features
_NEAREST = frozenset({"path", "blob"})  # however many have it, the nearest are looked at
_STRONG = 4  # one blob, title, URL or path counts as much as this many sampled shingles

_DATE = re.compile(r"^\d{2,4}-\d{1,2}-\d{1,2}-")
_COPY = re.compile(r"-\d{1,2}$")
_EXTENSION = re.compile(r"\.[A-Za-z]{1,8}$")

_HOST = re.compile(r"^[A-Za-z][A-Za-z+.-]*://[^/]*")

Feature = tuple[str, str]


@lru_cache(maxsize=1 << 15)
def name_of(path: str) -> str:
    """The name of a file without folder, date and extension."""
    return _DATE.sub("", _EXTENSION.sub("", path.rpartition("/")[2]))


@lru_cache(maxsize=1 << 15)
def name_key(text: str) -> str:
    """A name, slug or title as one word, for comparing them with each other."""
    return "-".join(words(text))


def without_copy_number(name: str) -> str:
    """`x-1` is how editors name the second `x`."""
    return _COPY.sub("", name)


@lru_cache(maxsize=1 << 15)
def names(path: str, slug: str | None) -> frozenset[str]:
    """The keys under which a document is filed: its name, its slug."""
    return frozenset((name_key(name_of(path)), name_key(slug or ""))) - {""}


@lru_cache(maxsize=1 << 15)
def url_key(url: str) -> str:
    """A URL or link target reduced to its path, as Jekyll and browsers take several as one."""
    bare = _HOST.sub("", url).partition("#")[0].partition("?")[0]
    return bare.removesuffix("index.html").removesuffix(".html").strip("/")


@dataclass(slots=True)
class Index:
    """From features to the pieces that have them, for one side of the pairing."""

    texts: Texts
    _holders: dict[Feature, list[int]] = field(default_factory=lambda: defaultdict(list))
    _by_text: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, piece: Piece, state: State) -> None:
        """Enter a piece under the features of one of its states."""
        for feature in features(piece.path, state):
            holders = self._holders[feature]
            if not holders or holders[-1] != piece.number:
                holders.append(piece.number)
        for shingle in self.texts.of(state).sample:
            self._by_text[shingle].append(piece.number)

    def find(self, piece: Piece, state: State, *, also: Self | None = None) -> dict[int, int]:
        """The pieces that share features with this state, and how strongly.

        What is too common in `also`, the index of the other side, leads nowhere either.
        """
        counts: dict[int, int] = defaultdict(int)
        for feature in features(piece.path, state):
            holders = self._holders.get(feature, [])
            common = len(holders) if also is None else max(len(holders), also.holders(feature))
            if feature[0] in _NEAREST:
                here = bisect_left(holders, piece.number)
                holders = holders[max(0, here - COMMON // 2) : here + COMMON]
            elif common >= COMMON:
                continue
            for number in holders:
                counts[number] += _STRONG
        for shingle in self.texts.of(state).sample:
            holders = self._by_text.get(shingle, [])
            if len(holders) < COMMON and not (also and also.is_common(shingle)):
                for number in holders:
                    counts[number] += 1
        return counts

    def holders(self, feature: Feature) -> int:
        """How many pieces have a feature."""
        return len(self._holders.get(feature, ()))

    def is_common(self, shingle: int) -> bool:
        """Whether too many pieces have a shingle."""
        return len(self._by_text.get(shingle, ())) >= COMMON

    def rarity(self, kind: str, key: str) -> float:
        """1 for a feature of one or two pieces, less for one that more have."""
        return min(1.0, 2 / max(1, self.holders((kind, key))))


def features(path: str, state: State) -> Iterator[Feature]:
    """Everything that a state can be looked up by, but its text."""
    yield "path", path
    yield "blob", state.blob
    title = name_key(state.facts.title or "")
    own = names(path, state.facts.slug)
    if title:
        yield "title", title
        own |= {title}
    for name in sorted(own):
        yield "name", name
    if state.facts.url:
        yield "url", url_key(state.facts.url)
    for url in state.facts.redirect_from:
        yield "url", url_key(url)


def best(counts: Mapping[int, int], allowed: Iterable[int]) -> Sequence[int]:
    """The candidates that are worth weighing."""
    usable = [number for number in allowed if number in counts]
    return sorted(usable, key=lambda number: (-counts[number], number))[:BEST]
