"""Verify the records: by ISO 28500, against the manifest, the catalogue and git's own ids."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline.audit.codes import AuditCode
from pipeline.audit.report import Level, Looked
from pipeline.errors import NotVerifiableError
from pipeline.history.gitobject import ObjectFormat, blob_id, commit_id, tree_of_commit
from pipeline.model import Finding
from pipeline.store.auditing import CaptureFacts
from pipeline.warc.check import Checked, check
from pipeline.warc.damage import Damage
from pipeline.warc.manifest import ManifestFile
from pipeline.warc.manifests import Filed
from pipeline.warc.reader import walk
from pipeline.warc.record import Record, RecordType


def look_at_records(
    folder: Path, filed: Sequence[Filed], captures: Sequence[CaptureFacts] | None
) -> dict[Level, Looked]:
    """Check every WARC file that the manifests name. `captures` None: there is no catalogue."""
    warcs = {file.path: file for each in filed for file in each.manifest.files if file.records}
    if not warcs:
        nothing = Looked(not_checked="no manifest names a WARC file")
        return {Level.RECORDS: nothing, Level.CONTENTS: nothing}
    outside: list[Finding] = []
    comparison = _Comparison(captures or ())
    records = 0
    for path, file in warcs.items():
        try:
            checked = check(folder / path)
            outside += [damage.finding(path) for damage in checked.damages]
            outside += _against_manifest(file, checked)
            records += checked.records
            comparison.read(path, walk(folder / path))
        except NotVerifiableError as error:
            outside.append(AuditCode.FILE_MISSING.at(path, str(error)))
    found = Looked(checked=records, findings=tuple(outside))
    if captures is None:
        return {
            Level.RECORDS: found,
            Level.CONTENTS: Looked(not_checked="the catalogue cannot be read"),
        }
    inside = tuple(comparison.finish())
    return {
        Level.RECORDS: found,
        Level.CONTENTS: Looked(checked=comparison.compared, findings=inside),
    }


def _against_manifest(file: ManifestFile, checked: Checked) -> Iterator[Finding]:
    facts = (
        ("records", file.records, checked.records),
        ("order of records", file.order_sha256, checked.order_sha256),
        ("stream of records", file.stream_sha256, checked.stream_sha256),
    )
    for name, said, found in facts:
        if said != found:
            message = f"{name}: {found}; the manifest says {said}"
            yield AuditCode.RECORDS_DIFFER.at(file.path, message)


class _Comparison:
    """Compares records with the rows that name them, both ways."""

    def __init__(self, captures: Sequence[CaptureFacts]) -> None:
        self._rows: dict[tuple[str, int], CaptureFacts] = {
            (row.warc_path, row.offset): row for row in captures
        }
        self._findings: list[Finding] = []
        self.compared = 0

    def read(self, path: str, records: Iterator[Record | Damage]) -> None:
        """Take the records of one file."""
        for record in records:
            if isinstance(record, Damage) or record.type is RecordType.WARCINFO:
                continue
            row = self._rows.pop((path, record.offset), None)
            if row is None:
                message = f"the record {record.record_id} has no row in the catalogue"
                self._findings.append(
                    AuditCode.CAPTURE_MISSING.at(path, message, offset=record.offset)
                )
                continue
            self.compared += 1
            self._findings += _against_row(path, record, row)
            self._findings += _against_git(path, record, row)

    def finish(self) -> Iterator[Finding]:
        """Give all findings; rows that are left have no record."""
        yield from self._findings
        for (path, offset), row in self._rows.items():
            message = f"no whole record here, where capture:{row.id} should be ({row.record_id})"
            yield AuditCode.CAPTURE_MISSING.at(path, message, offset=offset)


def _against_row(path: str, record: Record, row: CaptureFacts) -> Iterator[Finding]:
    facts: Mapping[str, tuple[object, object]] = {
        "record id": (record.record_id, row.record_id),
        "type": (record.type.value, row.type),
        "target URI": (record.target_uri, row.target_uri),
        "date": (record.date, row.captured_at),
        "content type": (record.content_type, row.content_type),
        "length": (record.length, row.length),
        "size of the block": (record.block_size, row.block_size),
        "SHA-256 of the block": (record.block_sha256, row.block_sha256),
    }
    for name, (found, said) in facts.items():
        if found != said:
            message = f"{name}: {found}; capture:{row.id} says {said}"
            yield AuditCode.CAPTURE_DIFFERS.at(path, message, offset=record.offset)


def _against_git(path: str, record: Record, row: CaptureFacts) -> Iterator[Finding]:
    """Compute git's id from the bytes: the link from the archive to the repository."""
    oid, name = (row.commit_oid, commit_id) if row.commit_oid else (row.blob_oid, blob_id)
    if oid is None or record.held is None:
        return
    found = name(record.block, _format(oid))
    if found != oid:
        message = f"the bytes are git object {found}; the catalogue says {oid}"
        yield AuditCode.CONTENT_DIFFERS.at(path, message, offset=record.offset)
    if row.commit_oid and _tree(record.block) != row.commit_tree:
        message = f"the commit {oid} records another tree than {row.commit_tree}"
        yield AuditCode.CONTENT_DIFFERS.at(path, message, offset=record.offset)


def _tree(commit: bytes) -> str:
    try:
        return tree_of_commit(commit)
    except ValueError:
        return ""  # as the catalogue has it for a commit that names none


def _format(oid: str) -> ObjectFormat:
    return ObjectFormat.SHA1 if len(oid) == ObjectFormat.SHA1.hex_size else ObjectFormat.SHA256
