"""The payload of an `application/http` block: its entity-body (ISO 28500 clauses 5.9, 6.3.2)."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from pipeline.warc.chunked import Chunks
from pipeline.warc.limits import HEADER_MOST

if TYPE_CHECKING:
    import hashlib

Hashes = dict[str, "hashlib._Hash"]  # noqa: SLF001 - the type that `hashlib.new` gives

HTTP: Final = "application/http"
"""How the media type of a block begins that is an HTTP message."""

_BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n")
_CODED: Final = re.compile(
    rb"^transfer-encoding[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE
)
_CHUNKED: Final = re.compile(rb"chunked[ \t]*", re.IGNORECASE)
_MENTIONED: Final = re.compile(rb"chunked", re.IGNORECASE)


def head_of(message: bytes) -> bytes | None:
    """Give the header of an HTTP message with its blank line, None if it does not end."""
    found = _BLANK_LINE.search(message)
    return message[: found.end()] if found else None


class Payload:
    """Digests what follows the HTTP header, as it lies there and without its transfer coding.

    `fresh` gives hashes that nothing was put into. `uncertain` says that there is a transfer coding
    that could not be taken off as a whole, so that nobody can say what the entity-body is.
    """

    def __init__(self, fresh: Callable[[], Hashes]) -> None:
        self._fresh, self._hashes = fresh, fresh()
        self._head: bytes | None = b""
        self._chunks: Chunks | None = None
        self._decoded: Hashes = {}
        self._odd = False

    @property
    def uncertain(self) -> bool:
        """Whether the entity-body is not known for certain."""
        return self._odd or (self._chunks is not None and not self._chunks.complete)

    def add(self, piece: bytes) -> None:
        """Take the next bytes of the block."""
        if self._head is None:
            self._update(piece)
            return
        self._head += piece
        found = _BLANK_LINE.search(self._head)
        if found:
            self._look_at(self._head[: found.start()])
            self._update(self._head[found.end() :])
            self._head = None
        elif len(self._head) > HEADER_MOST:  # no HTTP header: the payload is unknown, bound it
            self._update(self._head)
            self._head = None

    def _look_at(self, head: bytes) -> None:
        codings = _CODED.findall(head)
        if len(codings) == 1 and _CHUNKED.fullmatch(codings[0]):
            self._chunks, self._decoded = Chunks(), self._fresh()
        else:
            self._odd = any(map(_MENTIONED.search, codings))

    def _update(self, data: bytes) -> None:
        for hasher in self._hashes.values():
            hasher.update(data)
        if self._chunks is not None:
            decoded = self._chunks.add(data)
            for hasher in self._decoded.values():
                hasher.update(decoded)

    def digests(self) -> dict[str, bytes]:
        """Give the digests of the entity-body, by algorithm; of what was decoded of it."""
        return _taken(self._decoded or self._hashes)

    def coded(self) -> dict[str, bytes]:
        """Give the digests of the body in its transfer coding; none where it has no such coding."""
        return _taken(self._hashes) if self._decoded else {}


def _taken(hashes: Hashes) -> dict[str, bytes]:
    return {name: hasher.digest() for name, hasher in hashes.items()}
