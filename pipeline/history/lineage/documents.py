"""From pairs to documents: who belongs to whom, and what a person should look at."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta

from pipeline.history.lineage.edges import Edge, Pair
from pipeline.history.lineage.matching import JOIN, Matching
from pipeline.history.lineage.pieces import Piece
from pipeline.history.lineage.telling import tell_join
from pipeline.history.lineage.values import (
    Document,
    Evidence,
    EvidenceKind,
    Join,
    Manner,
)

SURE = 0.9  # joins below are listed for a person
DOUBT = 0.3  # pairs that were not made are listed from here on
_SETTLED = 10.0
_LATELY = timedelta(days=30)


def joins(pieces: Sequence[Piece], matching: Matching) -> list[tuple[Pair, Join]]:
    """Every pair that was joined, and every one that nearly was."""
    made = {pair: _join(matching, pair, joined=True) for pair in matching.chosen}
    for pair in _into_company(pieces, matching):
        made[pair] = _join(matching, pair, joined=True)
    latest: dict[str, Piece] = {}
    for piece in pieces:
        before = latest.get(piece.path)
        if piece.aside and before is not None:
            edge = Edge(old=before, new=piece, manner=Manner.BRANCH, evidence=_ASIDE)
            made[edge.pair] = _made(edge, 1.0, joined=True)
        latest[piece.path] = piece
    for pair, confidence in matching.confidence.items():
        if pair not in made and confidence >= DOUBT:
            made[pair] = _join(matching, pair, joined=False)
    return sorted(made.items())


_ASIDE = (
    Evidence(
        kind=EvidenceKind.PATH,
        weight=_SETTLED,
        words="the commit changed a file that stood in its own past",
    ),
)


def documents(pieces: Sequence[Piece], made: Iterable[tuple[Pair, Join]]) -> list[list[int]]:
    """Group the numbers of pieces that are one document, in order of birth."""
    group = list(range(len(pieces)))

    def root(number: int) -> int:
        while group[number] != number:
            group[number] = group[group[number]]
            number = group[number]
        return number

    for (old, new), join in made:
        if join.joined:
            left, right = sorted((root(old), root(new)))
            group[right] = left
    found: dict[int, list[int]] = {}
    for number in range(len(pieces)):
        found.setdefault(root(number), []).append(number)
    return list(found.values())


def document(numbers: Sequence[int], pieces: Sequence[Piece], made: Sequence[Join]) -> Document:
    """Tell one document."""
    return Document(stays=tuple(pieces[number].stay for number in numbers), joins=tuple(made))


def doubtful(made: Iterable[Join]) -> Iterator[Join]:
    """What a person should confirm or refuse, unless one has."""
    return (join for join in made if join.confidence < SURE and not join.decided)


def _into_company(pieces: Sequence[Piece], matching: Matching) -> Iterator[Pair]:
    """Pairs whose new piece continues another already.

    A document that was copied twice before its file was deleted, the first copy being thrown away:
    all three are one document, if the copies are younger than it.
    """
    before = {new: old for old, new in matching.chosen}
    continued = {old for old, _ in matching.chosen}
    for pair, edge in sorted(matching.edges.items()):
        old, new = pair
        if old in continued or new not in before or edge.manner is not Manner.MOVED_BY_COPY:
            continue
        first = new
        while first in before:
            first = before[first]
        if _lately(pieces[first], edge.old) and edge.gain > 0:
            continued.add(old)
            yield pair


def _lately(copy: Piece, original: Piece) -> bool:
    """Whether the copy is the younger, and was made not long before the original was deleted."""
    if original.died is None or copy.born.order <= original.born.order:
        return False
    made, gone = copy.born.at, original.died.at
    return made is None or gone is None or abs(gone - made) <= _LATELY


def _join(matching: Matching, pair: Pair, *, joined: bool) -> Join:
    edge = matching.edges[pair]
    confidence = matching.confidence.get(pair, 0.0)
    if joined and pair not in matching.chosen:
        confidence = max(JOIN, confidence)
    return _made(edge, confidence, joined=joined)


def _made(edge: Edge, confidence: float, *, joined: bool) -> Join:
    return Join(
        old=edge.old.stay,
        new=edge.new.stay,
        commit=edge.new.born,
        manner=edge.manner,
        evidence=edge.evidence,
        confidence=round(confidence, 4),
        joined=joined,
        decided=any(each.kind is EvidenceKind.DECISION for each in edge.evidence),
        sentence=tell_join(edge, confidence),
    )


def by_document(
    groups: Sequence[Sequence[int]], made: Iterable[tuple[Pair, Join]]
) -> Mapping[int, list[Join]]:
    """The joins of each group, by the group's first number."""
    home = {number: group[0] for group in groups for number in group}
    found: dict[int, list[Join]] = {}
    for (old, _), join in made:
        if join.joined:
            found.setdefault(home[old], []).append(join)
    return found
