"""The moment that somebody asks for: a day, a time, or the digits of an address."""

import re
from datetime import UTC, datetime, time
from typing import Final

from pipeline.errors import UsageError

_DIGITS: Final = re.compile(r"[0-9]{4}(?:[0-9]{2}){0,5}", re.ASCII)
_EMPTY: Final = "00000101000000"
STAMP: Final = "%Y%m%d%H%M%S"


def parse_moment(text: str) -> datetime:
    """Read a day (its noon), a time, or up to fourteen digits. Raises UsageError."""
    text = text.strip()
    try:
        if _DIGITS.fullmatch(text):
            return parse_stamp(text)
        moment = datetime.fromisoformat(text)
        if len(text) <= len("2023-11-02"):
            moment = datetime.combine(moment, time(12))
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{text!r} is no day (2023-11-02) and no time") from error


def parse_stamp(digits: str) -> datetime:
    """Read four to fourteen digits. Raises ValueError where they are no moment."""
    full = digits + _EMPTY[len(digits) :]
    return datetime.strptime(full, STAMP).replace(tzinfo=UTC)


def stamp_of(moment: datetime) -> str:
    """Write a moment in fourteen digits."""
    return moment.strftime(STAMP).rjust(14, "0")
