"""Lives cut into pieces: stretches in which a path surely held one document.

A cut is made where the path was absent, and where one commit replaced nearly all of the text or
all of the title: a content management system reuses files, so the new content may be another
document. Whether a cut is healed is decided later, on evidence.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.history.lineage.passages import word_set
from pipeline.history.lineage.texts import Texts
from pipeline.history.lineage.values import Life, Point, State, Stay

REPLACED = 0.25  # of the shingles in common, or less: the text is another one
_FEW = 12  # shingles; shorter texts say nothing
_TITLE = 0.3  # of the words of two titles


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """Consecutive states of one path. `number` is its place among all pieces, in order of birth."""

    number: int
    life: Life
    start: int
    stop: int
    held: bool = False

    @property
    def aside(self) -> bool:
        """Whether it began by a change to a file that was absent: it stood on another branch."""
        return not self.held and self.start > 0 and not self.first.added

    @property
    def first(self) -> State:
        """The state that it began with."""
        return self.life.states[self.start]

    @property
    def last(self) -> State:
        """The state that it ended with."""
        return self.life.states[self.stop - 1]

    @property
    def born(self) -> Point:
        """The commit that began it."""
        return self.first.since

    @property
    def died(self) -> Point | None:
        """The commit that ended it; None where it still stands."""
        return self.last.until

    @property
    def path(self) -> str:
        """Its path."""
        return self.life.path

    def at(self, order: int) -> State:
        """The state that stood just before the commit of this order (the first one if none did)."""
        found = self.first
        for state in self.life.states[self.start + 1 : self.stop]:
            if state.since.order >= order:
                break
            found = state
        return found

    def stood_at(self, order: int) -> bool:
        """Whether it stood just before the commit of this order."""
        return self.born.order < order and (self.died is None or self.died.order >= order)

    def stands_after(self, order: int) -> bool:
        """Whether it stood just after the commit of this order."""
        return self.born.order <= order and (self.died is None or self.died.order > order)

    @property
    def stay(self) -> Stay:
        """The piece as it is told."""
        return Stay(
            path=self.path,
            collection=self.life.collection,
            since=self.born,
            until=self.died,
            states=(self.start, self.stop),
        )


def pieces(lives: Iterable[Life], texts: Texts) -> list[Piece]:
    """Cut all lives. `held` marks a piece that follows another of its path without a gap."""
    found = [cut for life in lives for cut in _cut(life, texts)]
    found.sort(key=lambda piece: (piece.born.order, piece.path))
    return [
        Piece(number=number, life=each.life, start=each.start, stop=each.stop, held=each.held)
        for number, each in enumerate(found)
    ]


def _cut(life: Life, texts: Texts) -> Iterator[Piece]:
    start, held = 0, False
    for position in range(1, len(life.states)):
        before, after = life.states[position - 1], life.states[position]
        gap = before.until is None or before.until.order < after.since.order
        if gap or replaced(before, after, texts):
            yield Piece(number=0, life=life, start=start, stop=position, held=held)
            start, held = position, not gap
    if life.states:
        yield Piece(number=0, life=life, start=start, stop=len(life.states), held=held)


def replaced(before: State, after: State, texts: Texts) -> bool:
    """Whether a change may have put another document in the place of one."""
    if before.blob == after.blob or texts.share_an_end(before, after):
        return False
    alike = texts.likeness(before, after)
    if alike.size >= _FEW:
        return max(alike.jaccard, alike.containment) < REPLACED
    return not _same_title(before.facts.title, after.facts.title)


def _same_title(one: str | None, other: str | None) -> bool:
    left, right = word_set(one or ""), word_set(other or "")
    if not left or not right:
        return True  # a title that was added or taken away is no other title
    return len(left & right) / len(left | right) >= _TITLE
