"""A plain folder as a source: its files as git would store them, links kept as links."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import GitError, LimitError
from pipeline.history.commit import Commit
from pipeline.model import FileMode, Finding, TreeEntry
from pipeline.sources.codes import SourceCode
from pipeline.sources.limits import Limits
from pipeline.sources.location import printable
from pipeline.sources.objects import hash_blob, object_id
from pipeline.sources.plainfile import NotPlainError, open_plain, read_small
from pipeline.sources.source import Absent, AbsentKind, Identity, PathHistory, Source

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
        return content if object_id("blob", content) == entry.oid else _CHANGED


@dataclass(slots=True, kw_only=True)
class _Walk:
    location: str
    limits: Limits
    size: int = 0
    entries: list[TreeEntry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def take(self, item: "os.DirEntry[bytes]", path: str) -> None:
        """Add one file, link or special file."""
        try:
            state = item.stat(follow_symlinks=False)
            if stat.S_ISLNK(state.st_mode):
                target = Path(os.fsdecode(item.path)).readlink()
                mode, oid = FileMode.SYMLINK, object_id("blob", os.fsencode(target))
            elif stat.S_ISREG(state.st_mode):
                executable = state.st_mode & stat.S_IXUSR
                mode = FileMode.EXECUTABLE if executable else FileMode.REGULAR
                self.size += state.st_size
                oid = _hash(item)
            else:
                message = "a device, socket or named pipe; not read"
                self.findings.append(SourceCode.SPECIAL_FILE.at(path, message))
                return
        except OSError as error:
            self.unreadable(path, error)
            mode, oid = FileMode.REGULAR, NULL_ID
        self.entries.append(TreeEntry(path=path, mode=mode, oid=oid))
        self.check()

    def unreadable(self, path: str | None, error: OSError) -> None:
        """Tell about a file or folder that cannot be opened."""
        message = f"cannot be opened: {error.strerror or 'it changed meanwhile'}"
        self.findings.append(SourceCode.UNREADABLE.at(path, message))

    def check(self) -> None:
        """Hold the bounds."""
        if len(self.entries) > self.limits.entries:
            raise LimitError(self.location, "the number of files", f"{self.limits.entries}")
        if self.size > self.limits.total_bytes:
            raise LimitError(self.location, "the folder", f"{self.limits.total_bytes} bytes")


def read_folder(root: Path, identity: Identity, limits: Limits) -> FolderSource:
    """List a folder, hashing every file; `.git` is skipped at any depth. Raises LimitError."""
    walk = _Walk(location=identity.location, limits=limits)
    waiting: list[tuple[bytes, int]] = [(b"", 0)]
    base = os.fsencode(root)
    while waiting:
        prefix, depth = waiting.pop()
        if depth > limits.depth:
            raise LimitError(identity.location, "the nesting of folders", f"{limits.depth}")
        for item in _scan(base + b"/" + prefix, os.fsdecode(prefix), walk):
            path = prefix + item.name
            if item.name == b".git":
                continue
            if item.is_dir(follow_symlinks=False):
                waiting.append((path + b"/", depth + 1))
            else:
                walk.take(item, path.decode("utf-8", "surrogateescape"))
    entries = sorted(walk.entries, key=lambda entry: entry.path.encode("utf-8", "surrogateescape"))
    return FolderSource(
        identity=identity,
        revision=None,
        entries=tuple(entries),
        findings=tuple(sorted(walk.findings, key=lambda finding: str(finding.place))),
        root=root,
        limits=limits,
        listed=frozenset(entries),
    )


def _scan(folder: bytes, prefix: str, walk: _Walk) -> "list[os.DirEntry[bytes]]":
    try:
        with os.scandir(folder) as items:
            return list(items)
    except OSError as error:
        walk.unreadable(prefix or None, error)
        return []


def _hash(item: "os.DirEntry[bytes]") -> str:
    with open_plain(Path(os.fsdecode(item.path))) as raw:
        return hash_blob(raw, os.fstat(raw.fileno()).st_size)
