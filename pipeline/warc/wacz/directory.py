"""The structure of a zip file, read byte for byte: nothing beside, between or over its members.

zipfile believes the directory and overlooks what lies elsewhere; a package is evidence, so here
every byte belongs to exactly one member, to its header, or to the directory.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO, Final

from pipeline.warc.damage import Rule
from pipeline.warc.wacz.rules import (
    ZIP_DIRECTORY,
    ZIP_END,
    ZIP_GAP,
    ZIP_HEADER,
    ZIP_MANY,
    ZIP_OVERLAP,
    Tell,
)

MEMBERS_MOST: Final = 100_000
DIRECTORY_MOST: Final = 1 << 24
"""16 MiB are 100,000 members with names of 120 characters. Python takes ten times as much."""

DESCRIBED: Final = 0x08
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR: Final = struct.Struct("<4sLQL")
_COMMENT_MOST: Final = 0xFFFF
_FULL: Final = 0xFFFFFFFF
_ZIP64: Final = 1
_EXTRA_KEPT: Final = 64  # of a member's own header: whether there is something, not 64 KiB of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One entry of the directory. `start` is where its data is, `end` where the next begins."""

    raw: bytes
    made_by: int
    needs: int
    flags: int
    method: int
    moment: tuple[int, int]
    crc: int
    packed: int
    size: int
    extra: bytes
    comment: bytes
    internal: int
    external: int
    header: int
    start: int = 0
    end: int = 0
    local_extra: bytes = b""

    @property
    def name(self) -> str:
        """The name, with what is not UTF-8 replaced."""
        return self.raw.decode("utf-8", "replace")


class BrokenZipError(Exception):
    """The structure cannot be read any further; `rule` says why. Never leaves this package."""

    def __init__(self, rule: Rule, message: str, member: str = "") -> None:
        super().__init__(message)
        self.rule, self.member = rule, member


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """All members in the order of the directory; `tail` is the end record, with its comment."""

    members: tuple[Member, ...]
    tail: bytes
    zip64: bool


def read_directory(file: BinaryIO, tell: Tell) -> Directory:
    """Read the directory and every header. Raises BrokenZipError where that cannot be done."""
    size = file.seek(0, 2)
    at, tail = _find_end(file, size)
    _, disk, first, here, total, length, offset, _ = _END.unpack(tail[: _END.size])
    end, zip64 = at, False
    if at >= _LOCATOR.size:
        file.seek(at - _LOCATOR.size)
        located = _LOCATOR.unpack(file.read(_LOCATOR.size))
        if located[0] == b"PK\x06\x07":
            end, disk, first, here, total, length, offset = _end64(file, located[2], at)
            zip64 = True
    if (disk, first) != (0, 0) or here != total or offset + length != end:
        raise BrokenZipError(ZIP_DIRECTORY, "the end record does not lead to the directory")
    if total > MEMBERS_MOST or length > DIRECTORY_MOST:
        raise BrokenZipError(ZIP_MANY, f"{total} members in a directory of {length} bytes")
    file.seek(offset)
    members = list(_entries(file.read(length), total))
    _place(file, members, offset, tell)
    return Directory(members=tuple(members), tail=tail, zip64=zip64)


def _find_end(file: BinaryIO, size: int) -> tuple[int, bytes]:
    start = max(0, size - _END.size - _COMMENT_MOST)
    file.seek(start)
    data = file.read()
    at = data.rfind(b"PK\x05\x06")
    while at >= 0:
        record = data[at : at + _END.size]
        if len(record) == _END.size and at + _END.size + _END.unpack(record)[7] == len(data):
            return start + at, data[at:]
        at = data.rfind(b"PK\x05\x06", 0, at)
    raise BrokenZipError(ZIP_END, "no end record is where it should be: not a zip file, or cut")


def _end64(file: BinaryIO, at: int, locator_end: int) -> tuple[int, int, int, int, int, int, int]:
    if at + _END64.size + _LOCATOR.size != locator_end:
        raise BrokenZipError(ZIP_DIRECTORY, "the zip64 end record is not where it is said to be")
    file.seek(at)
    magic, _, _, _, disk, first, here, total, length, offset = _END64.unpack(file.read(_END64.size))
    if magic != b"PK\x06\x06":
        raise BrokenZipError(ZIP_DIRECTORY, "there is no zip64 end record")
    return at, disk, first, here, total, length, offset


