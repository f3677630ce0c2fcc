"""The pairs of pieces that could be one document, with the evidence for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

from pipeline.history.lineage.candidates import Index, best
from pipeline.history.lineage.pieces import Piece
from pipeline.history.lineage.texts import Texts
from pipeline.history.lineage.values import Evidence, EvidenceKind, Manner
from pipeline.history.lineage.weigh import NEEDED, weigh
from pipeline.model import shown_path

_LONG = timedelta(days=30)
_HELD_ELSEWHERE = -6.0

Pair = tuple[int, int]
"""The numbers of an old and a new piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One such pair."""

    old: Piece
    new: Piece
    manner: Manner
    evidence: tuple[Evidence, ...]

    @property
    def pair(self) -> Pair:
        """The numbers of its pieces."""
        return self.old.number, self.new.number

    @property
    def gain(self) -> float:
        """All evidence together, less what is needed to believe it."""
        return sum(each.weight for each in self.evidence) - NEEDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """All pieces, and what they can be found by: `firsts` of their first states, `lasts`."""

    pieces: Sequence[Piece]
    texts: Texts
    firsts: Index
    lasts: Index
    _holding: dict[int, dict[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, pieces: Sequence[Piece], texts: Texts) -> Self:
        """Index all pieces."""
        ground = cls(pieces=pieces, texts=texts, firsts=Index(texts), lasts=Index(texts))
        for piece in pieces:
            ground.firsts.add(piece, piece.first)
            ground.lasts.add(piece, piece.last)
        return ground

    def holding(self, piece: Piece) -> Mapping[int, int]:
        """The pieces that began or ended with something of this one's beginning, and how much."""
        counts = self._holding.get(piece.number)
        if counts is None:
            counts = self._holding[piece.number] = self.lasts.find(piece, piece.first)
            for other, count in self.firsts.find(piece, piece.first).items():
                counts[other] = max(counts.get(other, 0), count)
            counts.pop(piece.number, None)
        return counts


def edges(ground: Ground) -> Iterator[Edge]:
    """Give every pair that is worth weighing."""
    for old in ground.pieces:
        if old.died is None:
            continue
        counts = ground.firsts.find(old, old.last, also=ground.lasts)
        manners = {each: way for each in counts if (way := manner(old, ground.pieces[each]))}
        for number in best(counts, manners):
            yield edge(old, ground.pieces[number], manners[number], ground)


def edge(old: Piece, new: Piece, way: Manner, ground: Ground) -> Edge:
    """Weigh one pair."""
    evidence = weigh(old, new, way, ground.texts, ground.firsts)
    if way is Manner.MOVED_OVER_GAP and _long_after(old, new):
        evidence = (*evidence, *_held_elsewhere(old, new, ground))
    return Edge(old=old, new=new, manner=way, evidence=evidence)


def _long_after(old: Piece, new: Piece) -> bool:
    if old.died is None or old.died.at is None or new.born.at is None:
        return False
    return abs(new.born.at - old.died.at) > _LONG


def _held_elsewhere(old: Piece, new: Piece, ground: Ground) -> Iterator[Evidence]:
    """What was deleted long ago is rather copied from where it stood all the time."""
    order = new.born.order
    share = ground.texts.likeness(old.last, new.first).containment
    counts = ground.holding(new)
    standing = [
        each for each in counts if each != old.number and ground.pieces[each].stood_at(order)
    ]
    for number in best(counts, standing):
        other = ground.pieces[number]
        if ground.texts.likeness(other.at(order), new.first).containment >= share:
            words = f"{shown_path(other.path)} held that text in the meantime"
            yield Evidence(kind=EvidenceKind.TEXT, weight=_HELD_ELSEWHERE, words=words)
            return


def manner(old: Piece, new: Piece) -> Manner | None:
    """How the old piece could have become the new one, by their times alone; None if it cannot.

    The new one has to begin after the old one began and to outlast it.
    """
    died = old.died
    if died is None or new.aside or new.born.order <= old.born.order:
        return None
    if new.died is not None and new.died.order <= died.order:
        return None
    if new.born.order == died.order:
        return Manner.REWRITTEN if new.held and new.path == old.path else Manner.MOVED
    if new.path == old.path:
        return Manner.RETURNED
    return Manner.MOVED_OVER_GAP if new.born.order > died.order else Manner.MOVED_BY_COPY
