"""A page's body as rows, one an element: where it stands, what it says itself, what it is for."""

from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from pipeline.html.signs import chrome_of
from pipeline.html.values import Chrome
from pipeline.html.wording import count_words, word_set

# Elements without text that a reader sees as text.
SILENT = word_set(
    "script style template noscript head title meta link svg iframe object embed video "
    "audio canvas map select datalist textarea"
)
INLINE = word_set(
    "a abbr b bdi bdo big br cite code del dfn em font i img input ins kbd label mark q s "
    "samp small span strike strong sub sup time tt u var wbr picture source"
)
MAX_MAINS = 100


@dataclass(slots=True)
class Row:
    """One element. `kin` is the hash of its way from the body: names and classes, no numbers.

    `said` is the text of a block with its inline elements; for an inline element it is empty.
    """

    element: etree._Element
    parent: int
    tag: str
    kin: int
    chrome: Chrome | None
    block: int
    own: int = 0
    said: list[str] = field(default_factory=list)


def outline(root: etree._Element, unwanted: Collection[etree._Element] = ()) -> list[Row]:
    """Give the rows in document order; the first is the body. Silent elements have none.

    What stands in chrome is chrome, and so is what the site does not want; but what holds the main
    part of the page is none, whatever it is called: a header that nobody closed swallows the page.
    """
    body = root.find("body")
    if body is None:
        return []
    rows: list[Row] = []
    index: dict[etree._Element, int] = {}
    holding = _around_main(body)
    for element in body.iter():
        above = element.getparent()
        parent = index.get(above) if element is not body and above is not None else -1
        if parent is None:
            continue  # in something silent
        tag = element.tag
        if isinstance(tag, str) and tag not in SILENT:
            index[element] = len(rows)
            row = _row(element, tag, parent, rows)
            if row.chrome is not Chrome.HIDDEN and element in holding:
                row.chrome = rows[parent].chrome if parent >= 0 else None
            if element in unwanted:
                row.chrome = Chrome.SELECTOR
            rows.append(row)
            _say(rows[row.block], row, element.text)
        if parent >= 0:
            _say(rows[rows[parent].block], rows[parent], element.tail)
    return rows


def _around_main(body: etree._Element) -> set[etree._Element]:
    """Give what stands around the main part: `<main>`, its role, or else the only `<article>`."""
    mains = list(islice(body.iter("main"), MAX_MAINS)) or list(
        islice(body.iterfind(".//*[@role='main']"), MAX_MAINS)
    )
    if not mains:
        articles = list(islice(body.iter("article"), 2))
        mains = articles if len(articles) == 1 else []
    holding: set[etree._Element] = set()
    for main in mains:
        for above in main.iterancestors():
            if above in holding:
                break
            holding.add(above)
    return holding


def _row(element: etree._Element, tag: str, parent: int, rows: list[Row]) -> Row:
    number = len(rows)
    if parent < 0:
        return Row(element=element, parent=-1, tag=tag, kin=0, chrome=None, block=0)
    above = rows[parent]
    return Row(
        element=element,
        parent=parent,
        tag=tag,
        kin=hash((above.kin, tag, element.get("class"))),
        chrome=above.chrome or chrome_of(element),
        block=above.block if tag in INLINE else number,
    )


def _say(block: Row, row: Row, text: str | None) -> None:
    if text and not text.isspace():
        row.own += count_words(text)
        block.said.append(text)
