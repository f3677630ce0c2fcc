"""CSS selectors on a tree, by cssselect and lxml's XPath."""

from functools import lru_cache

from cssselect import HTMLTranslator, SelectorError
from lxml import etree

from pipeline.html.values import How, Region, Selectors, Value
from pipeline.html.wording import one_line

MAX_MATCHES = 10_000


class BadSelectorError(ValueError):
    """A selector that is none, or that names something which only a browser knows."""


@lru_cache(maxsize=256)
def compiled(selector: str) -> etree.XPath:
    """Translate a selector. Raises BadSelectorError."""
    try:
        return etree.XPath(HTMLTranslator().css_to_xpath(selector))
    except (SelectorError, etree.XPathError, RecursionError) as error:
        raise BadSelectorError(str(error) or "not a CSS selector") from error


def select(root: etree._Element, selector: str) -> list[etree._Element]:
    """Give the elements that fit, in document order. Raises BadSelectorError."""
    found = compiled(selector)(root)
    elements = found if isinstance(found, list) else []
    return [each for each in elements if etree.iselement(each)][:MAX_MATCHES]


def selected_region(
    root: etree._Element, selectors: Selectors
) -> tuple[Region, tuple[etree._Element, ...]] | None:
    """Find the article by the first of the site's selectors that fits; None where none does."""
    for selector in selectors.article:
        if found := select(root, selector):
            region = Region(how=How.SELECTOR, path=selector, confidence=1.0)
            return region, _outermost(found)
    return None


def selected_values(root: etree._Element, selectors: tuple[str, ...]) -> tuple[Value, ...]:
    """Read the texts of what the first fitting selector fits; of `<time>`, its date."""
    for selector in selectors:
        texts = (
            one_line(each.get("datetime") or each.get("content") or "".join(each.itertext()))
            for each in select(root, selector)
        )
        if values := tuple(
            Value(text=text, origin=f"selector {selector}") for text in texts if text
        ):
            return values
    return ()


def _outermost(elements: list[etree._Element]) -> tuple[etree._Element, ...]:
    every = set(elements)
    return tuple(
        each for each in elements if not any(above in every for above in each.iterancestors())
    )
