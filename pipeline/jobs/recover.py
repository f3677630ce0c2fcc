"""Set aside what a crash left: files that no committed run names."""

from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import ArchiveError
from pipeline.jobs.durable import make_folder
from pipeline.jobs.place import LEDGERS, MANIFESTS, QUARANTINE, RECORDS, Place
from pipeline.model import Sha256
from pipeline.warc.durable import storing, sync_folder
from pipeline.warc.manifests import manifest_path, read_manifest, sequences

KEPT = (RECORDS, LEDGERS, MANIFESTS)


def strays(folder: Path, known: Iterable[str]) -> tuple[str, ...]:
    """List the files of an archive that nothing names, relative to its folder."""
    named = set(known)
    found = (path for part in KEPT for path in (folder / part).rglob("*") if not path.is_dir())
    paths = (path.relative_to(folder).as_posix() for path in found)
    return tuple(sorted(path for path in paths if path not in named))


def recover(place: Place, newest: tuple[int, Sha256] | None) -> tuple[str, ...]:
    """Move what no committed run names to `quarantine/`, under the same names; give what was moved.

    It was sealed, or half written, by a run whose transaction did not commit: the run that follows
    reads its source again and writes it anew. Nothing is deleted. Raises StorageErrors; and
    ArchiveError where more is there than one run leaves: then the catalogue is the wrong one.
    """
    folder, last = place.archive, newest[0] if newest else 0
    unknown = [number for number in sequences(folder) if number > last]
    if len(unknown) > 1:
        why = f"{len(unknown)} manifests here are not in {place.database}; is it the right --db?"
        raise ArchiveError(str(folder), why)
    known = [manifest_path(number) for number in range(1, last + 1)]
    if newest:
        known += [file.path for file in read_manifest(folder, last).manifest.files]
    moved = strays(folder, known)
    for path in moved:
        target = folder / QUARANTINE / path
        number = 1
        while target.exists():
            number += 1
            target = folder / QUARANTINE / f"{path}.{number}"
        make_folder(target.parent)
        with storing(folder / path):
            (folder / path).rename(target)
            sync_folder(target.parent)
            sync_folder((folder / path).parent)
    return moved
