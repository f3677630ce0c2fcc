"""Rendered pages are read in their order, and each learns from its neighbours."""

import json
from pathlib import Path

from pipeline.jobs.extract_html import Rendered, extract_html
from tests.archives import write_files
from tests.cli.command import command

PAGE = """<meta charset="utf-8"><title>{0}</title><body><div class="a"><div class="b">
<div class="ad">Buy a mill today and save a lot of water for your own wheel at home</div>
<p>{0} is a page of its own.</p></div></div>"""


def test_what_pages_have_in_common_is_no_part_of_them() -> None:
    names = ["One", "Two", "Three", "Four"]
    pages = (Rendered(place=name, data=PAGE.format(name).encode()) for name in names)
    read = list(extract_html(pages))
    assert [each.place for each in read] == names
    texts = [each.page.text for each in read if each.page]
    assert texts == [f"{name} is a page of its own." for name in names]


def test_a_folder_gives_a_line_for_each_page(tmp_path: Path) -> None:
    write_files(tmp_path, {"b/index.html": PAGE.format("One"), "a.css": "b {}", "z.txt": "no"})
    ran = command("extract", "html", tmp_path, "--jsonl")
    assert ran.code == 0, ran.err
    (line,) = [json.loads(each) for each in ran.lines]
    assert line["place"] == "b/index.html"
    assert line["title"] == {"text": "One", "origin": "title"}
    assert line["charset"] == {"text": "utf-8", "origin": "meta charset"}
    assert line["region"]["how"] == "content"
    assert "One is a page of its own." in line["markdown"]
    assert command("extract", "html", tmp_path).lines == ["b/index.html  One  23 words"]


def test_a_page_that_cannot_be_read_to_the_end_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    deep = "<div>" * 5000 + "x"
    write_files(tmp_path, {"a.html": deep, "b.html": PAGE.format("Two"), "c.html": ""})
    ran = command("extract", "html", tmp_path, "--jsonl")
    assert ran.code == 1
    assert "HTML-CUT" in ran.err
    assert [json.loads(each)["place"] for each in ran.lines] == ["a.html", "b.html", "c.html"]


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    command("extract", "html", tmp_path / "absent").assert_refused(19, "no such folder")
