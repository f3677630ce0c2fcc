"""Numbers, times and names as the page writes them. English, whatever the machine speaks."""

from datetime import datetime
from typing import Final

from pipeline.history.comparison.values import Compared, Side

LONGEST_NAME: Final = 200
PAGES: Final = "pages, in no collection"
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def number(count: int) -> str:
    """Write a number with its thousands apart."""
    return f"{count:,}"


def times(number: int, one: str, many: str = "") -> str:
    """Write how many there are: `1 document`, `2 documents`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


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


def collection(label: str | None) -> str:
    """Call a collection; pages outside of collections have no name of their own."""
    return PAGES if label is None else label
