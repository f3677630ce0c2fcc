"""The values of this room: a payload, and where it lies."""

from dataclasses import dataclass, field
from datetime import datetime

from pipeline.model import Sha256
from pipeline.warc.record import RecordType


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A record in a file: where its gzip member begins (its header, in a plain file), how long."""

    file: str
    offset: int
    length: int
    record_id: str

    def __str__(self) -> str:
        return f"{self.file}:byte {self.offset}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """What one record says that its URL gave at a moment.

    `date` is the record's own WARC-Date. `status` is None where there was no HTTP. `media_type` is
    lower case and without parameters, "" where none is said; so is `charset`. `body` is without its
    codings, but for those in `coded`, which could not be taken off. `cut` says why the body is not
    whole. `sha256` is that of the payload as it was captured, with its content coding. Of a revisit
    `original` is the record that holds the bytes.
    """

    url: str
    date: datetime
    kind: RecordType
    status: int | None
    media_type: str
    charset: str
    body: bytes = field(repr=False)
    coded: str
    cut: str
    sha256: Sha256
    spot: Spot
    original: Spot | None = None
