"""Where links lead inside the site, as a browser and a web server would have it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.content.resolve import Destination, SiteUrls

URLS = ["/", "/news/tide.html", "/visit/", "/people/łucja/", "/files/a b.pdf"]
SITE = SiteUrls(URLS, "https://mill.example")
BELOW = SiteUrls(URLS, "https://www.host.example/mill/")


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("/news/tide.html", "/news/tide.html"),
        ("/news/tide", "/news/tide.html"),
        ("/news/tide/", "/news/tide.html"),
        ("/visit/index.html?a=1#b", "/visit/"),
        ("tide.html", "/news/tide.html"),
        ("../visit", "/visit/"),
        ("/people/%C5%82ucja", "/people/łucja/"),
        ("/files/a%20b.pdf", "/files/a b.pdf"),
        ("https://www.mill.example/visit/", "/visit/"),
        ("https://mill.example", "/"),
        ("//mill.example/visit", "/visit/"),
        ("{{ site.baseurl }}/visit/", "/visit/"),
        ("{{ '/visit/' | relative_url }}", "/visit/"),
    ],
)
def test_links_lead_to_urls_of_the_site(target: str, url: str) -> None:
    assert SITE.lead(target, "/news/other.html") == Destination(url=url, exists=True)


def test_a_page_that_is_not_there_is_told_by_its_url() -> None:
    assert SITE.lead("gone.html?a#b", "/news/") == Destination(url="/news/gone.html", exists=False)


@pytest.mark.parametrize(
    "target",
    [
        "",
        "#top",
        "mailto:ada@mill.example",
        "https://elsewhere.example/visit/",
        "https:///visit/",
        "http://[",
        "{{ page.url }}",
        "{% link _posts/2024-01-02-a.md %}",
        "?page=2",
    ],
)
def test_what_leads_elsewhere_or_cannot_be_told_leads_nowhere(target: str) -> None:
    assert SITE.lead(target, "/news/") is None


def test_a_site_below_a_folder_of_its_host() -> None:
    visit = Destination(url="/visit/", exists=True)
    assert BELOW.lead("/mill/visit/", "/news/") == visit
    assert BELOW.lead("https://host.example/mill/visit", "/news/") == visit
    assert BELOW.lead("/millstone/", "/news/") == Destination(url="/millstone/", exists=False)


def test_without_an_address_only_relative_links_are_the_sites() -> None:
    nowhere = SiteUrls(URLS, None)
    assert nowhere.lead("/visit", "/") == Destination(url="/visit/", exists=True)
    assert nowhere.lead("https://mill.example/visit", "/") is None


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.text(st.sampled_from("/.:?#%[]{}|' aé\0\ud800") | st.characters(), max_size=30))
def test_any_target_leads_somewhere_or_nowhere(target: str) -> None:
    lead = SITE.lead(target, "/news/")
    assert lead is None or lead.url.startswith("/")
