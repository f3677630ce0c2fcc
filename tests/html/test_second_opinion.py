"""Where our own rules find nothing to rely on, trafilatura is asked, if it is there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.html.page import read_page
from pipeline.html.second_opinion import CONFIDENCE, MAX_DEPTH, MAX_ROWS
from pipeline.html.values import Chrome, How, Selectors

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
TEXT = "".join(
    f"<p>On {day} two wheels turn at the <a href='/quay'>quay</a>, and the miller counts the sacks"
    f" that the {day} boats bring.</p>"
    for day in DAYS
)
MENU = "<nav><ul><li><a href=/>Home</a></li><li><a href=/mill>The mill</a></li></ul></nav>"


def page(opening: str, text: str = TEXT, more: str = "") -> bytes:
    closing = opening.split(maxsplit=1)[0]
    return (
        f"<html><head><title>x</title></head><body>{MENU}<{opening}>{text}</{closing}>{more}"
        "<footer>Copyright of the quay</footer></body></html>"
    ).encode()


@pytest.mark.parametrize("opening", ["form action=/", "div class=menu", "div class=newsletter"])
def test_an_article_in_what_is_called_chrome_is_read(opening: str) -> None:
    read = read_page(page(opening), url="https://mill.example/a")
    assert (read.region.how, read.region.confidence) == (How.TRAFILATURA, CONFIDENCE)
    assert [line.split()[1] for line in read.text.splitlines()] == list(DAYS)
    assert {link.url for link in read.links} == {"https://mill.example/quay"}
    assert "[quay](https://mill.example/quay)" in (read.markdown or "")
    assert read.findings == ()


def test_where_our_own_rules_are_sure_nobody_is_asked() -> None:
    assert read_page(page("main"), url=None).region.how is How.MARKUP
    chosen = Selectors(article=("form",))
    assert read_page(page("form"), url=None, selectors=chosen).region.how is How.SELECTOR


@pytest.mark.parametrize("opening", ["div class=cookie-banner", "div hidden", "div class=sharing"])
def test_chrome_beyond_doubt_is_never_the_article(opening: str) -> None:
    read = read_page(page(opening), url=None)
    assert (read.region.how, read.text) == (How.NONE, "")
    both = read_page(page("form", more=page(opening, "<p>We use cookies.</p>").decode()), url=None)
    assert both.region.how is How.TRAFILATURA
    assert "cookies" not in both.text
    assert {each.kind for each in both.removed} < {Chrome.COOKIES, Chrome.HIDDEN, Chrome.SHARE}


@pytest.mark.parametrize(
    "text",
    ["", "<p>Few words.</p>", "<b>" * (MAX_DEPTH + 1) + TEXT, "<i></i>" * MAX_ROWS + TEXT],
    ids=["empty", "short", "deep", "many"],
)
def test_what_it_cannot_be_asked_or_does_not_know_stays_unknown(text: str) -> None:
    read = read_page(page("form", text), url=None)
    assert (read.region.how, read.text) == (How.NONE, "")
    assert [each.code for each in read.findings] == ["HTML-NO-TEXT"]


def test_a_page_of_long_attributes_is_not_handed_on() -> None:
    read = read_page(page(f"form data-x={'x' * 3_000_000}"), url=None)
    assert read.region.how is How.NONE


def test_without_the_extra_nothing_breaks(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(page("form"))
    code = "import sys; sys.modules['trafilatura'] = None\nfrom pipeline.cli import main; main()"
    asked = [sys.executable, "-c", code, "extract", "html", str(tmp_path), "--jsonl"]
    ran = subprocess.run(asked, capture_output=True, text=True, check=True)
    line = json.loads(ran.stdout)
    assert (line["region"]["how"], line["text"]) == ("none", "")
    assert [each["code"] for each in line["findings"]] == ["HTML-NO-TEXT"]


def test_it_is_imported_only_when_it_is_asked(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(page("main"))
    code = (
        "import sys\nfrom pipeline.cli import main\n"
        "try: main()\nfinally: assert 'trafilatura' not in sys.modules"
    )
    asked = [sys.executable, "-c", code, "extract", "html", str(tmp_path)]
    subprocess.run(asked, capture_output=True, check=True)
