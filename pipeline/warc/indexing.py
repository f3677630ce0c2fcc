"""Index WARC files: check every record, and give a CDXJ line for each that is found by its URL."""

import hashlib
from collections.abc import Callable
from typing import BinaryIO

from pipeline.model import Sha256
from pipeline.warc.cdxj import Entry, entry_of, is_indexed
from pipeline.warc.check import Checked, check
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.http import HTTP
from pipeline.warc.limits import CHUNK
from pipeline.warc.member import MAGIC, MemberReader
from pipeline.warc.reader import opened
from pipeline.warc.record import Record
from pipeline.warc.revisit import Originals
from pipeline.warc.stream import Stream
from pipeline.warc.within import Readable


def index(
    path: Readable,
    filename: str,
    put: Callable[[Entry, Record], object],
    *,
    wanted: Callable[[Record], bool] = is_indexed,
    originals: Originals | None = None,
) -> Checked:
    """Check a WARC file and give `put` the line of each record that is to have one.

    Records with damage of severity error have none; `originals` is as for `check`. Raises
    NotVerifiableError.
    """
    with opened(path) as raw:

        def show(record: Record) -> None:
            if wanted(record) and record.length:
                digest = str(digest_at(raw, record.offset, record.length))
                put(entry_of(record, filename, http_head(raw, record), digest), record)

        return check(path, show=show, originals=originals)


def digest_at(raw: BinaryIO, offset: int, length: int) -> Sha256:
    """Digest bytes of a file, in pieces."""
    raw.seek(offset)
    digest = hashlib.sha256()
    while length > 0 and (piece := raw.read(min(length, CHUNK))):
        digest.update(piece)
        length -= len(piece)
    return Sha256(digest.digest())


def http_head(raw: BinaryIO, record: Record) -> bytes:
    """Give the header of the HTTP message in a record, b"" where there is none."""
    if not (record.content_type or "").lower().startswith(HTTP) or not record.block_size:
        return b""
    raw.seek(record.offset)
    magic = raw.read(len(MAGIC))
    raw.seek(record.offset)
    try:
        read = raw.read if magic != MAGIC else MemberReader(raw, record.offset).read
        stream = Stream(read, _ignore)
        stream.header()
        head = stream.header()
    except DamagedRecordError:  # told by the check of the file, which reads it to its end
        return b""
    return head or b""


def _ignore(_: bytes) -> None:
    """Nobody wants to see the bytes on the way."""
