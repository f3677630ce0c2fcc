r"""`Date._parse` of Ruby, the heuristic parser behind every date that Jekyll reads.

A port of ext/date/date_parse.c (ruby/date 3.2.2), as far as `Time.parse` uses its result. The rules
stand in the order of the C file. Ruby's `\d` and `\s` are ASCII while its `\b` and `[[:alpha:]]`
are not: digits and spaces are spelled out here, the rest is left to Python's Unicode matching.
"""

import re

from pipeline.jekyll.ruby_date_rules import (
    RULES,
    Action,
    Fields,
    Groups,
    ascii_pattern,
    has_alpha,
    has_digit,
)

LIMIT = 128  # date_core.c: "string length exceeds the limit 128"

_ALPHA = r"[^\W0-9_]"


class TooLongError(ValueError):
    """Ruby refuses to look for a date in more than 128 bytes."""


_NOISE = re.compile(r"(?:[^-+',./:@\w\[\]]|_)+")
_DAY = ascii_pattern(r"\b(sun|mon|tue|wed|thu|fri|sat)[^-/0-9 \t\r\n\f\v]*")
_TIME = ascii_pattern(
    r"((?:\d+\s*:\s*\d+(?:\s*:\s*\d+(?:[,.]\d*)?)?|\d+\s*h(?:\s*\d+m?(?:\s*\d+s?)?)?)"
    r"(?:\s*[ap](?:m\b|\.m\.))?|\d+\s*[ap](?:m\b|\.m\.))"
    r"(?:\s*((?:gmt|utc?)?[-+]\d+(?:[,.:]\d+(?::\d+)?)?"
    rf"|(?:{_ALPHA}|[. \t\r\n\f\v])+(?:standard|daylight)\stime\b|{_ALPHA}+(?:\sdst)?\b))?"
)
_TIME_PARTS = ascii_pattern(
    r"\A(\d+)h?(?:\s*:?\s*(\d+)m?(?:\s*:?\s*(\d+)(?:[,.](\d+))?s?)?)?(?:\s*([ap])(?:m\b|\.m\.))?"
)
_BC = ascii_pattern(r"\b(bc\b|bce\b|b\.c\.|b\.c\.e\.)")
_FRAGMENT = ascii_pattern(r"\A\s*(\d{1,2})\s*\Z")


def parse_fields(text: str) -> Fields:
    """Find year, mon, mday, hour, min, sec, yday and zone in a text (`Date._parse`)."""
    if len(text.encode("utf-8", "surrogatepass")) > LIMIT:
        raise TooLongError(text)
    text = _NOISE.sub(" ", text)
    fields: Fields = {}
    text = _substitute(text, _DAY, _ignore, fields)[0] if has_alpha(text) else text
    if has_digit(text):
        text, _ = _substitute(text, _TIME, _take_time, fields)
    for needs, pattern, action in RULES:
        if all(need(text) for need in needs):
            text, found = _substitute(text, pattern, action, fields)
            if found:
                break
    before_christ = bool(fields.pop("_bc", False))
    if has_alpha(text):
        text, found = _substitute(text, _BC, _ignore, fields)
        before_christ = before_christ or found
    if has_digit(text):
        _substitute(text, _FRAGMENT, _take_fragment, fields)
    century = bool(fields.pop("_comp", True))
    _complete_year(fields, before_christ=before_christ, century=century)
    return fields


def _complete_year(fields: Fields, *, before_christ: bool, century: bool) -> None:
    year = fields.get("year")
    if not isinstance(year, int):
        return
    if before_christ:
        year = 1 - year
    if century and 0 <= year <= 99:  # noqa: PLR2004 - two digits
        year += 1900 if year >= 69 else 2000  # noqa: PLR2004 - date_parse.c, date__parse
    fields["year"] = year


def _substitute(
    text: str, pattern: re.Pattern[str], action: Action, fields: Fields
) -> tuple[str, bool]:
    match = pattern.search(text)
    if match is None:
        return text, False
    action(match.groups(), fields)
    return f"{text[: match.start()]} {text[match.end() :]}", True


def _ignore(_groups: Groups, _fields: Fields) -> None:
    """A day of the week says nothing that `Time.parse` uses."""


def _take_time(groups: Groups, fields: Fields) -> None:
    clock, zone = groups[0] or "", groups[1]
    if zone is not None:
        fields["zone"] = zone
    match = _TIME_PARTS.match(clock)
    if match is None:
        return
    hour, minute, second, _fraction, half = match.groups()
    value = int(hour)
    if half is not None:
        value = value % 12 + (12 if half in "pP" else 0)
    fields["hour"] = value
    if minute is not None:
        fields["min"] = int(minute)
    if second is not None:
        fields["sec"] = int(second)


def _take_fragment(groups: Groups, fields: Fields) -> None:
    number = int(groups[0] or "0")
    if "hour" in fields and "mday" not in fields and 1 <= number <= 31:  # noqa: PLR2004
        fields["mday"] = number
    if "mday" in fields and "hour" not in fields and 0 <= number <= 24:  # noqa: PLR2004
        fields["hour"] = number
