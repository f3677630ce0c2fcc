"""The links of a document: those in its text, and the fields of its front matter that hold one."""

from collections.abc import Iterable, Iterator, Mapping

from pipeline.content.fields import Field, snake
from pipeline.content.html import Found
from pipeline.content.plain import Reading, read
from pipeline.content.raw import clean, one_line
from pipeline.content.scalars import Written
from pipeline.content.targets import FILLERS, OWN_ADDRESS, is_link_field, leads_somewhere
from pipeline.content.values import Link, LinkKind, Part, PartFormat

_LABELS = ("link_text", "text", "label", "title", "name")


def links(
    parts: Iterable[tuple[Part, Reading]], fields: Iterable[Field], written: Mapping[str, Written]
) -> Iterator[Link]:
    """Give the links in the text, in the order of the parts, then those in fields."""
    position = 0
    for part, reading in parts:
        for found in reading.links:
            yield _link(position, part.name, found, part.line if part.name != "body" else None)
            position += 1
    for field in fields:
        for found in _of_field(field):
            place = written.get(field.path)
            yield _link(position, clean(field.path), found, place.line if place else None)
            position += 1


def _link(position: int, part: str, found: Found, line: int | None) -> Link:
    return Link(
        position=position,
        part=part,
        kind=found.kind,
        target=clean(found.target),
        text=found.text,
        line=line,
    )


def _of_field(field: Field) -> Iterator[Found]:
    value = field.value.strip() if isinstance(field.value, str) else ""
    if value in FILLERS or field.key in OWN_ADDRESS:
        return
    if "](" in value and is_link_field(field.key):
        # An editor's Markdown box where a URL was asked for: `[https://a/b](https://a/b)`.
        for found in read(value, PartFormat.MARKDOWN).links:
            yield Found(kind=LinkKind.FIELD, target=found.target, text=found.text)
    elif leads_somewhere(field.key, value):
        yield Found(kind=LinkKind.FIELD, target=value, text=_label(field))


def _label(field: Field) -> str:
    if field.listed:
        return ""
    beside = {snake(str(key)): value for key, value in field.siblings.items()}
    names = (f"{field.key}_text", *(_LABELS if field.depth > 1 else ()))
    text = next((beside[name] for name in names if isinstance(beside.get(name), str)), "")
    return one_line(text)
