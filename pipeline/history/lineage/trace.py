"""The way through: lives and a person's decisions in, documents out."""

from collections.abc import Iterable, Sequence

from pipeline.history.lineage.candidates import Index
from pipeline.history.lineage.decisions import decide
from pipeline.history.lineage.documents import (
    by_document,
    document,
    documents,
    doubtful,
    joins,
)
from pipeline.history.lineage.edges import Pair, edges
from pipeline.history.lineage.matching import match
from pipeline.history.lineage.pieces import Piece, Texts, pieces
from pipeline.history.lineage.relations import Ground, relations
from pipeline.history.lineage.values import Decision, Join, Life, Lineage


def trace(lives: Iterable[Life], decisions: Sequence[Decision] = ()) -> Lineage:
    """Tell which paths, in which order, are the same document.

    Every state of every life is in exactly one stay of exactly one document. The same input gives
    the same output, in any order of `lives`. Time grows with the versions: pairs are only weighed
    where an index finds something that both have.
    """
    texts = Texts()
    found = pieces(lives, texts)
    index = Index(texts)
    for piece in found:
        index.add(piece, piece.first)
    weighed, unused = decide(edges(found, texts, index), decisions, found, texts, index)
    made = joins(found, match(weighed))
    groups = documents(found, made)
    told = by_document(groups, made)
    return Lineage(
        documents=tuple(document(group, found, told.get(group[0], [])) for group in groups),
        doubtful=tuple(doubtful(join for _, join in made)),
        relations=tuple(relations(_ground(found, groups, made, texts, index))),
        unused=unused,
    )


def _ground(
    found: Sequence[Piece],
    groups: Sequence[Sequence[int]],
    made: Sequence[tuple[Pair, Join]],
    texts: Texts,
    index: Index,
) -> Ground:
    return Ground(
        pieces=found,
        home={number: group[0] for group in groups for number in group},
        members={group[0]: group for group in groups},
        starts=frozenset(range(len(found))) - {new for (_, new), join in made if join.joined},
        ends=frozenset(range(len(found))) - {old for (old, _), join in made if join.joined},
        texts=texts,
        index=index,
    )
