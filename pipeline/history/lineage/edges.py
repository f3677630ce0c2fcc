"""The pairs of pieces that could be one document, with the evidence for each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.history.lineage.candidates import Index, best
from pipeline.history.lineage.pieces import Piece, Texts
from pipeline.history.lineage.values import Evidence, Manner
from pipeline.history.lineage.weigh import NEEDED, weigh

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


def edges(pieces: Sequence[Piece], texts: Texts, index: Index) -> Iterable[Edge]:
    """Give every pair that is worth weighing. `index` holds what each piece began with."""
    for old in pieces:
        if old.died is None:
            continue
        counts = index.find(old, old.last)
        manners = {each: way for each in counts if (way := manner(old, pieces[each]))}
        for number in best(counts, manners):
            yield edge(old, pieces[number], manners[number], texts, index)


def edge(old: Piece, new: Piece, way: Manner, texts: Texts, index: Index) -> Edge:
    """Weigh one pair."""
    return Edge(old=old, new=new, manner=way, evidence=weigh(old, new, way, texts, index))


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
