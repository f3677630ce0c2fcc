"""Write a folder that is there whole or not at all: `.open`, sync, rename, sync."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import ArchiveError, NotWritableError
from pipeline.warc.durable import open_path, storing, sync_folder


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to write into; at the end it gets its name, durably.

    On failure all of it is taken away. Raises NotWritableError where `folder` is not empty,
    ArchiveError where a crash left its `.open`, DiskFullError.
    """
    draft = open_path(folder)
    with storing(folder):
        if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
            raise NotWritableError(str(folder), "it is there already, and is no folder")
        if folder.is_dir() and any(folder.iterdir()):
            raise NotWritableError(str(folder), "it is not empty; name a new folder")
        if draft.exists() or draft.is_symlink():
            raise ArchiveError(str(draft), "left by an export that did not end; remove it")
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft.mkdir()
    try:
        yield draft
        with storing(folder):
            for path in (draft, *sorted(draft.rglob("*"))):
                if path.is_dir():
                    sync_folder(path)
            draft.rename(folder)  # takes the place of an empty folder, of no other
            sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def write_new(path: Path, data: bytes) -> None:
    """Write a file of a new folder to the disk. Raises NotWritableError or DiskFullError."""
    with storing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
