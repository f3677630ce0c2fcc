"""The frame of a package's members: given when writing, demanded when our own are checked."""

import zipfile
from datetime import UTC, datetime
from typing import Final

from pipeline.warc.wacz.directory import Member

FULL: Final = 0xFFFFFFFF
TAIL: Final = 22
"""Bytes of an end record without a comment."""

_UNIX: Final = 3
_MODE: Final = 0o100644 << 16
_MADE_BY: Final = _UNIX << 8 | 20  # version 2.0 of the format
_LARGE: Final = 1 << 30  # from about here on zipfile adds fields, by rules of its own
_FIRST: Final = datetime(1980, 1, 1, tzinfo=UTC)  # MS-DOS time knows nothing else
_LAST: Final = datetime(2107, 12, 31, 23, 59, 58, tzinfo=UTC)


def frame(name: str, created: datetime, size: int) -> zipfile.ZipInfo:
    """Give the frame of a member: stored, its time that of the package, nothing of the machine.

    All is stored, text too: deflate has bits that no digest covers, and what is compressed well is
    compressed already. So every byte of a package is one that a digest or the frame decides.
    """
    info = zipfile.ZipInfo(name, date_time=_dos_time(created))
    info.compress_type = zipfile.ZIP_STORED
    info.create_system = _UNIX
    info.external_attr = _MODE
    info.file_size = size
    return info


def is_framed(member: Member, created: datetime) -> bool:
    """Tell whether a member is framed so."""
    year, month, day, hour, minute, second = _dos_time(created)
    moment = (hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day)
    said = (member.method, member.flags, member.moment, member.internal, member.external)
    plain = said == (zipfile.ZIP_STORED, 0, moment, 0, _MODE) and not member.comment
    if member.size > _LARGE or member.header > FULL:
        return plain
    rest = (member.made_by, member.needs, member.extra, member.local_extra)
    return plain and rest == (_MADE_BY, _MADE_BY & 0xFF, b"", b"")


def _dos_time(moment: datetime) -> tuple[int, int, int, int, int, int]:
    """Give a time as a zip file knows it: in UTC, even seconds, from 1980 to 2107."""
    utc = min(max(moment.astimezone(UTC), _FIRST), _LAST)
    return utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second // 2 * 2
