"""Verify the outside: the chain of manifests, and every sealed file byte by byte."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.audit.codes import AuditCode
from pipeline.audit.report import Looked
from pipeline.errors import ArchiveError, NotVerifiableError
from pipeline.jobs.recover import strays
from pipeline.jobs.verify_part import Part
from pipeline.model import Finding, Sha256
from pipeline.warc.check import digest_file
from pipeline.warc.manifests import Filed, chain_faults, manifest_path, read_manifest, sequences


def look_at_manifests(folder: Path) -> tuple[tuple[Filed, ...], Looked]:
    """Read all manifests and check that each follows the one before."""
    filed: list[Filed] = []
    findings: list[Finding] = []
    for number in sequences(folder):
        try:
            filed.append(read_manifest(folder, number))
        except (ArchiveError, NotVerifiableError) as error:
            place = manifest_path(number)
            findings.append(AuditCode.MANIFEST_DAMAGED.at(place, _without(place, str(error))))
    for fault in chain_faults(tuple(filed)):
        place, _, why = fault.partition(": ")
        findings.append(AuditCode.MANIFEST_DAMAGED.at(place, why))
    if not filed and not findings:
        return (), Looked(not_verified="there are no manifests")
    return tuple(filed), Looked(checked=len(filed), findings=tuple(findings))


def _without(place: str, message: str) -> str:
    return message.rpartition(f"{place}: ")[2]


def look_at_files(
    folder: Path,
    filed: tuple[Filed, ...],
    read: Mapping[str, tuple[int, Sha256]],
    part: Part | None = None,
) -> Looked:
    """Hold every file that a manifest names against its size and digest, and find the unnamed.

    `read` has size and digest of the files that were read as a whole already. Of files that are not
    in `part` only the size is looked at.
    """
    if not filed:
        return Looked(not_verified="no manifest says which files there should be")
    files = {file.path: file for each in filed for file in each.manifest.files}
    findings: list[Finding] = []
    for path, file in files.items():
        try:
            if part is None or path in part.files:
                size, digest = read.get(path) or digest_file(folder / path)
            else:
                size, digest = _size(folder / path), file.sha256
        except NotVerifiableError as error:
            findings.append(AuditCode.FILE_MISSING.at(path, str(error)))
            continue
        if (size, digest) != (file.size, file.sha256):
            message = f"has {size} bytes, {digest}; the manifest says {file.size}, {file.sha256}"
            findings.append(AuditCode.FILE_CHANGED.at(path, message))
    named = [*files, *(each.path for each in filed)]
    findings += [
        AuditCode.FILE_UNLISTED.at(path, "no manifest names this file")
        for path in strays(folder, named)
    ]
    checked = len(files) if part is None else len(files.keys() & part.files)
    why = (
        f"{part.why}; only the size of files was looked at: {len(files) - checked}" if part else ""
    )
    return Looked(checked=checked, findings=tuple(findings), not_verified=why)


def _size(path: Path) -> int:
    try:
        if not path.is_file():
            raise NotVerifiableError(str(path), "it is not there")
        return path.stat().st_size
    except OSError as error:
        raise NotVerifiableError(str(path), error.strerror or str(error)) from error
