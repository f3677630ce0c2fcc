"""The counts of a comparison, which add up."""

from dataclasses import dataclass

from pipeline.history.comparison.kinds import Field


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts that add up: before = kept + changed + lost + unread.

    In all, after = kept + changed + new + unread. In a collection, where kept and changed are
    counted where the document was: after = kept + changed + unread - moved_out + moved_in + new.
    `unread` counts what stood on both sides; a document that stood on one side and could not be
    read is in `Comparison.unread` and in no count.
    """

    collection: str | None
    before: int
    kept: int
    changed: int
    lost: int
    new: int
    unread: int
    moved_out: int
    moved_in: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTally:
    """How many of the paired documents had a field before and after, and what became of it."""

    field: Field
    before: int
    after: int
    lost: int
    reduced: int
    changed: int
    added: int
    moved: int
