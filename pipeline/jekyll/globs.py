r"""Ruby's two ways to match paths: `File.fnmatch` without flags, and `Dir.glob`.

A `*` takes as little as it can and never gives it back (an atomic group): what stands between two
stars has a fixed length, so the first place that fits is as good as any, and no pattern is slow.
"""

import re
from collections.abc import Callable
from functools import lru_cache

_FOLDERS = r"(?:(?!\.)[^/]+/)*"
MAX_BRACES = 4  # a bound against `{a,b}{a,b}{a,b}...`, not a rule of Ruby


@lru_cache(maxsize=1024)
def fnmatch_pattern(pattern: str) -> re.Pattern[str]:
    r"""`File.fnmatch?`: `*` and `?` match slashes too, `[...]` is a set, `\` escapes."""
    return re.compile(_translate(pattern, any_char=".") + r"\Z", re.DOTALL)


@lru_cache(maxsize=256)
def glob_pattern(pattern: str) -> Callable[[str], bool]:
    """`Dir.glob` as a test on one path: `*` stays within a folder, `**/` crosses."""
    compiled = [re.compile(_glob(choice), re.DOTALL) for choice in _braces(pattern)]
    return lambda path: any(expression.match(path) for expression in compiled)


def _glob(pattern: str) -> str:
    """Write a glob as an expression: runs of folders, each at its first place after a `**`."""
    *folders, name = pattern.split("/")
    out = ""
    run = ""
    crossed = False
    for part in folders:
        if part == "**":
            out += f"(?>{_FOLDERS}?{run})" if crossed else run
            run, crossed = "", True
        else:
            run += _component(part) + "/"
    last = f"{run}{_component(name)}\\Z"
    return out + (f"{_FOLDERS}{last}" if crossed else last)


def _component(part: str) -> str:
    hidden = "" if part.startswith(".") else r"(?!\.)"
    return hidden + _translate(part, any_char="[^/]") + r"(?![^/])"


def _translate(pattern: str, *, any_char: str) -> str:
    """Write the pattern as an expression, one atomic group a star; the last star takes the rest."""
    pieces = _split(pattern, any_char)
    if len(pieces) == 1:
        return pieces[0]
    first, *middle, last = pieces
    groups = "".join(f"(?>{any_char}*?{piece})" for piece in middle if piece)
    end = r"\Z" if any_char == "." else r"(?![^/])"
    return f"{first}{groups}(?>{any_char}*?{last}{end})"


def _split(pattern: str, any_char: str) -> list[str]:
    """Cut the pattern at its stars; each piece is an expression of fixed length."""
    pieces = [""]
    index = 0
    while index < len(pattern):
        char = pattern[index]
        index += 1
        if char == "*":
            pieces.append("")
        elif char == "?":
            pieces[-1] += any_char
        elif char == "\\" and index < len(pattern):
            pieces[-1] += re.escape(pattern[index])
            index += 1
        elif char == "[" and (end := pattern.find("]", index + 1)) > 0:
            within = "(?!/)" if any_char != "." else ""
            pieces[-1] += within + _set(pattern[index:end])
            index = end + 1
        else:
            pieces[-1] += re.escape(char)
    return pieces


def _set(inside: str) -> str:
    """Write what stands in brackets as a set of characters; a reversed range matches nothing."""
    negated = inside[0] in "!^"
    text = inside[1:] if negated else inside
    out = ""
    index = 0
    while index < len(text):
        if text[index + 1 : index + 2] == "-" and index + 2 < len(text):
            low, high = text[index], text[index + 2]
            out += f"{re.escape(low)}-{re.escape(high)}" if low <= high else ""
            index += 3
        else:
            out += re.escape(text[index])
            index += 1
    if not out:
        return "." if negated else r"(?!)"
    return f"[{'^' if negated else ''}{out}]"


def _braces(pattern: str) -> list[str]:
    """Write `{a,b}` out; unbalanced braces stand for themselves."""
    match = re.search(r"\{([^{}]*)\}", pattern)
    if match is None or pattern.count("{") > MAX_BRACES:
        return [pattern]
    before, after = pattern[: match.start()], pattern[match.end() :]
    return [choice for part in match[1].split(",") for choice in _braces(f"{before}{part}{after}")]
