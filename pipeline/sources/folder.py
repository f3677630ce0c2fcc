"""A plain folder as a source: its files as git would store them, links kept as links."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import GitError, LimitError
from pipeline.history.commit import Commit
from pipeline.history.gitobject import blob_id
from pipeline.model import FileMode, Finding, TreeEntry
from pipeline.sources.codes import SourceCode
from pipeline.sources.limits import Limits
from pipeline.sources.location import printable
from pipeline.sources.objects import hash_blob
from pipeline.sources.plainfile import NotPlainError, open_plain, read_small
from pipeline.sources.source import Absent, AbsentKind, History, Identity, PathHistory, Source
from pipeline.sources.walk import Found, Sort, walk

# Git's own word for "no id": the file is there, but could not be read to compute one.
NULL_ID = "0" * 40

_UNLISTED = Absent(kind=AbsentKind.MISSING, reason="is not in the folder")
_UNREADABLE = Absent(kind=AbsentKind.UNREADABLE, reason="cannot be opened")
_CHANGED = Absent(kind=AbsentKind.DAMAGED, reason="changed while the folder was being read")


@dataclass(slots=True, kw_only=True)
class FolderSource(Source):
    """A folder that is no repository. Files that cannot be opened are entries with `NULL_ID`."""

    root: Path
    limits: Limits
    listed: frozenset[TreeEntry]

    def read(self, entries: Iterable[TreeEntry]) -> Iterator[tuple[TreeEntry, bytes | Absent]]:
        """Give the bytes of these entries in order, if they are still those that were listed."""
        for entry in entries:
            yield entry, self._content(entry) if entry in self.listed else _UNLISTED

    def first_and_last(self) -> Mapping[str, PathHistory]:
        """Give nothing: a plain folder has no history."""
        return {}

    def commits(self, oids: Iterable[str]) -> Iterator[Commit]:
        """Raise GitError for any id: a plain folder has no commits."""
        for oid in oids:
            raise GitError(self.location, f"a plain folder has no commit {printable(oid)}")
        return iter(())

    def history(self, *, all_refs: bool = False) -> History:  # noqa: ARG002 - it has no refs
        """Give the empty history."""
        return History()

    def _content(self, entry: TreeEntry) -> bytes | Absent:
        path = self.root / entry.path
        try:
            if entry.mode is FileMode.SYMLINK:
                content = os.fsencode(path.readlink())
            else:
                content = read_small(path, self.limits.file_bytes)
        except NotPlainError:
            reason = f"has more than the limit of {self.limits.file_bytes} bytes"
            return Absent(kind=AbsentKind.TOO_LARGE, reason=reason)
        except OSError:
            return _UNREADABLE
        return content if blob_id(content) == entry.oid else _CHANGED


def read_folder(root: Path, identity: Identity, limits: Limits) -> FolderSource:
    """List a folder, hashing every file; `.git` is skipped at any depth. Raises LimitError."""
    entries: list[TreeEntry] = []
    findings: list[Finding] = []
    size = 0
    for found in walk(root, identity.location, limits):
        match found.sort:
            case Sort.FILE:
                entry, length = _file(found, findings)
                entries.append(entry)
                size += length
            case Sort.LINK:
                entries.append(_link(found, findings))
            case Sort.SPECIAL:
                message = "a device, socket or named pipe; not read"
                findings.append(SourceCode.SPECIAL_FILE.at(found.name, message))
            case Sort.CLOSED_FOLDER:
                message = "the folder cannot be opened; nothing in it is read"
                findings.append(SourceCode.UNREADABLE.at(found.name or None, message))
            case Sort.GIT:
                continue
        if size > limits.total_bytes:
            raise LimitError(identity.location, "the folder", f"{limits.total_bytes} bytes")
    return FolderSource(
        identity=identity,
        revision=None,
        entries=tuple(entries),
        findings=tuple(findings),
        root=root,
        limits=limits,
        listed=frozenset(entries),
    )


def _file(found: Found, findings: list[Finding]) -> tuple[TreeEntry, int]:
    try:
        with open_plain(found.place) as raw:
            state = os.fstat(raw.fileno())
            oid = hash_blob(raw, state.st_size)
    except OSError as error:
        return _unreadable(found, error, findings), 0
    mode = FileMode.EXECUTABLE if state.st_mode & stat.S_IXUSR else FileMode.REGULAR
    return TreeEntry(path=found.name, mode=mode, oid=oid), state.st_size


def _link(found: Found, findings: list[Finding]) -> TreeEntry:
    """Store a link as git does: a blob that holds its target."""
    try:
        oid = blob_id(os.fsencode(found.place.readlink()))
    except OSError as error:
        return _unreadable(found, error, findings)
    return TreeEntry(path=found.name, mode=FileMode.SYMLINK, oid=oid)


def _unreadable(found: Found, error: OSError, findings: list[Finding]) -> TreeEntry:
    message = f"cannot be opened: {error.strerror or 'it changed meanwhile'}"
    findings.append(SourceCode.UNREADABLE.at(found.name, message))
    return TreeEntry(path=found.name, mode=FileMode.REGULAR, oid=NULL_ID)
