"""`Time.parse(text).localtime` of Ruby in the time zone of the site.

A port of lib/time.rb (`make_time`, `zone_offset`, `apply_offset`) and of the argument checks of
time.c (`time_arg`, `validate_vtm`). Fractions of a second are dropped: Jekyll prints and parses
them away.
"""

import re
from datetime import MAXYEAR, UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.jekyll.ruby_date import parse_fields

_ZONES = {
    "UTC": 0, "Z": 0, "UT": 0, "GMT": 0,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "A": 1, "B": 2, "C": 3, "D": 4, "E": 5, "F": 6, "G": 7, "H": 8, "I": 9, "K": 10, "L": 11,
    "M": 12,
    "N": -1, "O": -2, "P": -3, "Q": -4, "R": -5, "S": -6, "T": -7, "U": -8, "V": -9, "W": -10,
    "X": -11, "Y": -12,
}  # fmt: skip
_OFFSET = re.compile(r"([+-])(\d\d)(:?)(\d\d)(?:\3(\d\d))?\Z", re.ASCII)
_INFORMATION = {"year", "yday", "mon", "mday", "hour", "min", "sec", "sec_fraction"}
_DAY = 24 * 60 * 60
_HOURS = re.compile(r"[+-]\d\d\Z", re.ASCII)


class InvalidDateError(ValueError):
    """`Time.parse` raises, so Jekyll stops the build."""


class FarDateError(InvalidDateError):
    """Ruby reads a year after 9999, which Python's datetime cannot hold. It is in the future."""


class NeedsClockError(ValueError):
    """The text has no year, month or day: Ruby takes them from the day of the build."""


