"""Sitemaps, their indexes, RSS and Atom: the addresses that a site lists itself.

Read as events and in bounded memory; entities are not expanded and nothing is loaded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

LIST_MOST: Final = 50 * 1024 * 1024
"""Bytes of one list that are looked at: what the protocol of sitemaps allows."""

_ENTRIES_MOST: Final = 50_000  # as that protocol has it
_PIECE: Final = 1 << 16
_TEXT_MOST: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a list names: pages, further lists, and why it could not be read to its end."""

    pages: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    why: str = ""


def listed_in(data: bytes) -> Listed:
    """Read a sitemap, a sitemap index, an RSS or an Atom feed; else say why it is none."""
    reader = _Reader()
    parser = etree.XMLPullParser(
        events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
    )
    why = ""
    try:
        for start in range(0, min(len(data), LIST_MOST), _PIECE):
            parser.feed(data[start : min(start + _PIECE, LIST_MOST)])
            for event, element in parser.read_events():
                reader.take(event, element)
            if reader.is_full:
                break
        else:
            parser.close()
    except etree.XMLSyntaxError as error:
        why = " ".join(str(error).split())
    if not why and reader.root not in {"urlset", "sitemapindex", "rss", "feed", "rdf"}:
        why = "neither a sitemap nor a feed"
    return Listed(pages=tuple(reader.pages), lists=tuple(reader.lists), why=why)


class _Reader:
    """Takes elements as they begin and end; keeps no more of them than it needs."""

    def __init__(self) -> None:
        self.root = ""
        self.pages: dict[str, None] = {}
        self.lists: dict[str, None] = {}
        self._open: list[str] = []

    @property
    def is_full(self) -> bool:
        return len(self.pages) + len(self.lists) >= _ENTRIES_MOST

    def take(self, event: str, element: etree._Element) -> None:
        name = str(etree.QName(element).localname).lower() if isinstance(element.tag, str) else ""
        if event == "start":
            self.root = self.root or name
            self._open.append(name)
            return
        self._open.pop()
        inside = self._open[-1] if self._open else ""
        if not self.is_full:
            for url in _addresses(name, inside, element):
                (self.lists if inside == "sitemap" else self.pages).setdefault(url)
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _addresses(name: str, inside: str, element: etree._Element) -> Iterator[str]:
    if name == "loc" and inside in {"url", "sitemap", "image"}:
        found = element.text
    elif name == "link" and inside in {"entry", "feed"}:
        found = element.get("href")
    elif name == "link" and inside in {"item", "channel"}:
        found = element.text
    elif name in {"enclosure", "content"} and inside in {"item", "entry"}:
        found = element.get("url") or element.get("src")
    else:
        found = None
    if found and found.strip():
        yield found.strip()[:_TEXT_MOST]
