"""The payload of an `application/http` block: its entity body (ISO 28500 clause 6.3.2)."""

import re
from typing import TYPE_CHECKING, Final

from pipeline.warc.limits import HEADER_MOST

if TYPE_CHECKING:
    import hashlib

HTTP: Final = "application/http"
"""How the media type of a block begins that is an HTTP message."""

_BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n")
_CHUNKED: Final = re.compile(
    rb"^transfer-encoding[ \t]*:[^\r\n]*chunked", re.IGNORECASE | re.MULTILINE
)


class Payload:
    """Digests what follows the HTTP header; `chunked` says that it is in a transfer coding."""

    def __init__(self, hashes: "dict[str, hashlib._Hash]") -> None:
        self._hashes = hashes
        self._head: bytes | None = b""
        self.chunked = False

    def add(self, piece: bytes) -> None:
        """Take the next bytes of the block."""
        if self._head is None:
            self._update(piece)
            return
        self._head += piece
        found = _BLANK_LINE.search(self._head)
        if found:
            self.chunked = _CHUNKED.search(self._head, 0, found.start()) is not None
            self._update(self._head[found.end() :])
            self._head = None
        elif len(self._head) > HEADER_MOST:  # no HTTP header: the payload is unknown, bound it
            self._update(self._head)
            self._head = None

    def _update(self, data: bytes) -> None:
        for hasher in self._hashes.values():
            hasher.update(data)

    def digests(self) -> dict[str, bytes]:
        """Give the digests of the payload so far, by algorithm."""
        return {name: hasher.digest() for name, hasher in self._hashes.items()}
