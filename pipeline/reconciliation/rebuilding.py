"""Two renderings of one page: what a reader sees of the difference.

Bytes differ with every version of Jekyll and every minute in which it runs. What is compared is the
article, the title, and where it leads.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from pipeline.html.values import Page
from pipeline.reconciliation.comparing import shown_words
from pipeline.reconciliation.words import Bag, key


def differences(one: Page, own: Page) -> str:
    """Say what a reader sees differ between a page and our own rendering; empty: nothing."""
    return "; ".join(_differences(one, own))


def _differences(one: Page, own: Page) -> Iterator[str]:
    titles = [page.title.text if page.title else "" for page in (one, own)]
    if key(titles[0]) != key(titles[1]):
        yield f"title: {titles[0]!r}, rebuilt {titles[1]!r}"
    gone = Bag.of(one.text).lacks(own.text.split("\n"))
    more = Bag.of(own.text).lacks(one.text.split("\n"))
    if gone:
        yield f"the commit also says: {shown_words(gone)}"
    if more:
        yield f"only the page says: {shown_words(more)}"
    for what, sides in (
        ("links", [[_path(link.written) for link in page.links] for page in (one, own)]),
        ("images", [[_path(image.written) for image in page.images] for page in (one, own)]),
    ):
        if set(sides[0]) != set(sides[1]):
            yield f"{what}: {', '.join(sorted(set(sides[0]) ^ set(sides[1]))[:5])}"


def _path(written: str) -> str:
    """Give what an address leads to, whatever host the build was told."""
    try:
        parts = urlsplit(written)
    except ValueError:
        return written
    return parts.path or written
