r"""Scalars and structures as Ruby's Psych 4 makes them: how Debian's Jekyll 4.3.1 reads YAML.

A port of psych/scalar_scanner.rb and psych/visitors/to_ruby.rb for `safe_load` with Date and Time
permitted and aliases allowed. What Psych refuses (symbols, Ruby classes, unknown aliases) is a
ValueError here, and a broken front matter for Jekyll.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any

from pipeline.jekyll.ruby_text import to_s
from pipeline.jekyll.safeyaml import civil_date, decode_binary, ruby_float

_TEXT = re.compile(r"[^0-9.:-]?(?:[^\W\d]|[\s!@#$%^&*(){}<>|/\\~;=])+")
_TIME = re.compile(
    r"(-?[0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt]|[ \t\r\f\v]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.[0-9]*)?(?:[ \t\r\f\v]*(Z|([-+])([0-9]{1,2}):?([0-9]{2})?))?\Z"
)
_ZONED = re.compile(r":[0-9]{2}(?:\.[0-9]*)?\s*(?:Z|[-+][0-9:]+)\Z")
_DATE = re.compile(r"([0-9]{4})-(1[012]|0[0-9]|[0-9])-([12][0-9]|3[01]|0[0-9]|[0-9])\Z")
_INF = re.compile(r"([-+]?)\.inf\Z", re.IGNORECASE)
_NAN = re.compile(r"\.nan\Z", re.IGNORECASE)
_CLOCK = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}\Z")
_CLOCK_FLOAT = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}\.[0-9_]*\Z")
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_,]*)?\.[0-9]*(?:[eE][-+][0-9]+)?\Z")
_INTEGER = re.compile(
    r"(?:[-+]?0b[01_,]+|[-+]?0[0-7_,]+|[-+]?(?:0|[1-9](?:[0-9]|,[0-9]|_[0-9])*)|[-+]?0x[0-9a-fA-F_,]+)\Z"
)
_UNITS = (3600, 60, 1)  # scalar_scanner.rb takes the first of two parts for hours too
_WORDS = {
    "~": None, "null": None, "yes": True, "true": True, "on": True,
    "no": False, "false": False, "off": False,
}  # fmt: skip
_STRING_TAG = re.compile(r"!(?:str|ruby/string)(?::(.*))?\Z")
_YAML_TAG = "tag:yaml.org,2002:"


def tokenize(text: str) -> Any:  # noqa: ANN401 - YAML decides
    """Give an unquoted scalar its type (`ScalarScanner#tokenize`). Raises ValueError like Psych."""
    if not text:
        return None
    if _TEXT.match(text) or "\n" in text:
        return _WORDS.get(text.lower(), text) if len(text) <= 5 else text  # noqa: PLR2004
    match = _TIME.match(text)
    if match:
        return _time(match, text)
    match = _DATE.match(text)
    if match:
        return _date(match, text)
    if _INF.match(text):
        return float("-inf") if text[0] == "-" else float("inf")
    if _NAN.match(text):
        return float("nan")
    if text[0] == ":" and len(text) > 1:
        raise ValueError("Tried to load unspecified class: Symbol")
    return _number(text)


def _number(text: str) -> int | float | str:
    if _CLOCK.match(text):
        parts = text.split(":")
        return sum(int(_digits(part)) * _UNITS[place] for place, part in enumerate(parts))
    if _CLOCK_FLOAT.match(text):
        parts = text.split(":")
        return sum(_leading_float(part) * _UNITS[place] for place, part in enumerate(parts))
    if _FLOAT.match(text):
        if text.lstrip("+-") == ".":
            return text
        return ruby_float(re.sub(r"\.([Ee]|$)", r"\1", text.replace(",", "").replace("_", "")))
    return _integer(text) if _INTEGER.match(text) else text


def _digits(text: str) -> str:
    match = re.match(r"[-+]?[0-9](?:_?[0-9])*", text)
    return match[0] if match else "0"


def _leading_float(text: str) -> float:
    match = re.match(r"[-+]?[0-9](?:_?[0-9])*(?:\.[0-9](?:_?[0-9])*)?", text)
    return float(match[0]) if match else 0.0


def _integer(text: str) -> int:
    plain = text.replace(",", "").replace("_", "")
    unsigned = plain.lstrip("+-")
    sign = -1 if plain.startswith("-") else 1
    if unsigned[:2] in {"0b", "0x"}:
        return sign * int(unsigned, 0)
    return sign * int(unsigned, 8 if unsigned.startswith("0") else 10)


def _time(match: re.Match[str], text: str) -> datetime | str:
    year, month, day, hour, minute, second = (int(match[index]) for index in range(1, 7))
    zone: timezone = UTC
    try:
        if match[8]:
            offset = timedelta(hours=int(match[9]), minutes=int(match[10] or 0))
            zone = timezone(-offset if match[8] == "-" else offset)
        return roll_over(year, month, day, hour, minute, second).replace(tzinfo=zone)
    except (ValueError, OverflowError):
        return text


def roll_over(year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime:
    """`Time.utc`: day 31 of a short month is the next month. Raises ValueError."""
    whole_day = hour == 24  # noqa: PLR2004
    if day > 31 or hour > 24 or second > 60 or (whole_day and (minute or second)) or minute > 59:  # noqa: PLR2004
        raise ValueError("argument out of range")
    first = datetime(year, month, 1)  # noqa: DTZ001 - the caller knows the zone
    if day < 1:
        raise ValueError("argument out of range")
    return first + timedelta(days=day - 1, hours=hour, minutes=minute, seconds=second)


def _date(match: re.Match[str], text: str) -> date | str:
    try:
        return civil_date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return text


class PsychBuilder:
    """Takes the events of one document and builds its value, as Psych's ToRuby does."""

    def __init__(self, zone: tzinfo = UTC) -> None:
        """Start with nothing; times without a zone are shown in `zone`, in Ruby that of TZ."""
        self.result: Any = None
        self._zone = zone
        self._anchors: dict[str, Any] = {}
        self._stack: list[_Frame] = []

    def scalar(self, text: str, anchor: str | None, tag: str | None, *, quoted: bool) -> None:
        """Take one scalar."""
        value = text if quoted and tag is None else _tagged(text, tag)
        if isinstance(value, datetime) and not _ZONED.search(text):
            value = value.astimezone(self._zone)
        if anchor is not None:
            self._anchors[anchor] = value
        plain_key = tag != f"{_YAML_TAG}str"
        self._add(value, "scalar" if plain_key else "string")

    def alias(self, anchor: str) -> None:
        """Take an alias. Raises ValueError for one that was never set."""
        if anchor not in self._anchors:
            raise ValueError(f"Unknown alias: {anchor}")
        self._add(self._anchors[anchor], "alias")

    def start_mapping(self, anchor: str | None, tag: str | None) -> None:
        """Open a mapping. Raises ValueError for a tag that asks for a Ruby class."""
        short = (tag or "").replace(_YAML_TAG, "!")
        if short in {"!set", "!omap"} or short.startswith(("!ruby/", "!map:", "!str")):
            raise ValueError(f"Tried to load unspecified class: {tag}")
        self._open({}, anchor)

    def start_sequence(self, anchor: str | None, tag: str | None) -> None:
        """Open a sequence. Raises ValueError for a tag that asks for a Ruby class."""
        if (tag or "").startswith(("!seq:", "!ruby/array:")):
            raise ValueError(f"Tried to load unspecified class: {tag}")
        self._open([], anchor, ordered=(tag or "").replace(_YAML_TAG, "!") == "!omap")

    def end(self) -> None:
        """Close the innermost structure and hand it to the one around it."""
        frame = self._stack.pop()
        if frame.ordered and isinstance(frame.value, list):
            pairs = [
                next(iter(part.items())) for part in frame.value if isinstance(part, dict) and part
            ]
            self._add(dict(pairs), "mapping")
            return
        self._add(frame.value, "mapping" if isinstance(frame.value, dict) else "sequence")

    def _open(
        self, value: dict[str, Any] | list[Any], anchor: str | None, *, ordered: bool = False
    ) -> None:
        if anchor is not None:
            self._anchors[anchor] = value
        self._stack.append(_Frame(value, ordered=ordered))

    def _add(self, value: Any, node: str) -> None:  # noqa: ANN401
        if not self._stack:
            self.result = value
            return
        frame = self._stack[-1]
        if isinstance(frame.value, list):
            frame.value.append(value)
        elif not frame.has_key:
            frame.key, frame.key_node, frame.has_key = value, node, True
        else:
            frame.has_key = False
            _set(frame.value, frame.key, value, node, merge=frame.key_node != "string")


