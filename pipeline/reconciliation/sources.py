"""A document of the source, made ready to be held against its page."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime

from pipeline.content.plain import plain_text
from pipeline.content.values import Content, LinkKind, PersonRole
from pipeline.jekyll.item import DateSource, Item, ItemKind
from pipeline.model import shown_path
from pipeline.reconciliation.values import SourceSide

DATA = frozenset({"excerpt", "description", "summary"})
"""Fields that layouts put into lists of documents and into the head of the page, if anywhere."""

_STEP = re.compile(r"[.\[].*", re.DOTALL)
_TASK = re.compile(r"\[[ xX]\]\s")  # a box to tick: kramdown makes an element of it
_LIQUID = re.compile(r"\{[{%]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A document as rows of the catalogue describe it; `date` is the author's, if he gave one."""

    path: str
    kind: ItemKind
    collection: str | None
    left_out: str
    url: str | None
    destination: str | None
    written: bool
    title: str | None
    date: datetime | None
    terms: tuple[str, ...]


def source_side(path: str, item: Item, content: Content, built_at: datetime | None) -> SourceSide:
    """Take from a document what its page should say. `path` is as people read it."""
    texts: dict[str, tuple[str, ...]] = {}
    liquid: set[str] = set()
    for part in content.parts:
        name = _STEP.sub("", part.name)
        if name in DATA:
            continue
        lines = tuple(_TASK.sub("", line) for line in plain_text(part).split("\n") if line)
        if lines:
            texts[name] = (*texts.get(name, ()), *lines)
        if _LIQUID.search(part.text):
            liquid.add(name)
    given = item.date if item.date_source is not DateSource.NONE else None
    days = {named.day for named in content.dates if named.day}
    return SourceSide(
        path=path,
        collection=item.collection or None,
        destination=item.destination,
        url=item.url,
        why=_why(item, given, built_at),
        title=content.title,
        day=given.date() if given else None,
        at=given,
        days=frozenset(days | _file_day(path)),
        authors=tuple(
            dict.fromkeys(m.name for m in content.mentions if m.role is PersonRole.AUTHOR)
        ),
        terms=tuple(dict.fromkeys(term.name for term in content.terms)),
        texts=texts,
        liquid=frozenset(liquid),
        links=_leading(content, LinkKind.LINK),
        images=_leading(content, LinkKind.IMAGE),
        leads_on=bool(item.redirect_to),
    )


def described_side(file: Described, *, built_at: datetime | None, otherwise: str) -> SourceSide:
    """Take from a row what can be held against a row. `otherwise` is why no page is known of."""
    return SourceSide(
        path=shown_path(file.path),
        collection=file.collection,
        destination=file.destination,
        url=file.url,
        why=_why(file, file.date, built_at) or otherwise,
        title=file.title,
        terms=file.terms,
    )


def hidden_by(side: SourceSide, other: str) -> SourceSide:
    """Say that another file is written in its place."""
    return side if side.why else replace(side, why=f"{other} is written in its place")


def _why(item: Item | Described, given: datetime | None, built_at: datetime | None) -> str:
    """Say why no page is expected."""
    if item.left_out:
        return item.left_out
    if not item.written:
        return "its collection is not written (`output: false`)" if item.collection else "no output"
    if item.destination is None:
        return "Jekyll knows no place for it"
    if given and built_at and given > built_at:
        return f"it is dated {given:%Y-%m-%d}, after the rendering"
    return ""


def _file_day(path: str) -> set[date]:
    """Read the day that a file is named after, in any collection."""
    name = path.rpartition("/")[2]
    try:
        return {date.fromisoformat(name[:10])}
    except ValueError:
        return set()


def _leading(content: Content, kind: LinkKind) -> tuple[tuple[str, str], ...]:
    found = ((_STEP.sub("", link.part), link.target) for link in content.links if link.kind is kind)
    return tuple(dict.fromkeys(found))
