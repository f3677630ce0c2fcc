"""Where the article stands on a page."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from pipeline.html.layout import Layout
from pipeline.html.outline import Row
from pipeline.html.values import NO_REGION, Chrome, How, Region

_SCHEMA = frozenset(["articleBody", "text", "mainContentOfPage"])
_CONTENT = re.compile(
    r"(?:^|\s)(?:e-content|(?:post|entry|article|page|blog|blog-post|main)(?:-|_|__)"
    r"(?:content|body|text)|markdown-body|post|content|rendered-content)(?=\s|$)",
    re.IGNORECASE,
)
ENOUGH = 0.9  # of the words of the scope stand in its article
MOST = 0.5
MIN_WORDS = 1
MOST_SHARED = 0.25  # of an article's other words may be the layout's own
LEAST_SHARED = 150  # words: what a layout says in every article is shorter
MOST_STEPS = 6  # of a path that is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The region and its elements, in document order, none in another."""

    region: Region
    elements: tuple[etree._Element, ...] = ()


def find_region(rows: list[Row], layout: Layout) -> Found:
    """Find the element that holds what the page itself says.

    `rows` of chrome do not count; those of the layout's own texts are marked as chrome here.
    """
    if not rows:
        return Found(region=NO_REGION)
    for row in rows:
        if row.chrome is None and row.said and layout.knows and layout.owns(row):
            row.chrome = Chrome.TEMPLATE
    words = _words(rows)
    total = words[0]
    if total < MIN_WORDS:
        return Found(region=NO_REGION)
    scope, how, sure = _scope(rows, words)
    if how is How.SCHEMA and _pardoned(rows, words, scope):
        words = _words(rows)
        total = words[0]
    place = _narrow(rows, words, scope)
    if place != scope and how is How.BODY:
        how = How.LAYOUT if layout.knows else How.CONTENT
    share = words[place] / total
    return Found(
        region=Region(how=how, path=_path(rows, place), confidence=round(sure * share, 2)),
        elements=(rows[place].element,),
    )


def _pardoned(rows: list[Row], words: list[int], scope: int) -> bool:
    """Give back to an article what only seemed the layout's: a layout says little within it.

    Pages that share much of their text, as the translations of a page not yet translated do,
    would otherwise lose it.
    """
    inside = {scope}
    seeming: list[Row] = []
    for number in range(scope + 1, len(rows)):
        if rows[number].parent in inside:
            inside.add(number)
            if rows[rows[number].block].chrome is Chrome.TEMPLATE:
                seeming.append(rows[number])
    shared = sum(row.own for row in seeming)
    if shared < LEAST_SHARED or shared <= MOST_SHARED * words[scope]:
        return False
    for row in seeming:
        if row.chrome is Chrome.TEMPLATE:
            row.chrome = None
    return True


def _words(rows: list[Row]) -> list[int]:
    words = [0 if row.chrome or rows[row.block].chrome else row.own for row in rows]
    for number in range(len(rows) - 1, 0, -1):
        words[rows[number].parent] += words[number]
    return words


def _scope(rows: list[Row], words: list[int]) -> tuple[int, How, float]:
    """Choose the part of the page that its own markup calls the article."""
    steps: tuple[tuple[How, float, Callable[[Row], bool]], ...] = (
        (How.SCHEMA, 0.97, lambda row: row.element.get("itemprop") in _SCHEMA),
        (How.SCHEMA, 0.95, _called_content),
        (How.MARKUP, 0.9, lambda row: row.tag == "article"),
        (How.MARKUP, 0.85, lambda row: row.tag == "main" or row.element.get("role") == "main"),
    )
    for how, sure, fits in steps:
        best = max(
            (number for number, row in enumerate(rows) if row.chrome is None and fits(row)),
            key=lambda number: words[number],
            default=0,
        )
        if best and words[best] >= MOST * words[0]:
            return best, how, sure
    return 0, How.BODY, 0.7


def _called_content(row: Row) -> bool:
    name = row.element.get("class")
    return bool(name and row.tag in {"div", "section", "article", "main"} and _CONTENT.search(name))


def _narrow(rows: list[Row], words: list[int], scope: int) -> int:
    """Go down to the smallest block that holds nearly all words of the scope."""
    place, least = scope, ENOUGH * words[scope]
    while True:
        step = next(
            (
                number
                for number in range(place + 1, len(rows))
                if rows[number].parent == place
                and words[number] >= least
                and rows[number].tag
                in {"div", "section", "article", "main", "td", "tr", "tbody", "table", "center"}
            ),
            None,
        )
        if step is None:
            return place
        place = step


def _path(rows: list[Row], number: int) -> str:
    steps: list[str] = []
    while number >= 0 and len(steps) < MOST_STEPS:
        steps.append(named(rows[number].element))
        number = rows[number].parent
    return " > ".join(reversed(steps))


def named(element: etree._Element) -> str:
    """Write an element as a selector: `div.post#one`, shortened."""
    name = str(element.tag)
    for word in (element.get("class") or "").split()[:3]:
        name += f".{word[:40]}"
    own = element.get("id")
    return f"{name}#{own.strip()[:40]}" if own and own.strip() else name
