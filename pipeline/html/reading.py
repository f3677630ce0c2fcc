"""The article's elements as text, links, images and headings, by BeautifulSoup."""

from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString, PageElement
from lxml import etree

from pipeline.html.facts import absolute
from pipeline.html.outline import INLINE, SILENT
from pipeline.html.values import Heading, Image, Link
from pipeline.html.wording import all_in_one_line, one_line

MAX_DEPTH = 300
MAX_ELEMENTS = 50_000  # BeautifulSoup takes 30 microseconds and 1.5 KB for each
MAX_LABEL = 100  # elements and strings in the text of one link
_DROPPED = tuple(sorted(SILENT))
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def soup_of(elements: tuple[etree._Element, ...]) -> tuple[BeautifulSoup, bool]:
    """Hand a region over to BeautifulSoup, without what has no text; False where it was cut."""
    left = MAX_ELEMENTS
    for element in elements:
        etree.strip_elements(element, *_DROPPED, etree.Comment, with_tail=False)
        left -= _cut(element, left)
    markup = "".join(
        etree.tostring(element, encoding="unicode", method="html", with_tail=False)
        for element in elements
    )
    return BeautifulSoup(markup, "lxml"), left >= 0


def _cut(element: etree._Element, most: int) -> int:
    """Remove the elements after the first `most`; give how many there were."""
    every = list(element.iter())
    for extra in reversed(every[max(most, 1) :]):
        if (parent := extra.getparent()) is not None:
            parent.remove(extra)
    depths: dict[etree._Element | None, int] = {}
    for each in every:
        depths[each] = depths.get(each.getparent(), 0) + 1
    for deep in [each for each in every if depths[each] == MAX_DEPTH]:
        words = "".join(deep.itertext())
        for child in list(deep):
            deep.remove(child)
        deep.text = words
    return len(every)


def text_of(soup: BeautifulSoup) -> str:
    """Give the visible text, a line a block."""
    lines = map(all_in_one_line, "".join(_pieces(soup)).split("\n"))
    return "\n".join(line for line in lines if line)


def _pieces(soup: BeautifulSoup) -> Iterator[str]:
    block: PageElement | None = None
    for element in soup.descendants:
        if isinstance(element, Tag):
            if element.name not in INLINE or element.name == "br":
                yield "\n"
        elif type(element) in {NavigableString, CData}:
            home = _block_of(element)
            if home is not block:
                yield "\n"
            block = home
            text = str(element)
            yield text if home is not None and home.name == "pre" else text.replace("\n", " ")


def _block_of(element: PageElement) -> Tag | None:
    parent = element.parent
    while parent is not None and parent.name in INLINE:
        parent = parent.parent
    return parent


def links_of(soup: BeautifulSoup, base: str | None) -> tuple[Link, ...]:
    """Give the links in their order."""
    return tuple(
        Link(url=absolute(written, base), written=written, text=one_line(label(tag)))
        for tag in soup.find_all("a", href=True)
        if (written := str(tag["href"]).strip())
    )


def images_of(soup: BeautifulSoup, base: str | None) -> tuple[Image, ...]:
    """Give the images in their order."""
    return tuple(
        Image(url=absolute(written, base), written=written, alt=one_line(str(tag.get("alt") or "")))
        for tag in soup.find_all("img", src=True)
        if (written := str(tag["src"]).strip())
    )


def headings_of(soup: BeautifulSoup) -> tuple[Heading, ...]:
    """Give the headings in their order."""
    return tuple(
        Heading(
            level=_HEADINGS[tag.name], text=text, anchor=str(tag["id"]) if tag.get("id") else None
        )
        for tag in soup.find_all(list(_HEADINGS))
        if (text := one_line(label(tag)))
    )


def label(tag: Tag) -> str:
    """Give the text of an element; of one that was never closed, its beginning."""
    pieces = []
    for number, element in enumerate(tag.descendants):
        if number >= MAX_LABEL:
            break
        if type(element) in {NavigableString, CData}:
            pieces.append(str(element))
    return "".join(pieces)
