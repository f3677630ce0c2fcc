"""List what an archive folder keeps for good: sealed files, manifests, signatures, decisions."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ArchiveError
from pipeline.jobs.decisions import DECISIONS
from pipeline.jobs.signing import SIGNATURES
from pipeline.model import Sha256
from pipeline.warc.check import digest_file
from pipeline.warc.manifest import ManifestFile
from pipeline.warc.manifests import Filed, chain_faults, read_manifest, sequences


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file of the archive, as its manifest says (`facts`), or as it was just read.

    `since` is the manifest that it came with; None for what no manifest names.
    """

    path: str
    size: int
    sha256: Sha256
    since: int | None = None
    facts: ManifestFile | None = None


def read_chain(archive: Path) -> tuple[Filed, ...]:
    """Read all manifests. Raises ArchiveError where there is none, or they are no chain."""
    filed = tuple(read_manifest(archive, number) for number in sequences(archive))
    if not filed:
        raise ArchiveError(str(archive), "there are no manifests; nothing is sealed here")
    for fault in chain_faults(filed):
        raise ArchiveError(str(archive), f"{fault}; run verify")
    return filed


def kept_files(archive: Path, filed: tuple[Filed, ...]) -> Iterator[Kept]:
    """List what the manifests name, in their order, then they, then signatures and decisions.

    What the manifests say of their files is told, not checked. Raises NotVerifiableError.
    """
    for file in filed[-1].manifest.files:
        since = next(each.manifest.sequence for each in filed if file in each.manifest.files)
        yield Kept(path=file.path, size=file.size, sha256=file.sha256, since=since, facts=file)
    for each in filed:
        size, digest = digest_file(archive / each.path)
        number = each.manifest.sequence
        yield Kept(path=each.path, size=size, sha256=digest, since=number)
    signatures = sorted(path for path in (archive / SIGNATURES).glob("*") if path.is_file())
    decisions = [path for path in (archive / DECISIONS,) if path.is_file()]
    for path in (*signatures, *decisions):
        size, digest = digest_file(path)
        yield Kept(path=path.relative_to(archive).as_posix(), size=size, sha256=digest)
