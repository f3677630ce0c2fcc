"""Ruby's two ways to match paths: `File.fnmatch` without flags, and `Dir.glob`."""

import re
from collections.abc import Callable
from functools import lru_cache


@lru_cache(maxsize=1024)
def fnmatch_pattern(pattern: str) -> re.Pattern[str]:
    r"""`File.fnmatch?`: `*` and `?` match slashes too, `[...]` is a set, `\` escapes."""
    return re.compile(_translate(pattern, star=".*", one="."), re.DOTALL)


@lru_cache(maxsize=256)
def glob_pattern(pattern: str) -> Callable[[str], bool]:
    """`Dir.glob` as a test on one path: `*` stays within a folder, `**/` crosses."""
    compiled = [re.compile(_glob(choice), re.DOTALL) for choice in _braces(pattern)]
    return lambda path: any(expression.fullmatch(path) for expression in compiled)


def _glob(pattern: str) -> str:
    parts = pattern.split("/")
    out = ""
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if part == "**" and not last:
            out += r"(?:(?!\.)[^/]+/)*"
            continue
        hidden = "" if part.startswith(".") else r"(?!\.)"
        out += hidden + _translate(part, star="[^/]*", one="[^/]") + ("" if last else "/")
    return out


def _translate(pattern: str, *, star: str, one: str) -> str:
    out = ""
    index = 0
    while index < len(pattern):
        char = pattern[index]
        index += 1
        if char == "*":
            out += star if not out.endswith(star) else ""
        elif char == "?":
            out += one
        elif char == "\\" and index < len(pattern):
            out += re.escape(pattern[index])
            index += 1
        elif char == "[" and (end := pattern.find("]", index + 1)) > 0:
            inside = pattern[index:end].replace("\\", "\\\\").replace("[", "\\[")
            out += f"[^{inside[1:]}]" if inside[:1] in {"!", "^"} else f"[{inside}]"
            index = end + 1
        else:
            out += re.escape(char)
    return out


def _braces(pattern: str) -> list[str]:
    """Write `{a,b}` out, innermost last; unbalanced braces stand for themselves."""
    match = re.search(r"\{([^{}]*)\}", pattern)
    if match is None or pattern.count("{") > 4:  # noqa: PLR2004 - a bound, not a rule
        return [pattern]
    before, after = pattern[: match.start()], pattern[match.end() :]
    return [choice for part in match[1].split(",") for choice in _braces(f"{before}{part}{after}")]
