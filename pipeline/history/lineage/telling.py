"""Joins and relations in sentences that a person can check."""

from collections.abc import Sequence

from pipeline.history.lineage.edges import Edge
from pipeline.history.lineage.values import Evidence, Manner
from pipeline.model import shown_path

_FOR, _AGAINST = 4, 2
_HASH = 12


def tell_join(edge: Edge, confidence: float) -> str:
    """Say what became of what, when, and why we think so."""
    old, new = shown_path(edge.old.path), shown_path(edge.new.path)
    commit = edge.new.born.commit[:_HASH]
    if edge.manner is Manner.REWRITTEN:
        start = f"{old} was rewritten by {commit} and is still the same document"
    elif edge.manner is Manner.RETURNED:
        start = f"{old} came back with {commit}"
    elif edge.manner is Manner.BRANCH:
        start = f"{old} stood on another branch when {commit} changed it"
    else:
        start = f"{old} became {new} with {commit} ({edge.manner.value})"
    return f"{start}: {reasons(edge.evidence)}; confidence {confidence:.2f}"


def reasons(evidence: Sequence[Evidence]) -> str:
    """List the strongest evidence for, then the strongest against."""
    ordered = sorted(evidence, key=lambda each: -abs(each.weight))
    speaks = [each.words for each in ordered if each.weight > 0][:_FOR]
    against = [each.words for each in ordered if each.weight < 0][:_AGAINST]
    text = ", ".join(speaks) or "nothing speaks for it"
    return f"{text}; against it: {', '.join(against)}" if against else text
