"""Compare records with the rows that name them, both ways; what revisits refer to as well."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.audit.codes import AuditCode
from pipeline.errors import NotVerifiableError
from pipeline.history.gitobject import ObjectFormat
from pipeline.jobs.witness import Proof, Witnessed, companions_of, facts_of, git_name, said_by
from pipeline.model import Finding
from pipeline.store.auditing import CaptureFacts
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.manifest import is_safe_path
from pipeline.warc.reader import read_record
from pipeline.warc.record import Record, RecordType


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What came of comparing one file: rows by id, and git's names of what they hold."""

    compared: int
    missing: tuple[int, ...]
    revisits: tuple[int, ...]
    git: tuple[tuple[int, str, str], ...]
    findings: tuple[Finding, ...]


class Comparison:
    """Takes the records of an archive as they are read, and holds each against its row.

    Git's ids are computed from the bytes: the link from the archive to the repository. Of a revisit
    they are those of the record that it refers to, so these are remembered until the end. With
    `chosen` only these captures are looked at; what their revisits refer to is read for them.
    """

    def __init__(
        self,
        folder: Path,
        captures: Sequence[CaptureFacts],
        chosen: Collection[int] | None = None,
    ) -> None:
        self._folder, self._chosen = folder, chosen
        looked_at = (row for row in captures if chosen is None or row.id in chosen)
        self._rows = {(row.warc_path, row.offset): row for row in looked_at}
        self._by_id = {row.id: row for row in captures}
        self._of_file: dict[str, list[CaptureFacts]] = defaultdict(list)
        for row in captures:
            self._of_file[row.warc_path].append(row)
        self._record_ids = frozenset(row.record_id for row in captures)
        self._asked = _asked(captures)
        self._contents: dict[tuple[int, ObjectFormat], str] = {}
        self._revisits: list[CaptureFacts] = []
        self._findings: list[Finding] = []
        self.compared = 0

    def take(self, path: str, record: Record) -> None:
        """Take the next record of a file."""
        if record.type is RecordType.WARCINFO:
            return
        row = self._rows.pop((path, record.offset), None)
        if row is None:
            message = f"the record {record.record_id} has no row in the catalogue"
            self._find(AuditCode.CAPTURE_MISSING, path, record.offset, message)
            return
        self.compared += 1
        said = said_by(row, self._original(row))
        for name, found in facts_of(record).items():
            if found != said[name]:
                message = f"{name}: {found}; capture:{row.id} says {said[name]}"
                self._find(AuditCode.CAPTURE_DIFFERS, path, record.offset, message)
        for companion in companions_of(record):
            if companion not in self._record_ids:
                message = f"it names the record {companion}, which is not in the catalogue"
                self._find(AuditCode.CAPTURE_DIFFERS, path, record.offset, message)
        if record.type is RecordType.REVISIT:
            self._revisits.append(row)
        else:
            self._against_git(path, record, row)

    def accept(self, path: str, proof: Proof) -> bool:
        """Take all records of a file that was read before; False if anything does not fit."""
        rows = [row for row in self._rows.values() if row.warc_path == path]
        if len(rows) != len(proof.seen) or not proof.elsewhere <= self._record_ids:
            return False
        seen = [(row, proof.seen.get(row.offset)) for row in rows]
        if not all(found and self._fits(row, found) for row, found in seen):
            return False
        for row, found in seen:
            self._rows.pop((path, row.offset))
            for form in self._asked[row.id]:
                self._contents[row.id, form] = found.git if found else ""
            if row.type == RecordType.REVISIT.value:
                self._revisits.append(row)
        self.compared += len(rows)
        return True

    @property
    def revisits(self) -> int:
        """How many of the records that were taken are revisits."""
        return len(self._revisits)

    def print_of(self, path: str) -> str:
        """Give a digest of all that the rows of a file say, and the rows that they refer to."""
        digest = hashlib.sha256()
        for row in self._of_file[path]:
            asked = sorted(form.name for form in self._asked[row.id])
            digest.update(repr((row, self._original(row), asked)).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()

    def seen(self, path: str) -> Seen:
        """Tell what came of the records of a file, so that they need not be read again."""
        rows = self._of_file[path]
        ids = {row.id for row in rows}
        missing = {row.id for row in rows if (path, row.offset) in self._rows}
        return Seen(
            compared=len(ids - missing),
            missing=tuple(sorted(missing)),
            revisits=tuple(row.id for row in self._revisits if row.warc_path == path),
            git=tuple(
                (row_id, form.name, name)
                for (row_id, form), name in self._contents.items()
                if row_id in ids
            ),
            findings=tuple(each for each in self._findings if each.place.path == path),
        )

    def resume(self, path: str, seen: Seen) -> None:
        """Take over what came of the records of a file when they were read before."""
        for row in self._of_file[path]:
            if row.id not in seen.missing:
                self._rows.pop((path, row.offset), None)
        self._revisits += [row for row in self._of_file[path] if row.id in seen.revisits]
        self._contents |= {(i, ObjectFormat[form]): name for i, form, name in seen.git}
        self._findings += seen.findings
        self.compared += seen.compared

    def finish(self) -> Iterator[Finding]:
        """Give all findings; rows that are left have no record."""
        for row in self._revisits:
            self._against_original(row)
        for (path, offset), row in self._rows.items():
            message = f"no whole record here, where capture:{row.id} should be ({row.record_id})"
            self._find(AuditCode.CAPTURE_MISSING, path, offset, message)
        yield from self._findings

    def _original(self, row: CaptureFacts) -> CaptureFacts | None:
        return None if row.refers_to_id is None else self._by_id.get(row.refers_to_id)

    def _fits(self, row: CaptureFacts, found: Witnessed) -> bool:
        """Tell whether what was seen is what the row says, and all that is asked of it is known."""
        if not found.says(said_by(row, self._original(row))):
            return False
        if row.type == RecordType.REVISIT.value:
            return True
        known = {_form(found.git)} if found.git else set[ObjectFormat]()
        return self._asked[row.id] <= known and found.git == (_git_of(row) or found.git)

    def _against_git(self, path: str, record: Record, row: CaptureFacts) -> None:
        wanted = _git_of(row)
        if wanted is None and not self._asked[row.id]:
            return
        block = self._block(path, record)
        for form in self._asked[row.id]:
            self._contents[row.id, form] = git_name(block, form, is_commit=False)
        if wanted is None:
            return
        found = git_name(block, _form(wanted), is_commit=row.commit_oid is not None)
        if found != wanted:
            message = _differing(found, wanted)
            self._find(AuditCode.CONTENT_DIFFERS, path, record.offset, message)

    def _block(self, path: str, record: Record) -> bytes:
        """Give the block; one that was too long to be held is read again."""
        if record.held is not None:
            return record.held
        return read_record(self._folder / path, record.offset, record.length).block

    def _against_original(self, row: CaptureFacts) -> None:
        """Hold what a revisit stands for against the bytes of the record that it refers to."""
        original = self._original(row)
        place = (row.warc_path, row.offset)
        if original is None:
            message = f"capture:{row.id} refers to no capture of this archive"
            self._find(AuditCode.REVISIT_DIFFERS, *place, message)
            return
        if self._chosen is not None and original.id not in self._chosen:
            if why := self._fetch(original):
                message = f"capture:{original.id}, which holds the bytes, {why}"
                self._find(AuditCode.REVISIT_DIFFERS, *place, message)
                return
        elif (original.warc_path, original.offset) in self._rows:
            message = f"capture:{original.id}, which holds the bytes, is not in the archive"
            self._find(AuditCode.REVISIT_DIFFERS, *place, message)
            return
        wanted = _git_of(row)
        if original.type == RecordType.REVISIT.value or row.commit_oid is not None:
            message = f"capture:{original.id} cannot hold the bytes of capture:{row.id}"
            self._find(AuditCode.REVISIT_DIFFERS, *place, message)
        elif wanted is not None and wanted != self._contents.get((original.id, _form(wanted))):
            found = self._contents.get((original.id, _form(wanted)))
            message = f"capture:{original.id} holds git object {found}, not {wanted}"
            self._find(AuditCode.CONTENT_DIFFERS, *place, message)

    def _fetch(self, row: CaptureFacts) -> str:
        """Read a record for what refers to it; say what is wrong with it, if anything is."""
        if not is_sound(row):
            return "has a row that names no place"
        try:
            record = read_record(self._folder / row.warc_path, row.offset, row.length)
        except (DamagedRecordError, NotVerifiableError) as error:
            return f"cannot be read: {error}"
        if facts_of(record) != said_by(row, self._original(row)):
            return "is not what its row says"
        for form in self._asked[row.id]:
            self._contents[row.id, form] = git_name(record.block, form, is_commit=False)
        return ""

    def _find(self, code: AuditCode, path: str, offset: int, message: str) -> None:
        self._findings.append(code.at(path, message, offset=offset))


def is_sound(row: CaptureFacts) -> bool:
    """Tell whether a row names a place in the archive. SQLite takes any value in any column."""
    place = (row.warc_path, row.offset, row.length)
    match place:
        case (str() as path, int() as offset, int() as length):
            return is_safe_path(path) and offset >= 0 and length > 0
    return False


def _asked(captures: Sequence[CaptureFacts]) -> dict[int, set[ObjectFormat]]:
    """Say of which records git's id is asked for by revisits, in which formats."""
    asked: dict[int, set[ObjectFormat]] = defaultdict(set)
    for row in captures:
        wanted = _git_of(row)
        if row.refers_to_id is not None and wanted is not None:
            asked[row.refers_to_id].add(_form(wanted))
    return asked


def _git_of(row: CaptureFacts) -> str | None:
    """Give what git should call the bytes, as text whatever the row has; of a commit its tree."""
    if row.commit_oid is not None:
        return f"{row.commit_oid} {row.commit_tree}"
    return None if row.blob_oid is None else f"{row.blob_oid}"


def _differing(found: str, wanted: str) -> str:
    (oid, _, _), (said, _, tree) = found.partition(" "), wanted.partition(" ")
    if oid == said:
        return f"the commit {oid} records another tree than {tree}"
    return f"the bytes are git object {oid}; the catalogue says {said}"


def _form(git: str) -> ObjectFormat:
    oid = git.partition(" ")[0]
    return ObjectFormat.SHA1 if len(oid) == ObjectFormat.SHA1.hex_size else ObjectFormat.SHA256
