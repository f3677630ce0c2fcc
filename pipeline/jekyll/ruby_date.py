r"""`Date._parse` of Ruby, the heuristic parser behind every date that Jekyll reads.

A port of ext/date/date_parse.c (ruby/date 3.2.2), as far as `Time.parse` uses its result. The rules
stand in the order of the C file. Ruby's `\d` and `\s` are ASCII while its `\b` and `[[:alpha:]]` are
not: digits and spaces are spelled out here, the rest is left to Python's Unicode matching.
"""

import re
from collections.abc import Callable
from typing import TypeAlias

LIMIT = 128  # date_core.c: "string length exceeds the limit 128"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_S = r"[ \t\r\n\f\v]"
_ALPHA = r"[^\W0-9_]"
_MON = "|".join(_MONTHS)
_ERA = r"(c(?:e|\.e\.)|b(?:ce|\.c\.e\.)|a(?:d|\.d\.)|b(?:c|\.c\.))?"

Fields: TypeAlias = dict[str, int | str]
Groups: TypeAlias = tuple[str | None, ...]
_Action: TypeAlias = Callable[[Groups, Fields], None]


class TooLongError(ValueError):
    """Ruby refuses to look for a date in more than 128 bytes."""


def _pattern(source: str) -> re.Pattern[str]:
    spelled = source.replace(r"\d", "[0-9]").replace(r"\D", "[^0-9]").replace(r"\s", _S)
    return re.compile(spelled, re.IGNORECASE)


# A class that excludes digits or spaces is written out by hand: it cannot be made by replacement.
_NOT_DASH_DIGIT_SPACE = r"[^-0-9 \t\r\n\f\v]*"
_NOT_DASH_DIGIT_SPACE_QUOTE = r"[^-0-9 \t\r\n\f\v']*"

_NOISE = re.compile(r"(?:[^-+',./:@\w\[\]]|_)+")
_DAY = _pattern(r"\b(sun|mon|tue|wed|thu|fri|sat)[^-/0-9 \t\r\n\f\v]*")
_TIME = _pattern(
    r"((?:\d+\s*:\s*\d+(?:\s*:\s*\d+(?:[,.]\d*)?)?|\d+\s*h(?:\s*\d+m?(?:\s*\d+s?)?)?)"
    r"(?:\s*[ap](?:m\b|\.m\.))?|\d+\s*[ap](?:m\b|\.m\.))"
    r"(?:\s*((?:gmt|utc?)?[-+]\d+(?:[,.:]\d+(?::\d+)?)?"
    rf"|(?:{_ALPHA}|[. \t\r\n\f\v])+(?:standard|daylight)\stime\b|{_ALPHA}+(?:\sdst)?\b))?"
)
_TIME_PARTS = _pattern(
    r"\A(\d+)h?(?:\s*:?\s*(\d+)m?(?:\s*:?\s*(\d+)(?:[,.](\d+))?s?)?)?(?:\s*([ap])(?:m\b|\.m\.))?"
)
_BC = _pattern(r"\b(bc\b|bce\b|b\.c\.|b\.c\.e\.)")
_FRAGMENT = _pattern(r"\A\s*(\d{1,2})\s*\Z")


def parse_fields(text: str) -> Fields:
    """Find year, mon, mday, hour, min, sec, yday and zone in any text, as `Date._parse(text)` does."""
    if len(text.encode("utf-8", "surrogatepass")) > LIMIT:
        raise TooLongError(text)
    text = _NOISE.sub(" ", text)
    fields: Fields = {}
    century = True
    text = _substitute(text, _DAY, _ignore, fields)[0] if _has_alpha(text) else text
    if _has_digit(text):
        text, _ = _substitute(text, _TIME, _take_time, fields)
    for needs, pattern, action in _RULES:
        if all(need(text) for need in needs):
            text, found = _substitute(text, pattern, action, fields)
            if found:
                break
    before_christ = bool(fields.pop("_bc", False))
    if _has_alpha(text):
        text, found = _substitute(text, _BC, _ignore, fields)
        before_christ = before_christ or found
    if _has_digit(text):
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
    text: str, pattern: re.Pattern[str], action: _Action, fields: Fields
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


_NUMBER = re.compile(r"[-+]?[0-9]+")
_SIGNED = re.compile(r"[-+0-9]")
_UNSIGNED = re.compile(r"[0-9]+")


def _set_three(year: str | None, mon: str | None, day: str | None, fields: Fields) -> None:
    """Decide which of three numbers is the year, the month and the day (`s3e` in date_parse.c)."""
    if year is not None and mon is not None and day is None:
        year, mon, day = None, year, mon
    if year is None and day is not None and (len(day) > 2 or day.startswith("'")):  # noqa: PLR2004
        year, day = day, None
    if year is not None:
        start = _SIGNED.search(year)
        if start is not None:
            number = re.compile(r"[-+]?[0-9]*").match(year, start.start())
            if number is not None and number.end() < len(year):
                year, day = day, number.group()
    if mon is not None and (mon.startswith("'") or len(mon) > 2):  # noqa: PLR2004
        year, mon, day = mon, day, year
    if day is not None and (day.startswith("'") or len(day) > 2):  # noqa: PLR2004
        year, day = day, year
    if year is not None:
        _set_year(year, fields)
    for name, value in (("mon", mon), ("mday", day)):
        number = _UNSIGNED.search(value) if value is not None else None
        if number is not None:
            fields[name] = int(number.group())


