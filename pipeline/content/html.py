"""HTML to plain words and links, in one pass of lxml and without a tree.

Very many short texts are read; a test holds it to what the tree of BeautifulSoup says of them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from pipeline.content.markup import Liquid
from pipeline.content.raw import one_line, word_set
from pipeline.content.targets import is_image, kind_of
from pipeline.content.values import LinkKind

BLOCKS = word_set(
    "address article aside blockquote body br caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p "
    "pre section summary table tbody td tfoot th thead title tr ul"
)
TARGETS = {
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
_SAID = {"img": "alt"}  # the attribute that says what is shown; of what is embedded, `title`
_HIDDEN = word_set("script style template rp rt")
_KEPT = frozenset(("pre", "textarea"))  # white space in them is kept
_SPACES = " \t\n\r\f"
MAX_LABEL = 500  # elements and strings in the text of one link
_PARAMETER = re.compile(r"""=\s*(?:"([^"]*)"|'([^']*)')""")
_PATH = re.compile(r"(?:https?:)?/\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A link in a text, as written there."""

    kind: LinkKind
    target: str
    text: str


@dataclass(slots=True, kw_only=True)
class _Target:
    """An element that leads somewhere; `label` is what was read of its text so far."""

    tag: str
    target: str
    words: str
    label: list[str] = field(default_factory=list)
    read: int = 0


class Scan:
    """What the parser tells of a text: the visible words, and what they link to."""

    def __init__(self) -> None:
        """Nothing is told yet."""
        self._words: list[str] = []
        self._targets: list[_Target] = []
        self._data: list[str] = []
        self._open: list[str] = []
        self._blocks: list[tuple[str, int]] = []  # the blocks around, each with a number of its own
        self._count = 0
        self._last: int | None = None
        self._hidden = 0  # elements around whose text nobody sees
        self._labels: list[_Target] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._flush()
        self._pass()
        if tag in BLOCKS:
            self._words.append("\n")
            self._count += 1
            self._blocks.append((tag, self._count))
        self._hidden += tag in _HIDDEN
        self._open.append(tag)
        if (name := TARGETS.get(tag)) is not None:
            words = attributes.get(_SAID.get(tag, "title")) or ""
            found = _Target(tag=tag, target=attributes.get(name) or "", words=words)
            self._targets.append(found)
            if tag == "a":
                self._labels.append(found)

    def end(self, tag: str) -> None:
        """An element ends."""
        self._flush()
        self._open.pop()
        self._hidden -= tag in _HIDDEN
        if tag in BLOCKS:
            self._blocks.pop()
        elif tag == "a":
            self._labels.pop()

    def data(self, text: str) -> None:
        """Some of a text, perhaps not all."""
        self._data.append(text)

    def comment(self, _: str) -> None:
        """A comment parts two texts."""
        self._flush()
        self._pass()

    def pi(self, _: str, __: str | None = None) -> None:
        """An instruction parts two texts."""
        self._flush()
        self._pass()

    def doctype(self, *_: str | None) -> None:
        """A document type, wherever it stands, parts two texts."""
        self._flush()
        self._pass()

    def close(self) -> "Scan":
        """All is told."""
        self._flush()
        return self

    def words(self) -> str:
        """Give the visible text, a line a block. Scripts, styles and comments are not visible."""
        return "".join(self._words)

    def links(self, liquid: Liquid) -> Iterator[Found]:
        """Give what is linked to, shown and embedded, in order; Liquid put back into targets."""
        for each in self._targets:
            target = liquid.back(each.target).strip()
            if not target:
                continue
            if each.tag == "a":
                text = one_line(liquid.drop("".join(each.label)))
                yield Found(kind=kind_of(liquid.drop(target)), target=target, text=text)
            else:
                text = one_line(liquid.drop(each.words))
                kind = LinkKind.IMAGE if each.tag == "img" else LinkKind.EMBED
                yield Found(kind=kind, target=target, text=text)

    def _flush(self) -> None:
        """A text is whole: keep it, if it can be seen."""
        if not self._data:
            return
        text = "".join(self._data)
        self._data.clear()
        if self._hidden:
            self._pass()
            return
        block, number = self._blocks[-1] if self._blocks else ("", None)
        if not text.strip(_SPACES) and _KEPT.isdisjoint(self._open):
            text = "\n" if "\n" in text else " "
        self._pass(text)
        if number != self._last:
            self._words.append("\n")
            self._last = number
        self._words.append(text if block == "pre" else text.replace("\n", " "))

    def _pass(self, text: str = "") -> None:
        """Count what is inside each open link. One that is never closed is read only so far."""
        for each in self._labels:
            each.read += 1
            if text and each.read <= MAX_LABEL:
                each.label.append(text)


def scan(html: str) -> Scan:
    """Read HTML, as broken as it is."""
    html = html.removeprefix("\ufeff")  # a byte order mark
    if not html:
        return Scan()
    parser = etree.HTMLParser(target=Scan(), recover=True)
    parser.feed(html)
    told: Scan = parser.close()
    return told


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
