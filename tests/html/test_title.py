"""The title of a page is the one that a browser shows."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.html.title import HEAD_BYTES, page_title
from tests.archives import archive, plain_site, rows, write_files
from tests.warc.payloads.making import record


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("<html><head><title>About the mill</title></head></html>", "About the mill"),
        ("<title>\n  About\n\tthe mill \n</title>", "About the mill"),
        ("<TITLE>Loud</TITLE>", "Loud"),
        ("<title>Salt &amp; pepper &#43; caf&eacute;</title>", "Salt & pepper + café"),
        ("<title>One</title><title>Two</title>", "One"),
        ("<title>Not closed", "Not closed"),
        ("<p>before</p><title>Late</title>", "Late"),
        ("<title></title>", None),
        ("<title> \n </title>", None),
        ("<p>no title</p>", None),
        ("", None),
        ("not HTML at all", None),
        ("<!-- <title>hidden</title> -->", None),
    ],
)
def test_a_title_is_read_as_a_browser_shows_it(page: str, title: str | None) -> None:
    assert page_title(page.encode()) == title


def test_the_encoding_is_the_page_s_own() -> None:
    page = '<meta charset="iso-8859-1"><title>caf\xe9</title>'.encode("latin-1")
    assert page_title(page) == "café"
    assert page_title("<meta charset=utf-8><title>Łucja</title>".encode()) == "Łucja"


def test_a_title_too_far_down_is_none() -> None:
    assert page_title(b" " * HEAD_BYTES + b"<title>Too late</title>") is None


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_the_bytes_it_is_one_line_or_nothing(data: bytes) -> None:
    title = page_title(data)
    assert title is None or (title == title.strip() and "\n" not in title and title)


@settings(max_examples=50, deadline=None)
@given(st.text(alphabet="abc dé&\n", max_size=40))
def test_a_title_that_was_written_is_read(text: str) -> None:
    page = f"<meta charset=utf-8><title>{text.replace('&', '&amp;')}</title>"
    assert page_title(page.encode()) == (" ".join(text.split()) or None)


def test_the_titles_of_rendered_pages_are_kept(quay_archive: Path) -> None:
    assert [row["title"] for row in rows(quay_archive)["pages"]] == ["About the mill"] * 2


def test_the_site_s_own_selector_comes_first() -> None:
    page = b"<title>The mill | Quay</title><h1 class=name>The mill</h1>"
    assert page_title(page, selectors=(".none", ".name")) == "The mill"
    assert page_title(page, selectors=(".none",)) == "The mill | Quay"
    assert page_title(b"", selectors=(".name",)) is None


@pytest.mark.parametrize("form", ["folder", "warc"])
def test_the_titles_that_a_run_keeps_are_those_of_the_settings(tmp_path: Path, form: str) -> None:
    page = b"<title>The mill | Quay</title><h1 class=name>The mill</h1>"
    site = plain_site(tmp_path / "quay")
    write_files(site, {"jekyll-archive.toml": '[html]\ntitle = [".name"]\n'})
    rendered = write_files(tmp_path / "_site", {"about.html": page})
    if form == "warc":
        rendered = tmp_path / "pages.warc"
        rendered.write_bytes(record("resource", page, url="https://quay.example/about.html"))
    archive(site, tmp_path / "archive", rendered=rendered)
    assert [row["title"] for row in rows(tmp_path / "archive")["pages"]] == ["The mill"]
