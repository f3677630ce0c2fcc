"""No name before a file is whole: write `.open`, fsync, check, rename, fsync the folder."""

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from pipeline.errors import ArchiveError, DiskFullError, NotWritableError

OPEN: Final = ".open"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def storing(path: Path) -> Iterator[None]:
    """Map what the system says of a file being written to DiskFullError or NotWritableError."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFullError(str(path)) from error
        raise NotWritableError(str(path), error.strerror or str(error)) from error


def open_path(path: Path) -> Path:
    """Give the name that a file has until it is settled."""
    return path.with_name(path.name + OPEN)


def refuse_existing(path: Path) -> None:
    """Raise ArchiveError if the file is there, settled or left by a crash: nothing is replaced."""
    if path.exists() or path.is_symlink():
        raise ArchiveError(str(path), "exists already, and sealed files never change")
    if open_path(path).exists() or open_path(path).is_symlink():
        raise ArchiveError(str(open_path(path)), "left by a run that did not end; recover first")


def write_durably(path: Path, data: bytes) -> None:
    """Write a small file so that it is there whole or not at all. Raises StorageErrors."""
    refuse_existing(path)
    with ExitStack() as on_failure:
        with storing(path), open_path(path).open("xb") as file:
            on_failure.callback(open_path(path).unlink, missing_ok=True)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        with storing(path):
            if open_path(path).read_bytes() != data:
                raise ArchiveError(str(path), "not sealed: the disk gives back other bytes")
        settle(path)
        on_failure.pop_all()


def settle(path: Path) -> None:
    """Give a finished and synced `.open` file its name, durably. Raises a StorageError."""
    refuse_renaming_over(path)
    with storing(path):
        open_path(path).rename(path)
        sync_folder(path.parent)


def refuse_renaming_over(path: Path) -> None:
    """Raise ArchiveError if the name was taken meanwhile."""
    if path.exists() or path.is_symlink():
        raise ArchiveError(
            str(path), "appeared while it was being written; is another run at work?"
        )


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
