"""HTML to plain words and links, by BeautifulSoup on lxml."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString, PageElement

from pipeline.content.markup import Liquid
from pipeline.content.raw import one_line, word_set
from pipeline.content.targets import is_image, kind_of
from pipeline.content.values import LinkKind

_BLOCKS = word_set(
    "address article aside blockquote body br caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p "
    "pre section summary table tbody td tfoot th thead title tr ul"
)
_TARGETS = {
    "a": "href",
    "img": "src",
    "iframe": "src",
    "embed": "src",
    "video": "src",
    "audio": "src",
    "source": "src",
    "track": "src",
    "object": "data",
}
MAX_LABEL = 500  # elements and strings in the text of one link
_PARAMETER = re.compile(r"""=\s*(?:"([^"]*)"|'([^']*)')""")
_PATH = re.compile(r"(?:https?:)?/\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A link in a text, as written there."""

    kind: LinkKind
    target: str
    text: str


def parse(html: str) -> BeautifulSoup:
    """Parse HTML, as broken as it is."""
    return BeautifulSoup(html, "lxml")


def words(soup: BeautifulSoup) -> str:
    """Give the visible text, a line a block. Scripts, styles and comments are not visible."""
    return "".join(_pieces(soup))


def _pieces(soup: BeautifulSoup) -> Iterator[str]:
    block: PageElement | None = None
    for element in soup.descendants:
        if isinstance(element, Tag):
            if element.name in _BLOCKS:
                yield "\n"
        elif type(element) in {NavigableString, CData}:  # subclasses are comments, scripts, styles
            home = _block_of(element)
            if home is not block:
                yield "\n"
            block = home
            text = str(element)
            yield text if home is not None and home.name == "pre" else text.replace("\n", " ")


def _block_of(element: PageElement) -> Tag | None:
    parent = element.parent
    while parent is not None and parent.name not in _BLOCKS:
        parent = parent.parent
    return parent


def links(soup: BeautifulSoup, liquid: Liquid) -> Iterator[Found]:
    """Give what the HTML links to, shows and embeds, in order; Liquid put back into targets."""
    for tag in soup.descendants:  # as `find_all` goes, but without matchers, for every text
        if not isinstance(tag, Tag) or (attribute := _TARGETS.get(tag.name)) is None:
            continue
        target = liquid.back(str(tag.get(attribute) or "")).strip()
        if not target:
            continue
        if tag.name == "a":
            text = one_line(liquid.drop(_label(tag)))
            yield Found(kind=kind_of(liquid.drop(target)), target=target, text=text)
        elif tag.name == "img":
            text = one_line(liquid.drop(str(tag.get("alt") or "")))
            yield Found(kind=LinkKind.IMAGE, target=target, text=text)
        else:
            text = one_line(liquid.drop(str(tag.get("title") or "")))
            yield Found(kind=LinkKind.EMBED, target=target, text=text)


def _label(tag: Tag) -> str:
    # Links that are never closed hold each other: each is read only so far.
    inside = islice(tag.descendants, MAX_LABEL)
    return "".join(str(element) for element in inside if type(element) is NavigableString)


def included(liquid: Liquid) -> Iterator[Found]:
    """Give the URLs and paths handed to Liquid's own tags: `{% include video.html url="/a" %}`."""
    for tag in liquid.tags:
        if not tag.startswith("{%"):
            continue
        for match in _PARAMETER.finditer(tag):
            target = match[1] or match[2] or ""
            if _PATH.fullmatch(target):
                kind = LinkKind.IMAGE if is_image(target) else LinkKind.EMBED
                yield Found(kind=kind, target=target, text="")
