"""Captures say what the folder says."""

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from pipeline.errors import RenderedError
from pipeline.html.values import Page
from pipeline.jobs.captured_pages import pages_of_captures
from pipeline.jobs.extract_html import extract_html, pages_of_folder
from pipeline.sample import unpack_rendered
from tests.cli.command import command
from tests.warc.payloads.making import HTML, http, record

SITE = Path(__file__).parents[1] / "warc" / "payloads" / "site"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    place = tmp_path_factory.mktemp("rendered") / "_site"
    unpack_rendered(place)
    found = extract_html(pages_of_folder(place))
    return {f"/{each.place}": each.page for each in found if each.page}


@pytest.mark.parametrize("name", ["wget.warc.gz", "pywb.warc.gz", "py-wacz.wacz"])
def test_captures_say_what_the_folder_says(name: str, folder: dict[str, Page]) -> None:
    theirs = {}
    for each in extract_html(pages_of_captures(SITE / name)):
        assert each.page is not None
        path = unquote(urlsplit(each.url or "").path)
        theirs[f"{path}index.html" if path.endswith("/") else path] = each.page
        assert ":byte " in each.place
    assert theirs.keys() == folder.keys()
    for path, page in theirs.items():
        assert (page.title, page.canonical) == (folder[path].title, folder[path].canonical)
    assert "answers to nothing" in theirs["/news/lost-cat-number-seven/index.html"].text


def test_the_command_takes_captures() -> None:
    done = command("extract", "html", SITE / "py-wacz.wacz", "--jsonl")
    lines = [json.loads(line) for line in done.lines]
    assert done.code == 0
    assert len(lines) == 40
    assert all(line["url"].startswith("http://tidemill.example/") for line in lines)


def test_what_cannot_be_read_is_told_or_refused(tmp_path: Path) -> None:
    warc = tmp_path / "a.warc"
    good = record("response", http(HTML))
    coded = record("response", http(HTML, "Content-Encoding: zstd"), number=2)
    warc.write_bytes(good + coded + record("response", http(HTML, status=404), number=3))
    found = list(extract_html(pages_of_captures(warc)))
    assert [each.page.text for each in found if each.page] == ["Text"]
    assert [each.code for one in found for each in one.findings if not one.page] == [
        "PAYLOAD-CODED"
    ]
    with pytest.raises(RenderedError):
        list(pages_of_captures(tmp_path / "absent"))