class _Frame:
    """One open structure, and the key that waits for its value."""

    __slots__ = ("has_key", "key", "key_node", "ordered", "value")

    def __init__(self, value: dict[str, Any] | list[Any], *, ordered: bool) -> None:
        self.value = value
        self.ordered = ordered
        self.key: Any = None
        self.key_node = ""
        self.has_key = False


def _set(mapping: dict[str, Any], key: Any, value: Any, node: str, *, merge: bool) -> None:  # noqa: ANN401
    """`revive_hash`: `<<` merges a mapping or a list of them; else it is an ordinary key."""
    if merge and key == "<<" and node in {"alias", "mapping"} and isinstance(value, dict):
        mapping.update(value)
        return
    if merge and key == "<<" and node == "sequence" and all(isinstance(x, dict) for x in value):
        gathered: dict[str, Any] = {}
        for part in reversed(value):
            gathered.update(part)
        mapping.update(gathered)
        return
    mapping[to_s(key)] = value


def _tagged(text: str, tag: str | None) -> Any:  # noqa: ANN401
    if tag is None:
        return tokenize(text)
    if tag in {"!binary", f"{_YAML_TAG}binary"}:
        return decode_binary(text)
    match = _STRING_TAG.match(tag)
    if tag == f"{_YAML_TAG}str" or (match and not match[1]):
        return text
    if match or tag.startswith("!ruby/"):
        raise ValueError(f"Tried to load unspecified class: {tag}")
    if tag in {"!float", f"{_YAML_TAG}float"}:
        value = tokenize(text)
        return ruby_float(value) if isinstance(value, str) else float(value)
    return tokenize(text)
