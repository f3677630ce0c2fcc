"""WARC-Date: the W3C profile of ISO 8601, in UTC (ISO 28500 clause 5.4)."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from pipeline.warc.errors import InvalidRecordError

_W3CDTF: Final = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?Z)?)?)?", re.ASCII
)


def to_warc_date(moment: datetime) -> str:
    """Write an aware datetime as UTC, with a fraction only if it has one (clause 5.4: as known)."""
    if moment.tzinfo is None:
        raise InvalidRecordError("WARC-Date", f"{moment.isoformat()} has no time zone")
    try:
        utc = moment.astimezone(UTC)
    except OverflowError as error:
        raise InvalidRecordError("WARC-Date", f"{moment.isoformat()} has no year in UTC") from error
    return utc.replace(tzinfo=None).isoformat() + "Z"


@lru_cache(128)  # most records of a file have the date of their run
def parse_warc_date(text: str) -> datetime:
    """Read a WARC-Date of any granularity; nanoseconds are cut off. Raises ValueError."""
    match = _W3CDTF.fullmatch(text.upper())
    if match is None:
        raise ValueError(text)
    year, month, day, hour, minute, second, fraction = match.groups()
    return datetime(
        int(year),
        int(month or 1),
        int(day or 1),
        int(hour or 0),
        int(minute or 0),
        int(second or 0),
        int((fraction or "0")[:6].ljust(6, "0")),
        tzinfo=UTC,
    )
