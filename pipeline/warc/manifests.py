"""The manifests of an archive folder, written durably and read as a chain."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.errors import ArchiveError, NotVerifiableError
from pipeline.model import Sha256
from pipeline.warc.durable import storing, sync_folder, write_durably
from pipeline.warc.manifest import Manifest, parse, render

FOLDER: Final = "manifests"
SIZE_MOST: Final = 1 << 28
_NAME: Final = re.compile(r"([0-9]{6,})\.txt", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A manifest as it lies in the archive: its `path` in there, the `sha256` of its bytes."""

    path: str
    sha256: Sha256
    manifest: Manifest


def manifest_path(sequence: int) -> str:
    """Give the path of the manifest with this number, relative to the archive's folder."""
    return f"{FOLDER}/{sequence:06}.txt"


def write_manifest(archive: Path, manifest: Manifest) -> Filed:
    """Write a manifest durably under its number. Raises StorageErrors; never replaces one."""
    data, relative = render(manifest), manifest_path(manifest.sequence)
    path = archive / relative
    with storing(path):
        if not path.parent.exists():
            path.parent.mkdir()
            sync_folder(archive)
    write_durably(path, data)
    return Filed(path=relative, sha256=Sha256.of(data), manifest=manifest)


def read_manifest(archive: Path, sequence: int) -> Filed:
    """Read one manifest. Raises ArchiveError if it is damaged, NotVerifiableError if not there."""
    relative = manifest_path(sequence)
    data = _read(archive / relative)
    manifest = parse(data, relative)
    if manifest.sequence != sequence:
        raise ArchiveError(relative, f"says that it is manifest {manifest.sequence}")
    return Filed(path=relative, sha256=Sha256.of(data), manifest=manifest)


def sequences(archive: Path) -> tuple[int, ...]:
    """List the numbers of the manifests that are there, in order."""
    names = (_NAME.fullmatch(path.name) for path in (archive / FOLDER).glob("*.txt"))
    return tuple(sorted(int(match[1]) for match in names if match))


def chain_faults(filed: tuple[Filed, ...]) -> tuple[str, ...]:
    """Say in sentences where manifests, given in order from the first, do not follow one another.

    Each names the digest of the one before, keeps its files as they were, and adds to them.
    """
    faults: list[str] = []
    before: Filed | None = None
    for number, this in enumerate(filed, start=1):
        manifest = this.manifest
        if manifest.sequence != number:
            faults.append(f"{this.path}: manifest {number} is missing")
            return tuple(faults)
        if manifest.previous != (before.sha256 if before else None):
            faults.append(f"{this.path}: names another manifest as the one before it")
        kept = before.manifest.files if before else ()
        if manifest.files[: len(kept)] != kept:
            faults.append(f"{this.path}: a file of the manifest before is gone or changed")
        before = this
    return tuple(faults)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(SIZE_MOST + 1)
    except OSError as error:
        raise NotVerifiableError(str(path), error.strerror or str(error)) from error
    if len(data) > SIZE_MOST:
        raise ArchiveError(str(path), "longer than a manifest can be")
    return data
