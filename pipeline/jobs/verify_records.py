"""Verify the records: by ISO 28500, against the manifest, the catalogue and git's own ids."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.audit.codes import AuditCode
from pipeline.audit.report import Level, Looked
from pipeline.errors import NotVerifiableError
from pipeline.jobs.comparing import Comparison
from pipeline.jobs.witness import Proof
from pipeline.model import Finding, Sha256
from pipeline.store.auditing import CaptureFacts
from pipeline.warc.check import Checked, check
from pipeline.warc.damage import ELSEWHERE
from pipeline.warc.limits import KEPT_MOST
from pipeline.warc.manifest import ManifestFile
from pipeline.warc.manifests import Filed
from pipeline.warc.record import SealedFile

Digest = tuple[int, Sha256]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What came of reading WARC files: two levels, and size and digest of each file."""

    levels: dict[Level, Looked]
    digests: dict[str, Digest]


def look_at_records(
    folder: Path,
    filed: Sequence[Filed],
    captures: Sequence[CaptureFacts] | None,
    proofs: Sequence[Proof] = (),
) -> Read:
    """Check every WARC file that the manifests name, reading each once.

    `captures` None: there is no catalogue. `proofs` spare the files that were sealed a moment ago,
    where each is still that file and all fits.
    """
    warcs = {file.path: file for each in filed for file in each.manifest.files if file.records}
    if not warcs:
        nothing = Looked(not_checked="no manifest names a WARC file")
        return Read(levels={Level.RECORDS: nothing, Level.CONTENTS: nothing}, digests={})
    comparison = None if captures is None else Comparison(folder, captures)
    outside: list[Finding] = []
    digests: dict[str, Digest] = {}
    records = 0
    for path, file in warcs.items():
        try:
            found = _read(folder, path, comparison, proofs)
        except NotVerifiableError as error:
            outside.append(AuditCode.FILE_MISSING.at(path, str(error)))
            continue
        digests[path] = (found.size, found.sha256)
        outside += _damages(path, found, comparison)
        outside += _against_manifest(file, found)
        records += found.records
    levels = {Level.RECORDS: Looked(checked=records, findings=tuple(outside))}
    if comparison is None:
        levels[Level.CONTENTS] = Looked(not_checked="the catalogue cannot be read")
    else:
        inside = tuple(comparison.finish())
        levels[Level.CONTENTS] = Looked(checked=comparison.compared, findings=inside)
    return Read(levels=levels, digests=digests)


def _read(
    folder: Path, path: str, comparison: Comparison | None, proofs: Sequence[Proof]
) -> Checked | SealedFile:
    if comparison is None:
        return check(folder / path)
    proof = next((proof for proof in proofs if proof.is_of(folder / path)), None)
    if proof is not None and comparison.accept(path, proof):
        return proof.sealed
    return check(folder / path, show=partial(comparison.take, path), keep=KEPT_MOST)


def _damages(
    path: str, found: Checked | SealedFile, comparison: Comparison | None
) -> Iterator[Finding]:
    """Tell what is damaged. Revisits of other files are held against the catalogue's rows."""
    for damage in found.damages:
        if comparison is None or damage.rule is not ELSEWHERE:
            yield damage.finding(path)


def _against_manifest(file: ManifestFile, checked: Checked | SealedFile) -> Iterator[Finding]:
    facts = (
        ("records", file.records, checked.records),
        ("order of records", file.order_sha256, checked.order_sha256),
        ("stream of records", file.stream_sha256, checked.stream_sha256),
    )
    for name, said, found in facts:
        if said != found:
            message = f"{name}: {found}; the manifest says {said}"
            yield AuditCode.RECORDS_DIFFER.at(file.path, message)
