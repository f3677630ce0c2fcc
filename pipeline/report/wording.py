"""Numbers, times and names as the page writes them. English, whatever the machine speaks."""

import shlex
from datetime import datetime
from typing import Final

from pipeline.history.comparison.values import (
    Compared,
    Comparison,
    Effect,
    Field,
    FieldChange,
    Side,
)

LONGEST_NAME: Final = 200
PAGES: Final = "pages, in no collection"
#: Fields of which every value is shown, so that a sentence would only repeat them.
_SHOWN: Final = frozenset({Field.TITLE, Field.IMAGES, Field.LINKS, Field.URL, Field.REDIRECTS})
_LISTED: Final = frozenset({Field.AUTHORS, Field.PEOPLE, Field.CATEGORIES, Field.TAGS})
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def number(count: int) -> str:
    """Write a number with its thousands apart."""
    return f"{count:,}"


def times(count: int, one: str, many: str = "") -> str:
    """Write how many there are: `1 document`, `2 documents`."""
    return f"{count:,} {unit(count, one, many)}"


def unit(count: int, one: str, many: str = "") -> str:
    """Write what is counted, as the number wants it."""
    if count == 1:
        return one
    is_soft = one.endswith("y") and one[-2:-1] not in set("aeiou")
    return many or (f"{one[:-1]}ies" if is_soft else f"{one}s")


def field_name(field: Field) -> str:
    """Call a field at the beginning of a line."""
    return "URL" if field is Field.URL else field.value.capitalize()


def clock(at: datetime | None) -> str:
    """Write a time with its own offset; say so where there is none."""
    if at is None:
        return "at a time that cannot be read"
    offset = at.isoformat()[len(at.replace(tzinfo=None).isoformat()) :]
    zone = offset if at.utcoffset() else "UTC"
    return f"{day(at)}, {at:%H:%M} {zone}"


def day(at: datetime) -> str:
    """Write a day."""
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def machine_time(at: datetime) -> str:
    """Write a time for the `datetime` attribute: in UTC, to the second."""
    offset = at.utcoffset()
    try:
        utc = at.replace(tzinfo=None) - offset if offset else at.replace(tzinfo=None)
    except OverflowError:  # the first or last day of all calendars
        utc = at.replace(tzinfo=None)
    return utc.isoformat(timespec="seconds") + "Z"


def confidence(value: float) -> str:
    """Write a confidence as the sentences of lineage do."""
    return f"{value:.2f}"


def shortened(text: str, most: int = LONGEST_NAME) -> str:
    """Cut a text in one line to a length that a heading can have."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def newest(compared: Compared) -> Side:
    """Give the side as it is now, or as it was last. Every document has one."""
    side = compared.after or compared.before
    if side is None:
        raise ValueError(compared.id)
    return side


def name(compared: Compared) -> str:
    """Call a document by its title, or by its path where it has none."""
    titles = (side.title for side in (compared.after, compared.before) if side)
    written = next((title for title in titles if title and title.strip()), None)
    return shortened(written or newest(compared).path)


def told(change: FieldChange) -> str:
    """Give what a change says beyond its values; empty where they say all."""
    if change.field in _SHOWN or (change.field in _LISTED and change.effect is not Effect.MOVED):
        return ""
    words = change.sentence.removeprefix(f"{change.field.value}: ")
    return "" if words in {change.effect.value, change.sentence} else words


def dead(change: FieldChange) -> tuple[str, ...]:
    """Give the links that still stand, and lead nowhere any more."""
    if change.field is not Field.LINKS:
        return ()
    return tuple(each for each in change.lost if each in change.new)


def arguments(comparison: Comparison) -> str:
    """Write what was asked for as a shell takes it."""
    only = () if comparison.collection is None else ("--collection", comparison.collection)
    return shlex.join((*only, comparison.before.asked, comparison.after.asked))


def collection(label: str | None) -> str:
    """Call a collection; pages outside of collections have no name of their own."""
    return PAGES if label is None else shortened(label, 80)
