"""What stands where in the page: documents by collection, losses by field, links by path."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.history.comparison.values import (
    Address,
    Compared,
    Comparison,
    Effect,
    Fate,
    Field,
    FieldChange,
    Status,
)
from pipeline.report.wording import newest

_LOSSES = frozenset({Effect.LOST, Effect.REDUCED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The documents of one collection: those with a section of their own, and the kept."""

    anchor: str
    collection: str | None
    told: tuple[Compared, ...]
    kept: tuple[Compared, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLosses:
    """The documents of which a field was lost or reduced, and how."""

    field: Field
    rows: tuple[tuple[Compared, FieldChange], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallen:
    """The old URLs that have one fate."""

    fate: Fate
    addresses: tuple[Address, ...]


def groups(documents: Iterable[Compared]) -> tuple[Group, ...]:
    """Group documents by the collection they are in, or were in last; their order stays."""
    found: dict[str | None, list[Compared]] = {}
    for each in documents:
        found.setdefault(newest(each).collection, []).append(each)
    return tuple(
        Group(
            anchor=f"c{number}",
            collection=label,
            told=tuple(each for each in members if each.status is not Status.KEPT),
            kept=tuple(each for each in members if each.status is Status.KEPT),
        )
        for number, (label, members) in enumerate(found.items(), start=1)
    )


def field_losses(documents: Iterable[Compared]) -> tuple[FieldLosses, ...]:
    """List by field which documents lost something of it, those that lost most first."""
    found: dict[Field, list[tuple[Compared, FieldChange]]] = {}
    for each in documents:
        for change in each.changes:
            if change.effect in _LOSSES:
                found.setdefault(change.field, []).append((each, change))
    return tuple(
        FieldLosses(field=field, rows=tuple(sorted(found[field], key=lambda row: -row[0].loss)))
        for field in Field
        if field in found
    )


def fallen(comparison: Comparison) -> tuple[Fallen, ...]:
    """Sort the old URLs by what became of them, the broken promises first."""
    wanted = (Fate.GONE, Fate.TAKEN, Fate.REDIRECTED)
    sorted_out = ((fate, [a for a in comparison.addresses if a.fate is fate]) for fate in wanted)
    return tuple(Fallen(fate=fate, addresses=tuple(found)) for fate, found in sorted_out if found)


def anchors(comparison: Comparison) -> dict[str, Compared]:
    """Find documents by their anchor, their uid and their paths; the older name wins."""
    found: dict[str, Compared] = {}
    for key, each in _keys(comparison.documents):
        found.setdefault(key, each)
    return found


def _keys(documents: Iterable[Compared]) -> Iterator[tuple[str, Compared]]:
    documents = tuple(documents)
    yield from ((f"id:{each.id}", each) for each in documents)
    yield from ((f"uid:{each.document}", each) for each in documents)
    yield from ((f"path:{each.before.path}", each) for each in documents if each.before)
    yield from ((f"path:{each.after.path}", each) for each in documents if each.after)