def _set_year(text: str, fields: Fields) -> None:
    start = _SIGNED.search(text)
    if start is None:
        return
    rest = text[start.start() :]
    signed = rest[0] in "+-"
    digits = _UNSIGNED.match(rest, 1 if signed else 0)
    length = len(digits.group()) if digits else 0
    fields["year"] = int(rest[: length + signed]) if length else 0
    if signed or length > 2:  # noqa: PLR2004 - a year of three digits is meant as it stands
        fields["_comp"] = False


def _month(name: str | None) -> str:
    return str(_MONTHS.index((name or "").lower()[:3]) + 1)


def _take_eu(groups: Groups, fields: Fields) -> None:
    day, mon, era, year = groups
    _take_named(year, mon, day, era, fields)


def _take_us(groups: Groups, fields: Fields) -> None:
    mon, day, era, year = groups
    _take_named(year, mon, day, era, fields)


def _take_named(
    year: str | None, mon: str | None, day: str | None, era: str | None, fields: Fields
) -> None:
    _set_three(year, _month(mon), day, fields)
    if era is not None and era[0] in "bB":
        fields["_bc"] = True


def _take_three(groups: Groups, fields: Fields) -> None:
    _set_three(groups[0], groups[1], groups[2], fields)


def _take_vms_day_first(groups: Groups, fields: Fields) -> None:
    _set_three(groups[2], _month(groups[1]), groups[0], fields)


def _take_vms_month_first(groups: Groups, fields: Fields) -> None:
    _set_three(groups[2], _month(groups[0]), groups[1], fields)


_ERAS = {"m": 1867, "t": 1911, "s": 1925, "h": 1988, "r": 2018}


def _take_jis(groups: Groups, fields: Fields) -> None:
    era, year, mon, day = (group or "0" for group in groups)
    fields.update(year=int(year) + _ERAS[era.lower()], mon=int(mon), mday=int(day))


def _take(*names: str) -> _Action:
    def action(groups: Groups, fields: Fields) -> None:
        for name, value in zip(names, groups, strict=False):
            if value is not None:
                fields[name] = int(value)

    return action


def _take_month_name(groups: Groups, fields: Fields) -> None:
    fields["mon"] = int(_month(groups[0]))


_DIGITS_AS_DATE: dict[int, tuple[tuple[str, int], ...]] = {
    2: (("mday", 2),),
    3: (("yday", 3),),
    4: (("mon", 2), ("mday", 2)),
    5: (("year", 2), ("yday", 3)),
    6: (("year", 2), ("mon", 2), ("mday", 2)),
    7: (("year", 4), ("yday", 3)),
    8: (("year", 4), ("mon", 2), ("mday", 2)),
    10: (("year", 4), ("mon", 2), ("mday", 2), ("hour", 2)),
    12: (("year", 4), ("mon", 2), ("mday", 2), ("hour", 2), ("min", 2)),
    14: (("year", 4), ("mon", 2), ("mday", 2), ("hour", 2), ("min", 2), ("sec", 2)),
}
_DIGITS_AS_TIME: dict[int, tuple[tuple[str, int], ...]] = {
    2: (("sec", 2),),
    3: (("min", 1), ("sec", 2)),
    4: (("min", 2), ("sec", 2)),
    5: (("hour", 1), ("min", 2), ("sec", 2)),
    6: (("hour", 2), ("min", 2), ("sec", 2)),
    7: (("mday", 1), ("hour", 2), ("min", 2), ("sec", 2)),
    8: (("mday", 2), ("hour", 2), ("min", 2), ("sec", 2)),
    10: (("mon", 2), ("mday", 2), ("hour", 2), ("min", 2), ("sec", 2)),
    12: (("year", 2), ("mon", 2), ("mday", 2), ("hour", 2), ("min", 2), ("sec", 2)),
    14: (("year", 4), ("mon", 2), ("mday", 2), ("hour", 2), ("min", 2), ("sec", 2)),
}
_CLOCK_FROM_START = {2: ("hour",), 4: ("hour", "min"), 6: ("hour", "min", "sec")}
_CLOCK_FROM_END = {2: ("sec",), 4: ("min", "sec"), 6: ("hour", "min", "sec")}


