"""One small record in a gzip member of its own, taken apart at once; anything else goes by `scan`.

Nearly all records are like this, and piece by piece they cost three times as much. What is given
here is what `scan` would give; `test_whole.py` holds the two together. Whatever is odd in the least
is left to `scan`, which can say what is wrong.
"""

import hashlib
import re
from functools import lru_cache, partial
from typing import BinaryIO, Final

from pipeline.warc.deflate import GZIP, InflateError, inflating
from pipeline.warc.fields import Fields, by_name, is_name
from pipeline.warc.http import HTTP, Payload
from pipeline.warc.limits import CHUNK, FIRST_CHUNK, HEADER_MOST, LINES_MOST, WHOLE_MOST
from pipeline.warc.record import RecordType
from pipeline.warc.scan import Scanned, hashes_for

_VERSIONS: Final = frozenset({"WARC/1.0", "WARC/1.1"})
_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\nContent-Length: ([0-9]{1,9})\r\n")
_DIGITS_MOST: Final = 9
_DIGESTS: Final = ("warc-block-digest", "warc-payload-digest")
_SHA256: Final = "sha256:"
_ONCE: Final = (*_DIGESTS, "content-length", "content-type")


def inflate_whole(file: BinaryIO, offset: int) -> tuple[bytes, int] | None:
    """Inflate the member at `offset`: its data, its length. None where it is long or not sound."""
    file.seek(offset)
    piece = file.read(FIRST_CHUNK)
    taken = len(piece)
    inflate = inflating(GZIP)
    try:
        data = inflate.decompress(piece, WHOLE_MOST)
        if not inflate.eof and not _is_small(data):
            return None
        pieces, size = [data], len(data)
        while not inflate.eof and piece and size < WHOLE_MOST:
            piece = file.read(CHUNK)
            taken += len(piece)
            pieces.append(inflate.decompress(inflate.unconsumed_tail + piece, WHOLE_MOST))
            size += len(pieces[-1])
    except InflateError:
        return None
    return (b"".join(pieces), taken - len(inflate.unused_data)) if inflate.eof else None


def _is_small(data: bytes) -> bool:
    """Tell by the beginning of a record whether it is worth inflating as a whole."""
    length = _LENGTH.search(data)
    return length is not None and int(length[1]) < WHOLE_MOST - HEADER_MOST


def scan_whole(data: bytes, offset: int, length: int, *, keep: int) -> Scanned | None:
    """Take a record apart that is all of `data`, a gzip member of `length` bytes."""
    start = data.find(_END) + len(_END)
    header = _header(data[:start]) if len(_END) < start <= HEADER_MOST else None
    if header is None or not data.endswith(_END):
        return None
    version, fields, names, values = header
    size = values.get("content-length", "")
    is_number = size.isascii() and size.isdigit() and len(size) <= _DIGITS_MOST
    if not is_number or start + int(size) + len(_END) != len(data):
        return None
    block = memoryview(data)[start : -len(_END)]
    of_block, of_payload = (values.get(name, _SHA256) for name in _DIGESTS)
    is_http = values.get("content-type", "").lower().startswith(HTTP)
    digests = payload_digests = _digests(block, of_block, _SHA256 if is_http else of_payload)
    coded: dict[str, bytes] = {}
    uncertain = False
    if is_http:
        payload = Payload(partial(hashes_for, (of_payload,)))
        payload.add(bytes(block))
        payload_digests, coded = payload.digests(), payload.coded()
        uncertain = payload.uncertain
    return Scanned(
        offset=offset,
        length=length,
        type=RecordType.of(values.get("warc-type", "")),
        version=version,
        head=data[:start],
        fields=fields,
        names=names,
        values=values,
        size=len(block),
        block=bytes(block) if len(block) <= keep else None,
        digests=digests,
        payload_digests=payload_digests,
        coded_digests=coded,
        uncertain=uncertain,
        damages=(),
    )


def _digests(block: memoryview, *declared: str) -> dict[str, bytes]:
    """Compute the digests of a block: SHA-256, and by what these are computed."""
    if all(each.startswith(_SHA256) for each in declared):
        return {"sha256": hashlib.sha256(block).digest()}
    hashes = hashes_for(declared)
    for hasher in hashes.values():
        hasher.update(block)
    return {name: hasher.digest() for name, hasher in hashes.items()}


def _header(head: bytes) -> tuple[str, Fields, tuple[str, ...], dict[str, str]] | None:
    """Read a header as it is written when nothing is odd: one field a line, `Name: value`."""
    try:
        version, *lines = head.decode("utf-8").split("\r\n")[:-2]
    except UnicodeDecodeError:
        return None
    if version not in _VERSIONS or not "".join(lines).isprintable():
        return None
    if len(lines) > LINES_MOST - 2:  # the version, and the blank line
        return None
    if b":  " in head or b" \r\n" in head:  # space at an end of a value does not count
        return None
    fields: list[tuple[str, str]] = []
    values: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(": ")
        lower = _lower(name)
        if lower is None or not colon:
            return None
        fields.append((name, value))
        values[lower] = value
    if len(values) == len(fields):
        return version, tuple(fields), tuple(values), values
    names = tuple(name.lower() for name, _ in fields)
    if any(names.count(name) > 1 for name in _ONCE):
        return None
    return version, tuple(fields), names, by_name(tuple(fields))


@lru_cache(128)
def _lower(name: str) -> str | None:
    return name.lower() if is_name(name) else None
