"""Values of front matter as text that every database and JSON reader takes."""

import json
import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

INTEGER_BITS = 4096  # Python refuses to print integers of more than 4,300 digits
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKS = "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\xa0"  # all that is not ASCII in most texts
_APART = {code: " " for code in range(128) if not chr(code).isalnum()}


def word_set(text: str) -> frozenset[str]:
    """Make a set of the words of a table, which reads better than a list of strings."""
    return frozenset(text.split())


def plain_words(text: str) -> list[str] | None:
    """Give the words of a text, in lower case; None where one of them has a letter beyond ASCII.

    Three times as fast as a pattern, and true of most texts.
    """
    if not text.isascii():
        for mark in _MARKS:
            text = text.replace(mark, " ")
        if not text.isascii():
            return None
    return text.lower().translate(_APART).split()


def clean(text: str) -> str:
    """Replace NUL and lone surrogates by U+FFFD: PostgreSQL has no NUL, UTF-8 no surrogates."""
    if text.isascii() and "\0" not in text:
        return text
    return _SURROGATE.sub("\ufffd", text.replace("\0", "\ufffd"))


def one_line(text: str) -> str:
    """Clean a text and collapse all white space in it."""
    return " ".join(clean(text).split())


def raw_json(value: Any) -> str:  # noqa: ANN401 - front matter holds anything
    """Write a value as JSON. Lone surrogates stay, escaped; dates become ISO 8601 strings."""
    text = json.dumps(_plain(value), ensure_ascii=False, allow_nan=False)
    return text if text.isascii() else _SURROGATE.sub(lambda m: f"\\u{ord(m[0]):04x}", text)


def as_text(value: Any) -> str:  # noqa: ANN401
    """Give a scalar as YAML would write it: a string as it is, `true`, `2024-01-02`."""
    return value if isinstance(value, str) else raw_json(value).strip('"')


def _plain(value: Any) -> Any:  # noqa: ANN401
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if value.bit_length() <= INTEGER_BITS else hex(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case set() | frozenset():  # in an order that does not change from run to run
            return [_plain(item) for item in sorted(value, key=repr)]
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return str(value)
