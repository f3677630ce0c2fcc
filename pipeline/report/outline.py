"""What stands where in the page: documents by collection, losses by field, links by path."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from pipeline.history.comparison.values import (
    Address,
    Compared,
    Comparison,
    Effect,
    Fate,
    Field,
    FieldChange,
    Loss,
    LossKind,
    Status,
)
from pipeline.report.wording import newest

_EXAMPLES = 3
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
    """Group documents by the collection where they were, new ones where they are, as tallies do.

    Their order stays.
    """
    found: dict[str | None, list[Compared]] = {}
    for each in documents:
        found.setdefault((each.before or newest(each)).collection, []).append(each)
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


def examples(loss: Loss) -> tuple[str, ...]:
    """Give a few things that were lost, where neither the sentence nor the links name them."""
    if loss.kind in {LossKind.DOCUMENTS, LossKind.TITLES}:
        return ()
    return tuple(each for each in loss.examples if each not in loss.sentence)[:_EXAMPLES]


def fallen(comparison: Comparison) -> tuple[Fallen, ...]:
    """Sort the old URLs by what became of them, the broken promises first."""
    wanted = (Fate.GONE, Fate.TAKEN, Fate.REDIRECTED)
    sorted_out = ((fate, [a for a in comparison.addresses if a.fate is fate]) for fate in wanted)
    return tuple(Fallen(fate=fate, addresses=tuple(found)) for fate, found in sorted_out if found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finder:
    """Documents by what other values call them."""

    by_id: dict[str, Compared]
    by_path: dict[str, Compared]
    by_address: dict[Address, Compared]

    @classmethod
    def of(cls, documents: Iterable[Compared]) -> Self:
        """Index documents. Of two with one path, the one that had it before is meant."""
        documents = tuple(documents)
        now = {each.after.path: each for each in documents if each.after}
        then = {each.before.path: each for each in documents if each.before}
        return cls(
            by_id={each.id: each for each in documents},
            by_path=now | then,
            by_address={each.address: each for each in documents if each.address},
        )

    def called(self, ids: Iterable[str]) -> tuple[Compared, ...]:
        """Give the documents with these ids; one that is not here is left out."""
        return tuple(self.by_id[each] for each in ids if each in self.by_id)
