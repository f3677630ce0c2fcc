"""Where an archive is: its folder, its catalogue, and the lock that lets one run in at a time."""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ArchiveError, BusyError, NotFoundError, NotWritableError, UsageError
from pipeline.sources.location import site_name
from pipeline.store.engine import public, shown, sqlite_file, sqlite_url
from pipeline.warc.durable import write_durably

DEFAULT_PARENT = Path("archives")
CATALOGUE = "catalogue.db"
ELSEWHERE = "catalogue.url"
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

    The site is called like its folder, so that one archive stays one site. Raises ArchiveError
    where the archive has another catalogue than the one that is named.
    """
    where = folder or DEFAULT_PARENT / name
    known = _catalogue_of(where)
    url = database or known or sqlite_url(where / CATALOGUE)
    if known is not None and public(url) != public(known):
        raise ArchiveError(str(where), f"its catalogue is {shown(known)}; leave --db out")
    return Place(folder=where, database=url, site=site_name(where.resolve().name))


def find_place(
    folder: Path | None, database: str | None, site: str | None = None, *, must_exist: bool = True
) -> Place:
    """Find what a person means; without any word, the only archive under `archives/`.

    Raises NotFoundError or ArchiveError where there is nothing, UsageError where there are several.
    """
    if folder is None and database is None:
        folder = _only_archive()
    if folder is None:
        file = sqlite_file(str(database))
        return Place(folder=file.parent if file else None, database=str(database), site=site)
    url = database or _catalogue_of(folder)
    if url is None and must_exist:
        raise ArchiveError(str(folder), "no catalogue here; name the archive folder, or --db URL")
    return Place(folder=folder, database=url or sqlite_url(folder / CATALOGUE), site=site)


def _catalogue_of(folder: Path) -> str | None:
    """Find the catalogue of an archive: a database file in it, or the word that it is elsewhere."""
    if (folder / CATALOGUE).is_file():
        return sqlite_url(folder / CATALOGUE)
    try:
        return (folder / ELSEWHERE).read_text(encoding="utf-8").strip()
    except OSError:
        return None


def remember_database(place: Place) -> None:
    """Note in the archive that its catalogue is a database elsewhere, without its password."""
    note = place.archive / ELSEWHERE
    if sqlite_url(place.archive / CATALOGUE) != place.database and not note.exists():
        write_durably(note, f"{public(place.database)}\n".encode())


def _only_archive() -> Path:
    names = (CATALOGUE, ELSEWHERE)
    found = sorted({path.parent for name in names for path in DEFAULT_PARENT.glob(f"*/{name}")})
    if not found:
        hint = "run `jekyll-archive run SOURCE` first"
        raise NotFoundError("archive under", f"{DEFAULT_PARENT}/", hint)
    if len(found) > 1:
        choice = ", ".join(str(path) for path in found)
        raise UsageError(f"which archive? choose one with --archive: {choice}")
    return found[0]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make the archive folder and hold it. A folder that stays empty is taken away again.

    Raises BusyError, NotWritableError or ArchiveError.
    """
    with ExitStack() as on_exit:
        try:
            made = [path for path in (folder, *folder.parents) if not path.exists()]
            folder.mkdir(parents=True, exist_ok=True)
            on_exit.callback(_remove_if_unused, folder, made)
            handle = on_exit.enter_context((folder / LOCK).open("ab"))
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileExistsError as error:
            raise ArchiveError(str(folder), "is not a folder") from error
        except BlockingIOError as error:
            raise BusyError(str(folder)) from error
        except OSError as error:
            raise NotWritableError(str(folder), error.strerror or str(error)) from error
        yield


def _remove_if_unused(folder: Path, made: Sequence[Path]) -> None:
    """Take away what a run that failed had made: a lock, an empty database, empty folders."""
    if not made:
        return
    database = folder / CATALOGUE
    if database.is_file() and not database.stat().st_size:
        database.unlink()
    if not any(path.name != LOCK and not _is_empty(path) for path in folder.iterdir()):
        (folder / LOCK).unlink(missing_ok=True)
        with suppress(OSError):  # not empty after all
            for path in (*(each for each in folder.iterdir()), *made):
                path.rmdir()


def _is_empty(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())
