"""A commit as git stores it, and the reading of its raw bytes.

The format is git's `Documentation/gitformat-commit`, in words: header lines `key SP value`, a line
that begins with a space goes on with the one before, an empty line, the message. Old and hostile
repositories break each of these rules; what cannot be understood is left empty, never refused,
because the raw bytes are kept and the object id proves them.
"""

import codecs
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

_IDENTITY = re.compile(rb"(?P<name>[^<]*)<(?P<email>[^>]*)>(?P<rest>.*)", re.DOTALL)
_MOMENT = re.compile(rb"\s*(?P<seconds>-?\d{1,20})(?:\s+(?P<sign>[+-])(?P<zone>\d{1,4}))?\s*")
_LONG_ZONE = re.compile(rb"[+-]\d{5,}\s*$")
_CHARSET = re.compile(
    r"ascii|utf-8|iso8859-\d+|cp\d+|koi8-[rtu]|euc_\w+|shift_jis\w*|iso2022_\w+|gb\w+|big5\w*"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who and when. `at` carries the writer's offset; it is None where no datetime can hold it.

    `raw` is the line as stored, after its key, bytes that are not UTF-8 kept as lone surrogates.
    """

    name: str
    email: str
    at: datetime | None
    offset_minutes: int
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """One commit. `raw` is the object itself, so that `oid` can be computed again from it."""

    oid: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    encoding: str | None
    message: str
    raw: bytes


def parse_commit(oid: str, raw: bytes) -> Commit:
    """Read the bytes of a commit object; parts that are missing or malformed come out empty."""
    head, _, message = raw.partition(b"\n\n")
    parents: list[str] = []
    first: dict[bytes, bytes] = {}
    for key, value in _headers(head):
        if key == b"parent":
            parents.append(_text(value, None))
        else:
            first.setdefault(key, value)
    stated = first.get(b"encoding")
    encoding = _text(stated, None) if stated is not None else None
    by, kept_by = first.get(b"author", b""), first.get(b"committer", b"")
    author = _signature(by, encoding)
    return Commit(
        oid=oid,
        tree=_text(first.get(b"tree", b""), None),
        parents=tuple(parents),
        author=author,
        committer=author if by == kept_by else _signature(kept_by, encoding),
        encoding=encoding,
        message=_text(message, encoding),
        raw=raw,
    )


def _headers(head: bytes) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    for line in head.split(b"\n"):
        if line.startswith(b" ") and found:
            key, value = found[-1]
            found[-1] = (key, value + b"\n" + line[1:])
        else:
            key, _, value = line.partition(b" ")
            found.append((key, value))
    return found


def _signature(line: bytes, encoding: str | None) -> Signature:
    raw = _text(line, None)
    match = _IDENTITY.fullmatch(line)
    if match is None:
        return Signature(name=raw.strip(), email="", at=None, offset_minutes=0, raw=raw)
    at, offset = _moment(match["rest"])
    return Signature(
        name=_text(match["name"], encoding).strip(),
        email=_text(match["email"], encoding).strip(),
        at=at,
        offset_minutes=offset,
        raw=raw,
    )


def _moment(text: bytes) -> tuple[datetime | None, int]:
    """Read `1700000000 +0100`. Offsets of a day or more cannot be meant: the instant stays, as UTC.

    They exist (`+051800`): some importers wrote seconds into the field.
    """
    match = _MOMENT.fullmatch(_LONG_ZONE.sub(b"+0000", text))
    if match is None:
        return None, 0
    zone = int(match["zone"] or b"0")
    offset = (zone // 100) * 60 + zone % 100
    if offset >= _DAY_MINUTES:
        offset = 0
    if match["sign"] == b"-":
        offset = -offset
    try:
        instant = _EPOCH + timedelta(seconds=int(match["seconds"]))
        return instant.astimezone(_zone(offset)), offset
    except OverflowError:
        return None, offset


@cache
def _zone(minutes: int) -> timezone:
    """Make a zone; there are no more than a few thousand."""
    return timezone(timedelta(minutes=minutes))


def _text(raw: bytes, encoding: str | None) -> str:
    """Decode by the commit's own `encoding` header if that is a charset and the bytes obey it."""
    if encoding is not None and _is_charset(encoding):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            return raw.decode("utf-8", "surrogateescape")
    return raw.decode("utf-8", "surrogateescape")


def _is_charset(name: str) -> bool:
    """Tell charsets from the other things Python decodes by name (`zlib`, `idna`, `undefined`)."""
    try:
        return _CHARSET.fullmatch(codecs.lookup(name).name) is not None
    except (LookupError, ValueError):  # ValueError: a NUL or a lone surrogate in the name
        return False
