"""The title of a rendered page."""

import re

from bs4 import BeautifulSoup
from bs4.filter import SoupStrainer

from pipeline.html.selecting import selected_values
from pipeline.html.tree import parse

HEAD_BYTES = 256 * 1024  # a title further down is no title that a browser would wait for


def page_title(
    data: bytes, *, charset: str | None = None, selectors: tuple[str, ...] = ()
) -> str | None:
    """Read the text of the first `<title>`, white space collapsed; None where there is none.

    What fits one of the site's own `selectors` for titles comes before it. Raises BadSelectorError.
    """
    if selectors and (root := parse(data, charset).root) is not None:
        for value in selected_values(root, selectors):
            return value.text
    soup = BeautifulSoup(data[:HEAD_BYTES], "lxml", parse_only=SoupStrainer("title"))
    if soup.title is None:
        return None
    return re.sub(r"\s+", " ", soup.title.get_text()).strip() or None