@lru_cache(maxsize=64)
def zone_named(name: str) -> tzinfo:
    """Return the zone that `TZ=name` means: UTC for a name that nobody knows."""
    try:
        return ZoneInfo(name.lstrip(":"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


@lru_cache(maxsize=1 << 12)  # most versions of a document have its date; none is over 128 long
def parse_time(text: str, zone: tzinfo, now: datetime | None = None) -> datetime:
    """Return the moment that Ruby reads in `text`, in `zone`.

    Raises:
        InvalidDateError: Ruby raises ArgumentError.
        NeedsClockError: part of the date would be taken from the clock, and `now` is None.
    """
    try:
        fields = parse_fields(text)
    except ValueError as error:
        raise InvalidDateError(text) from error
    known = {name: value for name, value in fields.items() if isinstance(value, int)}
    if not known.keys() & _INFORMATION:
        raise InvalidDateError(text)
    zone_text = fields.get("zone")
    moment = _make(known, zone_text if isinstance(zone_text, str) else None, zone, now, text)
    try:
        return moment.astimezone(zone)
    except (OverflowError, ValueError) as error:
        raise InvalidDateError(text) from error


def _make(
    known: dict[str, int], zone_text: str | None, zone: tzinfo, now: datetime | None, text: str
) -> datetime:
    if now is None and "year" not in known:
        raise NeedsClockError(text)
    year = known.get("year")
    if year is not None and year > MAXYEAR:
        raise FarDateError(text)
    offset_year = year if year is not None else now.year if now else 1970
    offset = _zone_offset(zone_text, offset_year, zone) if zone_text else None
    if offset is not None and abs(offset) >= _DAY:
        raise InvalidDateError(text)
    if "yday" in known:
        return _from_yday(known, zone_text, zone, now, text, offset)
    base = (now.astimezone(_fixed(offset) if offset is not None else zone)) if now else None
    parts = _fill(known, base)
    try:
        if offset is None:
            return _local(parts, zone)
        return _local(_apply_offset(parts, offset), UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidDateError(text) from error


def _fill(known: dict[str, int], base: datetime | None) -> list[int]:
    """Take what stands before the first known field from the clock, the rest from zero."""
    names = ("year", "mon", "mday", "hour", "min", "sec")
    from_clock = (
        (base.year, base.month, base.day, base.hour, base.minute, base.second) if base else None
    )
    parts = []
    seen = False
    for index, name in enumerate(names):
        seen = seen or name in known
        default = (1970, 1, 1, 0, 0, 0)[index]
        if not seen and from_clock is not None:
            default = from_clock[index]
        parts.append(known.get(name, default))
    return parts


def _from_yday(
    known: dict[str, int],
    zone_text: str | None,
    zone: tzinfo,
    now: datetime | None,
    text: str,
    offset: int | None,
) -> datetime:
    yday = known["yday"]
    if not 1 <= yday <= 366:  # noqa: PLR2004 - days of a year
        raise InvalidDateError(text)
    rest = {name: value for name, value in known.items() if name != "yday"}
    mon, day = (yday - 1) // 31 + 1, (yday - 1) % 31 + 1
    first = _make({**rest, "mon": mon, "mday": day}, zone_text, zone, now, text)
    shown_in = zone if offset is None else _fixed(offset)
    day += yday - first.astimezone(shown_in).timetuple().tm_yday
    length = _month_days(known.get("year", first.year), mon)
    if day > length:
        mon, day = mon + 1, day - length
    return _make({**rest, "mon": mon, "mday": day}, zone_text, zone, now, text)


def _month_days(year: int, month: int) -> int:
    leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0
    return (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def _local(parts: list[int], zone: tzinfo) -> datetime:
    """`Time.local`: a day may pass the end of its month, the hour may be 24:00:00."""
    year, mon, day, hour, minute, second = parts
    whole_day = hour == 24  # noqa: PLR2004
    if not (
        1 <= mon <= 12  # noqa: PLR2004
        and 1 <= day <= 31  # noqa: PLR2004
        and 0 <= hour <= 24  # noqa: PLR2004
        and 0 <= minute <= (0 if whole_day else 59)
        and 0 <= second <= (0 if whole_day else 60)
    ):
        raise ValueError(parts)
    over = day - _month_days(year, mon)
    if over > 0:
        mon, day = mon + 1, over
    naive = datetime(year, mon, day)  # noqa: DTZ001 - the zone follows
    naive += timedelta(hours=hour, minutes=minute, seconds=second)
    return _in_zone(naive, zone)


def _in_zone(naive: datetime, zone: tzinfo) -> datetime:
    """Take an hour that happens twice as the second, one that is left out as if it were before."""
    before = naive.replace(tzinfo=zone)
    after = naive.replace(tzinfo=zone, fold=1)
    first, second = before.utcoffset(), after.utcoffset()
    twice = first is not None and second is not None and first > second
    moment = after if twice else before
    return moment.astimezone(UTC)


def _apply_offset(parts: list[int], offset: int) -> list[int]:
    """Move a civil time to UTC as time.rb does: what nothing moves is not normalised."""
    year, mon, day, hour, minute, second = parts
    sign = 1 if offset < 0 else -1
    left, move = divmod(abs(offset), 60)
    if move:
        carry, second = divmod(second + sign * move, 60)
        left += sign * carry
    left, move = divmod(left, 60)
    if move:
        carry, minute = divmod(minute + sign * move, 60)
        left += sign * carry
    left, move = divmod(left, 24)
    if move:
        carry, hour = divmod(hour + sign * move, 24)
        left += sign * carry
    if left and 1 <= mon <= 12:  # noqa: PLR2004 - months; others are refused by `_local`
        day += sign * left
        if offset < 0 and day > _month_days(year, mon):
            year, mon, day = (year + 1, 1, 1) if mon == 12 else (year, mon + 1, 1)  # noqa: PLR2004
        elif offset > 0 and day < 1:
            year, mon = (year - 1, 12) if mon == 1 else (year, mon - 1)
            day = _month_days(year, mon)
    return [year, mon, day, hour, minute, second]


@lru_cache(maxsize=1024)
def _zone_offset(text: str, year: int, zone: tzinfo) -> int | None:
    name = text.upper()
    match = _OFFSET.match(name)
    if match:
        hours, minutes, seconds = int(match[2]), int(match[4]), int(match[5] or 0)
        value = (hours * 60 + minutes) * 60 + seconds
        return -value if match[1] == "-" else value
    if _HOURS.match(name):
        return int(name) * 3600
    if name in _ZONES:
        return _ZONES[name] * 3600
    if not 1 <= year <= 9999:  # noqa: PLR2004 - what datetime can hold
        return None
    for month in (1, 7):
        moment = datetime(year, month, 1, tzinfo=zone)
        shift = moment.utcoffset()
        if (moment.tzname() or "").upper() == name and shift is not None:
            return int(shift.total_seconds())
    return None


def _fixed(offset: int) -> tzinfo:
    return timezone(timedelta(seconds=offset))
