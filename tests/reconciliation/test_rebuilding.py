"""Two renderings of one page: only what a reader sees counts."""

import pytest

from pipeline.html.page import read_page
from pipeline.reconciliation.rebuilding import differences
from tests.reconciliation.sites import TEXT, rendered


def told(one: str, own: str) -> str:
    pages = [read_page(page.encode(), url=None) for page in (one, own)]
    return differences(pages[0], pages[1])


def test_a_date_of_the_build_is_no_difference() -> None:
    dated = [
        rendered(head=f'<meta property="article:published_time" content="{year}-01-01">')
        for year in (2025, 2026)
    ]
    assert told(*dated) == ""


def test_another_host_is_no_difference() -> None:
    assert (
        told(*(rendered(f'<a href="{host}/a">a</a>') for host in ("https://x.example", ""))) == ""
    )


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (rendered(title="Other"), "title: 'The mill', rebuilt 'Other'"),
        (rendered("<p>Eels</p>"), "the commit also says: Eels"),
        (rendered(text="<p>Two wheels turn at the mill all day.</p>"), "only the page says: "),
        (rendered(text=f'<p><a href="/b">{TEXT}</a></p>'), "links: /b"),
        (rendered('<img src="http://[">'), "images: http://["),
    ],
)
def test_what_differs_is_said(own: str, said: str) -> None:
    assert told(rendered(), own).startswith(said)