def _entries(data: bytes, total: int) -> Iterator[Member]:
    at = 0
    for _ in range(total):
        if len(data) - at < _CENTRAL.size or data[at : at + 4] != b"PK\x01\x02":
            raise BrokenZipError(ZIP_DIRECTORY, f"no entry of the directory at its byte {at}")
        fixed = _CENTRAL.unpack_from(data, at)
        names, extras, comments, disk, internal, external, offset = fixed[10:]
        at += _CENTRAL.size
        parts = data[at : at + names + extras + comments]
        at += len(parts)
        if len(parts) != names + extras + comments or disk:
            raise BrokenZipError(ZIP_DIRECTORY, "an entry of the directory is cut")
        member = Member(
            raw=parts[:names],
            made_by=fixed[1],
            needs=fixed[2],
            flags=fixed[3],
            method=fixed[4],
            moment=(fixed[5], fixed[6]),
            crc=fixed[7],
            packed=fixed[8],
            size=fixed[9],
            extra=parts[names : names + extras],
            comment=parts[names + extras :],
            internal=internal,
            external=external,
            header=offset,
        )
        yield _large(member)
    if at != len(data):
        raise BrokenZipError(ZIP_DIRECTORY, "the directory is longer than its entries")


def _large(member: Member) -> Member:
    """Take sizes and place from the zip64 field, where they do not fit (clause 4.5.3)."""
    wanted = [name for name in ("size", "packed", "header") if getattr(member, name) == _FULL]
    if not wanted:
        return member
    field = _field(member.extra, _ZIP64)
    if len(field) < 8 * len(wanted):
        raise BrokenZipError(ZIP_DIRECTORY, "a large member has no zip64 field", member.name)
    values = struct.unpack_from(f"<{len(wanted)}Q", field)
    known = dict(zip(wanted, values, strict=True))
    return replace(
        member,
        size=known.get("size", member.size),
        packed=known.get("packed", member.packed),
        header=known.get("header", member.header),
    )


def _field(extra: bytes, wanted: int) -> bytes:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        at += 4
        if kind == wanted:
            return extra[at : at + size]
        at += size
    return b""


def _place(file: BinaryIO, members: list[Member], directory: int, tell: Tell) -> None:
    """Read the members' own headers in the order of the file: none is read over another one."""
    at = 0
    for index in sorted(range(len(members)), key=lambda index: members[index].header):
        member = members[index]
        if member.header < at:
            raise BrokenZipError(ZIP_OVERLAP, "it lies over another one", member.name)
        if member.header > at:
            tell(ZIP_GAP, member.name, f"{member.header - at} bytes before it are nobody's")
        members[index] = _placed(file, member, directory)
        at = members[index].end
    if at != directory:
        tell(ZIP_GAP, "", f"{directory - at} bytes before the directory are nobody's")


def _placed(file: BinaryIO, member: Member, directory: int) -> Member:
    """Read the member's own header, and say where its data is: all of it before the directory."""
    file.seek(min(member.header, directory))
    data = file.read(_LOCAL.size)
    if len(data) < _LOCAL.size or data[:4] != b"PK\x03\x04":
        raise BrokenZipError(ZIP_HEADER, "no header is at the member's place", member.name)
    _, needs, flags, method, clock, day, crc, packed, size, names, extras = _LOCAL.unpack(data)
    name, extra = file.read(names), file.read(extras)
    start = member.header + _LOCAL.size + names + extras
    if _FULL in {packed, size}:
        large = _field(extra, _ZIP64)
        if len(large) >= 16:  # noqa: PLR2004 - both sizes, clause 4.5.3
            size, packed = struct.unpack_from("<QQ", large)
    said = (needs, flags, method, (clock, day), name)
    if said != (member.needs, member.flags, member.method, member.moment, member.raw):
        raise BrokenZipError(ZIP_HEADER, "its header says other things", member.name)
    end = start + member.packed
    if end > directory:
        raise BrokenZipError(ZIP_OVERLAP, "it lies over the directory", member.name)
    if flags & DESCRIBED:
        end += _descriptor(file, member, end)
    elif (crc, packed, size) != (member.crc, member.packed, member.size):
        raise BrokenZipError(ZIP_HEADER, "its header says another size or CRC", member.name)
    if end > directory:
        raise BrokenZipError(ZIP_OVERLAP, "it lies over the directory", member.name)
    return replace(member, start=start, end=end, local_extra=extra[:_EXTRA_KEPT])


def _descriptor(file: BinaryIO, member: Member, at: int) -> int:
    """Give the length of the data descriptor, which repeats CRC and sizes (clause 4.3.9)."""
    file.seek(at)
    data = file.read(24)
    for form in ("<LLL", "<LQQ"):
        body = (
            struct.pack(form, member.crc, member.packed, member.size)
            if _fits(form, member)
            else b"?"
        )
        for prefix in (b"PK\x07\x08", b""):
            if data.startswith(prefix + body):
                return len(prefix + body)
    raise BrokenZipError(ZIP_HEADER, "what follows it says another size or CRC", member.name)


def _fits(form: str, member: Member) -> bool:
    return "Q" in form or max(member.packed, member.size) <= _FULL
