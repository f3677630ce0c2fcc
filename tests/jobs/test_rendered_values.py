"""The sample's pages, built by real Jekyll, say what their sources say: document by document."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.html.values import Chrome, Page
from pipeline.jobs.ask import list_documents, show
from pipeline.jobs.extract_html import extract_html, pages_of_folder
from pipeline.jobs.place import Place, find_place
from pipeline.reconciliation.words import words
from pipeline.sample import SITE_URL, unpack_rendered
from pipeline.store.answers import Entry

ARTICLES = ("events", "news", "posts", "stories")
ELSEWHERE = {  # fields with text that the layouts show nowhere, or in a list of other pages
    "_news/the-highest-tide.md": {"excerpt"},
    "_stories/letters-from-upstream.md": {"information_content"},
}
BESIDE = {  # what the layout, or Jekyll, puts into the article
    "_posts/2024-02-29-marée-d-équinoxe.md": {"1"},  # the number of a footnote
}
BUILT = {"_news/car-park-closed.md", "_news/lost-cat-number-seven.md"}
"""Their dates cannot be read, or name a future that is past: Jekyll wrote the day of the build."""

CHROME = ("cookie", "Share", "Skip to the text", "Accept")


@pytest.fixture(scope="module")
def mill(mill_archive: Path) -> Place:
    return find_place(mill_archive, None)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    folder = tmp_path_factory.mktemp("rendered") / "_site"
    unpack_rendered(folder)
    read = extract_html(pages_of_folder(folder, SITE_URL))
    return {each.url: each.page for each in read if each.url and each.page}


@pytest.fixture(scope="module")
def articles(mill: Place, pages: dict[str, Page]) -> list[tuple[Entry, Page]]:
    every = (each for name in ARTICLES for each in list_documents(mill, name))
    found = [(each, pages[f"{SITE_URL}{each.url}"]) for each in every if each.written]
    assert len(found) == 19
    return found


def said(mill: Place, entry: Entry) -> Iterator[str]:
    """Give the texts of a document that its layout shows as the article."""
    for part in show(mill, entry.path).parts:
        if part["name"] not in ELSEWHERE.get(entry.path, ()):
            yield part["plain"]


def test_titles_and_canonical_urls(articles: list[tuple[Entry, Page]]) -> None:
    for entry, page in articles:
        assert page.title is not None
        assert page.canonical is not None
        title = entry.title or "Sallow Quay Tide Mill"  # what cannot be read has no title
        assert (page.title.text, page.canonical.text) == (title, f"{SITE_URL}{entry.url}")


def test_dates(articles: list[tuple[Entry, Page]]) -> None:
    different = set()
    for entry, page in articles:
        assert page.published is not None
        assert entry.date is not None
        if page.published.text != entry.date.isoformat():
            different.add(entry.path)
    assert different == BUILT


def test_words_of_articles(mill: Place, articles: list[tuple[Entry, Page]]) -> None:
    for entry, page in articles:
        source, shown = words("\n".join(said(mill, entry))), words(page.text)
        beside = BESIDE.get(entry.path, set())
        if entry.path == "_events/flour-day.md":  # its layout shows a programme with its times
            assert set(source) < set(shown)
        else:
            assert [word for word in shown if word not in beside] == [
                word for word in source if word not in beside
            ], entry.path


def test_nothing_around_them_is_their_text(articles: list[tuple[Entry, Page]]) -> None:
    for entry, page in articles:
        assert not [each for each in CHROME if each.casefold() in page.text.casefold()], entry.path
    removed = {each.kind for _, page in articles for each in page.removed}
    assert {Chrome.SHARE} <= removed
