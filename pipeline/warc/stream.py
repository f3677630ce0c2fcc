"""Bytes read forward, cut where a record header, a block and a record end are."""

import re
from collections.abc import Callable, Iterator
from typing import Final

from pipeline.warc.limits import CHUNK, HEADER_MOST

_BLANK_LINE: Final = re.compile(rb"\n\r?\n")


class Stream:
    """A buffer over `read(size)`; `position` counts what was handed out, `tap` is shown it."""

    def __init__(self, read: Callable[[int], bytes], tap: Callable[[bytes], object]) -> None:
        self._read, self._tap = read, tap
        self._buffer = b""
        self.position = 0

    def header(self) -> bytes | None:
        """Give everything up to and with the first blank line; None if it is longer than allowed.

        At the end of the stream, what is left (without a blank line) is given.
        """
        searched = 0
        while True:
            found = _BLANK_LINE.search(self._buffer, searched)
            if found and found.end() <= HEADER_MOST:
                return self._hand_out(found.end())
            if len(self._buffer) > HEADER_MOST:
                return None
            searched = max(0, len(self._buffer) - 2)
            if not self._fill():
                return self._hand_out(len(self._buffer))

    def pieces(self, size: int) -> Iterator[bytes]:
        """Give the next `size` bytes in pieces; fewer if the stream ends before."""
        while size > 0 and (self._buffer or self._fill()):
            piece = self._hand_out(min(size, len(self._buffer)))
            size -= len(piece)
            yield piece

    def take(self, size: int) -> bytes:
        """Give the next `size` bytes, fewer if the stream ends before."""
        return b"".join(self.pieces(size))

    def at_end(self) -> bool:
        """Tell whether nothing is left. For a gzip member this makes its checks."""
        return not (self._buffer or self._fill())

    def starts_with(self, prefix: bytes) -> bool:
        """Tell whether these bytes come next, in any case, without taking them."""
        while len(self._buffer) < len(prefix) and self._fill():
            pass
        return self._buffer[: len(prefix)].upper() == prefix

    def _fill(self) -> bool:
        more = self._read(CHUNK)
        self._buffer += more
        return bool(more)

    def _hand_out(self, size: int) -> bytes:
        data, self._buffer = self._buffer[:size], self._buffer[size:]
        self.position += size
        self._tap(data)
        return data
