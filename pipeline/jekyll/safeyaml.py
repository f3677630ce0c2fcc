r"""Scalars and structures as SafeYAML makes them: upstream Jekyll's reading of YAML, and the truth.

A port of dtao/safe_yaml 1.0.5: transform/*.rb, parse/*.rb and psych_handler.rb, with its oddities:
tags other than `!binary` are ignored, an alias of a string is guessed again, a null key swallows
its value, `17:30` is the float 1050.0, `<<` merges a mapping only when it is an alias.
"""

import base64
import binascii
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from pipeline.jekyll.ruby_text import to_s

_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_OCTAL = re.compile(r"0[0-7]+\Z")
_HEX = re.compile(r"[-+]?0x[0-9a-f]+\Z", re.IGNORECASE)
_BINARY = re.compile(r"0b[01]+\Z")
_CLOCK = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\Z")
_CLOCK_FLOAT = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*\Z")
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*)?\.[0-9_]+(?:[eE][-+][0-9]+)?\Z")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
_TIME = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt]|[ \t\r\n\f\v]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.[0-9]*)?[ \t\r\n\f\v]*(Z|([-+])([0-9]{1,2}):?([0-9]{2})?)?\Z"
)
_STARTS = frozenset("0123456789+-.~_,yYnNtTfFoO")
_WORDS = {
    "null": None,
    "yes": True, "on": True, "true": True, "no": False, "off": False, "false": False,
}  # fmt: skip
_LONGEST_WORD = 5  # transform/to_boolean.rb
_SPECIAL_FLOATS = {
    sign + word: float(f"{sign}{word[1:]}")
    for word in (".inf", ".Inf", ".INF")
    for sign in ("", "-")
} | {word: float("nan") for word in (".nan", ".NaN", ".NAN")}
BINARY_TAGS = frozenset({"tag:yaml.org,2002:binary", "x-private:binary", "!binary"})


def ruby_float(text: str) -> float:
    """`Float(text)`: underscores only between digits. Raises ValueError like Ruby."""
    return float(text)


def decode_binary(text: str) -> str:
    """Decode Base64 forgivingly as `unpack("m")` does; bytes that are not UTF-8 become U+FFFD."""
    clean = re.sub(r"[^A-Za-z0-9+/]", "", text)
    try:
        raw = base64.b64decode(clean + "=" * (-len(clean) % 4))
    except binascii.Error:
        raw = base64.b64decode(clean[: len(clean) // 4 * 4])
    return raw.decode("utf-8", "replace")


def guess(text: str) -> Any:  # noqa: ANN401 - YAML decides
    """Give an unquoted scalar its type (`to_guessed_type`). Raises ValueError like Ruby."""
    if not text:
        return None
    if text[0] not in _STARTS:
        return text
    if text[0].isalpha():
        return _WORDS.get(text.lower(), text) if len(text) <= _LONGEST_WORD else text
    number = _integer(text)
    if number is not None:
        return number
    if _FLOAT.match(text):
        return ruby_float(text)
    if text in _SPECIAL_FLOATS:
        return _SPECIAL_FLOATS[text]
    if _CLOCK_FLOAT.match(text):
        return _sexagesimal(text)
    return None if text == "~" else _moment(text)


def _integer(text: str) -> int | float | None:
    plain = text.replace("_", "").replace(",", "")
    if _DECIMAL.match(plain):
        return int(plain)
    if _OCTAL.match(plain):
        return int(plain, 8)
    if _HEX.match(plain):
        return int(plain, 16)
    if _BINARY.match(plain):
        return int(plain, 2)
    return _sexagesimal(plain) if _CLOCK.match(plain) else None


def _sexagesimal(text: str) -> float:
    whole, dot, after = text.partition(".")
    total = 0.0
    unit = 1
    for part in reversed(whole.split(":")):
        total += ruby_float(part) * unit
        unit *= 60
    if dot and after:
        total += ruby_float(f".{after}")
    return -total if text[0] == "-" else total


def civil_date(year: int, month: int, day: int) -> date:
    """Return a date, as Ruby counts them. Raises ValueError for the days that the Pope left out."""
    if (year, month) == (1582, 10) and 4 < day < 15:  # noqa: PLR2004 - the reform of the calendar
        raise ValueError(day)
    return date(year, month, day)


def _moment(text: str) -> date | datetime | str:
    match = _DATE.match(text)
    try:
        if match:
            return civil_date(int(match[1]), int(match[2]), int(match[3]))
        match = _TIME.match(text)
        if match:
            return _date_time(match)
    except (ValueError, OverflowError):
        return text
    return text


def _date_time(match: re.Match[str]) -> datetime:
    """`DateTime.parse`: civil dates only, no zone means UTC, 24:00:00 is the next day."""
    year, month, day, hour, minute, second = (int(match[index]) for index in range(1, 7))
    zone: timezone = UTC
    if match[8]:
        offset = timedelta(hours=int(match[9]), minutes=int(match[10] or 0))
        zone = timezone(-offset if match[8] == "-" else offset)
    following = timedelta(0)
    if hour == 24 and not minute and not second:  # noqa: PLR2004
        hour, following = 0, timedelta(days=1)
    if second == 60:  # noqa: PLR2004 - Ruby takes a leap second for the one before
        second = 59
    return datetime(year, month, day, hour, minute, second, tzinfo=zone) + following


class SafeYamlBuilder:
    """Takes the events of one document and builds its value, as SafeYAML's PsychHandler does."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.result: Any = None
        self._begun = False
        self._anchors: dict[str, Any] = {}
        self._stack: list[list[Any] | dict[str, Any]] = []
        self._key: Any = None
        self._aliases = 0

    @property
    def is_free(self) -> bool:
        """Whether no part of the value could look otherwise with more before it, or change that."""
        return not self._anchors and not self._aliases and self._key is None

    def scalar(self, text: str, anchor: str | None, tag: str | None, *, quoted: bool) -> None:
        """Take one scalar."""
        value: Any = text
        if tag is not None and tag in BINARY_TAGS:
            value = decode_binary(text)
        elif not quoted:
            value = guess(text)
        self._add(value, anchor)

    def alias(self, anchor: str) -> None:
        """Take an alias; one that was never set is null, and a string is guessed once more."""
        self._aliases += 1
        value = self._anchors.get(anchor)
        self._add(guess(value) if isinstance(value, str) else value, None)

    def start_mapping(self, anchor: str | None, _tag: str | None) -> None:
        """Open a mapping."""
        mapping: dict[str, Any] = {}
        self._add(mapping, anchor)
        self._stack.append(mapping)

    def start_sequence(self, anchor: str | None, _tag: str | None) -> None:
        """Open a sequence."""
        sequence: list[Any] = []
        self._add(sequence, anchor)
        self._stack.append(sequence)

    def end(self) -> None:
        """Close the innermost structure."""
        self._stack.pop()

    def _add(self, value: Any, anchor: str | None) -> None:  # noqa: ANN401
        if anchor is not None:
            self._anchors[anchor] = value
        if not self._begun:
            self._begun = True
            self.result = value
            return
        current, key = self._stack[-1], self._key
        if isinstance(current, list):
            current.append(value)
        elif key is None:
            self._key = value
        else:
            self._set(current, key, value)
            self._key = None

    @staticmethod
    def _set(mapping: dict[str, Any], key: Any, value: Any) -> None:  # noqa: ANN401
        if key != "<<":
            mapping[to_s(key)] = value
        elif isinstance(value, dict):
            mapping.update(value)
        else:
            raise ValueError("only a mapping can be merged with <<")
