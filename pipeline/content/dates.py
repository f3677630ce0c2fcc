"""Dates that documents name, and where a document's own date comes from. None is ever made up."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import Enum

from pipeline.content.codes import Code
from pipeline.content.fields import Field
from pipeline.content.mentions import Complain
from pipeline.content.raw import clean, one_line
from pipeline.content.scalars import Written
from pipeline.content.values import NamedDate
from pipeline.jekyll.item import DateSource, Item

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sep sept", "october oct", "november nov", "december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_CLOCK = (
    r"(?:[T ,]+(?:at )?(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:\.\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d{1,2}(?::?\d\d)?)?)?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
_FORMS = tuple(
    re.compile(form + _CLOCK, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        _WEEKDAY + r"(?P<month>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})",
        _WEEKDAY
        + r"(?P<day>\d{1,2})(?:st|nd|rd|th)? (?:of )?(?P<month>[a-z]{3,9})\.?,? (?P<year>\d{4})",
    )
)
_NAMES_A_DATE = re.compile(
    r"(?:^|_)(?:date|deadline|published|updated|modified|issued|created|expires|start|end|since|"
    r"until)(?:$|_(?:at|on|date)$)"
)
_MUST_BE_A_DATE = re.compile(r"(?:^|_)(?:date|deadline)$")
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d\d)?")
_YEAR = re.compile(r"(?:^|\D)(?:19|20)\d\d(?:\D|$)")
_HALF_DAY = 12


class Provenance(Enum):
    """Where a document's date comes from."""

    FRONT_MATTER = "front matter"
    FILE_NAME = "file name"
    FIRST_COMMIT = "first commit"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A document's date, in UTC, with its provenance and what the author wrote."""

    at: datetime | None
    source: Provenance
    raw: str | None = None


def dated(item: Item, first_commit: datetime | None = None) -> Dated:
    """Date a document: by its front matter, its file name, or the commit that first had it.

    Where Jekyll would print the time of the build, a first commit says no more than "not later".
    """
    if item.date is not None and item.date_source is not DateSource.NONE:
        source = Provenance(item.date_source.value)
        return Dated(at=item.date.astimezone(UTC), source=source, raw=item.date_raw)
    if first_commit is not None:
        return Dated(at=first_commit.astimezone(UTC), source=Provenance.FIRST_COMMIT)
    return Dated(at=None, source=Provenance.NONE)


def named_dates(
    fields: Iterable[Field], written: Mapping[str, Written], complain: Complain
) -> Iterator[NamedDate]:
    """Give the dates that the front matter names, other than Jekyll's own `date`."""
    for field in fields:
        typed = isinstance(field.value, date)
        texted = isinstance(field.value, str) and bool(_NAMES_A_DATE.search(field.key))
        if field.path == "date" or not (typed or (texted and field.value.strip())):
            continue
        place = written.get(field.path)
        raw = place.text if place and place.text is not None else str(field.value)
        day, at = read_date(raw)
        if day is None and typed:
            day = field.value.date() if isinstance(field.value, datetime) else field.value
        if day is None:
            if not _MUST_BE_A_DATE.search(field.key) and not _YEAR.search(raw):
                continue  # `published: false`, `start: at dawn`
            complain(Code.DATE_NOT_UNDERSTOOD, f"not a date: {one_line(raw):.60}", field.path)
        line = place.line if place else None
        yield NamedDate(name=clean(field.path), raw=clean(raw), day=day, at=at, line=line)


def read_date(text: str) -> tuple[date | None, datetime | None]:
    """Read a date as people write it: the day, and the moment where a time and a zone are given.

    `03/04/2025` is two different days, so it is none.
    """
    line = " ".join(text[:100].split())
    match = next((m for form in _FORMS if (m := form.fullmatch(line))), None)
    if match is None:
        return None, None
    month = match["month"].lower()
    try:
        number = int(month) if month.isdecimal() else _MONTHS[month]
        day = date(int(match["year"]), number, int(match["day"]))
    except (ValueError, KeyError):
        return None, None
    return day, _moment(day, match)


def _moment(day: date, match: re.Match[str]) -> datetime | None:
    if match["hour"] is None or match["zone"] is None:
        return None
    hour = int(match["hour"])
    half = (match["half"] or "").replace(".", "").lower()
    if half:
        if not 1 <= hour <= _HALF_DAY:
            return None  # 16:00 PM
        hour = hour % _HALF_DAY + (_HALF_DAY if half == "pm" else 0)
    try:
        clock = time(hour, int(match["minute"]), int(match["second"] or 0), tzinfo=_zone(match))
        return datetime.combine(day, clock).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(match: re.Match[str]) -> timezone:
    offset = _OFFSET.fullmatch(match["zone"])
    if offset is None:
        return UTC
    east = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return timezone(-east if offset[1] == "-" else east)
