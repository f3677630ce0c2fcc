"""Where an archive is: its folder, its catalogue, and the lock that lets one run in at a time."""

import errno
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ArchiveError, BusyError, NotFoundError, NotWritableError, UsageError
from pipeline.sources.location import site_name
from pipeline.store.engine import sqlite_file, sqlite_url

DEFAULT_PARENT = Path("archives")
CATALOGUE = "catalogue.db"
LOCK = ".lock"
MANIFESTS, LEDGERS, RECORDS, QUARANTINE = "manifests", "ledger", "archive", "quarantine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An archive folder (None: it is not known) and the database of its catalogue."""

    folder: Path | None
    database: str
    site: str | None = None

    @property
    def archive(self) -> Path:
        """The folder. Raises UsageError where only the database is known."""
        if self.folder is None:
            raise UsageError("the bytes are in the archive folder: name it with --archive DIR")
        return self.folder


def new_place(folder: Path | None, database: str | None, name: str) -> Place:
    """Say where a run should write: by default `archives/<name>` and `catalogue.db` in it.

    The site is called like its folder, so that one archive stays one site.
    """
    where = folder or DEFAULT_PARENT / name
    site = site_name(where.resolve().name)
    return Place(folder=where, database=database or sqlite_url(where / CATALOGUE), site=site)


def find_place(
    folder: Path | None,
    database: str | None,
    site: str | None = None,
    *,
    must_exist: bool = True,
) -> Place:
    """Find what a person means; without any word, the only archive under `archives/`.

    Raises NotFoundError or ArchiveError where there is nothing, UsageError where there are several.
    """
    if folder is None and database is None:
        folder = _only_archive()
    if database is not None:
        known = sqlite_file(database)
        if folder is None and known is not None:
            folder = known.parent
        return Place(folder=folder, database=database, site=site)
    if folder is None or (must_exist and not (folder / CATALOGUE).is_file()):
        raise ArchiveError(
            str(folder), f"no {CATALOGUE} here; name the archive folder, or --db URL"
        )
    return Place(folder=folder, database=sqlite_url(folder / CATALOGUE), site=site)


def _only_archive() -> Path:
    found = sorted(path.parent for path in DEFAULT_PARENT.glob(f"*/{CATALOGUE}"))
    if not found:
        raise NotFoundError(
            "archive under", f"{DEFAULT_PARENT}/", "run `jekyll-archive run SOURCE`"
        )
    if len(found) > 1:
        names = ", ".join(str(path) for path in found)
        raise UsageError(f"which archive? choose one with --archive: {names}")
    return found[0]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make the archive folder and hold it. Raises BusyError, NotWritableError or ArchiveError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / LOCK).open("ab")
    except FileExistsError as error:
        raise ArchiveError(str(folder), "is not a folder") from error
    except OSError as error:
        raise NotWritableError(str(folder), error.strerror or str(error)) from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in {errno.EWOULDBLOCK, errno.EACCES}:
                raise BusyError(str(folder)) from error
            raise NotWritableError(str(folder), error.strerror or str(error)) from error
        yield
