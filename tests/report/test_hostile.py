"""Whatever a site's texts hold, the page shows it as text and refers to nothing outside."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from bs4 import BeautifulSoup, Tag
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.report.page import comparison_page
from pipeline.report.visible import visible
from pipeline.report.wording import name, shortened
from tests.report.attacking import ATTACKS, hostile_comparison
from tests.report.building import plain_comparison

Shape = list[tuple[str, tuple[str, ...]]]


def shape(page: str) -> Shape:
    """Give every element with the names of its attributes: what text must not be able to change."""
    soup = BeautifulSoup(page, "html.parser")
    return [(tag.name, tuple(sorted(tag.attrs))) for tag in soup.find_all(name=True)]


def single_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_no_text_changes_the_shape_of_the_page(attack: str) -> None:
    page = comparison_page(hostile_comparison(attack))
    assert shape(page) == shape(comparison_page(hostile_comparison("harmless ")))


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_every_text_is_there_as_text(attack: str) -> None:
    comparison = hostile_comparison(attack)
    soup = BeautifulSoup(comparison_page(comparison), "html.parser")
    shown = soup.get_text()
    one = next(each for each in comparison.documents if each.id == "d1")
    texts = [
        name(one),
        one.sentence,
        one.before.path if one.before else "",
        one.changes[0].lost[1],
        one.ties[0].sentence,
        one.text.runs[1].text if one.text else "",
        comparison.boilerplate[0].example,
        comparison.unnamed[0].name,
        comparison.addresses[1].old,
        comparison.worst[1].sentence,
        shortened(comparison.timeline.beats[0].subject),
        comparison.unread[0].why,
        comparison.before.asked,
    ]
    for text in texts:
        assert visible(text) in shown


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_links_lead_into_the_page_only_and_nothing_is_loaded_or_run(attack: str) -> None:
    page = comparison_page(hostile_comparison(attack))
    soup = BeautifulSoup(page, "html.parser")
    assert {str(link["href"])[0] for link in soup.find_all("a")} == {"#"}
    loading = ["script", "link", "img", "iframe", "object", "embed", "base", "form", "use", "image"]
    assert soup.find_all(loading) == []
    for tag in soup.find_all(name=True):
        assert not [key for key in tag.attrs if key.startswith("on") or key in {"style", "src"}]
    style = soup.find("style")
    assert isinstance(style, Tag)
    assert not re.search(r"url\(|@import|@font-face|image-set", style.get_text())


def test_the_policy_allows_the_style_of_the_page_and_nothing_else() -> None:
    soup = BeautifulSoup(comparison_page(plain_comparison()), "html.parser")
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    style = soup.find("style")
    assert isinstance(policy, Tag)
    assert isinstance(style, Tag)
    digest = b64encode(sha256(style.get_text().encode()).digest()).decode()
    assert str(policy["content"]).split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert policy.find_previous("style") is None


def test_what_cannot_be_seen_is_written_out() -> None:
    assert visible("a\r\nb\rc\x00\x1b\x7f\x9f") == "a\nb\u240dc\u2400\u241b\u2421[U+009F]"
    assert visible("gpj.\u202eexe\u2066\ufeff") == "gpj.[U+202E]exe[U+2066][U+FEFF]"
    assert visible("\ud800 \ufffe \U0010ffff") == "[U+D800] [U+FFFE] [U+10FFFF]"
    ordinary = "é ع ש क्‍ष می‌خواهم 👩‍🚀\tand\nmore\u00a0\u00ad"
    assert visible(ordinary) == ordinary


@settings(deadline=None, max_examples=20)
@given(st.text(alphabet=st.characters(), min_size=1, max_size=30))
def test_any_text_at_all_leaves_a_page_of_the_same_shape_in_utf_8(text: str) -> None:
    page = comparison_page(hostile_comparison(text))
    page.encode()
    assert shape(page) == shape(comparison_page(hostile_comparison("harmless ")))
