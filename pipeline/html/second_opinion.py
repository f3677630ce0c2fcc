"""A second opinion on where the article stands, by trafilatura, where that is installed.

It knows no site and no layout, so it is asked only about a page on which our own rules found
nothing to rely on. On pages where they did, it was never the better of the two.
"""

import logging
from collections.abc import Callable
from functools import cache

from lxml import etree

from pipeline.html.chrome import EXACT, take_out
from pipeline.html.outline import Row
from pipeline.html.region import Found
from pipeline.html.values import Chrome, How, Region, Removed

LOW = 0.45  # a confidence of our own below which another is asked
CONFIDENCE = 0.4
MAX_ROWS = 20_000
MAX_MARKUP = 2 * 1024 * 1024  # characters
MAX_DEPTH = 200
LEAST_WORDS = 20
#: What is chrome beyond doubt: no cookie banner becomes an article by asking somebody else.
SURE = EXACT | {Chrome.TEMPLATE, Chrome.COMMENTS}
# What hostile markup has been seen to raise in readers of trees.
_FAILURES = (ValueError, TypeError, AttributeError, LookupError, RecursionError, etree.LxmlError)


@cache
def _extract() -> Callable[..., str | None] | None:
    try:
        from trafilatura import extract  # noqa: PLC0415  (an extra, and 0.3 s)
    except ImportError:
        return None
    log = logging.getLogger("trafilatura")
    log.addHandler(logging.NullHandler())
    log.propagate = False
    return extract


def ask(rows: list[Row]) -> tuple[Found, tuple[Removed, ...]] | None:
    """Ask what of a page is its article; None where nobody is there to ask, or does not know.

    Takes chrome that is beyond doubt out of the rows' elements.
    """
    if not rows or len(rows) > MAX_ROWS or (extract := _extract()) is None:
        return None
    if _depth(rows) > MAX_DEPTH:
        return None
    body = rows[0].element
    removed = take_out(rows, (body,), None, SURE)
    markup = etree.tostring(body, encoding="unicode", method="html", with_tail=False)
    if len(markup) > MAX_MARKUP:
        return None
    try:
        told = extract(
            f"<html>{markup}</html>",
            output_format="html",
            fast=True,  # its own rules: the fallbacks give whatever text there is, menus and all
            favor_precision=True,
            include_comments=False,
            include_formatting=True,
            include_links=True,
        )
    except _FAILURES:
        return None
    if not told:
        return None
    element = etree.fromstring(told, etree.HTMLParser()).find("body")
    if element is None or len("".join(element.itertext()).split()) < LEAST_WORDS:
        return None
    region = Region(how=How.TRAFILATURA, path="", confidence=CONFIDENCE)
    return Found(region=region, elements=(element,)), removed


def _depth(rows: list[Row]) -> int:
    depths: list[int] = []
    for row in rows:
        depths.append(depths[row.parent] + 1 if row.parent >= 0 else 1)
    return max(depths)
