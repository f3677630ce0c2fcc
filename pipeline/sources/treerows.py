"""One tree object: `mode SP name NUL id` again and again (gitformat-pack, "tree" in the Git book).

Whoever reads a tree, for a listing or for a difference, gets the same rows and the same complaints.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from pipeline.model import FileMode
from pipeline.sources.codes import SourceCode
from pipeline.sources.location import printable

TREE_MODE: Final = 0o040000

_TYPE_BITS = 0o170000
_REGULAR_BITS = 0o100000
_MODES = frozenset(FileMode)
_WRITTEN_MODES = {b"%o" % mode: int(mode) for mode in (*FileMode, TREE_MODE)}
# `git~1` is what Windows calls `.git`; a later export must never create either.
_NEVER_WRITTEN = frozenset({b"", b".", b"..", b".git", b"git~1"})
_ROWS = {size: re.compile(rb"([0-7]+) ([^\0/]+)\0(.{%d})" % size, re.DOTALL) for size in (20, 32)}

Row = tuple[int, bytes]
"""A mode, `TREE_MODE` or one of `FileMode`, and the raw object name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something in a tree that git does not write; `name` is None for the tree as a whole."""

    code: SourceCode
    message: str
    name: bytes | None = None

    def path_in(self, prefix: bytes) -> str | None:
        """Say where this is, for a finding, if the tree stands at `prefix` (ends in `/`)."""
        path = (prefix + (self.name or b"")).decode("utf-8", "surrogateescape")
        return printable(path) if self.code is SourceCode.TREE_NAME else path or None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeRows:
    """What a tree holds, by name, in its own order, and what is wrong with it."""

    rows: Mapping[bytes, Row]
    faults: tuple[Fault, ...] = ()


NO_ROWS: Final = TreeRows(rows=MappingProxyType({}))


def parse_tree(content: bytes, oid: str) -> TreeRows:
    """Read the content of the tree `oid`. What makes no sense is left out and told as a fault."""
    size = len(oid) // 2
    found = _ROWS[size].findall(content)
    if not found:
        return _parse_odd(content, oid)
    # By columns, as there are very many rows: nothing of Python's own runs for each of them.
    digits, names, raws = zip(*found, strict=True)
    modes = tuple(map(_WRITTEN_MODES.get, digits))
    rows = dict(zip(names, zip(modes, raws, strict=True), strict=True))
    length = sum(map(len, digits)) + sum(map(len, names)) + len(found) * (size + 2)
    if (
        length == len(content)
        and len(rows) == len(found)
        and None not in modes
        and _NEVER_WRITTEN.isdisjoint(map(bytes.lower, names))
    ):
        return TreeRows(rows=rows)
    return _parse_odd(content, oid)


def _parse_odd(content: bytes, oid: str) -> TreeRows:
    """Read, row by row, a tree that git did not write, or not lately."""
    rows: dict[bytes, Row] = {}
    faults: list[Fault] = []
    for digits, name, raw in _split(content, len(oid) // 2):
        if raw is None:
            message = f"the tree {oid} ends in bytes that mean nothing; files may be lost there"
            faults.insert(0, Fault(code=SourceCode.TREE_ABSENT, message=message))
        elif name.lower() in _NEVER_WRITTEN or b"/" in name:
            message = "a file may not have this name; it is left out"
            faults.append(Fault(code=SourceCode.TREE_NAME, message=message, name=name))
        elif name in rows:
            message = "the commit has this name twice in one folder; the first is read"
            faults.append(Fault(code=SourceCode.TREE_TWICE, message=message, name=name))
        else:
            rows[name] = (_mode(digits, name, faults), raw)
    return TreeRows(rows=rows, faults=tuple(faults))


def _split(content: bytes, size: int) -> Iterator[tuple[bytes, bytes, bytes | None]]:
    """Cut the rows apart; where they stop being rows, the last one has no id."""
    position = 0
    while position < len(content):
        end = content.find(b"\0", position)
        digits, separator, name = content[position:end].partition(b" ")
        position = end + 1 + size
        if end < 0 or not separator or position > len(content):
            yield digits, name, None
            return
        yield digits, name, content[end + 1 : position]


def _mode(digits: bytes, name: bytes, faults: list[Fault]) -> int:
    """Read a mode as git does: any other regular one (100664 was common once) by its x bit."""
    try:
        mode = int(digits, 8)
    except ValueError:
        mode = 0
    if mode in _MODES or mode == TREE_MODE:
        return mode
    if mode & _TYPE_BITS != _REGULAR_BITS:
        message = f"its mode is {mode:o}, which means nothing to git; read as a regular file"
        faults.append(Fault(code=SourceCode.TREE_MODE, message=message, name=name))
    return FileMode.EXECUTABLE if mode & 0o100 else FileMode.REGULAR
