"""From what Jekyll makes of a file to what the document says: the way through this room."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.content.codes import Code
from pipeline.content.dates import named_dates
from pipeline.content.fields import Field, TooLargeError, fields
from pipeline.content.linking import links
from pipeline.content.mentions import mentions, people_fields
from pipeline.content.names import is_honorific
from pipeline.content.parts import body_format, body_part, field_parts
from pipeline.content.raw import as_text, one_line, raw_json
from pipeline.content.scalars import Written, written
from pipeline.content.settings import Settings
from pipeline.content.terms import terms
from pipeline.content.values import Content, Link
from pipeline.jekyll.item import Item, ItemKind
from pipeline.model import Finding, Place

_CLOCK = re.compile(r"\d{1,2}:[0-5]\d(?::[0-5]\d)?")


@dataclass(frozen=True, slots=True)
class _Findings:
    """Collects findings about one file; knows the line of each field."""

    path: str
    lines: Mapping[str, Written]
    made: list[Finding] = field(default_factory=list)

    def __call__(self, code: Code, message: str, path: str = "") -> None:
        place = self.lines.get(path)
        where = Place(path=self.path, line=place.line if place else None, field=path or None)
        self.made.append(code.at(where, f"{path}: {message}" if path else message))


def normalise(item: Item, data: bytes, settings: Settings) -> Content:
    """Find text, people, tags, links and dates in one file. `data` is the whole file.

    Never raises for what a file contains; the same input gives the same output.
    """
    if item.kind is ItemKind.STATIC:
        return Content()
    places = written(item, data)
    complain = _Findings(item.path, places)
    found = _fields(item, complain)
    body = body_part(item, data)
    texts = [body] if body else []
    texts += field_parts(found, settings.text_of(item.collection), places, len(texts))
    for code, message, path in (
        *_clocks(found, places),
        *((Code.NOT_READ, "too large or tangled to be read whole", part.name)
          for part, reading in texts if not reading.whole),
    ):  # fmt: skip
        complain(code, message, path)
    if body and "\ufffd" in body[0].text and not _is_utf8(data):
        complain(Code.NOT_UTF8, "the body is not UTF-8")
    if not texts and body_format(item.path) is not None and found and not item.redirect_to:
        complain(Code.NO_TEXT, "the body is empty and no field holds text")
    title, title_raw = title_of(item)
    return Content(
        title=title,
        title_raw=title_raw,
        parts=tuple(part for part, _ in texts),
        mentions=tuple(mentions(found, people_fields(settings), places, complain)),
        terms=terms(item, found, places, complain),
        links=tuple(links(texts, found, places)),
        dates=tuple(named_dates(found, places, complain)),
        findings=tuple(complain.made),
    )


def links_of(item: Item, data: bytes, settings: Settings) -> tuple[Link, ...]:
    """Give what `normalise` gives as links, without their lines, in half of the time."""
    if item.kind is ItemKind.STATIC:
        return ()
    found = _fields(item, _Findings(item.path, {}))
    body = body_part(item, data)
    texts = [body] if body else []
    texts += field_parts(found, settings.text_of(item.collection), {}, len(texts))
    return tuple(links(texts, found, {}))


def _fields(item: Item, complain: _Findings) -> tuple[Field, ...]:
    try:
        return fields(item.own)
    except TooLargeError:
        complain(Code.FIELDS_TOO_MANY, "the front matter stands for too many values to be searched")
        return ()


def _clocks(found: tuple[Field, ...], places: Mapping[str, Written]) -> list[tuple[Code, str, str]]:
    clocks = []
    for each in found:
        place = places.get(each.path)
        number = isinstance(each.value, int | float) and not isinstance(each.value, bool)
        if number and place and place.plain and place.text and _CLOCK.fullmatch(place.text):
            message = f"{place.text} was read as the number {each.value:g}; quote it"
            clocks.append((Code.CLOCK_AS_NUMBER, message, each.path))
    return clocks


def title_of(item: Item) -> tuple[str | None, str | None]:
    """Give the title that people know a document by, and the JSON of what was written."""
    title, given, family = (item.own.get(key) for key in ("title", "given", "family"))
    if isinstance(title, str) and isinstance(family, str) and is_honorific(title):
        # A page of a person whose title is "Dr": nobody looks for it under that.
        return one_line(f"{given or ''} {family}"), raw_json(title)
    for key in ("title", "name"):
        value = item.own.get(key)
        if isinstance(value, str | int | float) and (text := one_line(as_text(value))):
            return text, raw_json(value)
    return (one_line(item.title) or None) if item.title else None, None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
