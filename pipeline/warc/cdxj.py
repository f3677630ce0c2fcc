"""CDXJ: a line for each capture in a WARC file, sorted, so that a URL is found without reading all.

The format is that of specs.webrecorder.net/cdxj/0.1.0, the values are written as pywb's and
cdxj-indexer's (numbers as text, keys in their order), so that whoever reads theirs reads ours.
"""

import json
import re
from dataclasses import dataclass
from typing import Final

from pipeline.warc.fields import first
from pipeline.warc.http import HTTP
from pipeline.warc.record import Record, RecordType
from pipeline.warc.surt import searchable

REVISIT: Final = "warc/revisit"
UNKNOWN: Final = "unk"
"""What pywb writes where a response does not say its media type; the field shall be there."""

_CAPTURES: Final = frozenset({RecordType.RESPONSE, RecordType.REVISIT})
_UNLESS_FIELDS: Final = frozenset({RecordType.RESOURCE, RecordType.METADATA})
_FIELDS: Final = "application/warc-fields"
_ESSENCE: Final = re.compile(r"[;\s]")
_STATUS: Final = re.compile(rb"HTTP/[0-9](?:\.[0-9])?[ \t]+([0-9]{3})")
_CONTENT_TYPE: Final = re.compile(
    rb"^content-type[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line. `status` is None where there was no HTTP, `record_digest` where nobody made it."""

    key: str
    timestamp: str
    url: str
    mime: str
    status: str | None
    digest: str
    length: int
    offset: int
    filename: str
    record_digest: str | None = None

    def line(self) -> bytes:
        """Write the line, with its LF."""
        said = {
            "url": self.url,
            "mime": self.mime,
            "status": self.status,
            "digest": self.digest,
            "length": str(self.length),
            "offset": str(self.offset),
            "filename": self.filename,
            "recordDigest": self.record_digest,
        }
        block = json.dumps({name: value for name, value in said.items() if value is not None})
        return f"{self.key} {self.timestamp} {block}\n".encode()


def is_indexed(record: Record) -> bool:
    """Tell whether a record has a line: captures, and what else is found by its URL alone.

    So metadata has one, such as a commit under its SWHID, unless it is fields about another record.
    """
    if record.target_uri is None:
        return False
    if record.type in _UNLESS_FIELDS:
        return _essence(record.content_type or "").lower() != _FIELDS
    return record.type in _CAPTURES


def entry_of(record: Record, filename: str, head: bytes, record_digest: str | None) -> Entry:
    """Give the line of a record that has one; `head` is how its HTTP message begins, if any."""
    url = record.target_uri or ""
    return Entry(
        key=searchable(url),
        timestamp=timestamp(record),
        url=url,
        mime=_mime(record, head),
        status=status_of(head),
        digest=_digest(record),
        length=record.length,
        offset=record.offset,
        filename=filename,
        record_digest=record_digest,
    )


def timestamp(record: Record) -> str:
    """Give the moment of a capture in fourteen digits."""
    return f"{record.date:%Y%m%d%H%M%S}".rjust(14, "0")


def status_of(head: bytes) -> str | None:
    """Give the status of an HTTP response."""
    found = _STATUS.match(head)
    return found[1].decode() if found else None


def _mime(record: Record, head: bytes) -> str:
    if record.type is RecordType.REVISIT:
        return REVISIT
    said = record.content_type or ""
    if said.lower().startswith(HTTP):
        found = _CONTENT_TYPE.search(head)
        said = found[1].decode("utf-8", "replace") if found else ""
    return _essence(said) or UNKNOWN


def _essence(media_type: str) -> str:
    return _ESSENCE.split(media_type.strip(), maxsplit=1)[0]


def _digest(record: Record) -> str:
    """Give what the record says of its payload, of its block where it can have no payload."""
    for name in ("WARC-Payload-Digest", "WARC-Block-Digest"):
        said = first(record.headers, name)
        if said is not None and (name != "WARC-Block-Digest" or record.payload_sha256 is None):
            return said
    return str(record.payload_sha256 or record.block_sha256)
