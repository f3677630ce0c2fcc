"""What is related without being one: copies, splits, merges, borrowed names, paths taken over."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.history.lineage.candidates import (
    best,
    name_key,
    name_of,
    without_copy_number,
)
from pipeline.history.lineage.edges import Ground
from pipeline.history.lineage.pieces import Piece
from pipeline.history.lineage.values import Point, Relation, RelationKind, State
from pipeline.model import shown_path

ALIKE = 0.6  # of the shorter text in both
ENOUGH = 24  # shingles: what is shorter is too common to be copied
_NAMED_AFTER = 0.8  # of the words of a name and of a title
_UNLIKE = 0.34
_RARE, _HOLDERS = 3, 200  # words of a name that are looked up, titles that each may lead to


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The documents that were found.

    `home` gives the document of each piece, `members` the pieces of each document, by number.
    """

    ground: Ground
    home: Mapping[int, int]
    members: Mapping[int, Sequence[int]]
    starts: frozenset[int]
    ends: frozenset[int]

    def apart(self, one: int, other: int) -> bool:
        """Whether two pieces are of different documents."""
        return self.home[one] != self.home[other]


def relations(settled: Settled) -> Iterator[Relation]:
    """Find all relations, in the order of their commits."""
    found = [*_origins(settled), *_merges(settled), *_taken_paths(settled), *_names(settled)]
    return iter(sorted(found, key=lambda each: (each.commit.order, each.one.path, each.kind.value)))


def _origins(settled: Settled) -> Iterator[Relation]:
    """Where the text of a document that is new was before."""
    ground = settled.ground
    for number in sorted(settled.starts):
        piece = ground.pieces[number]
        counts = ground.holding(piece)
        order = piece.born.order
        standing = [
            each
            for each in counts
            if settled.apart(number, each) and _stands(ground.pieces[each], order, number)
        ]
        likest = _likest(settled, piece.first, best(counts, standing), order)
        if likest is None:
            continue
        source, share = likest
        yield _origin(settled, piece, source, share)


def _stands(piece: Piece, order: int, number: int) -> bool:
    """Whether it stood when another was born, or was born in the same commit before it."""
    twin = piece.born.order == order and piece.number < number
    return twin or piece.stood_at(order)


def _likest(
    settled: Settled, state: State, numbers: Sequence[int], order: int
) -> tuple[Piece, float] | None:
    ground = settled.ground
    found: tuple[Piece, float] | None = None
    for number in numbers:
        other = ground.pieces[number]
        alike = ground.texts.likeness(state, other.at(order))
        if alike.size >= ENOUGH and alike.containment >= ALIKE:
            share = round(max(alike.jaccard, alike.containment * 0.99), 4)
            if found is None or share > found[1]:
                found = other, share
    return found


def _origin(settled: Settled, piece: Piece, source: Piece, share: float) -> Relation:
    """A copy, if any piece of the other document still has the text after the commit."""
    ground, order = settled.ground, piece.born.order
    kept = any(
        ground.texts.likeness(piece.first, ground.pieces[each].at(order + 1)).containment >= ALIKE
        for each in settled.members[settled.home[source.number]]
        if ground.pieces[each].stands_after(order)
    )
    if kept:
        words_ = "began with the text of {other}, which kept it"
        return _relation(RelationKind.COPY, piece, source, piece.born, share, words_)
    words_ = "took its text from {other}, which lost it in the same commit"
    return _relation(RelationKind.SPLIT, piece, source, piece.born, share, words_)


def _merges(settled: Settled) -> Iterator[Relation]:
    """Where the text of a document that ended still is."""
    ground = settled.ground
    for number in sorted(settled.ends):
        piece = ground.pieces[number]
        if piece.died is None:
            continue
        counts = ground.firsts.find(piece, piece.last)
        order = piece.died.order
        standing = [
            each
            for each in counts
            if settled.apart(number, each) and ground.pieces[each].stands_after(order)
        ]
        likest = _likest(settled, piece.last, best(counts, standing), order + 1)
        if likest is not None:
            words_ = "ended while {other} held its text"
            yield _relation(RelationKind.MERGE, piece, likest[0], piece.died, likest[1], words_)


def _taken_paths(settled: Settled) -> Iterator[Relation]:
    last: dict[str, Piece] = {}
    for piece in settled.ground.pieces:
        before = last.get(piece.path)
        if before and settled.apart(piece.number, before.number):
            words_ = "took the path over from a document that went by it before"
            yield _relation(RelationKind.PATH, piece, before, piece.born, 0.0, words_)
        last[piece.path] = piece


def _names(settled: Settled) -> Iterator[Relation]:
    """Files whose name is the title of another document, and was never a title of their own."""
    ground = settled.ground
    titles = {
        home: {key for each in numbers for key in _titles(ground.pieces[each])}
        for home, numbers in settled.members.items()
    }
    titled: dict[str, list[Piece]] = {}
    for piece in ground.pieces:
        for key in _titles(piece):
            titled.setdefault(key, []).append(piece)
    by_words = _Words(titled)
    for piece in ground.pieces:
        own = titles[settled.home[piece.number]]
        name = name_key(without_copy_number(name_of(piece.path)))
        wanted = set(name.split("-"))
        if not own or not name or any(_overlap(wanted, set(k.split("-"))) >= _UNLIKE for k in own):
            continue
        for key, share in by_words.near(name):
            others = [each for each in titled[key] if settled.apart(piece.number, each.number)]
            if others:
                other = max(others, key=lambda each: _nearness(each, piece))
                words_ = "is named after {other}, which it does not hold"
                yield _relation(RelationKind.NAME, piece, other, piece.born, share, words_)
                break


def _titles(piece: Piece) -> set[str]:
    return {name_key(piece.first.facts.title or ""), name_key(piece.last.facts.title or "")} - {""}


def _nearness(other: Piece, piece: Piece) -> tuple[bool, bool, int]:
    same = other.life.collection == piece.life.collection
    return other.stands_after(piece.born.order), same, -other.number


class _Words:
    """Titles by their words, so that a name finds the few that it could be made from."""

    def __init__(self, titles: Mapping[str, list[Piece]]) -> None:
        self._holders: dict[str, list[str]] = {}
        for key in titles:
            for word in set(key.split("-")):
                self._holders.setdefault(word, []).append(key)

    def near(self, name: str) -> list[tuple[str, float]]:
        """The titles that share most of their words with a name, best first."""
        wanted = set(name.split("-"))
        rare = sorted(wanted, key=lambda word: (len(self._holders.get(word, ())), word))
        keys = {key for word in rare[:_RARE] for key in self._holders.get(word, ())[:_HOLDERS]}
        shares = ((key, _overlap(wanted, set(key.split("-")))) for key in keys)
        found = [(key, share) for key, share in shares if share >= _NAMED_AFTER]
        return sorted(found, key=lambda each: (-each[1], each[0]))


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


def _relation(
    kind: RelationKind, piece: Piece, other: Piece, commit: Point, share: float, text: str
) -> Relation:
    told = text.format(other=shown_path(other.path))
    return Relation(
        kind=kind,
        one=piece.stay,
        other=other.stay,
        commit=commit,
        similarity=share,
        sentence=f"{shown_path(piece.path)} {told} ({commit.commit[:12]})",
    )
