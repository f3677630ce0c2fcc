"""Put away what a run left that did not end, and take back what a run wrote that failed."""

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.errors import ArchiveError, PipelineError
from pipeline.jobs.decisions import DECISIONS
from pipeline.jobs.durable import make_folder
from pipeline.jobs.place import ELSEWHERE, LEDGERS, MANIFESTS, QUARANTINE, RECORDS, Place
from pipeline.model import Sha256
from pipeline.store import events
from pipeline.store.auditing import site_ids
from pipeline.store.engine import shown
from pipeline.store.holdings import newest_manifest
from pipeline.store.session import Connection, writing
from pipeline.warc.durable import open_path, storing, sync_folder, write_durably
from pipeline.warc.manifest import FOREIGN
from pipeline.warc.manifests import manifest_path, read_manifest, sequences

KEPT = (RECORDS, LEDGERS, FOREIGN, MANIFESTS)
SEALING = ".sealing"  # there from before a manifest has its name until the commit that names it


def strays(folder: Path, known: Iterable[str]) -> tuple[str, ...]:
    """List the files of an archive that nothing names, relative to its folder."""
    named = set(known)
    return tuple(path for part in KEPT for path in _files(folder, part) if path not in named)


def _files(folder: Path, part: str) -> list[str]:
    found = (folder / part).rglob("*")
    plain = (path for path in found if path.is_symlink() or not path.is_dir())
    return sorted(path.relative_to(folder).as_posix() for path in plain)


def recover(place: Place, newest: tuple[int, Sha256] | None) -> None:
    """Move what no committed run names to `quarantine/`, under the same names.

    It was sealed, or half written, by a run whose transaction did not commit: the run that follows
    reads its source again and writes it anew. Nothing is deleted. Raises StorageErrors; and
    ArchiveError where no run that died explains what is there: then the catalogue is the wrong one.
    """
    folder, last = place.archive, newest[0] if newest else 0
    unknown = [number for number in sequences(folder) if number > last]
    if len(unknown) > (folder / SEALING).exists():
        names = ", ".join(manifest_path(number) for number in unknown)
        why = f"{shown(place.database)} does not name {names}; is it the right catalogue?"
        raise ArchiveError(str(folder), why)
    known = [manifest_path(number) for number in range(1, last + 1)]
    if newest:
        known += [file.path for file in read_manifest(folder, last).manifest.files]
    for path in strays(folder, known):
        target = folder / QUARANTINE / path
        number = 1
        while target.exists() or target.is_symlink():
            number += 1
            target = folder / QUARANTINE / f"{path}.{number}"
        make_folder(target.parent)
        with storing(folder / path):
            (folder / path).rename(target)
            sync_folder(target.parent)
            sync_folder((folder / path).parent)
    for note in (ELSEWHERE, SEALING, DECISIONS):
        open_path(folder / note).unlink(missing_ok=True)
    conclude(place)


def announce(place: Place) -> None:
    """Say that a manifest is about to be sealed, so that a crash can be told from a lost database.

    Raises StorageErrors.
    """
    write_durably(place.archive / SEALING, b"")


def conclude(place: Place) -> None:
    """Say that the catalogue names all manifests."""
    with suppress(OSError):  # the next run does it
        (place.archive / SEALING).unlink(missing_ok=True)


def untold(place: Place, connection: Connection, site_id: int) -> tuple[str, ...]:
    """List what is in quarantine and no event tells of: the run that moved it may have failed."""
    payloads = (json.loads(event.payload) for event in events.log(connection, site_id))
    told = {path for payload in payloads for path in payload.get("quarantined", ())}
    return tuple(path for path in lying(place) if path not in told)


def lying(place: Place) -> tuple[str, ...]:
    """List what is in quarantine."""
    return tuple(_files(place.archive, QUARANTINE))


class TakingBack:
    """Takes back what a run has sealed if it fails, so that a run that failed has changed nothing.

    Only where the catalogue can be asked, and does not name it: whether a commit that failed
    counts is for the database to say. What is left, `recover` puts away.
    """

    def __init__(self, place: Place) -> None:
        """Nothing is taken back before `begin`."""
        self._place = place
        self._before: frozenset[str] | None = None
        self._newest: tuple[int, Sha256] | None = None
        self._also: list[Callable[[], None]] = []

    def begin(self, newest: tuple[int, Sha256] | None) -> None:
        """Start from here; `newest` is the manifest that the catalogue names."""
        self._before, self._newest = frozenset(_written(self._place.archive)), newest

    def also(self, undo: Callable[[], None]) -> None:
        """Take this back too, first of all; it may raise OSError."""
        self._also.append(undo)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None or self._before is None:
            return
        with suppress(PipelineError, OSError):
            folder = self._place.archive
            new = [path for path in _written(folder) if path not in self._before]
            if (new or self._also) and _newest_of(self._place) == self._newest:
                for undo in reversed(self._also):
                    undo()
                for path in reversed(new):  # the manifest first: it names the others
                    (folder / path).unlink()


def _written(folder: Path) -> list[str]:
    notes = [name for name in (ELSEWHERE, SEALING) if (folder / name).exists()]
    return [*notes, *(path for part in KEPT for path in _files(folder, part))]


def _newest_of(place: Place) -> tuple[int, Sha256] | None:
    # As a writer, who waits for any other to end: a commit can still be under way on a server.
    with writing(place.database, rehearse=True) as connection:
        site_id = site_ids(connection).get(place.site or "")
        return None if site_id is None else newest_manifest(connection, site_id)
