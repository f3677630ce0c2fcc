"""Where an archive is: its folder, its catalogue, and the site that it holds."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ArchiveError, NotFoundError, NotVerifiableError, UsageError
from pipeline.jobs.found_at import CATALOGUE
from pipeline.sources.location import site_name
from pipeline.store.engine import public, shown, sqlite_file, sqlite_url
from pipeline.warc.durable import write_durably
from pipeline.warc.manifests import read_manifest, sequences

DEFAULT_PARENT = Path("archives")
ELSEWHERE = "catalogue.url"
NO_URL = "is not the URL of a database"
MANIFESTS, LEDGERS, RECORDS, QUARANTINE = "manifests", "ledger", "archive", "quarantine"
_MAKING = (MANIFESTS, CATALOGUE, ELSEWHERE)


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

    The site is called like its folder was at first, so that one archive stays one site. Raises
    ArchiveError where the archive has another catalogue than the one that is named, or none.
    """
    where = folder or DEFAULT_PARENT / name
    known = _catalogue_of(where)
    url = database or known or sqlite_url(where / CATALOGUE)
    if known is not None and not _same(url, known):
        raise ArchiveError(str(where), f"its catalogue is {shown(known)}; leave --db out")
    site = _site_of(where)
    if site is not None and database is None and known is None:
        why = f"sealed files are here but no {CATALOGUE}; put it back, or name it with --db URL"
        raise ArchiveError(str(where), why)
    return Place(folder=where, database=url, site=site or site_name(where.resolve().name))


def _same(url: str, other: str) -> bool:
    """Tell whether two URLs name one database; a file may be named in several ways."""
    file, known = sqlite_file(url), sqlite_file(other)
    if file is None or known is None:
        return public(url) == public(other)
    return file.resolve() == known.resolve()


def _site_of(folder: Path) -> str | None:
    """Read from the newest manifest whose archive this is. Raises ArchiveError if it is damaged."""
    newest = max(sequences(folder), default=None)
    return None if newest is None else read_manifest(folder, newest).manifest.site


def find_place(
    folder: Path | None, database: str | None, site: str | None = None, *, must_exist: bool = True
) -> Place:
    """Find what a person means; without any word, the only archive under `archives/`.

    A folder that is no archive but holds one stands for it. Raises NotFoundError or ArchiveError
    where there is nothing, UsageError where there are several.
    """
    if folder is None and database is None:
        folder = _only_archive()
    elif folder is not None and database is None and not is_archive(folder):
        within = archives_in(folder)
        folder = _one_of(within) if within else folder
    if folder is None:
        file = sqlite_file(str(database))
        inside = file is not None and file.name == CATALOGUE
        return Place(
            folder=file.parent if file and inside else None, database=str(database), site=site
        )
    url = database or _catalogue_of(folder)
    if url is None and must_exist:
        raise ArchiveError(str(folder), "no catalogue here; name the archive folder, or --db URL")
    if site is None:
        with suppress(ArchiveError, NotVerifiableError):  # a damaged archive can still be asked
            site = _site_of(folder)
    return Place(folder=folder, database=url or sqlite_url(folder / CATALOGUE), site=site)


def _catalogue_of(folder: Path) -> str | None:
    """Find the catalogue of an archive: a database file in it, or the word that it is elsewhere."""
    note = folder / ELSEWHERE
    try:
        if (folder / CATALOGUE).is_file():
            return sqlite_url(folder / CATALOGUE)
        if not note.is_file():
            return None
        url = note.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ArchiveError(str(folder), f"cannot be opened: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ArchiveError(str(note), NO_URL) from error
    if not url:
        raise ArchiveError(str(note), NO_URL)
    return url


def remember_database(place: Place) -> None:
    """Note in the archive that its catalogue is a database elsewhere, without its password."""
    note = place.archive / ELSEWHERE
    if note.exists() or _same(sqlite_url(place.archive / CATALOGUE), place.database):
        return
    file = sqlite_file(place.database)
    url = public(place.database) if file is None else sqlite_url(file.resolve())
    write_durably(note, f"{url}\n".encode())


def is_archive(folder: Path) -> bool:
    """Tell whether a folder has what makes it an archive, or part of it. Raises ArchiveError."""
    try:
        return any((folder / name).exists() for name in _MAKING)
    except OSError as error:
        raise ArchiveError(str(folder), f"cannot be opened: {error.strerror or error}") from error


def archives_in(parent: Path) -> tuple[Path, ...]:
    """List the archives that lie in a folder."""
    return tuple(sorted({path.parent for name in _MAKING for path in parent.glob(f"*/{name}")}))


def _only_archive() -> Path:
    found = archives_in(DEFAULT_PARENT)
    if not found:
        hint = "run `jekyll-archive run SOURCE` first"
        raise NotFoundError("archive under", f"{DEFAULT_PARENT}/", hint)
    return _one_of(found)


def _one_of(found: Sequence[Path]) -> Path:
    if len(found) > 1:
        choice = ", ".join(str(path) for path in found)
        raise UsageError(f"which archive? choose one with --archive: {choice}")
    return found[0]
