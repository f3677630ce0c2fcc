"""Take out of a region what is no part of the article, and say what that was."""

import re

from lxml import etree

from pipeline.html.outline import Row
from pipeline.html.region import named
from pipeline.html.values import Chrome, Removed
from pipeline.html.wording import one_line

MAX_REMOVED = 500  # listed, not taken out
EVERY = frozenset(Chrome)
# What goes even from a region that the site itself has chosen.
EXACT = frozenset([Chrome.SELECTOR, Chrome.COOKIES, Chrome.SHARE, Chrome.HIDDEN])
_HEADING = frozenset(["h1", "h2", "h3"])
_LETTERS = re.compile(r"[\W_]+")
_AUTO_ID = re.compile(r"[^\w\- ]")


def take_out(
    rows: list[Row],
    elements: tuple[etree._Element, ...],
    title: str | None,
    kinds: frozenset[Chrome],
) -> tuple[Removed, ...]:
    """Remove chrome below the elements of a region. The rows' elements are changed."""
    removed: list[Removed] = []
    inside = set(elements)
    within: set[int] = set()
    gone: set[int] = set()
    wanted = _bare(title)
    for number, row in enumerate(rows):
        if row.element in inside or row.parent in within:
            within.add(number)
        if number not in within or row.element in inside or row.parent in gone:
            if row.parent in gone and number in within:
                gone.add(number)
            continue
        kind = row.chrome if row.chrome in kinds else None
        if kind is None and row.tag in _HEADING and wanted and _is_title(row, wanted):
            kind = Chrome.TITLE
        if kind is None or (kind is Chrome.TEMPLATE and not _removable(rows, number)):
            continue
        gone.add(number)
        if len(removed) < MAX_REMOVED:
            text = one_line("".join(row.element.itertext())[:400])[:80]
            removed.append(Removed(kind=kind, path=named(row.element), text=text))
    for number in gone:
        if rows[number].parent not in gone:
            _drop(rows[number].element)
    return tuple(removed)


def _removable(rows: list[Row], number: int) -> bool:
    return rows[number].block == number and bool(rows[number].said)


def _is_title(row: Row, wanted: str) -> bool:
    if _bare("".join(row.said)) != wanted:
        return False
    # kramdown gives the headings of a text an id made of their words; layouts do not.
    return not row.element.get("id")


def _bare(text: str | None) -> str:
    return _LETTERS.sub("", text or "").casefold()


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail
    if tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
    element.tail = None
    parent.remove(element)
