"""A live site says what the folder that it is served from says."""

import json
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from pipeline.jobs.extract_html import extract_html, pages_of_folder
from pipeline.sample import SITE_URL, unpack_rendered
from tests.cli.command import command
from tests.jobs.test_crawl import files, hosted


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_live_site_says_what_its_folder_says(tmp_path: Path, scratch: Path) -> None:
    unpack_rendered(tmp_path / "_site")
    folder = {
        f"/{each.place}".removesuffix("index.html"): each.page
        for each in extract_html(pages_of_folder(tmp_path / "_site"))
        if each.page
    }
    site = files(tmp_path / "_site")
    with hosted(site) as server:
        options = ("--jsonl", "--delay", "0", "--allow-loopback")
        ran = command("extract", "html", server.url, *options)
        here = server.url.rstrip("/")
    assert ran.code == 0, ran.err
    lines = [json.loads(line.replace(here, SITE_URL.rstrip("/"))) for line in ran.lines]
    found = {unquote(urlsplit(line["url"]).path): line for line in lines}
    # What only old links lead to, elsewhere: nothing of today's site names it.
    old = {path for path, data in site.items() if b'http-equiv="refresh"' in data}
    assert found.keys() >= folder.keys() - old - {"/404.html"}
    for path, line in found.items():
        page = folder[path]
        assert line["place"] == line["url"]
        assert line["title"]["text"] == (page.title.text if page.title else None)
        assert line["captured"]
    assert list(scratch.iterdir()) == []


def test_what_a_crawl_finds_is_told(tmp_path: Path, scratch: Path) -> None:
    unpack_rendered(tmp_path / "_site")
    with hosted(files(tmp_path / "_site")) as server:
        words = ("extract", "html", server.url, "--delay", "0", "--allow-loopback")
        few = command(*words, "--max-urls", "6")
        none = command("extract", "html", f"{server.url}nothing", *words[3:])
    assert (few.code, "CRAWL-LIMIT" in few.err) == (0, True)
    assert few.lines[0].startswith(server.url)
    assert (none.code, "CRAWL-SEED" in none.err) == (1, True)
    assert list(scratch.iterdir()) == []


def test_what_may_not_be_asked_is_refused(tmp_path: Path, scratch: Path) -> None:
    command("extract", "html", "http://127.0.0.1/").assert_refused(16, "loopback")
    command("extract", "html", tmp_path, "--allow-loopback").assert_refused(2, "go with a URL")
    site = ("http://a.example/", "--url", "http://b.example/")
    command("extract", "html", *site).assert_refused(2, "--url")
    assert list(scratch.iterdir()) == []
