"""The body of a response as far as links are looked for in it: codings taken off, bounded."""

import re
import zlib
from typing import Final

from pipeline.sources.crawl.message import field_of, fields_of
from pipeline.warc.chunked import Chunks
from pipeline.warc.http import head_of

BODY_MOST: Final = 64 * 1024 * 1024
"""Bytes of a body, without its codings, that are looked at."""

_CODINGS_MOST: Final = 3
_GZIP: Final = frozenset({"gzip", "x-gzip"})
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
_MAGIC: Final = b"\x1f\x8b"
_AUTOMATIC: Final = zlib.MAX_WBITS | 32


def body_of(response: bytes, *, unzip: bool = False) -> bytes | None:
    """Give the body without its codings; None where there is one that we do not know.

    `unzip` takes gzip off what is a gzip file by itself, as sitemaps are.
    """
    head = head_of(response)
    if head is None:
        return None
    body = response[len(head) :]
    if "chunked" in ",".join(fields_of(response, "Transfer-Encoding")).lower():
        body = Chunks().add(body)
    said = ",".join(fields_of(response, "Content-Encoding")).lower().split(",")
    codings = [coding.strip() for coding in said if coding.strip() not in {"", "identity"}]
    if len(codings) > _CODINGS_MOST:
        return None
    for coding in reversed(codings):
        if coding not in _GZIP and coding != "deflate":
            return None
        body = _inflated(body, raw=coding == "deflate")
    return _inflated(body) if unzip and body.startswith(_MAGIC) else body


def media_type_of(response: bytes) -> str:
    """Give the media type that the header says, in lower case and without parameters."""
    return field_of(response, "Content-Type").partition(";")[0].strip().lower()


def charset_of(response: bytes) -> str | None:
    """Give the charset that the header says."""
    found = _CHARSET.search(field_of(response, "Content-Type"))
    return found[1] if found else None


def _inflated(data: bytes, *, raw: bool = False) -> bytes:
    """Inflate as far as there is sense in it, and no further than the bound."""
    found = _attempt(data, _AUTOMATIC)
    return _attempt(data, -zlib.MAX_WBITS) if raw and not found else found


def _attempt(data: bytes, window: int) -> bytes:
    pieces: list[bytes] = []
    left = BODY_MOST
    while data and left > 0:  # gzip may have several members (RFC 1952, section 2.2)
        inflate = zlib.decompressobj(window)
        try:
            piece = inflate.decompress(data, left)
        except zlib.error:
            break
        pieces.append(piece)
        left -= len(piece)
        data = inflate.unused_data if inflate.eof else b""
    return b"".join(pieces)
