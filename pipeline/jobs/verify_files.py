"""Verify the outside: the chain of manifests, and every sealed file byte by byte."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.audit.codes import AuditCode
from pipeline.audit.report import Looked
from pipeline.errors import ArchiveError, NotVerifiableError
from pipeline.jobs.recover import strays
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
        return (), Looked(not_checked="there are no manifests")
    return tuple(filed), Looked(checked=len(filed), findings=tuple(findings))


def _without(place: str, message: str) -> str:
    return message.rpartition(f"{place}: ")[2]


def look_at_files(
    folder: Path, filed: tuple[Filed, ...], read: Mapping[str, tuple[int, Sha256]]
) -> Looked:
    """Hold every file that a manifest names against its size and digest, and find the unnamed.

    `read` has size and digest of the files that were read as a whole already.
    """
    if not filed:
        return Looked(not_checked="no manifest says which files there should be")
    files = {file.path: file for each in filed for file in each.manifest.files}
    findings: list[Finding] = []
    for path, file in files.items():
        try:
            size, digest = read.get(path) or digest_file(folder / path)
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
    return Looked(checked=len(files), findings=tuple(findings))
