"""What a page says of itself: in JSON-LD, `<meta>`, microdata, `<time>` and visible text.

For each value the first origin that has it counts, in the order of the tables below.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from lxml import etree

from pipeline.html.codes import HtmlCode
from pipeline.html.jsonld import read_blocks, texts
from pipeline.html.refresh import parse_refresh
from pipeline.html.values import Value
from pipeline.html.wording import MAX_TEXT, one_line
from pipeline.model import Finding

MAX_VALUES = 100
MAX_ITEMS = 500  # elements of microdata
MAX_CLASSES = 50_000
MAX_PIECES = 500  # of the text of one element
_WITH_ITEMPROP = etree.XPath(".//*[@itemprop]")
_WITH_CLASS = etree.XPath(".//*[@class]")
_PROPERTIES = ("content", "datetime", "href", "src")

# Each row: key, then `json-ld` keys, `meta` names, microdata properties.
_TITLE = ("headline",), ("og:title", "twitter:title", "dc.title", "dcterms.title"), ("headline",)
_PUBLISHED = (
    ("datePublished",),
    ("article:published_time", "dc.date", "dcterms.date", "dcterms.created", "date", "pubdate"),
    ("datePublished",),
)
_MODIFIED = (
    ("dateModified",),
    ("article:modified_time", "og:updated_time", "dcterms.modified", "last-modified"),
    ("dateModified",),
)
_DESCRIPTION = (
    ("description",),
    ("description", "og:description", "twitter:description", "dc.description"),
    ("description",),
)
_IMAGE = ("image",), ("og:image", "og:image:url", "twitter:image", "twitter:image:src"), ("image",)
_AUTHORS = ("author",), ("author", "article:author", "dc.creator", "dcterms.creator"), ("author",)
_TAGS = ("keywords",), ("article:tag", "keywords", "news_keywords"), ("keywords",)

_ITEMS = frozenset(
    ["headline", "datePublished", "dateModified", "description", "image", "author", "keywords"]
)

Row = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All values of one page but those that only its article can give."""

    base: str | None
    canonical: Value | None = None
    title: Value | None = None
    published: Value | None = None
    modified: Value | None = None
    description: Value | None = None
    language: Value | None = None
    image: Value | None = None
    site: Value | None = None
    generator: Value | None = None
    redirect: Value | None = None
    authors: tuple[Value, ...] = ()
    tags: tuple[Value, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class _Said:
    """Everything that was met in one pass over the page, by kind and name, first come first."""

    meta: dict[str, list[str]] = field(default_factory=dict)
    items: dict[str, list[str]] = field(default_factory=dict)
    rels: dict[str, list[str]] = field(default_factory=dict)
    blocks: list[str] = field(default_factory=list)
    title: str = ""
    base: str = ""
    refresh: str = ""
    times: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    visible: dict[str, list[str]] = field(default_factory=dict)


def read_facts(root: etree._Element, url: str | None) -> Facts:
    """Read what the page says. URLs are made absolute by its `<base>` and `url`."""
    said = _listen(root)
    node, broken = read_blocks(said.blocks)
    base = absolute(said.base, url) if said.base else url
    teller = _Teller(said=said, node=node)
    rel = said.rels.get("canonical", [])
    canonical = teller.first(
        _of(rel, "link[rel=canonical]"), _of(said.meta.get("og:url"), "og:url")
    )
    image = teller.best(_IMAGE, "url", "contentUrl")
    language = root.get("lang") or root.get("xml:lang")
    return Facts(
        base=base,
        canonical=_absolute(canonical, base),
        title=teller.title(),
        published=teller.best(_PUBLISHED)
        or teller.first(_of(said.times, "time[datetime]"))
        or teller.first(_of(said.visible.get("date"), "text")),
        modified=teller.best(_MODIFIED),
        description=teller.best(_DESCRIPTION),
        language=teller.first(
            _of([language], "html[lang]"),
            _of(texts(node.get("inLanguage")), "json-ld inLanguage"),
            _of(said.meta.get("og:locale"), "og:locale"),
            _of(said.meta.get("content-language"), "meta content-language"),
        ),
        image=_absolute(image, base),
        site=teller.first(_of(said.meta.get("og:site_name"), "og:site_name")),
        generator=teller.first(_of(said.meta.get("generator"), "meta generator")),
        redirect=_absolute(teller.first(_of([said.refresh], "meta refresh")), base),
        authors=teller.every(_AUTHORS, "name")
        or teller.all_of(
            _of(said.rels.get("author"), "a[rel=author]"), _of(said.visible.get("author"), "text")
        ),
        tags=_split(teller.every(_TAGS, "name"))
        or teller.all_of(
            _of(said.rels.get("tag"), "a[rel=tag]"), _of(said.visible.get("tag"), "text")
        ),
        findings=(HtmlCode.JSON_LD.at(None, f"{broken} of {len(said.blocks)} JSON-LD blocks"),)
        if broken
        else (),
    )


def absolute(written: str, base: str | None) -> str:
    """Make a URL absolute. Without a base, or where it is none, it stays as written."""
    try:
        return urljoin(base, written) if base else written
    except ValueError:  # "http://[" and the like
        return written


def _listen(root: etree._Element) -> _Said:
    said = _Said()
    for tag in root.iter("meta", "link", "script", "title", "base", "time", "h1", "a"):
        _HEARERS[tag.tag](said, tag)
    for tag in islice(_WITH_ITEMPROP(root), MAX_ITEMS):
        for prop in _ITEMS.intersection((tag.get("itemprop") or "").split()):
            _add(said.items, prop, _item(tag))
    for tag in islice(_WITH_CLASS(root), MAX_CLASSES):
        words = (tag.get("class") or "").lower().split()[:20]
        for kind in {_VISIBLE[word] for word in words if word in _VISIBLE}:
            if len(said.visible.get(kind, ())) < MAX_VALUES:
                _add(said.visible, kind, _text(tag))
    return said


def _item(tag: etree._Element) -> str:
    value = next((tag.get(key) for key in _PROPERTIES if tag.get(key)), None)
    name = tag.find(".//*[@itemprop='name']") if tag.get("itemscope") is not None else None
    return _text(name) if name is not None else value or _text(tag)


def _script(said: _Said, tag: etree._Element) -> None:
    if (tag.get("type") or "").strip().lower() == "application/ld+json":
        said.blocks.append(tag.text or "")


def _title(said: _Said, tag: etree._Element) -> None:
    parent = tag.getparent()
    if not said.title and (parent is None or parent.tag != "svg"):
        said.title = tag.text or ""


def _base(said: _Said, tag: etree._Element) -> None:
    said.base = said.base or tag.get("href") or ""


def _time(said: _Said, tag: etree._Element) -> None:
    if len(said.times) < MAX_VALUES and (when := tag.get("datetime") or _text(tag)):
        said.times.append(when)


def _heading(said: _Said, tag: etree._Element) -> None:
    if len(said.headings) < MAX_VALUES:
        said.headings.append(_text(tag))


_VISIBLE: Mapping[str, str] = {
    "dt-published": "date", "date": "date", "post-date": "date", "published": "date",
    "p-author": "author", "post-author": "author", "p-category": "tag", "post-tag": "tag",
}  # fmt: skip


def _meta(said: _Said, tag: etree._Element) -> None:
    content = tag.get("content") or ""
    name = (tag.get("property") or tag.get("name") or "").strip().lower()
    if name:
        _add(said.meta, name, content)
    http = (tag.get("http-equiv") or "").strip().lower()
    if http == "refresh" and not said.refresh and (refresh := parse_refresh(content)):
        said.refresh = refresh.url
    elif http == "content-language":
        _add(said.meta, http, content)


def _rel(said: _Said, tag: etree._Element) -> None:
    rel = tag.get("rel")
    if not rel:
        return
    value = (tag.get("href") or "") if tag.tag == "link" else _text(tag)
    for word in rel.lower().split()[:10]:
        _add(said.rels, word, value)


def _add(table: dict[str, list[str]], name: str, value: str) -> None:
    values = table.setdefault(name, [])
    if value.strip() and len(values) < MAX_VALUES:
        values.append(value)


def _text(tag: etree._Element) -> str:
    pieces, size = [], 0
    for piece in tag.itertext():
        pieces.append(piece)
        size += len(piece)
        if size > MAX_TEXT or len(pieces) >= MAX_PIECES:
            break
    return "".join(pieces)


_HEARERS: Mapping[str, Callable[[_Said, etree._Element], None]] = {
    "meta": _meta, "link": _rel, "a": _rel, "script": _script, "title": _title,
    "base": _base, "time": _time, "h1": _heading,
}  # fmt: skip


def _of(values: Iterable[str | None] | None, origin: str) -> Iterator[Value]:
    for value in values or ():
        if value and (text := one_line(value)):
            yield Value(text=text, origin=origin)


def _absolute(value: Value | None, base: str | None) -> Value | None:
    return Value(text=absolute(value.text, base), origin=value.origin) if value else None


def _split(values: tuple[Value, ...]) -> tuple[Value, ...]:
    parts = [(part, value.origin) for value in values for part in value.text.split(",")]
    found = (Value(text=part.strip(), origin=origin) for part, origin in parts if part.strip())
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Teller:
    said: _Said
    node: Mapping[str, Any]

    def candidates(self, row: Row, *keys: str) -> Iterator[Iterator[Value]]:
        for key in row[0]:
            yield _of(texts(self.node.get(key), *keys), f"json-ld {key}")
        for name in row[1]:
            origin = name if ":" in name else f"meta {name}"
            yield _of(self.said.meta.get(name), origin)
        for prop in row[2]:
            yield _of(self.said.items.get(prop), f"microdata {prop}")

    def best(self, row: Row, *keys: str) -> Value | None:
        return self.first(*self.candidates(row, *keys))

    def every(self, row: Row, *keys: str) -> tuple[Value, ...]:
        return self.all_of(*self.candidates(row, *keys))

    @staticmethod
    def first(*origins: Iterable[Value]) -> Value | None:
        return next((value for values in origins for value in values), None)

    @staticmethod
    def all_of(*origins: Iterable[Value]) -> tuple[Value, ...]:
        return next((found for values in origins if (found := tuple(dict.fromkeys(values)))), ())

    def title(self) -> Value | None:
        told = self.best(_TITLE)
        if told:
            return told
        whole = one_line(self.said.title)
        for heading in map(one_line, self.said.headings):
            # "The tide mill | Quay": the part that is also the heading is the page's own.
            if heading and heading != whole and heading in whole:
                return Value(text=heading, origin="h1")
        return self.first(_of([whole], "title"), _of(self.said.headings, "h1"))
