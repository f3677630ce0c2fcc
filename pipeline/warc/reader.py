"""Read a WARC file that may be damaged, cut or hostile, in bounded memory.

Gzip members are walked by us: warcio stops silently at damage and passes a file that was cut.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import NotVerifiableError
from pipeline.warc.damage import EMPTY, GZIP_MEMBER, INFLATION, LOST, Damage
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.limits import BUFFER, INFLATED_FREE, INFLATED_RATIO, KEPT_MOST, LOADED_MOST
from pipeline.warc.member import MemberReader
from pipeline.warc.record import Record
from pipeline.warc.resume import Search
from pipeline.warc.rules import as_record
from pipeline.warc.scan import Scanned, gzip_member_must_end, scan_record
from pipeline.warc.stream import Stream

Tap = Callable[[bytes], object]


def walk(path: Path, *, keep: int = KEPT_MOST) -> Iterator[Record | Damage]:
    """Give every record of the file in order, and what is damaged between and within them.

    A record is given only if its form, its checks and its digests hold; else its damage is. After
    damage it goes on with the next record that can be found. Blocks longer than `keep` bytes are
    digested but not held. Raises NotVerifiableError if the file cannot be read.
    """
    for found in scan(path, keep=keep):
        if isinstance(found, Damage):
            yield found
            continue
        try:
            record = as_record(found)
        except DamagedRecordError as error:
            yield error.damage
        else:
            yield record


def read_record(path: Path, offset: int, length: int) -> Record:
    """Give the record in exactly these bytes, with its block.

    Raises DamagedRecordError if they are not one whole record, NotVerifiableError if the file
    cannot be read.
    """
    try:
        with _opened(path) as file:
            return as_record(_scan_at(file, offset, length))
    except DamagedRecordError as error:
        raise DamagedRecordError(error.damage, str(path)) from error


def _scan_at(file: BinaryIO, offset: int, length: int) -> Scanned:
    file.seek(offset)
    is_plain = file.read(1) == b"W"
    file.seek(offset)
    if is_plain:
        found = scan_record(Stream(file.read, _ignore), offset, keep=LOADED_MOST)
    else:
        found = _Members(file, keep=LOADED_MOST, tap=_ignore).at(offset)
    if found.length != length:
        message = f"the record here has {found.length} bytes, not {length}"
        raise DamagedRecordError(Damage(rule=GZIP_MEMBER, offset=offset, message=message))
    return found


def _ignore(_: bytes) -> None:
    """Nobody wants to see the uncompressed bytes."""


def scan(path: Path, *, keep: int = 0, tap: Tap = _ignore) -> Iterator[Scanned | Damage]:
    """Give what lies in the file record by record, judged only as far as taking it apart needs.

    `tap` is shown the uncompressed bytes of the records in order. Raises NotVerifiableError.
    """
    with _opened(path) as file:
        magic = file.read(5)
        if not magic:
            yield Damage(rule=EMPTY, offset=0, message="the file is empty")
        elif magic == b"WARC/":
            yield from _scan_plain(file, keep, tap)
        else:
            yield from _scan_members(file, keep, tap)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb", buffering=BUFFER) as file:
            yield file
    except OSError as error:
        raise NotVerifiableError(str(path), error.strerror or str(error)) from error


def _scan_members(file: BinaryIO, keep: int, tap: Tap) -> Iterator[Scanned | Damage]:
    size = file.seek(0, 2)
    members, search = _Members(file, keep=keep, tap=tap), Search(file)
    offset: int | None = 0
    while offset is not None and offset < size:
        try:
            found: Scanned | Damage = members.at(offset)
        except DamagedRecordError as error:
            found = error.damage
        yield found
        if isinstance(found, Damage) and found.rule is INFLATION:
            return
        if members.end is None or not (members.holds or search.is_member(members.end, size)):
            offset = search.next_member(offset + 1)
        else:
            offset = members.end
    if search.spent:
        yield Damage(rule=LOST, offset=size, message="too much damage: the rest was not looked at")


def _scan_plain(file: BinaryIO, keep: int, tap: Tap) -> Iterator[Scanned | Damage]:
    size = file.seek(0, 2)
    search = Search(file)
    offset: int | None = 0
    stream: Stream | None = None
    while offset is not None and offset < size:
        if stream is None:
            file.seek(offset)
            stream = Stream(file.read, tap)
        try:
            found: Scanned | Damage = scan_record(stream, offset, keep=keep)
        except DamagedRecordError as error:
            found = error.damage
        yield found
        if isinstance(found, Scanned):
            offset += found.length
        else:
            offset, stream = search.next_plain_record(offset), None
    if search.spent:
        yield Damage(rule=LOST, offset=size, message="too much damage: the rest was not looked at")


class _Members:
    """Scans the record in the gzip member at a place.

    `end` is where its deflate data led to, None if nowhere; `holds` that the gzip checks held.
    """

    def __init__(self, file: BinaryIO, *, keep: int, tap: Tap) -> None:
        self._file, self._keep, self._tap = file, keep, tap
        self._inflated = 0
        self.end: int | None = None
        self.holds = False

    def at(self, offset: int) -> Scanned:
        """Scan the member at `offset`. Raises DamagedRecordError."""
        self.end, self.holds = None, False
        member = MemberReader(self._file, offset)
        stream = Stream(self._bounded(member, offset), self._tap)
        try:
            found = scan_record(stream, offset, keep=self._keep)
            gzip_member_must_end(stream, offset)
        except DamagedRecordError as error:
            if error.damage.rule is not INFLATION:
                self._skip(stream)
            raise
        finally:
            self.end, self.holds = member.end, member.holds
        return replace(found, length=(member.end or offset) - offset)

    def _skip(self, stream: Stream) -> None:
        """Read what is left of a member whose record is damaged, to learn where it ends."""
        try:
            for _ in stream.pieces(sys.maxsize):
                pass
        except DamagedRecordError:
            return  # the first damage is the one to tell

    def _bounded(self, member: MemberReader, offset: int) -> Callable[[int], bytes]:
        def read(size: int) -> bytes:
            data = member.read(size)
            self._inflated += len(data)
            if self._inflated > INFLATED_FREE + INFLATED_RATIO * self._file.tell():
                message = f"{self._inflated} bytes so far out of {self._file.tell()}"
                raise DamagedRecordError(Damage(rule=INFLATION, offset=offset, message=message))
            return data

        return read
