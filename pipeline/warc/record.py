"""The values of this room: a record as read, a capture as written, a file as sealed."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final

from pipeline.model import Sha256
from pipeline.warc.damage import Damage
from pipeline.warc.fields import Fields, first, words


class RecordType(Enum):
    """The record types of ISO 28500 clause 6; any other word is an `EXTENSION` of the format."""

    WARCINFO = "warcinfo"
    RESPONSE = "response"
    RESOURCE = "resource"
    REQUEST = "request"
    METADATA = "metadata"
    REVISIT = "revisit"
    CONVERSION = "conversion"
    CONTINUATION = "continuation"
    EXTENSION = "extension"

    @staticmethod
    def of(word: str) -> "RecordType":
        """Give the type that a WARC-Type value names, in any case (RFC 2616 section 2.1)."""
        return _BY_WORD.get(word.lower(), RecordType.EXTENSION)


_BY_WORD: Final = {kind.value: kind for kind in RecordType}


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record as read: its mandatory fields hold, its gzip member and its digests hold.

    `offset` and `length` are those of the gzip member (of the record in a plain file). The digests
    were computed from what was read. `payload_sha256` is None where the type has no payload in the
    block.
    """

    type: RecordType
    record_id: str
    target_uri: str | None
    date: datetime
    content_type: str | None
    headers: Fields
    offset: int
    length: int
    block_size: int
    block_sha256: Sha256
    payload_sha256: Sha256 | None
    held: bytes | None = field(repr=False)

    def said(self, name: str) -> str | None:
        """Give the first value of a field as a person reads it, None if it is not there."""
        value = first(self.headers, name)
        return None if value is None else words(value)

    @property
    def block(self) -> bytes:
        """The raw block. ValueError if `walk` passed over it for its size: use `read_record`."""
        if self.held is None:
            raise ValueError(f"{self.record_id}: a block of {self.block_size} bytes was not kept")
        return self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Where a record was written and what it holds. `file` is the name that sealing will give.

    `content_type` is None where there is no block. The payload of a revisit is that of the record
    that it refers to.
    """

    file: str
    offset: int
    length: int
    record_id: str
    type: RecordType
    target_uri: str | None
    date: datetime
    content_type: str | None
    block_sha256: Sha256
    payload_sha256: Sha256 | None
    block_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A record that holds a payload, as a revisit names it (clauses 5.9 and 5.11 to 5.13)."""

    record_id: str
    target_uri: str
    date: datetime
    payload_sha256: Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """What the records of a file could be held against.

    `payloads` is how many have a digest of their bytes that was computed again, `unvouched` how
    many have a payload and no digest that can be checked, `revisits` how many refer to another
    record, `dangling` how many of those refer to none in the file that could be compared.
    """

    payloads: int = 0
    unvouched: int = 0
    revisits: int = 0
    dangling: int = 0

    def __add__(self, other: "Proved") -> "Proved":
        return Proved(
            payloads=self.payloads + other.payloads,
            unvouched=self.unvouched + other.unvouched,
            revisits=self.revisits + other.revisits,
            dangling=self.dangling + other.dangling,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFile:
    """A finished WARC file: checked, durable, named, never to change.

    `order_sha256` is over the record ids in order, each followed by LF. `stream_sha256` is over the
    uncompressed records, and so the same whatever zlib compressed them. `damages` are those that
    could be borne: none of severity error. `proved` says what its records could be held against.
    """

    name: str
    size: int
    sha256: Sha256
    records: int
    order_sha256: Sha256
    stream_sha256: Sha256
    damages: tuple[Damage, ...] = ()
    proved: Proved = Proved()
