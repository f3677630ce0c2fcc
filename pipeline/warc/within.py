"""A stretch of a file, read as if it were a file by itself: a WARC file in a package."""

import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

_BUFFER: Final = io.DEFAULT_BUFFER_SIZE


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """The bytes from `offset` of the file at `path`; `name` is what the stretch is called.

    With `held` they are those of that file, which has no name of its own and stays open.
    """

    path: Path
    name: str
    offset: int
    length: int
    held: BinaryIO | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.path}/{self.name}"

    def open(self, mode: str = "rb", buffering: int = _BUFFER) -> io.BufferedReader:
        """Open the stretch for reading, as `Path.open` does. Raises OSError."""
        if mode != "rb":
            raise io.UnsupportedOperation(mode)
        if self.held is not None:
            return io.BufferedReader(_Stretch(self.held, self.offset, self.length), buffering)
        raw = self.path.open("rb", buffering=0)
        return io.BufferedReader(_Stretch(raw, self.offset, self.length, owns=True), buffering)


Readable = Path | Within
"""What a WARC file can be read from."""


class _Stretch(io.RawIOBase):
    def __init__(
        self, file: BinaryIO | io.RawIOBase, start: int, length: int, *, owns: bool = False
    ) -> None:
        super().__init__()
        self._file, self._start, self._length, self._owns = file, start, length, owns
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        room = min(len(buffer), max(0, self._length - self._at))
        self._file.seek(self._start + self._at)
        data = self._file.read(room) or b""
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        if self._owns and not self.closed:
            self._file.close()
        super().close()
