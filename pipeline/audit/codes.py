"""The findings that verification can give: stable code, severity, meaning."""

from pipeline.model import FindingCode, Severity


class AuditCode(FindingCode):
    """One member a code. The value is (code, severity, what it means)."""

    MANIFEST_DAMAGED = (
        "VERIFY-MANIFEST-DAMAGED",
        Severity.ERROR,
        "A manifest is missing, was changed, or does not follow the one before it.",
    )
    MANIFEST_UNKNOWN = (
        "VERIFY-MANIFEST-UNKNOWN",
        Severity.ERROR,
        "The catalogue and the folder do not name the same manifests.",
    )
    FILE_MISSING = (
        "VERIFY-FILE-MISSING",
        Severity.ERROR,
        "A sealed file is not there.",
    )
    FILE_CHANGED = (
        "VERIFY-FILE-CHANGED",
        Severity.ERROR,
        "A sealed file has another size or SHA-256 than the manifest says.",
    )
    FILE_UNLISTED = (
        "VERIFY-FILE-UNLISTED",
        Severity.ERROR,
        "A file lies among the sealed ones that no manifest names.",
    )
    RECORDS_DIFFER = (
        "VERIFY-RECORDS-DIFFER",
        Severity.ERROR,
        "A WARC file has other records, or in another order, than the manifest says.",
    )
    CAPTURE_MISSING = (
        "VERIFY-CAPTURE-MISSING",
        Severity.ERROR,
        "A record of the archive has no row in the catalogue, or a row no record.",
    )
    CAPTURE_DIFFERS = (
        "VERIFY-CAPTURE-DIFFERS",
        Severity.ERROR,
        "A row of the catalogue says something else than the record that it names.",
    )
    CONTENT_DIFFERS = (
        "VERIFY-CONTENT-DIFFERS",
        Severity.ERROR,
        "The bytes of a record are not those of the git object that the catalogue names.",
    )
    REVISIT_DIFFERS = (
        "VERIFY-REVISIT-DIFFERS",
        Severity.ERROR,
        "A revisit refers to no record of the archive that could hold the bytes it stands for.",
    )
    CONTENT_NOT_KEPT = (
        "VERIFY-CONTENT-NOT-KEPT",
        Severity.ERROR,
        "The catalogue says that a content is present, but no record holds it.",
    )
    TREE_DIFFERS = (
        "VERIFY-TREE-DIFFERS",
        Severity.ERROR,
        "The files of a snapshot do not make the tree that its commit records.",
    )
    ROW_MISSING = (
        "VERIFY-ROW-MISSING",
        Severity.ERROR,
        "A row that a run wrote is no longer in the catalogue.",
    )
    ROW_CHANGED = (
        "VERIFY-ROW-CHANGED",
        Severity.ERROR,
        "A row of the catalogue is not what the run wrote.",
    )
    ROW_UNKNOWN = (
        "VERIFY-ROW-UNKNOWN",
        Severity.ERROR,
        "The catalogue has a row that no run wrote.",
    )
    EVENT_BROKEN = (
        "VERIFY-EVENT-BROKEN",
        Severity.ERROR,
        "The event log has a gap, or an event was changed.",
    )
    RUN_DIFFERS = (
        "VERIFY-RUN-DIFFERS",
        Severity.ERROR,
        "A run in the catalogue is not what its event says, or has none.",
    )
    DATABASE_DAMAGED = (
        "VERIFY-DATABASE-DAMAGED",
        Severity.ERROR,
        "The database itself says that it is damaged.",
    )
