"""Seal a run: the ledger of its rows, and the manifest that makes its files count."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipeline import __version__
from pipeline.errors import ArchiveError
from pipeline.jobs.durable import compressed, write_sealed
from pipeline.jobs.place import LEDGERS, RECORDS
from pipeline.jobs.recording import Held, keep_records
from pipeline.model import Sha256
from pipeline.store.holdings import keep_warc_file
from pipeline.store.intake import Change, Intake
from pipeline.store.ledger import lines
from pipeline.warc.manifest import Manifest, ManifestFile
from pipeline.warc.manifests import Filed, read_manifest
from pipeline.warc.record import SealedFile

SOFTWARE = f"jekyll-archive {__version__}"


def next_manifest(
    folder: Path, site: str, newest: tuple[int, Sha256] | None, now: datetime
) -> Manifest:
    """Make the manifest that follows the newest, still without new files.

    Raises ArchiveError or NotVerifiableError where that one is not what the catalogue names.
    """
    start = Manifest(sequence=1, site=site, created=now, software=SOFTWARE, previous=None, files=())
    if newest is None:
        return start
    sequence, digest = newest
    filed: Filed = read_manifest(folder, sequence)
    if filed.sha256 != digest:
        raise ArchiveError(filed.path, "is not the manifest that the catalogue names; run verify")
    files = filed.manifest.files
    return replace(start, sequence=sequence + 1, previous=digest, files=files)


def warc_name(manifest: Manifest) -> str:
    """Name the WARC file of a run, without ending."""
    return f"{manifest.site}-{manifest.created:%Y%m%d%H%M%S}-{manifest.sequence:06d}"


def record_file(sealed: SealedFile) -> ManifestFile:
    """Say of a sealed WARC file what the manifest says."""
    return ManifestFile(
        path=f"{RECORDS}/{sealed.name}",
        size=sealed.size,
        sha256=sealed.sha256,
        records=sealed.records,
        order_sha256=sealed.order_sha256,
        stream_sha256=sealed.stream_sha256,
    )


def keep_sealed(
    intake: Intake,
    site_id: int,
    sealed: Iterable[SealedFile],
    held: Iterable[Held],
    now: datetime,
) -> None:
    """Keep the rows of the WARC files of a run and of their records."""
    rows = {file.name: keep_warc_file(intake, site_id, record_file(file), now) for file in sealed}
    keep_records(intake, rows, held)


def write_ledger(folder: Path, sequence: int, changes: Iterable[Change]) -> ManifestFile:
    """Write what a run changes in the catalogue."""
    path = f"{LEDGERS}/{sequence:06d}.jsonl.gz"
    size, digest = write_sealed(folder / path, compressed(lines(changes)))
    return ManifestFile(path=path, size=size, sha256=digest)
