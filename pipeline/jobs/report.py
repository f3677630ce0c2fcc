"""Write a comparison as a page that can be handed on."""

import os
from contextlib import suppress
from pathlib import Path

from pipeline.errors import NotWritableError
from pipeline.history.comparison.values import Comparison
from pipeline.report.page import comparison_page
from pipeline.warc.durable import open_path, storing, sync_folder

MARK = b'<meta name="generator" content="jekyll-archive '
HEAD = 4096  # bytes in which the mark stands


def write_page(comparison: Comparison, path: Path) -> None:
    """Write the page whole or not at all; only an earlier report of ours is replaced.

    Raises NotWritableError, DiskFullError.
    """
    refuse_foreign(path)
    data = comparison_page(comparison).encode("utf-8", "replace")
    written = open_path(path)
    with storing(path):
        try:
            with written.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            written.replace(path)
            sync_folder(path.parent)
        except FileExistsError as error:
            raise NotWritableError(str(written), "left by an earlier try; remove it") from error
        except OSError:
            with suppress(FileNotFoundError):
                written.unlink()
            raise


def refuse_foreign(path: Path) -> None:
    """Raise NotWritableError where something is that we did not write."""
    with storing(path):
        if not path.parent.is_dir():
            raise NotWritableError(str(path), "its folder does not exist")
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise NotWritableError(str(path), "it is there and is no file; name another")
        if path.exists():
            with path.open("rb") as file:
                ours = MARK in file.read(HEAD)
            if not ours:
                raise NotWritableError(str(path), "it is no report of ours; name another file")
