"""Sort more lines than memory holds: in portions, each in a file without a name, then merged."""

import heapq
from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import BinaryIO, Final

ROOM: Final = 1 << 24
"""Bytes of lines that are held at a time: 16 MiB, and as much again for Python's own."""

_EACH: Final = 64  # what Python adds to each line


class Sorter:
    """Takes lines in any order, gives them sorted by their bytes. A line ends with LF."""

    def __init__(self, room: int = ROOM) -> None:
        self._room, self._held = room, 0
        self._lines: list[bytes] = []
        self._portions: list[BinaryIO] = []
        self._stack = ExitStack()

    def add(self, line: bytes) -> None:
        """Take the next line."""
        self._lines.append(line)
        self._held += len(line) + _EACH
        if self._held > self._room:
            self._put_aside()

    def lines(self) -> Iterator[bytes]:
        """Give all lines in order; they can be asked for once."""
        self._lines.sort()
        with self._stack:
            for portion in self._portions:
                portion.seek(0)
            yield from heapq.merge(*self._portions, self._lines)

    def _put_aside(self) -> None:
        self._lines.sort()
        portion = self._stack.enter_context(TemporaryFile())  # noqa: SIM115 - the stack does
        portion.writelines(self._lines)
        self._portions.append(portion)
        self._lines, self._held = [], 0
