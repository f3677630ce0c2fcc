"""Named fields (ISO 28500 clause 4): strict when writing, forgiving but telling when reading."""

import re
from collections.abc import Iterable
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import Final

from pipeline.warc.damage import HEADER_FOLDED, HEADER_LINE, VERSION, VERSION_OLD, Damage, Rule
from pipeline.warc.errors import InvalidRecordError

Fields = tuple[tuple[str, str], ...]
"""Names and values in the order of the file. Names are compared without case."""

_TOKEN: Final = re.compile(r"[!#$%&'*+\-.0-9A-Z^_`a-z|~]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]+")
_FIELD: Final = re.compile(rf"({_TOKEN.pattern}):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
_VERSION: Final = re.compile(rb"WARC/1\.[01]")
_DRAFT: Final = re.compile(rb"WARC/0\.1[78]")


def is_name(text: str) -> bool:
    """Tell whether this can be the name of a field: a token of RFC 2616."""
    return _TOKEN.fullmatch(text) is not None


def checked_field(name: str, value: str) -> tuple[str, str]:
    """Give the field back if it is exactly one line in the file, or raise InvalidRecordError.

    Control characters (CR, LF and NUL among them) are refused, not cleaned: whoever writes a field
    has to know what it says. So are lone surrogates, and space at the ends, which does not survive.
    """
    if not is_name(name):
        raise InvalidRecordError("field name", f"{name!r} is not a token")
    if _CONTROL.search(value):
        raise InvalidRecordError(name, f"control character in {value!r}")
    if value != value.strip():
        raise InvalidRecordError(name, f"space at an end of {value!r}")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidRecordError(name, f"not UTF-8: {value!r}") from error
    return name, value


def one_line(text: str) -> str:
    """Make any text a legal field value: runs of space and control characters become one space.

    Lossy, for descriptions; a value that must come back exactly belongs in a record of its own.
    """
    return _UNPRINTABLE.sub(lambda run: "\ufffd" if run[0] >= "\ud800" else " ", text).strip()


def render_fields(fields: Iterable[tuple[str, str]]) -> bytes:
    """Write a block of `application/warc-fields`. Raises InvalidRecordError."""
    lines = (": ".join(checked_field(name, value)) + "\r\n" for name, value in fields)
    return "".join(lines).encode("utf-8")


def by_name(fields: Fields) -> dict[str, str]:
    """Give the first value of each field by its name in lower case."""
    return {name.lower(): value for name, value in reversed(fields)}


def first(fields: Fields, name: str) -> str | None:
    """Give the first value of a field, None if it is not there."""
    lower = name.lower()
    return next((value for key, value in fields if key.lower() == lower), None)


def words(value: str) -> str:
    """Give a value with its encoded-words (RFC 2047) decoded, which clause 4 asks of readers."""
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, UnicodeDecodeError):
        return value  # it only looks like one


def every(fields: Fields, name: str) -> tuple[str, ...]:
    """Give all values of a field."""
    lower = name.lower()
    return tuple(value for key, value in fields if key.lower() == lower)


def parse_header(head: bytes, offset: int) -> tuple[str, Fields, tuple[Damage, ...]]:
    """Read a record header, version line to blank line, and say what is wrong with its form."""
    lines = head.split(b"\n")[:-1]
    version = lines[0].removesuffix(b"\r").upper()  # literals of RFC 2616 section 2.1 have no case
    damages = []
    if _DRAFT.fullmatch(version):
        damages.append(_damage(VERSION_OLD, offset, version, "a draft of the format: "))
    elif not _VERSION.fullmatch(version):
        damages.append(_damage(VERSION, offset, version))
    if not all(line.endswith(b"\r") for line in lines):
        bare = next(line for line in lines if not line.endswith(b"\r"))
        damages.append(_damage(HEADER_LINE, offset, bare, "a line ends without CR: "))
    fields, more = _parse_lines([line.removesuffix(b"\r") for line in lines[1:-1]], offset)
    return version.decode("ascii", "replace"), fields, (*damages, *more)


def parse_fields(block: bytes) -> Fields:
    """Read a block of `application/warc-fields` as far as it is one."""
    return _parse_lines([line.removesuffix(b"\r") for line in block.split(b"\n")], 0)[0]


def _parse_lines(lines: Iterable[bytes], offset: int) -> tuple[Fields, tuple[Damage, ...]]:
    fields: list[tuple[str, str]] = []
    damages: list[Damage] = []
    for line in lines:
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            damages.append(_damage(HEADER_LINE, offset, line, "not UTF-8: "))
            text = line.decode("utf-8", "replace")
        match = _FIELD.fullmatch(text)
        if match:
            fields.append((match[1], match[2].rstrip(" \t")))
        elif fields and text[:1] in {" ", "\t"}:
            name, value = fields[-1]
            fields[-1] = (name, f"{value} {text.strip()}".strip())
            damages.append(_damage(HEADER_FOLDED, offset, line, "a continued line: "))
        else:
            damages.append(_damage(HEADER_LINE, offset, line, "not `name: value`: "))
            name, colon, value = text.partition(":")
            fields += [(name.strip(), value.strip(" \t"))] if colon else []
    return tuple(fields), tuple(damages)


def _damage(rule: Rule, offset: int, line: bytes, what: str = "not a version line: ") -> Damage:
    return Damage(rule=rule, offset=offset, message=f"{what}{line[:80]!r}")
