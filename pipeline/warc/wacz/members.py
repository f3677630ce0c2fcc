"""The members of a package: what each may be, and its bytes, inflated within bounds."""

import re
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Final

from pipeline.warc.damage import Rule
from pipeline.warc.limits import CHUNK, INFLATED_FREE, INFLATED_RATIO, LISTS_FREE, LISTS_RATIO
from pipeline.warc.wacz.directory import Member
from pipeline.warc.wacz.layout import ARCHIVE, INDEXES
from pipeline.warc.wacz.rules import (
    DEFLATED,
    NOT_STORED,
    ZIP_CRC,
    ZIP_ENCRYPTED,
    ZIP_INFLATION,
    ZIP_METHOD,
    ZIP_NAME,
    ZIP_SPECIAL,
    ZIP_TWICE,
    Tell,
)
from pipeline.warc.within import Within

STORED: Final = 0
DEFLATE: Final = 8
_TWICE_FREE: Final = 1 << 20
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_UNIX: Final = 3
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f\\:]+")


class BadMemberError(Exception):
    """The bytes of a member cannot be had; it has been told. Never leaves this package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The members that may be read, by name, of the zip file at `path`, open as `file`."""

    path: Path
    file: BinaryIO
    members: dict[str, Member]
    tell: Tell

    def pieces(self, name: str) -> Iterator[bytes]:
        """Give the bytes of a member. Raises BadMemberError where they are not what is said."""
        member = self.members[name]
        crc = size = 0
        raw = self._raw(member)
        for piece in raw if member.method == STORED else self._inflated(name, member, raw):
            crc, size = zlib.crc32(piece, crc), size + len(piece)
            yield piece
        if (crc, size) != (member.crc, member.size):
            self.tell(ZIP_CRC, name, f"its {size} bytes have another CRC-32, or are not all")
            raise BadMemberError

    def whole(self, name: str, most: int) -> bytes:
        """Give all bytes of a small member. Raises BadMemberError."""
        if self.members[name].size > most:
            self.tell(ZIP_INFLATION, name, f"{self.members[name].size} bytes; {most} can be read")
            raise BadMemberError
        return b"".join(self.pieces(name))

    @contextmanager
    def stretch(self, name: str) -> Iterator[Within]:
        """Give a member as a file to be read at any place. Raises BadMemberError.

        What is deflated is put into a file without a name first, that of a bearable size.
        """
        member = self.members[name]
        if member.method == STORED:
            yield Within(path=self.path, name=name, offset=member.start, length=member.size)
            return
        with TemporaryFile() as file:
            file.writelines(self.pieces(name))
            yield Within(path=self.path, name=name, offset=0, length=member.size, held=file)

    def begins(self, name: str, with_: bytes) -> bool:
        """Tell whether a stored member begins with these bytes."""
        member = self.members[name]
        self.file.seek(member.start)
        return member.method == STORED and self.file.read(len(with_)) == with_

    def _raw(self, member: Member) -> Iterator[bytes]:
        at, end = member.start, member.start + member.packed
        while at < end:
            self.file.seek(at)
            piece = self.file.read(min(CHUNK, end - at))
            if not piece:
                return
            at += len(piece)
            yield piece

    def _inflated(self, name: str, member: Member, raw: Iterator[bytes]) -> Iterator[bytes]:
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        size = 0
        try:
            for piece in raw:
                data = piece
                while data and not inflate.eof:
                    out = inflate.decompress(data, CHUNK)
                    data = inflate.unconsumed_tail
                    size += len(out)
                    if size > member.size:
                        self.tell(ZIP_CRC, name, "it inflates to more than it says")
                        raise BadMemberError
                    yield out
        except zlib.error as error:
            self.tell(ZIP_CRC, name, f"it cannot be inflated ({error})")
            raise BadMemberError from error
        if not inflate.eof or inflate.unused_data:
            self.tell(ZIP_CRC, name, "its deflated data do not end where it ends")
            raise BadMemberError


def readable(members: tuple[Member, ...], tell: Tell) -> dict[str, Member]:
    """Judge every member by what the directory says; give those whose bytes can be looked at."""
    kept: dict[str, Member] = {}
    folded: set[str] = set()
    room = INFLATED_FREE
    for member in members:
        name = member.name
        if name.casefold() in folded:
            tell(ZIP_TWICE, name, "its name is there already, in some case")
        elif _is_bearable(member, tell) and not name.endswith("/"):
            if member.method == DEFLATE:
                room += INFLATED_RATIO * member.packed - member.size
            if room < 0:
                tell(ZIP_INFLATION, name, "with those before it, it inflates to more than is borne")
            else:
                kept[name] = member
        folded.add(name.casefold())
    return kept


def _is_bearable(member: Member, tell: Tell) -> bool:
    name = member.name
    found = tuple(_faults(member))
    for rule, message in found:
        tell(rule, name, message)
    is_gzip = name.endswith((".warc.gz", ".cdx.gz", ".cdxj.gz"))
    if member.method == DEFLATE and not found:
        if is_gzip and name.startswith((ARCHIVE, INDEXES)):
            tell(NOT_STORED, name, "it is compressed twice, so that no part of it can be fetched")
        elif name.startswith(ARCHIVE):
            tell(DEFLATED, name, "it is deflated, so that no part of it can be fetched")
    return not found


def _faults(member: Member) -> Iterator[tuple[Rule, str]]:
    if not is_safe(member.raw):
        yield ZIP_NAME, f"not the name of a file in a package: {member.raw[:80]!r}"
    kind = stat.S_IFMT(member.external >> 16) if member.made_by >> 8 == _UNIX else 0
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR} or (
        kind == stat.S_IFDIR and not member.raw.endswith(b"/")
    ):
        yield ZIP_SPECIAL, f"a member of the kind {kind:o}: a link or a device"
    if member.raw.endswith(b"/") and member.size:
        yield ZIP_SPECIAL, "a folder that has bytes"
    if member.flags & _ENCRYPTED:
        yield ZIP_ENCRYPTED, "it is encrypted"
    elif member.method not in {STORED, DEFLATE}:
        yield ZIP_METHOD, f"compressed by method {member.method}"
    elif member.method == STORED and member.packed != member.size:
        yield ZIP_METHOD, f"stored, but of {member.packed} and {member.size} bytes"
    elif member.size > _bearable(member):
        yield ZIP_INFLATION, f"{member.packed} bytes inflate to {member.size}"


def _bearable(member: Member) -> int:
    """Say to how much a member may inflate: text to more than gzip, which is compressed already."""
    if member.method == STORED:
        return member.size
    if member.name.endswith(".gz"):
        return _TWICE_FREE + 2 * member.packed
    if member.raw.startswith(ARCHIVE.encode()):
        return INFLATED_FREE + INFLATED_RATIO * member.packed
    return LISTS_FREE + LISTS_RATIO * member.packed


def is_safe(raw: bytes) -> bool:
    """Tell whether a name leads to a file below the place where a package is unpacked."""
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    parts = name.removesuffix("/").split("/")
    return _NAME.fullmatch(name) is not None and not {"", ".", ".."} & set(parts)
