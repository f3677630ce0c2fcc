"""The title of a rendered page."""

import re

from bs4 import BeautifulSoup
from bs4.filter import SoupStrainer

HEAD_BYTES = 256 * 1024  # a title further down is no title that a browser would wait for


def page_title(data: bytes) -> str | None:
    """Read the text of the first `<title>`, white space collapsed; None where there is none."""
    soup = BeautifulSoup(data[:HEAD_BYTES], "lxml", parse_only=SoupStrainer("title"))
    if soup.title is None:
        return None
    return re.sub(r"\s+", " ", soup.title.get_text()).strip() or None
