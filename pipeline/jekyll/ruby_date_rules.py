"""The rules of `Date._parse` in the order of date_parse.c: a pattern, and what it sets.

Each rule takes its turn on a text in which a clock has been replaced by a space; the first that
matches is the last. What a rule needs (letters, digits, a dash) spares it from being tried.
"""

import re
from collections.abc import Callable
from typing import TypeAlias

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_S = r"[ \t\r\n\f\v]"
_MON = "|".join(_MONTHS)
_ERA = r"(c(?:e|\.e\.)|b(?:ce|\.c\.e\.)|a(?:d|\.d\.)|b(?:c|\.c\.))?"

Fields: TypeAlias = dict[str, int | str]
Groups: TypeAlias = tuple[str | None, ...]
Action: TypeAlias = Callable[[Groups, Fields], None]


def ascii_pattern(source: str) -> re.Pattern[str]:
    r"""Compile a pattern whose `\d`, `\D` and `\s` are ASCII, as they are in Ruby."""
    spelled = source.replace(r"\d", "[0-9]").replace(r"\D", "[^0-9]").replace(r"\s", _S)
    return re.compile(spelled, re.IGNORECASE)


# A class that excludes digits or spaces is written out by hand: it cannot be made by replacement.
_NOT_DASH_DIGIT_SPACE = r"[^-0-9 \t\r\n\f\v]*"
_NOT_DASH_DIGIT_SPACE_QUOTE = r"[^-0-9 \t\r\n\f\v']*"

_SIGNED = re.compile(r"[-+0-9]")
_SIGNED_NUMBER = re.compile(r"[-+][0-9]*|[0-9]+")
_UNSIGNED = re.compile(r"[0-9]+")


def _set_three(year: str | None, mon: str | None, day: str | None, fields: Fields) -> None:
    """Decide which of three numbers is the year, the month and the day (`s3e` in date_parse.c)."""
    if year is not None and mon is not None and day is None:
        year, mon, day = None, year, mon
    if year is None and day is not None and _looks_like_year(day):
        year, day = day, None
    if year is not None:
        number = _SIGNED_NUMBER.search(year)
        if number is not None and number.end() < len(year):
            year, day = day, number.group()
    if mon is not None and _looks_like_year(mon):
        year, mon, day = mon, day, year
    if day is not None and _looks_like_year(day):
        year, day = day, year
    if year is not None:
        _set_year(year, fields)
    _set_number("mon", mon, fields)
    _set_number("mday", day, fields)


def _looks_like_year(text: str) -> bool:
    return len(text) > 2 or text.startswith("'")  # noqa: PLR2004 - longer than a day


def _set_number(name: str, text: str | None, fields: Fields) -> None:
    number = _UNSIGNED.search(text) if text is not None else None
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


def _take(*names: str) -> Action:
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


def has_alpha(text: str) -> bool:
    """Whether there is an ASCII letter."""
    return any("a" <= char <= "z" or "A" <= char <= "Z" for char in text)


def has_digit(text: str) -> bool:
    """Whether there is an ASCII digit."""
    return any("0" <= char <= "9" for char in text)


def _has_dash(text: str) -> bool:
    return "-" in text


def _has_dot(text: str) -> bool:
    return "." in text


def _has_slash(text: str) -> bool:
    return "/" in text


def _lacks(pattern: str) -> Callable[[str], bool]:
    compiled = ascii_pattern(pattern)
    return lambda text: compiled.search(text) is None


_Rule: TypeAlias = tuple[tuple[Callable[[str], bool], ...], re.Pattern[str], Action]
RULES: tuple[_Rule, ...] = (
    (
        (has_alpha, has_digit),
        ascii_pattern(
            rf"('?\d+){_NOT_DASH_DIGIT_SPACE}\s*({_MON}){_NOT_DASH_DIGIT_SPACE_QUOTE}"
            rf"(?:\s*{_ERA}\s*('?-?\d+(?:(?:st|nd|rd|th)\b)?))?"
        ),
        _take_eu,
    ),
    (
        (has_alpha, has_digit),
        ascii_pattern(
            rf"\b({_MON}){_NOT_DASH_DIGIT_SPACE_QUOTE}\s*('?\d+){_NOT_DASH_DIGIT_SPACE_QUOTE}"
            rf"(?:\s*,?\s*{_ERA}\s*('?-?\d+))?"
        ),
        _take_us,
    ),
    ((has_digit, _has_dash), ascii_pattern(r"('?[-+]?\d+)-(\d+)-('?-?\d+)"), _take_three),
    ((has_digit, _has_dot), ascii_pattern(r"\b([mtshr])(\d+)\.(\d+)\.(\d+)"), _take_jis),
    (
        (has_alpha, has_digit, _has_dash),
        ascii_pattern(rf"('?-?\d+)-({_MON})[^-/.]*-('?-?\d+)"),
        _take_vms_day_first,
    ),
    (
        (has_alpha, has_digit, _has_dash),
        ascii_pattern(rf"\b({_MON})[^-/.]*-('?-?\d+)(?:-('?-?\d+))?"),
        _take_vms_month_first,
    ),
    (
        (has_digit, _has_slash),
        ascii_pattern(r"('?-?\d+)/\s*('?\d+)(?:\D\s*('?-?\d+))?"),
        _take_three,
    ),
    ((has_digit, _has_dot), ascii_pattern(r"('?-?\d+)\.\s*('?\d+)\.\s*('?-?\d+)"), _take_three),
    (
        (has_digit,),
        ascii_pattern(r"\b(\d{2}|\d{4})?-?w(\d{2})(?:-?(\d))?\b"),
        _take("cwyear", "cweek", "cwday"),
    ),
    ((has_digit,), ascii_pattern(r"-w-(\d)\b"), _take("cwday")),
    ((has_digit,), ascii_pattern(r"--(\d{2})?-(\d{2})\b"), _take("mon", "mday")),
    ((has_digit,), ascii_pattern(r"--(\d{2})(\d{2})?\b"), _take("mon", "mday")),
    (
        (has_digit, _lacks(r"[,.](\d{2}|\d{4})-\d{3}\b")),
        ascii_pattern(r"\b(\d{2}|\d{4})-(\d{3})\b"),
        _take("year", "yday"),
    ),
    ((has_digit, _lacks(r"\d-\d{3}\b")), ascii_pattern(r"\b-(\d{3})\b"), _take("yday")),
    ((has_digit,), ascii_pattern(r"'(\d+)\b"), _take("year")),
    ((has_alpha,), ascii_pattern(rf"\b({_MON})[^ \t\r\n\f\v]*"), _take_month_name),
    ((has_digit,), ascii_pattern(r"(\d+)(?:st|nd|rd|th)\b"), _take("mday")),
    (
        (has_digit,),
        ascii_pattern(
            r"([-+]?)(\d{2,14})(?:\s*t?\s*(\d{2,6})?(?:[,.](\d*))?)?"
            r"(?:\s*(z\b|[-+]\d{1,4}\b|\[[-+]?\d[^\]]*\]))?"
        ),
        _take_digits,
    ),
)
