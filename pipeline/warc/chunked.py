"""The chunked transfer coding (RFC 2616 section 3.6.1, RFC 9112 section 7.1) taken off a body.

The payload of an HTTP message is its entity-body (ISO 28500 clause 5.9): what is left when the
transfer coding is taken off. A content coding such as gzip is part of the entity and stays.
"""

import re
from enum import Enum, auto
from typing import Final

_LINE_MOST: Final = 1 << 13
"""The longest line of a size or a trailer."""

_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?")


class _State(Enum):
    SIZE = auto()
    DATA = auto()
    DATA_END = auto()
    TRAILER = auto()
    DONE = auto()
    WRONG = auto()


class Chunks:
    """Takes the coded bytes piece by piece and gives the decoded ones."""

    def __init__(self) -> None:
        self._state = _State.SIZE
        self._line = b""
        self._left = 0

    @property
    def complete(self) -> bool:
        """Whether the coding was whole, and nothing followed it."""
        return self._state is _State.DONE

    def add(self, piece: bytes) -> bytes:
        """Decode the next bytes; none after a mistake."""
        decoded = []
        at = 0  # not sliced off: many small chunks would copy the rest of the piece for each
        while at < len(piece) and self._state is not _State.WRONG:
            if self._state is _State.DATA:
                decoded.append(piece[at : at + self._left])
                at += len(decoded[-1])
                self._left -= len(decoded[-1])
                if not self._left:
                    self._state = _State.DATA_END
            else:
                at = self._take_line(piece, at)
        return b"".join(decoded)

    def _take_line(self, piece: bytes, at: int) -> int:
        """Take a line, or the part of it that is there; give where it ends."""
        found = piece.find(b"\n", at)
        end = len(piece) if found < 0 else found
        self._line += piece[at : min(end, at + _LINE_MOST + 1)]
        if len(self._line) > _LINE_MOST:
            self._state = _State.WRONG
        elif found >= 0:
            line, self._line = self._line, b""
            self._state = self._after(line)
        elif self._state is _State.DONE or not self._may_go_on():
            self._state = _State.WRONG
        return end + 1

    def _may_go_on(self) -> bool:
        return self._state is not _State.DATA_END or self._line == b"\r"

    def _after(self, line: bytes) -> _State:
        if self._state is _State.SIZE:
            size = _SIZE.fullmatch(line)
            if size is None:
                return _State.WRONG
            self._left = int(size[1], 16)
            return _State.DATA if self._left else _State.TRAILER
        bare = line[:-1] if line.endswith(b"\r") else line
        if self._state is _State.TRAILER:
            return _State.TRAILER if bare else _State.DONE
        return _State.SIZE if self._state is _State.DATA_END and not bare else _State.WRONG
