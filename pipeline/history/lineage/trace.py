"""The way through: lives and a person's decisions in, documents out."""

from collections.abc import Iterable, Sequence

from pipeline.history.lineage.decisions import decide
from pipeline.history.lineage.documents import (
    by_document,
    document,
    documents,
    doubtful,
    joins,
)
from pipeline.history.lineage.edges import Ground, Pair, edges
from pipeline.history.lineage.matching import match
from pipeline.history.lineage.pieces import pieces
from pipeline.history.lineage.relations import Settled, relations
from pipeline.history.lineage.texts import Texts
from pipeline.history.lineage.values import Decision, Join, Life, Lineage


def trace(lives: Iterable[Life], decisions: Sequence[Decision] = ()) -> Lineage:
    """Tell which paths, in which order, are the same document.

    Every state of every life is in exactly one stay of exactly one document. The same input gives
    the same output, in any order of `lives`. Time grows with the versions: pairs are only weighed
    where an index finds something that both have.
    """
    texts = Texts()
    ground = Ground.of(pieces(lives, texts), texts)
    weighed, unused = decide(edges(ground), decisions, ground)
    made = joins(ground.pieces, match(weighed))
    groups = documents(ground.pieces, made)
    told = by_document(groups, made)
    return Lineage(
        documents=tuple(document(each, ground.pieces, told.get(each[0], [])) for each in groups),
        doubtful=tuple(doubtful(join for _, join in made)),
        relations=tuple(relations(_settled(ground, groups, made))),
        unused=unused,
    )


def _settled(
    ground: Ground, groups: Sequence[Sequence[int]], made: Sequence[tuple[Pair, Join]]
) -> Settled:
    everyone = frozenset(range(len(ground.pieces)))
    return Settled(
        ground=ground,
        home={number: group[0] for group in groups for number in group},
        members={group[0]: group for group in groups},
        starts=everyone - {new for (_, new), join in made if join.joined},
        ends=everyone - {old for (old, _), join in made if join.joined},
    )
