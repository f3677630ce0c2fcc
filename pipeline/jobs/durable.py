"""Write the files of an archive so that none has a name before it is whole and on the disk."""

import gzip
import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import BufferedReader
from pathlib import Path

from pipeline.errors import ArchiveError
from pipeline.model import Sha256
from pipeline.warc.deflate import packing
from pipeline.warc.durable import open_path, refuse_existing, settle, storing, sync_folder

LEVEL = 4  # of a ledger: two thirds of the time of the usual 6, and 3 % larger
CHUNK = 256 * 1024
LINE_LIMIT = 32 * 1024 * 1024
"""A ledger line holds one row, of which the text of a body (2 MiB, twice, escaped) is the most."""


def make_folder(folder: Path) -> None:
    """Make a folder of the archive, durably. Raises NotWritableError or DiskFullError."""
    if not folder.is_dir():
        with storing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)


def write_sealed(path: Path, chunks: Iterable[bytes]) -> tuple[int, Sha256]:
    """Write a new file that will never change; give its size and digest. Raises StorageErrors."""
    make_folder(path.parent)
    refuse_existing(path)
    size, digest = 0, hashlib.sha256()
    try:
        with storing(path), open_path(path).open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            file.flush()
            os.fsync(file.fileno())
        settle(path)
    except BaseException:
        with suppress(OSError):
            open_path(path).unlink(missing_ok=True)
        raise
    return size, Sha256(digest.digest())


def compressed(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Compress to gzip without a time or a name in it, so that equal lines give equal bytes."""
    deflate = packing(LEVEL)
    for some in batched(lines):
        if chunk := deflate.compress(some):
            yield chunk
    yield deflate.flush()


def batched(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Give lines together, as many as make a chunk: each call of a compressor has its price."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= CHUNK:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def read_lines(path: Path) -> Iterator[bytes]:
    """Read the lines of a gzip file. Raises ArchiveError where it is damaged, or a line endless."""
    try:
        with gzip.open(path) as file, BufferedReader(file, CHUNK) as lines:
            while line := lines.readline(LINE_LIMIT):
                if len(line) == LINE_LIMIT:
                    raise ArchiveError(str(path), f"a line has more than {LINE_LIMIT} bytes")
                yield line
    except (OSError, EOFError, zlib.error) as error:
        raise ArchiveError(str(path), f"cannot be read: {error}") from error
