"""From a commit's root tree to the list of its files, reading and proving every tree on the way."""

from dataclasses import dataclass, field

from pipeline.errors import LimitError
from pipeline.history.gitobject import ObjectKind
from pipeline.model import FileMode, Finding, TreeEntry
from pipeline.sources.codes import SourceCode
from pipeline.sources.limits import Limits
from pipeline.sources.location import printable
from pipeline.sources.objects import ObjectReader
from pipeline.sources.source import Absent

_MODES = frozenset(FileMode)
_TREE_MODE = 0o040000
_TYPE_BITS = 0o170000
_REGULAR_BITS = 0o100000
# `git~1` is what Windows calls `.git`; a later export must never create either.
_NEVER_WRITTEN = frozenset({b"", b".", b"..", b".git", b"git~1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    mode: int
    name: bytes
    oid: str


@dataclass(slots=True, kw_only=True)
class _Walk:
    place: str
    limits: Limits
    entries: list[TreeEntry] = field(default_factory=list)
    taken: set[bytes] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def list_tree(
    reader: ObjectReader, root: str, *, place: str, limits: Limits
) -> tuple[tuple[TreeEntry, ...], tuple[Finding, ...]]:
    """List every file below a tree, sorted by path bytes, and what could not be listed.

    Raises LimitError: a few small trees that name each other can stand for billions of files.
    """
    walk = _Walk(place=place, limits=limits)
    level = [(b"", root)]
    for _ in range(limits.depth):
        below: list[tuple[bytes, str]] = []
        contents = reader.fetch(ObjectKind.TREE, [oid for _, oid in level])
        for (prefix, oid), content in zip(level, contents, strict=True):
            if isinstance(content, Absent):
                folder = _path(prefix)
                message = f"the tree {oid} {content.reason}: its files cannot be listed"
                walk.findings.append(SourceCode.TREE_ABSENT.at(folder or None, message))
            else:
                below += _take(walk, prefix, oid, content)
            if len(walk.entries) + len(walk.findings) + len(below) > limits.entries:
                raise LimitError(place, "the number of files", f"{limits.entries}")
        if not below:
            break
        level = below
    else:
        raise LimitError(place, "the nesting of folders", f"{limits.depth}")
    walk.entries.sort(key=lambda entry: entry.path.encode("utf-8", "surrogateescape"))
    return tuple(walk.entries), tuple(walk.findings)


def _parse(content: bytes, width: int) -> tuple[list[_Row], bool]:
    """Read a tree object, `mode SP name NUL id` again and again, and tell if it ends like that."""
    rows: list[_Row] = []
    position, size = 0, width // 2
    while position < len(content):
        end = content.find(b"\0", position)
        mode, separator, name = content[position:end].partition(b" ")
        position = end + 1 + size
        if end < 0 or not separator or position > len(content):
            return rows, False
        rows.append(_Row(mode=_octal(mode), name=name, oid=content[end + 1 : position].hex()))
    return rows, True


def _take(walk: _Walk, prefix: bytes, tree: str, content: bytes) -> list[tuple[bytes, str]]:
    """Take the files of one tree, and give the folders in it that are still to be read."""
    below: list[tuple[bytes, str]] = []
    rows, sound = _parse(content, len(tree))
    if not sound:
        message = f"the tree {tree} ends in bytes that mean nothing; files may be lost there"
        walk.findings.append(SourceCode.TREE_ABSENT.at(_path(prefix) or None, message))
    for row in rows:
        path = prefix + row.name
        if row.name.lower() in _NEVER_WRITTEN or b"/" in row.name:
            shown = printable(_path(path))
            message = "a file may not have this name; it is left out"
            walk.findings.append(SourceCode.TREE_NAME.at(shown, message))
            continue
        if path in walk.taken:
            message = "the commit has this name twice in one folder; the first is read"
            walk.findings.append(SourceCode.TREE_TWICE.at(_path(path), message))
            continue
        walk.taken.add(path)
        if row.mode == _TREE_MODE:
            below.append((path + b"/", row.oid))
        else:
            mode = _mode(walk, path, row.mode)
            walk.entries.append(TreeEntry(path=_path(path), mode=mode, oid=row.oid))
    return below


def _mode(walk: _Walk, path: bytes, mode: int) -> FileMode:
    """Read a mode as git does: any other regular one (100664 was common once) by its x bit."""
    if mode in _MODES:
        return FileMode(mode)
    if mode & _TYPE_BITS != _REGULAR_BITS:
        message = f"its mode is {mode:o}, which means nothing to git; read as a regular file"
        walk.findings.append(SourceCode.TREE_MODE.at(_path(path), message))
    return FileMode.EXECUTABLE if mode & 0o100 else FileMode.REGULAR


def _octal(digits: bytes) -> int:
    try:
        return int(digits, 8)
    except ValueError:
        return 0


def _path(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
