"""A page's own picture among the captures: what it says stands for it, else the first it shows.

Nothing is drawn: a picture is a capture like any, proved before it is given. One that the home page
of the host says stands for it, too, is the site's and not the page's.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final
from urllib.parse import urljoin

from lxml import etree

from pipeline.errors import PipelineError
from pipeline.html.facts import read_facts
from pipeline.html.tree import parse
from pipeline.replay.errors import NotCapturedError
from pipeline.replay.finding import find
from pipeline.replay.holding import Holding
from pipeline.replay.message import Message
from pipeline.warc.payloads.message import media_of

PAGE_MOST: Final = 1 << 22
PICTURE_MOST: Final = 1 << 22
TRIES: Final = 8
HOMES_MOST: Final = 1_000
SMALL: Final = 48
"""Pixels: below, it is an icon, a face beside a name, or a counter."""

DRAWN: Final = ".svg"
"""What icons and logos are; none of the types below, so it is not looked for."""

TYPES: Final = frozenset({"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"})
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_MAIN: Final = etree.XPath("(//main | //article | //*[@role='main'])[1]")
_SHOWN: Final = etree.XPath(
    ".//img[@src][not(ancestor::header | ancestor::nav | ancestor::footer | ancestor::aside)]"
)
"""In a page that does not mark its main part, what these hold is not its own."""


class Pictures:
    """Finds them. What home pages say is kept, as all pages of a host are held against it."""

    def __init__(self, holding: Holding) -> None:
        self._holding = holding
        self._homes: dict[tuple[str, str], str] = {}

    def of(self, url: str, at: datetime) -> Message:
        """Read the picture of the page nearest to a moment. Raises NotCapturedError and more."""
        message = find(self._holding, url, at).message
        for each in self._named(message):
            if found := self._picture(each, message.date):
                return found
        raise NotCapturedError(f"a picture of {url}")

    def _named(self, message: Message) -> Iterator[str]:
        """Give the pictures that a page names, the best first."""
        url = message.entry.url
        root = _root_of(message)
        if root is None:
            return
        facts = read_facts(root, url)
        home = _absolute(url, "/")
        said = facts.image.text if facts.image else ""
        if said and (home == url or said != self._of_home(home, message)):
            yield said
        shown = (_absolute(facts.base or url, image.get("src", "")) for image in _shown(root))
        yield from islice((each for each in shown if not each.endswith(DRAWN)), TRIES)

    def _of_home(self, home: str, message: Message) -> str:
        """Give what the home page of that time says stands for it, "" where it says nothing."""
        key = home, message.entry.timestamp
        if key not in self._homes:
            if len(self._homes) >= HOMES_MOST:
                self._homes.clear()
            self._homes[key] = self._said_by(home, message.date)
        return self._homes[key]

    def _said_by(self, url: str, at: datetime) -> str:
        try:
            message = find(self._holding, url, at).message
        except PipelineError:
            return ""
        root = _root_of(message)
        image = None if root is None else read_facts(root, message.entry.url).image
        return image.text if image else ""

    def _picture(self, url: str, at: datetime) -> Message | None:
        """Read a picture; None where it was not captured, is not what it should be, or none."""
        if not url.startswith(("http://", "https://")):
            return None
        try:
            found = find(self._holding, url, at)
        except PipelineError:
            return None
        message = found.message
        is_given = message.status in {None, 200} and not found.target and not message.codings
        fits = message.media_type in TYPES and 0 < len(message.body) <= PICTURE_MOST
        return message if is_given and fits else None


def _root_of(message: Message) -> etree._Element | None:
    body = message.decoded() if message.media_type in _PAGES else None
    if not body or len(body) > PAGE_MOST:
        return None
    return parse(body, media_of(message.said("Content-Type"))[1] or None).root


def _shown(root: etree._Element) -> Iterator[etree._Element]:
    """Give the images of the main part, where one is marked; else those outside what is none."""
    main = _MAIN(root)
    images = main[0].iter("img") if main else _SHOWN(root)
    return (image for image in images if image.get("src") and not _is_small(image))


def _is_small(image: etree._Element) -> bool:
    sizes = (image.get("width", ""), image.get("height", ""))
    return any(each.isascii() and each.isdigit() and int(each[:6]) < SMALL for each in sizes)


def _absolute(base: str, written: str) -> str:
    try:
        return urljoin(base, written.strip())
    except ValueError:
        return ""
