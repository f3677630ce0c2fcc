"""Verify the records: by ISO 28500, against the manifest, the catalogue and git's own ids."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.audit.codes import AuditCode
from pipeline.audit.report import Level, Looked
from pipeline.errors import NotVerifiableError
from pipeline.jobs.comparing import Comparison
from pipeline.jobs.verify_levels import levels_of
from pipeline.jobs.verify_memory import FileRead, Memory
from pipeline.jobs.verify_part import Part
from pipeline.jobs.witness import Proof
from pipeline.model import Finding, Sha256
from pipeline.store.auditing import CaptureFacts
from pipeline.warc.check import Checked, check
from pipeline.warc.damage import ELSEWHERE
from pipeline.warc.limits import KEPT_MOST
from pipeline.warc.manifest import ManifestFile
from pipeline.warc.manifests import Filed
from pipeline.warc.record import Proved, SealedFile

Digest = tuple[int, Sha256]
LEVELS = (Level.RECORDS, Level.PAYLOADS, Level.REVISITS, Level.CONTENTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What came of reading WARC files: their levels, and size and digest of each file."""

    levels: dict[Level, Looked]
    digests: dict[str, Digest]


def look_at_records(
    folder: Path,
    filed: Sequence[Filed],
    captures: Sequence[CaptureFacts] | None,
    proofs: Sequence[Proof] = (),
    *,
    part: Part | None = None,
    memory: Memory | None = None,
) -> Read:
    """Check every WARC file that the manifests name, reading each once.

    `captures` None: there is no catalogue. `proofs` spare the files that were sealed a moment ago,
    where each is still that file and all fits; `memory` those that were read before this verifying
    was interrupted.
    """
    warcs = {file.path: file for each in filed for file in each.manifest.files if file.records}
    if not warcs:
        nothing = Looked(not_verified="no manifest names a WARC file")
        return Read(levels=dict.fromkeys(LEVELS, nothing), digests={})
    if part is not None:
        warcs = {path: file for path, file in warcs.items() if path in part.files}
    comparison = None if captures is None else Comparison(folder, captures, _chosen(captures, part))
    outside: list[Finding] = []
    digests: dict[str, Digest] = {}
    records, proved = 0, Proved()
    for path, file in warcs.items():
        try:
            found = _read(folder, path, comparison, proofs, memory)
        except NotVerifiableError as error:
            outside.append(AuditCode.FILE_MISSING.at(path, str(error)))
            continue
        digests[path] = (found.size, found.sha256)
        outside += found.findings
        outside += _against_manifest(file, found)
        records += found.records
        proved += found.proved
    why = part.why if part else ""
    return Read(levels=levels_of(records, proved, outside, comparison, why), digests=digests)


def _chosen(captures: Sequence[CaptureFacts], part: Part | None) -> Collection[int] | None:
    if part is None:
        return None
    return {row.id for row in captures if row.warc_path in part.files}


def _read(
    folder: Path,
    path: str,
    comparison: Comparison | None,
    proofs: Sequence[Proof],
    memory: Memory | None,
) -> FileRead:
    proof = next((proof for proof in proofs if proof.is_of(folder / path)), None)
    if comparison is not None and proof is not None and comparison.accept(path, proof):
        return file_read(path, proof.sealed, comparison)
    rows = "" if comparison is None else comparison.print_of(path)
    known = memory.recall(folder / path, rows) if memory else None
    if known is not None:
        if comparison is not None:
            comparison.resume(path, known.seen)
        return known
    before = memory.status(folder / path) if memory else ()
    if comparison is None:
        found = file_read(path, check(folder / path), None)
    else:
        checked = check(folder / path, show=partial(comparison.take, path), keep=KEPT_MOST)
        found = file_read(path, checked, comparison)
    if memory:
        memory.keep(folder / path, rows, found, before)
    return found


def file_read(
    path: str, found: Checked | SealedFile, comparison: Comparison | None = None
) -> FileRead:
    """Say what came of reading a file.

    Revisits of other files are held against the catalogue's rows, where there are any.
    """
    told = (d for d in found.damages if comparison is None or d.rule is not ELSEWHERE)
    facts = {} if comparison is None else {"seen": comparison.seen(path)}
    return FileRead(
        size=found.size,
        sha256=found.sha256,
        records=found.records,
        order_sha256=found.order_sha256,
        stream_sha256=found.stream_sha256,
        proved=found.proved,
        findings=tuple(damage.finding(path) for damage in told),
        **facts,
    )


def _against_manifest(file: ManifestFile, found: FileRead) -> Iterator[Finding]:
    facts = (
        ("records", file.records, found.records),
        ("order of records", file.order_sha256, found.order_sha256),
        ("stream of records", file.stream_sha256, found.stream_sha256),
    )
    for name, said, read in facts:
        if said != read:
            message = f"{name}: {read}; the manifest says {said}"
            yield AuditCode.RECORDS_DIFFER.at(file.path, message)
