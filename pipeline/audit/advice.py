"""What each level means to a person, and what to do about what was found there."""

from typing import Final

from pipeline.audit.codes import AuditCode as Code
from pipeline.audit.report import Level
from pipeline.model import Finding, Severity

MEANINGS: Final = {
    Level.MANIFESTS: "each manifest names the digest of the one before, and keeps its files",
    Level.FILES: "every sealed file has its size and SHA-256, and nothing else lies there",
    Level.PACKAGE: "the package (WACZ) holds what it lists, as it lists it",
    Level.SIGNATURES: "what was signed is what is there, by a key that is trusted",
    Level.INDEX: "the index leads to every capture, and each page to an entry",
    Level.RECORDS: "every record keeps the rules of ISO 28500, to the end of the file",
    Level.PAYLOADS: "the bytes of each record have the digests that it declares",
    Level.REVISITS: "what a revisit refers to is there, and holds the bytes it stands for",
    Level.CONTENTS: "records and rows name each other, and the bytes are the objects of git",
    Level.CATALOGUE: "every row is what a run wrote, by its ledger, and none is missing or more",
    Level.EVENTS: "the log is one chain, and tells of every run and manifest",
    Level.TREES: "the files of a snapshot make exactly the tree of its commit",
}
"""What holds where a level passes."""

_RESTORE: Final = (
    "Take the file from another copy of this archive and verify again: the newest manifest says "
    "which bytes it should have. Keep the damaged one until then."
)
_REBUILD: Final = (
    "The sealed files are the evidence, the catalogue is made from them: restore the catalogue "
    "from a copy, or archive the source again into a new folder and compare."
)
_TAMPERED: Final = (
    "Find out who wrote to it and when; compare with another copy before anything is trusted."
)
_SOURCE: Final = "Fetch the file again from where it came from; what is cut off cannot be restored."

_BY_CODE: Final = {
    Code.MANIFEST_DAMAGED.code: _RESTORE,
    Code.FILE_MISSING.code: _RESTORE,
    Code.FILE_CHANGED.code: _RESTORE,
    Code.RECORDS_DIFFER.code: _RESTORE,
    Code.FILE_UNLISTED.code: (
        "No run wrote it here. Move it away once it is known what it is; `run` puts what a run "
        "that died has left into quarantine."
    ),
    Code.MANIFEST_UNKNOWN.code: (
        "Folder and catalogue may be of different times or archives: name the right catalogue with "
        "--db, or restore both from one copy."
    ),
    Code.CONTENT_NOT_KEPT.code: "Run again from the source, which stores what is missing.",
    Code.DATABASE_DAMAGED.code: _REBUILD,
    Code.ROW_MISSING.code: _REBUILD,
    Code.ROW_CHANGED.code: _REBUILD,
    Code.ROW_UNKNOWN.code: _TAMPERED,
    Code.EVENT_BROKEN.code: _TAMPERED,
    Code.RUN_DIFFERS.code: _TAMPERED,
}
_BY_LEVEL: Final = {
    Level.PACKAGE: "Make the package again from the archive, or fetch it again.",
    Level.INDEX: "An index can be made again from the records: export the package again.",
    Level.SIGNATURES: "Do not trust what was signed before it is known why this does not hold.",
    Level.CONTENTS: _TAMPERED,
    Level.CATALOGUE: _REBUILD,
    Level.TREES: _TAMPERED,
}


def advice(level: Level, finding: Finding) -> str:
    """Say what to do about a finding."""
    if finding.severity is Severity.INFO:
        return "Nothing has to be done; it is good to know."
    if finding.severity is Severity.WARNING:
        return "Nothing is lost by it. Tell whoever writes such files."
    return _BY_CODE.get(finding.code) or _BY_LEVEL.get(level, _SOURCE)
