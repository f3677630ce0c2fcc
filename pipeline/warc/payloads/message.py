"""The message in a record: status, the header fields that matter, the body without its codings."""

import re
from dataclasses import dataclass
from typing import Final

from pipeline.warc.chunked import Chunks
from pipeline.warc.http import HTTP, head_of
from pipeline.warc.payloads.coding import decode

_STATUS: Final = re.compile(rb"HTTP/[0-9.]{1,5}[ \t]+([0-9]{3})(?:\s|\Z)", re.IGNORECASE)
_CHARSET: Final = re.compile(
    r";[ \t]*charset[ \t]*=[ \t]*(?:\"([^\"]*)\"|([^;\s]*))", re.IGNORECASE
)
_MEDIA: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as far as it could be read. `entity` is the body without its transfer coding alone.

    `coded` and `why` tell of a coding that could not be taken off, `early` of one that ends early.
    """

    status: int | None
    media_type: str
    charset: str
    entity: bytes
    body: bytes
    coded: str = ""
    why: str = ""
    early: bool = False


class NoMessageError(Exception):
    """There is no HTTP header."""


def read_message(block: bytes, content_type: str | None) -> Message:
    """Take a block apart, HTTP or bare. Raises NoMessageError where HTTP has no header."""
    if not (content_type or "").lower().startswith(HTTP):
        media_type, charset = media_of(content_type or "")
        return Message(
            status=None, media_type=media_type, charset=charset, entity=block, body=block
        )
    head = head_of(block)
    if head is None:
        raise NoMessageError
    fields = fields_of(head)
    entity, early, why = _entity(block[len(head) :], fields.get("transfer-encoding", ""))
    media_type, charset = media_of(fields.get("content-type", ""))
    if why:
        return Message(
            status=status_of(head), media_type=media_type, charset=charset, entity=entity,
            body=entity, coded=fields.get("transfer-encoding", "")[:80], why=why,
        )  # fmt: skip
    decoded = decode(entity, fields.get("content-encoding", ""))
    return Message(
        status=status_of(head),
        media_type=media_type,
        charset=charset,
        entity=entity,
        body=decoded.data,
        coded=decoded.left,
        why=decoded.why,
        early=early or decoded.cut,
    )


def status_of(head: bytes) -> int | None:
    """Give the status of an HTTP header, None where its first line has none."""
    found = _STATUS.match(head)
    return int(found[1]) if found else None


def fields_of(head: bytes) -> dict[str, str]:
    """Give the first value of each field by its name in lower case; codings joined by commas."""
    fields: dict[str, str] = {}
    for line in head.decode("latin-1").split("\n")[1:]:
        name, colon, value = line.rstrip("\r").partition(":")
        name, value = name.strip().lower(), value.strip()
        if not colon or not name:
            continue
        if name in fields and name.endswith("-encoding"):
            fields[name] += f", {value}"
        fields.setdefault(name, value)
    return fields


def media_of(value: str) -> tuple[str, str]:
    """Read a Content-Type: media type and charset, in lower case; "" for what is not one."""
    found = _MEDIA.match(value[:_LONGEST].strip())
    charset = _CHARSET.search(value[:_LONGEST])
    said = (charset[1] or charset[2] or "") if charset else ""
    return (found[0].lower() if found else ""), said.strip().lower()


def _entity(body: bytes, coding: str) -> tuple[bytes, bool, str]:
    """Take off the transfer coding; many recorders did, and kept the header that names it."""
    names = [each.strip().lower() for each in coding.split(",") if each.strip()]
    if not names or names == ["identity"]:
        return body, False, ""
    if names != ["chunked"]:
        return body, False, "it is not one that we know"
    chunks = Chunks()
    data = chunks.add(body)
    if chunks.complete:
        return data, False, ""
    return (data, True, "") if data else (body, False, "")
