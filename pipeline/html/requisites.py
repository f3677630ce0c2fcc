"""What a page links to and what it needs to be shown, found in one pass and in bounded memory.

The parser is libxml2's, fed piece by piece with a target: no tree is built, so neither the depth
nor the size of a page costs memory. Scripts are not run: what only they ask for is not found.
"""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from pipeline.html.refresh import parse_refresh
from pipeline.html.stylesheet import urls_of_attribute, urls_of_style

PAGE_MOST: Final = 64 * 1024 * 1024
"""Bytes of one page that are looked at."""

_PIECE: Final = 1 << 16
_LINKS_MOST: Final = 100_000
_STYLE_MOST: Final = 1 << 20  # characters of styles in one page, all together
_SRCSET_MOST: Final = 1 << 16

_REQUISITES: Final = frozenset({
    ("audio", "src"),
    ("body", "background"),
    ("embed", "src"),
    ("frame", "src"),
    ("iframe", "src"),
    ("image", "href"),
    ("image", "xlink:href"),
    ("img", "src"),
    ("input", "src"),
    ("object", "data"),
    ("script", "src"),
    ("script", "href"),
    ("source", "src"),
    ("table", "background"),
    ("td", "background"),
    ("th", "background"),
    ("track", "src"),
    ("use", "href"),
    ("use", "xlink:href"),
    ("video", "poster"),
    ("video", "src"),
})  # fmt: skip
_SRCSETS: Final = frozenset({("img", "srcset"), ("source", "srcset"), ("link", "imagesrcset")})
_PAGES: Final = frozenset({("a", "href"), ("area", "href"), ("a", "xlink:href")})
_NEEDED: Final = frozenset({
    "apple-touch-icon",
    "apple-touch-icon-precomposed",
    "icon",
    "manifest",
    "mask-icon",
    "modulepreload",
    "preload",
    "stylesheet",
})  # fmt: skip
_LEADING: Final = frozenset({"alternate", "canonical", "next", "prev", "first", "last", "amphtml"})
_FEEDS: Final = frozenset({"application/rss+xml", "application/atom+xml"})
_BETWEEN: Final = re.compile(r"[\s,]*")
_WORD: Final = re.compile(r"\S+")
_DESCRIPTOR: Final = re.compile(r"[(,]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Addresses as they are written, in the order of the page, each once.

    `base` is the `href` of the first `base` element, by which the others are to be read.
    """

    base: str = ""
    pages: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    requisites: tuple[str, ...] = ()


def links_of(data: bytes, charset: str | None = None) -> Links:
    """Find the links of a page. `charset` is what HTTP says, if it does.

    Hostile pages are bounded: the bytes looked at, the links found, the styles read.
    """
    collector = _Collector()
    parser = etree.HTMLParser(target=collector, encoding=_known(charset), recover=True)
    try:
        for start in range(0, min(len(data), PAGE_MOST), _PIECE):
            parser.feed(data[start : min(start + _PIECE, PAGE_MOST)])
        parser.close()
    except (etree.ParserError, etree.XMLSyntaxError):  # an empty page; else what was found counts
        pass
    return collector.links()


def _known(charset: str | None) -> str | None:
    """Give a charset that the parser can be told: one that Python and so libxml2's iconv know."""
    try:
        return codecs.lookup(charset).name if charset else None
    except (LookupError, ValueError):
        return None


def candidates(srcset: str) -> tuple[str, ...]:
    """Give the addresses of a `srcset` (HTML, section 4.8.4.3.10), in one pass over it."""
    srcset = srcset[:_SRCSET_MOST]
    found, at = [], 0
    while (word := _WORD.match(srcset, _skipped(srcset, at))) is not None:
        url = word[0].rstrip(",")
        found.append(url)
        at = word.end() if url != word[0] else _after_descriptors(srcset, word.end())
    return tuple(found)


def _skipped(srcset: str, at: int) -> int:
    between = _BETWEEN.match(srcset, at)
    return between.end() if between else at


def _after_descriptors(srcset: str, at: int) -> int:
    """Find the comma that ends a candidate; one between brackets does not."""
    while (mark := _DESCRIPTOR.search(srcset, at)) is not None:
        if mark[0] == ",":
            return mark.end()
        closed = srcset.find(")", mark.end())
        if closed < 0:
            break
        at = closed + 1
    return len(srcset)


class _Collector:
    """The parser's target: sees elements as they begin and end, and text."""

    def __init__(self) -> None:
        self._base = ""
        self._found: dict[str, dict[str, None]] = {"pages": {}, "feeds": {}, "requisites": {}}
        self._style: list[str] | None = None
        self._style_size = 0

    def links(self) -> Links:
        found = {kind: tuple(urls) for kind, urls in self._found.items()}
        return Links(base=self._base, **found)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "style":
            self._style = []
        elif tag == "base":
            self._base = self._base or attributes.get("href", "")
        elif tag == "link":
            self._link(attributes)
        elif tag == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
            refresh = parse_refresh(attributes.get("content", ""))
            self._add("pages", refresh.url if refresh else "")
        for name, value in attributes.items():
            self._attribute(tag, name, value)

    def end(self, tag: str) -> None:
        if tag == "style" and self._style is not None:
            text, self._style = "".join(self._style), None
            for url in urls_of_style(text):
                self._add("requisites", url)

    def data(self, text: str) -> None:
        if self._style is not None and self._style_size < _STYLE_MOST:
            self._style.append(text)
            self._style_size += len(text)

    def comment(self, text: str) -> None:
        """Comments say nothing to a browser."""

    def close(self) -> None:
        """The end of the page."""

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if (tag, name) in _REQUISITES:
            self._add("requisites", value)
        elif (tag, name) in _PAGES:
            self._add("pages", value)
        elif (tag, name) in _SRCSETS:
            for url in candidates(value):
                self._add("requisites", url)
        elif name == "style" and self._style_size < _STYLE_MOST:
            self._style_size += len(value)
            for url in urls_of_attribute(value):
                self._add("requisites", url)

    def _link(self, attributes: Mapping[str, str]) -> None:
        relations = set(attributes.get("rel", "").lower().split())
        href = attributes.get("href", "")
        if relations & _NEEDED:
            self._add("requisites", href)
        elif "alternate" in relations and attributes.get("type", "").lower() in _FEEDS:
            self._add("feeds", href)
        elif relations & _LEADING:
            self._add("pages", href)

    def _add(self, kind: str, url: str) -> None:
        url = url.strip()
        if url and not url.startswith("#") and len(self._found[kind]) < _LINKS_MOST:
            self._found[kind].setdefault(url)
