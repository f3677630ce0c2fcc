"""What a capture says: status, header and body taken out of its record, which has been proved."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from pipeline.model import Sha256
from pipeline.warc.cdxj import Entry, status_of
from pipeline.warc.chunked import Chunks
from pipeline.warc.digest import parse_digest
from pipeline.warc.http import HTTP, head_of
from pipeline.warc.payloads.coding import decode
from pipeline.warc.record import Record, RecordType

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A capture as it can be shown. `body` is its payload, without a transfer coding.

    `declared` is the digest that the record gives of its payload and that was computed again, ""
    where it gives none that we know. `original` is the record with the bytes, of a revisit.
    """

    entry: Entry
    type: RecordType
    record_id: str
    date: datetime
    status: int | None
    headers: Headers
    body: bytes
    declared: str
    original: Entry | None = None
    truncated: str = ""

    @property
    def sha256(self) -> Sha256:
        """The SHA-256 of the payload."""
        return Sha256.of(self.body)

    def said(self, name: str) -> str:
        """Give the first value of a header field, "" if it is not there."""
        lower = name.lower()
        return next((value for key, value in self.headers if key.lower() == lower), "")

    @property
    def codings(self) -> str:
        """What all its fields say of its content coding, in the order in which it was put on."""
        said = (value for key, value in self.headers if key.lower() == "content-encoding")
        return ", ".join(value for value in said if value)

    @property
    def media_type(self) -> str:
        """The media type without its parameters, in lower case."""
        return self.said("Content-Type").partition(";")[0].strip().lower()

    def decoded(self) -> bytes | None:
        """Give the body without its content coding; None where it cannot be taken off."""
        found = decode(self.body, self.codings)
        return None if found.left or found.cut else found.data


def message_of(record: Record, entry: Entry) -> Message:
    """Take a record apart that holds a payload."""
    head, body = b"", record.block
    is_http = (record.content_type or "").lower().startswith(HTTP)
    if is_http:
        head = head_of(record.block) or b""
        body = record.block[len(head) :]
    headers = parse_head(head)
    if not is_http and record.content_type:
        headers = (("Content-Type", record.content_type),)
    status = status_of(head)
    return Message(
        entry=entry,
        type=record.type,
        record_id=record.record_id,
        date=record.date,
        status=int(status) if status else None,
        headers=headers,
        body=_without_coding(headers, body),
        declared=_declared(record),
        truncated=record.said("WARC-Truncated") or "",
    )


def parse_head(head: bytes) -> Headers:
    """Read the header of an HTTP message as far as it is one."""
    fields: list[tuple[str, str]] = []
    for line in head.decode("latin-1").split("\n")[1:]:
        name, colon, value = line.rstrip("\r").partition(":")
        if colon and name.strip() and not name[0].isspace():
            fields.append((name.strip(), value.strip()))
        elif fields and name[:1].isspace() and line.strip():
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}")
    return tuple(fields)


def agrees(message: Message, digest: str) -> bool:
    """Tell whether a payload has this digest; what cannot be computed does not count."""
    try:
        said = parse_digest(digest)
    except ValueError:
        return False
    return hashlib.new(said.algorithm, message.body, usedforsecurity=False).digest() == said.raw


def _declared(record: Record) -> str:
    """Give the digest of the payload that reading the record held it to."""
    for name in ("WARC-Payload-Digest", "WARC-Block-Digest"):
        said = record.said(name)
        if said is not None:
            try:
                parse_digest(said)
            except ValueError:
                continue
            return said
    return ""


def _without_coding(headers: Headers, body: bytes) -> bytes:
    codings = [value for name, value in headers if name.lower() == "transfer-encoding"]
    if [each.strip().lower() for each in codings] != ["chunked"]:
        return body
    chunks = Chunks()
    decoded = chunks.add(body)
    return decoded if chunks.complete else body  # as the payload digest has it
