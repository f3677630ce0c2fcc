"""The index of one WARC file: sorted lines on the disk, found by halving, never held in memory."""

import json
import mmap
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from pipeline.warc.cdxj import Entry

NEAR: Final = 2_000
"""Lines of one URL that are looked at on each side of a moment."""


class Index:
    """The lines of a file that were sorted by their bytes. It stays open until it is closed."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        size = self._file.seek(0, 2)
        self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if size else None

    def close(self) -> None:
        """Let go of the file."""
        if self._map is not None:
            with suppress(BufferError):
                self._map.close()
        self._file.close()

    def near(self, key: str, timestamp: str, most: int = NEAR) -> Iterator[Entry]:
        """Give the lines of a URL's key around a moment: some before, some from it on."""
        lines, prefix = self._map, f"{key} ".encode()
        if lines is None:
            return
        middle = _first(lines, prefix + timestamp.encode())
        yield from _forward(lines, middle, prefix, most)
        yield from _backward(lines, middle, prefix, most)

    def from_the_first(self, key: str, most: int) -> Iterator[Entry]:
        """Give the lines of a URL's key, the earliest first."""
        prefix = f"{key} ".encode()
        if self._map is not None:
            yield from _forward(self._map, _first(self._map, prefix), prefix, most)


def _first(lines: mmap.mmap, wanted: bytes) -> int:
    """Give where the first line begins that is not before `wanted`."""
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high) // 2
        begin = lines.rfind(b"\n", low, middle) + 1 or low
        if lines[begin : begin + len(wanted)] < wanted:
            end = lines.find(b"\n", begin)
            low = len(lines) if end < 0 else end + 1
        else:
            high = begin
    return low


def _forward(lines: mmap.mmap, at: int, prefix: bytes, most: int) -> Iterator[Entry]:
    for _ in range(most):
        end = lines.find(b"\n", at)
        if end < 0 or lines[at : at + len(prefix)] != prefix:
            return
        yield entry(lines[at:end])
        at = end + 1


def _backward(lines: mmap.mmap, at: int, prefix: bytes, most: int) -> Iterator[Entry]:
    for _ in range(most):
        if not at:
            return
        begin = lines.rfind(b"\n", 0, at - 1) + 1
        if lines[begin : begin + len(prefix)] != prefix:
            return
        yield entry(lines[begin : at - 1])
        at = begin


def entry(line: bytes) -> Entry:
    """Read a line that this software wrote."""
    key, timestamp, block = line.decode("utf-8").split(" ", 2)
    said = json.loads(block)
    return Entry(
        key=key,
        timestamp=timestamp,
        url=said["url"],
        mime=said["mime"],
        status=said.get("status"),
        digest=said["digest"],
        length=int(said["length"]),
        offset=int(said["offset"]),
        filename=said["filename"],
    )
