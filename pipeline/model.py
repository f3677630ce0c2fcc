"""The values that every room speaks in: digests, places, findings, source files.

All are frozen. Bytes are bytes; paths are POSIX, relative, decoded as UTF-8 with `surrogateescape`
(git paths are bytes and need not be UTF-8); datetimes are aware.
"""

import hashlib
import re
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Self


class Severity(Enum):
    """How much a person should care. Only `ERROR` makes a run end with exit code 1."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Sha256:
    """A SHA-256 digest, 32 bytes."""

    raw: bytes

    @classmethod
    def of(cls, data: bytes) -> Self:
        """Digest these bytes."""
        return cls(hashlib.sha256(data).digest())

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 64 hex digits, with or without the `sha256:` label. Raises ValueError otherwise."""
        raw = bytes.fromhex(text.removeprefix("sha256:"))
        if len(raw) != hashlib.sha256().digest_size:
            raise ValueError(text)
        return cls(raw)

    @property
    def hex(self) -> str:
        """The 64 lower-case hex digits."""
        return self.raw.hex()

    def __str__(self) -> str:
        return f"sha256:{self.hex}"


class FileMode(IntEnum):
    """The file modes that git stores."""

    REGULAR = 0o100644
    EXECUTABLE = 0o100755
    SYMLINK = 0o120000
    SUBMODULE = 0o160000


def shown_path(path: str) -> str:
    """Write a path for people and databases: as git shows it, C-quoted where it is not plain UTF-8.

    Quoting is git's own (`core.quotePath=false`), so no two paths are shown alike.
    """
    if not _ODD.search(path):
        return path
    return '"' + "".join(_quoted(char) for char in path) + '"'


_ODD = re.compile('["\\\\\x00-\x1f\x7f\udc80-\udcff]')
C_ESCAPES = {"\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r"}


def _quoted(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    if char in C_ESCAPES:
        return "\\" + C_ESCAPES[char]
    if _ODD.match(char):
        return "".join(f"\\{byte:03o}" for byte in char.encode("utf-8", "surrogateescape"))
    return char


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeEntry:
    """One file of a tree as git lists it; `oid` is the git blob id, also for plain folders."""

    path: str
    mode: FileMode
    oid: str

    def __hash__(self) -> int:
        # Entries are looked up all the time, and to hash an Enum takes longer than all else here.
        return hash((self.path, self.oid))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is: path, line and column (from 1), byte range, field. Unknown is None."""

    path: str | None = None
    line: int | None = None
    column: int | None = None
    offset: int | None = None
    length: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        parts = [self.path or "-"]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        elif self.offset is not None:
            parts.append(f"byte {self.offset}")
        return ":".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a person should know: a stable code (see docs/findings.md) and one sentence."""

    code: str
    severity: Severity
    message: str
    place: Place = field(default_factory=Place)

    def __str__(self) -> str:
        return f"{self.place}: {self.severity.value}: {self.message} [{self.code}]"


class FindingCode(Enum):
    """Base of the tables of codes: a member's value is (stable name, severity, meaning)."""

    @property
    def code(self) -> str:
        """The stable name."""
        return str(self.value[0])

    @property
    def severity(self) -> Severity:
        """How much a person should care."""
        severity: Severity = self.value[1]
        return severity

    @property
    def meaning(self) -> str:
        """One sentence for docs/findings.md."""
        return str(self.value[2])

    def at(self, path: str | None, message: str, **place: int | str | None) -> Finding:
        """Make a finding at a path (None: the whole); `place` are further fields of `Place`."""
        where = Place(path=path, **place)  # type: ignore[arg-type]
        return Finding(code=self.code, severity=self.severity, message=message, place=where)
