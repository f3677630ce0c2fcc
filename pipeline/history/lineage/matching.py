"""Which pairs are made: one assignment problem over the whole, in two rounds.

The first round has only pairs that one commit ended and began: a document that can be followed
without a break is, before anything that came later is thought of. A commit that moved many files
of a collection the same way is then taken as a sign for the others. The second round has all that
is left: what came back after a gap, and what was copied before it was deleted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import exp

from pipeline.history.lineage.assign import assign
from pipeline.history.lineage.edges import Edge, Pair
from pipeline.history.lineage.values import Evidence, EvidenceKind, Manner

JOIN = 0.6  # less sure pairs are not joined,
LIKELY = 0.3  # but of several that are good, the best is, and listed as doubtful
GOOD = 3.0  # twenty to one for being a document at all
FIRST_ROUND = 0.75  # a pair that is less sure waits for the second round
_COMPANY = 3  # files of one collection that a commit moved: from here on it is a pattern
_USUAL, _UNUSUAL = 2.0, -2.0
_RARE = 0.1
_WITHOUT_BREAK = frozenset({Manner.MOVED, Manner.REWRITTEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """The edges with all their evidence, how sure each is, and those that were chosen."""

    edges: Mapping[Pair, Edge]
    confidence: Mapping[Pair, float]
    chosen: frozenset[Pair]


def match(edges: Iterable[Edge]) -> Matching:
    """Choose the pairs."""
    known = {edge.pair: edge for edge in edges}
    first = {pair: edge for pair, edge in known.items() if edge.manner in _WITHOUT_BREAK}
    confidence, chosen = _round(first)
    known |= _in_company(first, {pair for pair in chosen if confidence[pair] >= FIRST_ROUND})
    first = {pair: known[pair] for pair in first}
    confidence, chosen = _round(first)
    sure = {pair for pair in chosen if confidence[pair] >= FIRST_ROUND}
    olds, news = {old for old, _ in sure}, {new for _, new in sure}
    rest = {
        pair: edge for pair, edge in known.items() if pair[0] not in olds and pair[1] not in news
    }
    later, more = _round(rest)
    chosen = sure | {pair for pair in more if _suffices(rest[pair], later[pair])}
    stayed = _stayed(first, {pair: known[pair] for pair in chosen})
    confidence |= later
    confidence |= {pair: max(JOIN, confidence[pair]) for pair in stayed}
    return Matching(edges=known, confidence=confidence, chosen=frozenset(chosen | stayed))


def _stayed(first: Mapping[Pair, Edge], chosen: Mapping[Pair, Edge]) -> set[Pair]:
    """Files that were rewritten, where neither old nor new content was found anywhere else.

    Or where the old content was back in its place with the next change: an accident, repaired.
    """
    after = {old: edge.new for (old, _), edge in chosen.items()}
    taken = {new for _, new in chosen}
    found = set()
    for pair, edge in first.items():
        then = after.get(pair[0])
        repaired = (
            then is not None
            and then.path == edge.old.path
            and edge.new.died is not None
            and then.born.order == edge.new.died.order
        )
        if edge.manner is Manner.REWRITTEN and pair[1] not in taken and (then is None or repaired):
            found.add(pair)
    return found


def _suffices(edge: Edge, confidence: float) -> bool:
    return confidence >= JOIN or (edge.gain >= GOOD and confidence >= LIKELY)


def _round(edges: Mapping[Pair, Edge]) -> tuple[dict[Pair, float], set[Pair]]:
    gains: dict[int, dict[int, float]] = defaultdict(dict)
    for (old, new), edge in edges.items():
        gains[old][new] = edge.gain
    chosen = set(assign(gains).items())
    return _confidence(edges, chosen), chosen


def _confidence(edges: Mapping[Pair, Edge], chosen: set[Pair]) -> dict[Pair, float]:
    """How sure each pair is: against being no pair at all, and against what else its ends could be.

    A rival that is happier with another counts only by what it would lose there.
    """
    by_old = {old: edges[old, new].gain for old, new in chosen}
    by_new = {new: edges[old, new].gain for old, new in chosen}
    odds: dict[Pair, tuple[float, float]] = {}
    for_old: dict[int, float] = defaultdict(float)
    for_new: dict[int, float] = defaultdict(float)
    for pair, edge in edges.items():
        away = pair not in chosen
        as_old = _odds(edge.gain - (by_new.get(pair[1], 0.0) if away else 0.0))
        as_new = _odds(edge.gain - (by_old.get(pair[0], 0.0) if away else 0.0))
        odds[pair] = as_old, as_new
        for_old[pair[0]] += as_old
        for_new[pair[1]] += as_new
    found = {}
    for pair, edge in edges.items():
        rivals = for_old[pair[0]] - odds[pair][0] + for_new[pair[1]] - odds[pair][1]
        own = _odds(edge.gain)
        found[pair] = own / (1 + own + max(0.0, rivals))
    return found


def _odds(gain: float) -> float:
    return exp(max(-30.0, min(30.0, gain)))


def _in_company(first: Mapping[Pair, Edge], sure: set[Pair]) -> dict[Pair, Edge]:
    """Add what the other files of the same collection did in the same commit."""
    went: dict[tuple[int, str | None], Counter[str | None]] = defaultdict(Counter)
    for pair in sure:
        edge = first[pair]
        if edge.manner is Manner.MOVED:
            key = (edge.new.born.order, edge.old.life.collection)
            went[key][edge.new.life.collection] += 1
    found = {}
    for pair, edge in first.items():
        ways = went.get((edge.new.born.order, edge.old.life.collection))
        if ways is None or edge.manner is not Manner.MOVED:
            continue
        others = ways - Counter({edge.new.life.collection: int(pair in sure)})
        if others.total() < _COMPANY:
            continue
        share = others[edge.new.life.collection] / others.total()
        weight = _UNUSUAL if share < _RARE else _USUAL * share
        way = "all went elsewhere" if share < _RARE else f"{share:.0%} went there too"
        evidence = Evidence(
            kind=EvidenceKind.COMPANY,
            weight=weight,
            words=f"of {others.total()} more files of its kind that this commit moved, {way}",
        )
        found[pair] = replace(edge, evidence=(*edge.evidence, evidence))
    return found
