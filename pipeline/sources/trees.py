"""From a commit's root tree to the list of its files, reading and proving every tree on the way."""

from dataclasses import dataclass, field

from pipeline.errors import LimitError
from pipeline.history.gitobject import ObjectKind
from pipeline.model import FileMode, Finding, TreeEntry
from pipeline.sources.codes import SourceCode
from pipeline.sources.limits import Limits
from pipeline.sources.objects import ObjectReader
from pipeline.sources.source import Absent
from pipeline.sources.treerows import TREE_MODE, parse_tree


@dataclass(slots=True, kw_only=True)
class _Walk:
    place: str
    limits: Limits
    entries: list[TreeEntry] = field(default_factory=list)
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


def _take(walk: _Walk, prefix: bytes, tree: str, content: bytes) -> list[tuple[bytes, str]]:
    """Take the files of one tree, and give the folders in it that are still to be read."""
    below: list[tuple[bytes, str]] = []
    parsed = parse_tree(content, tree)
    for fault in parsed.faults:
        walk.findings.append(fault.code.at(fault.path_in(prefix), fault.message))
    for name, (mode, raw) in parsed.rows.items():
        if mode == TREE_MODE:
            below.append((prefix + name + b"/", raw.hex()))
        else:
            path = _path(prefix + name)
            walk.entries.append(TreeEntry(path=path, mode=FileMode(mode), oid=raw.hex()))
    return below


def _path(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
