"""Hold an archive folder: one run at a time, and nothing left of a run that came to nothing."""

import errno
import fcntl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from pipeline.errors import ArchiveError, BusyError, DiskFullError, NotWritableError
from pipeline.jobs.found_at import CATALOGUE

LOCK = ".lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make the archive folder and hold it. A folder that stays empty is taken away again.

    Raises BusyError, NotWritableError, DiskFullError or ArchiveError.
    """
    with ExitStack() as on_exit:
        try:
            made = [path for path in (folder, *folder.parents) if not path.exists()]
            folder.mkdir(parents=True, exist_ok=True)
            before = frozenset(folder.iterdir())
            on_exit.callback(_remove_if_unused, folder, before, made)
            handle = on_exit.enter_context((folder / LOCK).open("ab"))
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileExistsError as error:
            raise ArchiveError(str(folder), "is not a folder") from error
        except BlockingIOError as error:
            raise BusyError(str(folder)) from error
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                raise DiskFullError(str(folder)) from error
            raise NotWritableError(str(folder), error.strerror or str(error)) from error
        yield


def _remove_if_unused(folder: Path, before: frozenset[Path], made: Sequence[Path]) -> None:
    """Take away what a run that failed had made: a lock, an empty database, empty folders."""
    new = frozenset(folder.iterdir()) - before
    if any(path.name != LOCK and not _is_empty(path) for path in new):
        return
    with suppress(OSError):  # not empty after all: another run has begun meanwhile
        for path in new:
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink(missing_ok=True)
        for path in made:
            path.rmdir()


def _is_empty(path: Path) -> bool:
    if path.name == CATALOGUE:
        return not path.stat().st_size
    return path.is_dir() and not any(path.iterdir())
