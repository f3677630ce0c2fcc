"""A whole comparison as values: all that a terminal, JSON and a page need, and nothing else.

Every text here is safe to store and to print as text (no NUL, no lone surrogates), but it is the
site's own: escape it for where it goes. Words are told in order; tuples are never None.
"""

from dataclasses import dataclass
from datetime import datetime

from pipeline.history.comparison.counts import FieldTally, Tally
from pipeline.history.comparison.kinds import (
    Edge,
    Effect,
    Fate,
    Field,
    LossKind,
    RunKind,
    Status,
)
from pipeline.history.comparison.timeline import Beat, Day, Moment, Timeline

__all__ = [
    "Address",
    "Beat",
    "Boilerplate",
    "Compared",
    "Comparison",
    "Day",
    "Edge",
    "Effect",
    "Fate",
    "Field",
    "FieldChange",
    "FieldTally",
    "Loss",
    "LossKind",
    "Moment",
    "Person",
    "Run",
    "RunKind",
    "Side",
    "Status",
    "Tally",
    "TextChange",
    "Tie",
    "Timeline",
    "Unnamed",
    "Unread",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as a document names them."""

    name: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A document as it stood at one of the two moments.

    `date` is as the author gave it (ISO 8601), None where they gave none. `written` is whether
    Jekyll publishes it at `url`. `texts` names the parts that hold its text, such as `body` or
    `event_content`; `words` counts them, `opening` is how they begin. `sha256` is of the file.
    """

    path: str
    collection: str | None
    title: str | None
    url: str | None
    written: bool
    draft: bool
    date: str | None
    people: tuple[Person, ...] = ()
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    excerpt: str | None = None
    description: str | None = None
    images: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    redirects: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    words: int = 0
    opening: str = ""
    sha256: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """How a field differs. `old` and `new` are all its values, `lost` and `gained` the difference.

    For `Field.TEXT` the values are a summary (the words are in `TextChange`). `sentence` tells it.
    """

    field: Field
    effect: Effect
    old: tuple[str, ...]
    new: tuple[str, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of words. Where it is long, `text` is its beginning, `rest` its end.

    `words` counts all of them, `left_out` those between `text` and `rest`.
    """

    kind: RunKind
    words: int
    text: str
    rest: str = ""
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextChange:
    """What a reader sees, compared word by word.

    `kept` words are on both sides. `shifted` ones are in removed runs but stand elsewhere on the
    newer side (in another part, in an excerpt): before = kept + shifted + removed, after = kept +
    added. `runs` go through the whole text in order; `whole` is False where a bound was passed,
    and stretches are told as removed and added without looking inside.
    `moved` names the parts that held the text and those that hold it, where they differ.
    `boilerplate` counts those of the added words that many documents were given alike.
    """

    before: int
    after: int
    kept: int
    shifted: int
    removed: int
    added: int
    boilerplate: int
    runs: tuple[Run, ...]
    whole: bool
    moved: tuple[tuple[str, ...], tuple[str, ...]] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Why two sides are one document: one join of its lineage between the two moments."""

    commit: str
    at: datetime | None
    manner: str
    confidence: float
    decided: bool
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A published URL that is not the document's any more. `by` is the path behind `fate`."""

    document: str
    title: str | None
    collection: str | None
    old: str
    new: str | None
    fate: Fate
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One document: both sides, what differs, and why they are the same.

    `id` is unique in the comparison and safe in an anchor (`d1`, `d2`, ...). `document` is its uid
    in the catalogue. `before` is None for a new one, `after` for a lost one. `ties` is empty where
    the path stayed the same or one side is missing; `confidence` is the least of theirs, 1.0
    without any. `loss` weighs what was lost (0: nothing), `sentence` says it in one line.
    """

    id: str
    document: str
    status: Status
    before: Side | None
    after: Side | None
    changes: tuple[FieldChange, ...] = ()
    text: TextChange | None = None
    ties: tuple[Tie, ...] = ()
    confidence: float = 1.0
    address: Address | None = None
    loss: float = 0.0
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Boilerplate:
    """The same foreign lines that many documents were given at one end of their text.

    `lines` are as a reader sees them, `example` as one file has them. `documents` are paths of the
    newer side, `ids` those of `Compared`.
    """

    edge: Edge
    lines: tuple[str, ...]
    example: str
    words: int
    documents: tuple[str, ...]
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unnamed:
    """A person whom the older side names and the newer one nowhere does, not even in its texts.

    `in_text` is True where the name still stands in some text, only in no field any more.
    """

    name: str
    roles: tuple[str, ...]
    documents: tuple[str, ...]
    in_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One of the worst losses: a kind of loss in one collection, or of one document.

    `ids` are the documents that it befell, the worst first. `amount` counts what was lost in
    `unit` (documents, words, names, URLs, ...). `sentence` says all of it.
    """

    rank: int
    kind: LossKind
    collection: str | None
    weight: float
    amount: int
    unit: str
    sentence: str
    ids: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A file that stood at one of the moments and whose bytes are absent or cannot be used."""

    before: bool
    path: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Everything. `documents` are by collection and path, the lost ones where they were.

    `collection` is the one that was asked for, None for all. `total` has the collection None;
    in `collections`, the name of pages outside of collections is None too.
    """

    site: str
    title: str | None
    collection: str | None
    before: Moment
    after: Moment
    worst: tuple[Loss, ...]
    documents: tuple[Compared, ...]
    collections: tuple[Tally, ...]
    total: Tally
    fields: tuple[FieldTally, ...]
    boilerplate: tuple[Boilerplate, ...]
    unnamed: tuple[Unnamed, ...]
    addresses: tuple[Address, ...]
    timeline: Timeline
    unread: tuple[Unread, ...] = ()
