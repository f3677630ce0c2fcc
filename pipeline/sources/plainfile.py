"""Opening files that somebody else laid out: regular files only, no link followed, no waiting."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

# O_NONBLOCK: opening a named pipe would otherwise wait for a writer for ever.
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

CHUNK = 1 << 16


class NotPlainError(OSError):
    """The path is something else than a regular file, or larger than allowed."""


@contextmanager
def open_plain(path: Path) -> Iterator[BinaryIO]:
    """Open a regular file for reading. Raises OSError, NotPlainError for links and devices."""
    with os.fdopen(os.open(path, _FLAGS), "rb", buffering=0) as raw:
        if not stat.S_ISREG(os.fstat(raw.fileno()).st_mode):
            raise NotPlainError(f"{path} is not a regular file")
        yield raw


def read_small(path: Path, most: int) -> bytes:
    """Read a regular file of at most `most` bytes. Raises OSError, NotPlainError if larger."""
    with open_plain(path) as raw:
        size = min(os.fstat(raw.fileno()).st_size, most)
        data: bytes = raw.read(size + 1)  # most often all of it, and no copy
        more = bytearray()
        while len(data) + len(more) <= most and (block := raw.read(CHUNK)):
            more += block
        if len(data) + len(more) > most:
            raise NotPlainError(f"{path} is larger than {most} bytes")
        return data + more if more else data
