"""One record off a stream: header, block and end apart, digests computed, nothing believed."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from pipeline.model import Sha256
from pipeline.warc.damage import (
    HEADER_SIZE,
    LENGTH,
    RECORD_END,
    TRUNCATED,
    VERSION,
    Damage,
    Rule,
)
from pipeline.warc.digest import ALGORITHMS, algorithm_of
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.fields import Fields, by_name, every, first, parse_header
from pipeline.warc.http import HTTP, Payload
from pipeline.warc.limits import LINES_MOST
from pipeline.warc.record import RecordType
from pipeline.warc.stream import Stream

_DIGITS_MOST = 18  # a block of an exabyte is a lie, and int() of a long text is slow


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """A record as it lies in the file. `block` is None if it is longer than was to be kept.

    `head` is its header as it lies there, with the blank line.
    `names` are those of the fields in lower case, `values` has the first value of each by it.

    `digests` are of the block, `payload_digests` of the payload, by algorithm: SHA-256 always, and
    those that the header names and we know. `coded_digests` are of an HTTP body in its transfer
    coding, if it has one. `uncertain` says that the coding could not be taken off as a whole.
    """

    offset: int
    length: int
    type: RecordType
    version: str
    head: bytes = field(repr=False)
    fields: Fields
    names: tuple[str, ...] = field(repr=False)
    values: dict[str, str] = field(repr=False)
    size: int
    block: bytes | None = field(repr=False)
    digests: dict[str, bytes]
    payload_digests: dict[str, bytes]
    coded_digests: dict[str, bytes]
    uncertain: bool
    damages: tuple[Damage, ...]

    @property
    def sha256(self) -> Sha256:
        """The SHA-256 of the block."""
        return Sha256(self.digests["sha256"])

    @property
    def record_id(self) -> str:
        """The record's id without its angle brackets, "" if it has none."""
        return self.values.get("warc-record-id", "").removeprefix("<").removesuffix(">")

    @property
    def target_uri(self) -> str | None:
        """The target URI; WARC 1.0 files may have it in angle brackets (clause 4, the note)."""
        uri = self.values.get("warc-target-uri")
        if uri and uri[0] == "<" and uri[-1] == ">":
            return uri[1:-1]
        return uri

    def word(self, name: str) -> str | None:
        """Give the first value of a field, None if it is not there."""
        return self.values.get(name.lower())

    def broken(self, rule: Rule, message: str) -> Damage:
        """Say that this record breaks a rule."""
        record_id = self.record_id or None
        return Damage(rule=rule, offset=self.offset, message=message, record_id=record_id)


def scan_record(stream: Stream, offset: int, *, keep: int) -> Scanned:
    """Read one record. Raises DamagedRecordError where its end cannot be known or is not there.

    `length` is what was taken from the stream; whoever knows of a gzip member puts its length.
    """
    start = stream.position
    head = stream.header()
    if head is None:
        raise _damaged(HEADER_SIZE, offset, "the record header is longer than 64 KiB")
    if head.count(b"\n") > LINES_MOST:
        raise _damaged(HEADER_SIZE, offset, f"the record header has over {LINES_MOST} lines")
    if not head.endswith((b"\n\n", b"\n\r\n")):
        rule = TRUNCATED if head.startswith(b"WARC/"[: len(head)]) else VERSION
        raise _damaged(rule, offset, f"a record header does not end: {head[:40]!r}")
    if head[:5].upper() != b"WARC/":
        raise _damaged(VERSION, offset, f"no record begins here: {head[:40]!r}")
    version, fields, damages = parse_header(head, offset)
    size = _content_length(fields, offset)
    tally = Tally(fields, keep=keep >= size)
    for piece in stream.pieces(size):
        tally.add(piece)
    if tally.size < size:
        raise _damaged(
            LENGTH, offset, f"Content-Length is {size}, the block has {tally.size} bytes"
        )
    _check_end(stream, offset)
    values = by_name(fields)
    return Scanned(
        offset=offset,
        length=stream.position - start,
        type=RecordType.of(values.get("warc-type", "")),
        version=version,
        head=head,
        fields=fields,
        names=tuple(name.lower() for name, _ in fields),
        values=values,
        size=size,
        block=tally.block(),
        digests=tally.digests(),
        payload_digests=tally.payload.digests() if tally.payload else tally.digests(),
        coded_digests=tally.payload.coded() if tally.payload else {},
        uncertain=tally.payload is not None and tally.payload.uncertain,
        damages=damages,
    )


def member_ends(stream: Stream, offset: int) -> bool:
    """Tell whether a gzip member ends here, having made its checks, or holds another record.

    Raises DamagedRecordError if it holds anything else, or fails its checks.
    """
    if stream.at_end():
        return True
    if stream.starts_with(b"WARC/"):
        return False
    raise _damaged(LENGTH, offset, "the block is longer than Content-Length says")


def _content_length(fields: Fields, offset: int) -> int:
    values = every(fields, "Content-Length")
    if not values:
        raise _damaged(LENGTH, offset, "there is no Content-Length")
    text = values[0]
    plain = text.isascii() and text.isdigit() and len(text) <= _DIGITS_MOST
    if not plain or set(values) != {text}:
        raise _damaged(
            LENGTH, offset, f"Content-Length is not one number: {', '.join(values)!r:.60}"
        )
    return int(text)


def _check_end(stream: Stream, offset: int) -> None:
    end = stream.take(4)
    if end == b"\r\n\r\n":
        return
    rule = TRUNCATED if b"\r\n\r\n".startswith(end) else RECORD_END
    raise _damaged(rule, offset, f"the block is followed by {end!r}, not by two CRLF")


def _damaged(rule: Rule, offset: int, message: str) -> DamagedRecordError:
    return DamagedRecordError(Damage(rule=rule, offset=offset, message=message))


class Tally:
    """What is computed of a block while it streams by."""

    def __init__(self, fields: Fields, *, keep: bool) -> None:
        self._pieces: list[bytes] | None = [] if keep else None
        self._hashes = hashes_for(every(fields, "WARC-Block-Digest"))
        declared = every(fields, "WARC-Payload-Digest")
        http = (first(fields, "Content-Type") or "").lower().startswith(HTTP)
        self.payload = Payload(partial(hashes_for, declared)) if http else None
        if not http:  # the payload is the block
            self._hashes |= hashes_for(declared)
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Take the next bytes of the block."""
        self.size += len(piece)
        for hasher in self._hashes.values():
            hasher.update(piece)
        if self.payload is not None:
            self.payload.add(piece)
        if self._pieces is not None:
            self._pieces.append(piece)

    def block(self) -> bytes | None:
        """Give the block, if it was to be kept."""
        return None if self._pieces is None else b"".join(self._pieces)

    def digests(self) -> dict[str, bytes]:
        """Give the digests of the block, by algorithm."""
        return {name: hasher.digest() for name, hasher in self._hashes.items()}


def hashes_for(declared: Iterable[str]) -> "dict[str, hashlib._Hash]":
    """Give a fresh hash for SHA-256 and for each known algorithm that these digests name."""
    names = {"sha256", *(name for name in map(algorithm_of, declared) if name in ALGORITHMS)}
    return {name: hashlib.new(name, usedforsecurity=False) for name in sorted(names)}