def _take_digits(groups: Groups, fields: Fields) -> None:
    """Read a run of 2 to 14 digits, and a second run after a `T` (`parse_ddd_cb`)."""
    sign, digits, clock, fraction, zone = groups
    digits = digits or ""
    as_time = clock is None and fraction is not None
    table = _DIGITS_AS_TIME if as_time else _DIGITS_AS_DATE
    position = 0
    for name, width in table.get(len(digits), ()):
        value = int(digits[position : position + width])
        fields[name] = -value if name == "year" and sign == "-" else value
        position += width
    if len(digits) == 14 or (not as_time and len(digits) in {8, 10, 12}):  # noqa: PLR2004
        fields["_comp"] = False
    if clock is not None:
        names = (_CLOCK_FROM_END if fraction is not None else _CLOCK_FROM_START).get(len(clock), ())
        for index, name in enumerate(names):
            fields[name] = int(clock[2 * index : 2 * index + 2])
    if fraction is not None:
        fields["sec_fraction"] = 0  # its value is dropped, but it counts as time information
    if zone is not None:
        fields["zone"] = _bracketed_zone(zone)


def _bracketed_zone(zone: str) -> str:
    if not zone.startswith("["):
        return zone
    inside = zone[1:-1]
    return inside.partition(":")[2] if ":" in inside else inside


def _has_alpha(text: str) -> bool:
    return any("a" <= char <= "z" or "A" <= char <= "Z" for char in text)


def _has_digit(text: str) -> bool:
    return any("0" <= char <= "9" for char in text)


def _has_dash(text: str) -> bool:
    return "-" in text


def _has_dot(text: str) -> bool:
    return "." in text


def _has_slash(text: str) -> bool:
    return "/" in text


def _lacks(pattern: str) -> Callable[[str], bool]:
    compiled = _pattern(pattern)
    return lambda text: compiled.search(text) is None


_Rule: TypeAlias = tuple[tuple[Callable[[str], bool], ...], re.Pattern[str], _Action]
_RULES: tuple[_Rule, ...] = (
    (
        (_has_alpha, _has_digit),
        _pattern(
            rf"('?\d+){_NOT_DASH_DIGIT_SPACE}\s*({_MON}){_NOT_DASH_DIGIT_SPACE_QUOTE}"
            rf"(?:\s*{_ERA}\s*('?-?\d+(?:(?:st|nd|rd|th)\b)?))?"
        ),
        _take_eu,
    ),
    (
        (_has_alpha, _has_digit),
        _pattern(
            rf"\b({_MON}){_NOT_DASH_DIGIT_SPACE_QUOTE}\s*('?\d+){_NOT_DASH_DIGIT_SPACE_QUOTE}"
            rf"(?:\s*,?\s*{_ERA}\s*('?-?\d+))?"
        ),
        _take_us,
    ),
    ((_has_digit, _has_dash), _pattern(r"('?[-+]?\d+)-(\d+)-('?-?\d+)"), _take_three),
    ((_has_digit, _has_dot), _pattern(r"\b([mtshr])(\d+)\.(\d+)\.(\d+)"), _take_jis),
    (
        (_has_alpha, _has_digit, _has_dash),
        _pattern(rf"('?-?\d+)-({_MON})[^-/.]*-('?-?\d+)"),
        _take_vms_day_first,
    ),
    (
        (_has_alpha, _has_digit, _has_dash),
        _pattern(rf"\b({_MON})[^-/.]*-('?-?\d+)(?:-('?-?\d+))?"),
        _take_vms_month_first,
    ),
    ((_has_digit, _has_slash), _pattern(r"('?-?\d+)/\s*('?\d+)(?:\D\s*('?-?\d+))?"), _take_three),
    ((_has_digit, _has_dot), _pattern(r"('?-?\d+)\.\s*('?\d+)\.\s*('?-?\d+)"), _take_three),
    (
        (_has_digit,),
        _pattern(r"\b(\d{2}|\d{4})?-?w(\d{2})(?:-?(\d))?\b"),
        _take("cwyear", "cweek", "cwday"),
    ),
    ((_has_digit,), _pattern(r"-w-(\d)\b"), _take("cwday")),
    ((_has_digit,), _pattern(r"--(\d{2})?-(\d{2})\b"), _take("mon", "mday")),
    ((_has_digit,), _pattern(r"--(\d{2})(\d{2})?\b"), _take("mon", "mday")),
    (
        (_has_digit, _lacks(r"[,.](\d{2}|\d{4})-\d{3}\b")),
        _pattern(r"\b(\d{2}|\d{4})-(\d{3})\b"),
        _take("year", "yday"),
    ),
    ((_has_digit, _lacks(r"\d-\d{3}\b")), _pattern(r"\b-(\d{3})\b"), _take("yday")),
    ((_has_digit,), _pattern(r"'(\d+)\b"), _take("year")),
    ((_has_alpha,), _pattern(rf"\b({_MON})[^ \t\r\n\f\v]*"), _take_month_name),
    ((_has_digit,), _pattern(r"(\d+)(?:st|nd|rd|th)\b"), _take("mday")),
    (
        (_has_digit,),
        _pattern(
            r"([-+]?)(\d{2,14})(?:\s*t?\s*(\d{2,6})?(?:[,.](\d*))?)?"
            r"(?:\s*(z\b|[-+]\d{1,4}\b|\[[-+]?\d[^\]]*\]))?"
        ),
        _take_digits,
    ),
)
