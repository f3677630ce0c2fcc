"""What was seen of records while a file was sealed, so that it need not be read a second time.

A run checks its WARC file by reading it back from the disk before it gets its name. The rows that
name its records are there only later. Of each record two digests are kept until then: one of all
that a row says of it, and git's id of its bytes.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.history.gitobject import ObjectFormat, blob_id, commit_id, tree_of_commit
from pipeline.store.auditing import CaptureFacts
from pipeline.warc.dates import parse_warc_date
from pipeline.warc.fields import every, first
from pipeline.warc.record import Record, RecordType, SealedFile

Facts = Mapping[str, object]
_REFERS: Final = ("record referred to", "its target URI", "its date", "its payload")


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnessed:
    """One record: a digest of what it says, and git's id of its bytes (empty: not computed)."""

    print: bytes
    git: str

    def says(self, facts: Facts) -> bool:
        """Tell whether these are the facts that were seen."""
        return self.print == _print(facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A whole file as it was read from the disk while it was sealed, and its records by offset.

    `elsewhere` are ids that its records name and that are of no record before them. `status` tells
    the file from another that was put in its place.
    """

    path: Path
    status: tuple[int, ...]
    sealed: SealedFile
    seen: Mapping[int, Witnessed]
    elsewhere: frozenset[str]

    def is_of(self, path: Path) -> bool:
        """Tell whether the file at `path` is still the one that was read."""
        return path == self.path and _status(path) == self.status


class Witness:
    """Sees the records of one file pass.

    `commits` and `files` are the ids of the records that hold commits, and contents of files. Git's
    ids are those of SHA-1: a file with others is read again when it is verified.
    """

    def __init__(self, commits: Collection[str], files: Collection[str]) -> None:
        self._commits, self._files = commits, files
        self._seen: dict[int, Witnessed] = {}
        self._ids: set[str] = set()
        self._elsewhere: set[str] = set()

    def see(self, record: Record) -> None:
        """Take the next record, with its block."""
        if record.type is RecordType.WARCINFO:
            return
        self._elsewhere.update(set(companions_of(record)) - self._ids)
        self._ids.add(record.record_id)
        self._seen[record.offset] = Witnessed(print=_print(facts_of(record)), git=self._git(record))

    def _git(self, record: Record) -> str:
        is_commit = record.record_id in self._commits
        if record.held is None or not (is_commit or record.record_id in self._files):
            return ""
        return git_name(record.held, ObjectFormat.SHA1, is_commit=is_commit)

    def proof(self, path: Path, sealed: SealedFile) -> Proof:
        """Give what was seen of the file, which is at `path` now."""
        return Proof(
            path=path,
            status=_status(path),
            sealed=sealed,
            seen=self._seen,
            elsewhere=frozenset(self._elsewhere),
        )


def facts_of(record: Record) -> Facts:
    """Name all that a record says and its row says too."""
    facts: dict[str, object] = {
        "record id": record.record_id,
        "type": record.type.value,
        "target URI": record.target_uri,
        "date": record.date,
        "content type": record.content_type,
        "length": record.length,
        "size of the block": record.block_size,
        "SHA-256 of the block": record.block_sha256,
    }
    if record.type is not RecordType.REVISIT:
        return facts | dict.fromkeys(_REFERS)
    refers = first(record.headers, "WARC-Refers-To")
    date = first(record.headers, "WARC-Refers-To-Date")
    values = (
        refers and refers[1:-1],
        first(record.headers, "WARC-Refers-To-Target-URI"),
        parse_warc_date(date) if date else None,
        first(record.headers, "WARC-Payload-Digest"),
    )
    return facts | dict(zip(_REFERS, values, strict=True))


def said_by(row: CaptureFacts, original: CaptureFacts | None) -> Facts:
    """Name the same as a row has it, and the row of the record that it refers to."""
    facts: dict[str, object] = {
        "record id": row.record_id,
        "type": row.type,
        "target URI": row.target_uri,
        "date": row.captured_at,
        "content type": row.content_type,
        "length": row.length,
        "size of the block": row.block_size,
        "SHA-256 of the block": row.block_sha256,
    }
    if original is None:
        return facts | dict.fromkeys(_REFERS)
    values = (
        original.record_id,
        original.target_uri,
        original.captured_at,
        str(original.block_sha256),
    )
    return facts | dict(zip(_REFERS, values, strict=True))


def companions_of(record: Record) -> tuple[str, ...]:
    """Give the ids of the records that a metadata record is about."""
    if record.type is not RecordType.METADATA:
        return ()
    named = (*every(record.headers, "WARC-Concurrent-To"), *every(record.headers, "WARC-Refers-To"))
    return tuple(name[1:-1] for name in named)


def git_name(block: bytes, form: ObjectFormat, *, is_commit: bool) -> str:
    """Compute git's id of the bytes of a file; of a commit, its id and that of its tree."""
    if not is_commit:
        return blob_id(block, form)
    return f"{commit_id(block, form)} {_tree(block)}"


def _tree(commit: bytes) -> str:
    try:
        return tree_of_commit(commit)
    except ValueError:
        return ""  # as the catalogue has it for a commit that names none


def _print(facts: Facts) -> bytes:
    said = "\n".join(f"{name}: {value}" for name, value in facts.items())
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()[:16]


def _status(path: Path) -> tuple[int, ...]:
    try:
        status = path.stat()
    except OSError:
        return ()
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
