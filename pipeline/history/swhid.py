"""Software hash identifiers: SWHID 1.2, ISO/IEC 18670.

A core identifier names content by its git object name (SHA-1, 40 hex digits, clause 5); qualifiers
say where it was seen (clause 6). Everything but URI characters is percent-encoded, which clause 4
allows, so that a qualified identifier is also a URI by RFC 3986.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final, Self
from urllib.parse import unquote_to_bytes

_CORE: Final = re.compile(r"swh:1:(snp|rel|rev|dir|cnt):([0-9a-f]{40})")
_OBJECT_ID: Final = re.compile(r"[0-9a-f]{40}")
_RANGE: Final = re.compile(r"[0-9]+(?:-[0-9]+)?")
_QUALIFIERS: Final = ("origin", "visit", "anchor", "path", "lines", "bytes")  # order of clause 6.5
_PATH_KEPT: Final = re.compile(rb"[^A-Za-z0-9\-._~!$&'()*+,=:@/]")
_ORIGIN_KEPT: Final = re.compile(rb"[^A-Za-z0-9\-._~!$&'()*+,=:@/?]")


class ObjectType(Enum):
    """The object types of clause 5.1, by their tag."""

    CONTENT = "cnt"
    DIRECTORY = "dir"
    REVISION = "rev"
    RELEASE = "rel"
    SNAPSHOT = "snp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Swhid:
    """A parsed identifier. `path` is absolute and decoded (`surrogateescape` where not UTF-8).

    `origin` is decoded likewise. `lines` and `bytes` are ranges as written.
    """

    type: ObjectType
    object_id: str
    origin: str | None = None
    visit: str | None = None
    anchor: str | None = None
    path: str | None = None
    lines: str | None = None
    bytes: str | None = None

    @property
    def core(self) -> str:
        """The identifier without its qualifiers. Equal cores are equal content (clause 6.4)."""
        return f"swh:1:{self.type.value}:{self.object_id}"

    def __str__(self) -> str:
        written = {
            "origin": _escaped(self.origin, _ORIGIN_KEPT),
            "visit": self.visit,
            "anchor": self.anchor,
            "path": _escaped(self.path, _PATH_KEPT),
            "lines": self.lines,
            "bytes": self.bytes,
        }
        return self.core + "".join(
            f";{name}={written[name]}" for name in _QUALIFIERS if written[name] is not None
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an identifier with any qualifiers. Raises ValueError where clause 4 or 6 is broken.

        Combinations that clause 6 tells readers to ignore (`visit` without `origin`, `anchor`
        without `path`, `lines` beside `bytes`, either of what is no content) are left out.
        """
        core, *rest = text.split(";")
        kind, object_id = _parse_core(core)
        found: dict[str, str] = {}
        for qualifier in rest:
            name, equals, value = qualifier.partition("=")
            if not equals or name not in _QUALIFIERS or name in found:
                raise ValueError(f"not a qualifier, or there twice: {qualifier!r}")
            found[name] = _parse_value(name, value)
        for name, unless in (("visit", "origin"), ("anchor", "path")):
            if unless not in found:
                found.pop(name, None)
        if "bytes" in found:
            found.pop("lines", None)
        if kind != ObjectType.CONTENT.value:
            found.pop("lines", None)
            found.pop("bytes", None)
        return cls(type=ObjectType(kind), object_id=object_id, **found)


def content(oid: str) -> str:
    """Give the identifier of a file's content from its git blob name. ValueError if not SHA-1."""
    return _core(ObjectType.CONTENT, oid)


def directory(oid: str) -> str:
    """Give the identifier of a directory from its git tree name. ValueError if not SHA-1."""
    return _core(ObjectType.DIRECTORY, oid)


def revision(oid: str) -> str:
    """Give the identifier of a revision from its git commit name. ValueError if not SHA-1."""
    return _core(ObjectType.REVISION, oid)


def qualified(
    core: str,
    *,
    origin: str | None = None,
    visit: str | None = None,
    anchor: str | None = None,
    path: str | None = None,
) -> str:
    """Add where it was seen, in the canonical order of clause 6.5.

    `visit` and `anchor` are core identifiers; `path` is the file's in the tree of `anchor`, with or
    without the `/` that it gets in front. Raises ValueError for combinations that clause 6.3 does
    not allow: `visit` without `origin`, `anchor` without `path`.
    """
    kind, object_id = _parse_core(core)
    if (visit and not origin) or (anchor and not path):
        raise ValueError("visit needs origin, anchor needs path (ISO/IEC 18670 clause 6.3)")
    for context in filter(None, (visit, anchor)):
        _parse_core(context)
    absolute = None if path is None else "/" + path.removeprefix("/")
    return str(
        Swhid(
            type=ObjectType(kind),
            object_id=object_id,
            origin=origin,
            visit=visit,
            anchor=anchor,
            path=absolute,
        )
    )


def _core(kind: ObjectType, oid: str) -> str:
    if not _OBJECT_ID.fullmatch(oid):
        raise ValueError(f"not the SHA-1 name of a git object: {oid!r}")
    return f"swh:1:{kind.value}:{oid}"


def _parse_core(text: str) -> tuple[str, str]:
    match = _CORE.fullmatch(text)
    if match is None:
        raise ValueError(f"not a core SWHID: {text!r}")
    return match[1], match[2]


def _parse_value(name: str, value: str) -> str:
    if name in {"visit", "anchor"}:
        _parse_core(value)
        return value
    if name in {"lines", "bytes"}:
        if not _RANGE.fullmatch(value):
            raise ValueError(f"not a range: {value!r}")
        return value
    text = unquote_to_bytes(value).decode("utf-8", "surrogateescape")
    if name == "path" and not text.startswith("/"):
        raise ValueError(f"not an absolute path: {value!r}")
    return text


def _escaped(text: str | None, refused: re.Pattern[bytes]) -> str | None:
    """Percent-encode what the pattern finds, `;` and `%` always being among it (clause 4)."""
    if text is None:
        return None
    raw = text.encode("utf-8", "surrogateescape")
    return refused.sub(lambda found: b"%%%02X" % found[0][0], raw).decode("ascii")
