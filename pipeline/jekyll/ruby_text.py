"""Ruby's way with strings where Python differs: case, `to_s` of any value, `inspect`, paths.

Sources: string.c, array.c, hash.c, numeric.c (flo_to_s), file.c (extname, basename, expand_path).
"""

import math
import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\f": "\\f", "\v": "\\v",
    "\b": "\\b", "\a": "\\a", "\x1b": "\\e",
}  # fmt: skip
_EXPONENT_FROM = 15  # numeric.c, flo_to_s: fixed from 0.0001 up to 15 digits, else with an exponent
_EXPONENT_BELOW = -4


def downcase(text: str) -> str:
    """`String#downcase`: full Unicode, but without the rule for a final sigma."""
    return text.replace("\u03a3", "\u03c3").lower()


def capitalize(text: str) -> str:
    """`String#capitalize`: first character in title case, the rest in lower case."""
    return (
        text[:1].title() + downcase(text[1:]) if len(text[:1].title()) == 1 else text.capitalize()
    )


def to_s(value: Any) -> str:  # noqa: ANN401 - any value that YAML can hold
    """`to_s` of a value that came out of YAML."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list | tuple | dict):
        return inspect(value)
    return _scalar(value)


def inspect(value: Any) -> str:  # noqa: ANN401 - any value that YAML can hold
    """`inspect` of a value that came out of YAML."""
    if isinstance(value, str):
        return _quote(value)
    if value is None:
        return "nil"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{inspect(k)}=>{inspect(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(inspect(item) for item in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:  # noqa: ANN401 - any value that YAML can hold
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, datetime):
        return time_to_s(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def time_to_s(moment: datetime) -> str:
    """`Time#to_s` with a numeric offset, which `Time.parse` reads like `UTC`."""
    zone = moment.strftime("%z")[:5]
    return f"{moment.year:04d}-{moment:%m-%d %H:%M:%S} {zone}"


def _float(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0.0" if math.copysign(1, value) < 0 else "0.0"
    number = Decimal(repr(value))
    if _EXPONENT_BELOW <= number.adjusted() < _EXPONENT_FROM:
        fixed = f"{number:f}"
        return fixed if "." in fixed else f"{fixed}.0"
    digits = "".join(map(str, number.as_tuple().digits)).rstrip("0") or "0"
    sign = "-" if value < 0 else ""
    power = number.adjusted()
    return f"{sign}{digits[0]}.{digits[1:] or '0'}e{'-' if power < 0 else '+'}{abs(power):02d}"


def _quote(text: str) -> str:
    out = []
    for index, char in enumerate(text):
        follows = text[index + 1 : index + 2]
        if char == "#" and follows in {"{", "$", "@"} and follows:
            out.append("\\#")
        elif char in _ESCAPES:
            out.append(_ESCAPES[char])
        elif not char.isprintable():
            out.append(f"\\u{ord(char):04X}")
        else:
            out.append(char)
    return '"' + "".join(out) + '"'


@lru_cache(maxsize=4096)
def extname(path: str) -> str:
    """`File.extname`: from the last dot, even a trailing one; dot files have none."""
    name = path.rstrip("/").rpartition("/")[2]
    rest = name.lstrip(".")
    dot = rest.rfind(".")
    return rest[dot:] if dot > 0 else ""


def basename(path: str) -> str:
    """`File.basename(path)`."""
    return path.rstrip("/").rpartition("/")[2]


def stem(path: str) -> str:
    """`File.basename(path, ".*")`: the name without its extension."""
    name = basename(path)
    ext = extname(path)
    return name[: -len(ext)] if ext else name


def dirname(path: str) -> str:
    """`File.dirname(path)`."""
    head, slash, _ = path.rstrip("/").rpartition("/")
    if not slash:
        return "." if not path.startswith("/") else "/"
    return head.rstrip("/") or "/"


def join(*parts: str) -> str:
    """`File.join`: exactly one slash where two parts meet."""
    result = parts[0]
    for part in parts[1:]:
        if part.startswith("/"):
            result = result.rstrip("/") + part
        else:
            result += part if result.endswith("/") else f"/{part}"
    return result


def expand_path(path: str) -> str:
    """`File.expand_path(path, "/")` for a path that does not begin with `~`."""
    stack: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if stack:
                stack.pop()
        elif part not in {"", "."}:
            stack.append(part)
    return "/" + "/".join(stack)


_SQUEEZE = re.compile(r"/{2,}")


def squeeze_slashes(text: str) -> str:
    """`squeeze("/")`."""
    return _SQUEEZE.sub("/", text)
