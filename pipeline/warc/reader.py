"""Read a WARC file that may be damaged, cut or hostile, in bounded memory.

Gzip members are walked by us: warcio stops silently at damage and passes a file that was cut.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from pipeline.errors import NotVerifiableError
from pipeline.warc.damage import EMPTY, GZIP_MEMBER, INFLATION, LOST, Damage
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.limits import BUFFER, KEPT_MOST, LOADED_MOST
from pipeline.warc.members import Members
from pipeline.warc.record import Record
from pipeline.warc.resume import Search
from pipeline.warc.rules import as_record
from pipeline.warc.scan import Scanned, scan_record
from pipeline.warc.stream import Stream
from pipeline.warc.within import Readable

Tap = Callable[[bytes], object]


def walk(path: Readable, *, keep: int = KEPT_MOST) -> Iterator[Record | Damage]:
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


def read_record(path: Readable, offset: int, length: int) -> Record:
    """Give the record in exactly these bytes, with its block.

    Raises DamagedRecordError if they are not one whole record, NotVerifiableError if the file
    cannot be read.
    """
    try:
        with opened(path) as file:
            return as_record(_scan_at(file, offset, length))
    except DamagedRecordError as error:
        raise DamagedRecordError(error.damage, str(path)) from error


def scan_at(path: Readable, offset: int, length: int) -> Scanned:
    """Give what lies in exactly these bytes, with its block, judged no further.

    Raises DamagedRecordError if it is not one record, NotVerifiableError.
    """
    with opened(path) as file:
        return _scan_at(file, offset, length)


def _scan_at(file: BinaryIO, offset: int, length: int) -> Scanned:
    file.seek(offset)
    is_plain = file.read(1).upper() == b"W"
    file.seek(offset)
    if is_plain:
        found = scan_record(Stream(file.read, _ignore), offset, keep=LOADED_MOST)
    else:
        found = _only(Members(file, keep=LOADED_MOST, tap=_ignore).at(offset))
    if found.length != length:
        message = f"the record here has {found.length} bytes, not {length}"
        raise DamagedRecordError(Damage(rule=GZIP_MEMBER, offset=offset, message=message))
    return found


def _only(found: Iterator[Scanned | Damage]) -> Scanned:
    """Give the one record of a gzip member. Raises DamagedRecordError."""
    first = next(found)  # where there are more, a damage comes first and says so
    if isinstance(first, Damage):
        raise DamagedRecordError(first)
    return first


def _ignore(_: bytes) -> None:
    """Nobody wants to see the uncompressed bytes."""


def scan(path: Readable, *, keep: int = 0, tap: Tap = _ignore) -> Iterator[Scanned | Damage]:
    """Give what lies in the file record by record, judged only as far as taking it apart needs.

    `tap` is shown the uncompressed bytes of the records in order. Raises NotVerifiableError.
    """
    with opened(path) as file:
        magic = file.read(5)
        if not magic:
            yield Damage(rule=EMPTY, offset=0, message="the file is empty")
        elif magic.upper() == b"WARC/":
            yield from _scan_plain(file, keep, tap)
        else:
            yield from _scan_members(file, keep, tap)


@contextmanager
def opened(path: Readable) -> Iterator[BinaryIO]:
    """Open a file to read it. Raises NotVerifiableError, here and while it is read."""
    try:
        with path.open("rb", buffering=BUFFER) as file:
            yield file
    except OSError as error:
        raise NotVerifiableError(str(path), error.strerror or str(error)) from error


def _scan_members(file: BinaryIO, keep: int, tap: Tap) -> Iterator[Scanned | Damage]:
    size = file.seek(0, 2)
    members, search = Members(file, keep=keep, tap=tap), Search(file)
    offset: int | None = 0
    while offset is not None and offset < size:
        for found in members.at(offset):
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
