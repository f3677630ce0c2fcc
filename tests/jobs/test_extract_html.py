"""Rendered pages are read in their order, and each learns from its neighbours."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from pipeline.jobs.extract_html import Rendered, extract_html
from pipeline.sample import unpack_rendered
from tests.archives import write_files
from tests.cli.command import CHECKOUT, command

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "docs/extract-html.schema.json").read_text())
)
CAPTURES = Path(__file__).parents[1] / "warc/payloads/site/py-wacz.wacz"
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
    ran = command("extract", "html", tmp_path, "--jsonl", "--markdown")
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


def test_every_line_obeys_the_schema(tmp_path: Path) -> None:
    site = tmp_path / "_site"
    unpack_rendered(site)
    (site / "gone.html").symlink_to("/nowhere")
    folder = command("extract", "html", site, "--jsonl", "--url", "https://mill.example/base")
    captures = command("extract", "html", CAPTURES, "--jsonl", "--markdown")
    lines = [json.loads(each) for each in (*folder.lines, *captures.lines)]
    assert len(lines) > 70
    for line in lines:
        SCHEMA.validate(line)
    index = next(line for line in lines if line["place"] == "index.html")
    assert index["url"] == "https://mill.example/base/"
    assert index["markdown"] is index["captured"] is None
    assert all(link["url"].startswith(("http", "mailto:")) for link in index["links"])
    assert lines[-1]["captured"].startswith("20")
    assert lines[-1]["markdown"]


def test_the_site_s_settings_say_where_things_stand(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "_site/a/index.html": PAGE.format("One") + '<a class="z" href="b">Two</a>',
            "own.toml": "[site]\nurl = 'https://mill.example'\n[html]\narticle = ['.z']\n",
            "bad.toml": "[html]\narticle = ['a[']\n",
        },
    )
    ran = command(
        "extract", "html", tmp_path / "_site", "--jsonl", "--settings", tmp_path / "own.toml"
    )
    (line,) = [json.loads(each) for each in ran.lines]
    assert (line["text"], line["region"]["how"]) == ("Two", "selector")
    assert line["links"][0]["url"] == "https://mill.example/a/b"
    refused = command("extract", "html", tmp_path / "_site", "--settings", tmp_path / "bad.toml")
    refused.assert_refused(14, "bad.toml:2", "html.article: not a CSS selector")
    absent = command("extract", "html", tmp_path / "_site", "--settings", tmp_path / "no.toml")
    absent.assert_refused(14, "no.toml", "No such file")


def test_options_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    command("extract", "html", tmp_path, "--url", "quay").assert_refused(2, "not an http")
    command("extract", "html", tmp_path, "--markdown").assert_refused(2, "--jsonl")
    command("extract", "html", CAPTURES, "--url", "https://a.example").assert_refused(2, "folder")


MEBI = 1 << 20
PEAK = """\
import sys
from pathlib import Path
from pipeline.cli import main
try:
    main()
finally:
    status = Path("/proc/self/status").read_text()  # getrusage tells of before exec, too
    sys.stderr.write(" " + status.partition("VmHWM:")[2].split()[0])
"""


@pytest.mark.parametrize(
    ("piece", "most"), [(b"some words ", 280), (b"<p>a</p>", 380)], ids=["words", "tags"]
)
def test_a_page_of_a_hundred_megabytes_is_cut_and_needs_little(
    piece: bytes, most: int, tmp_path: Path
) -> None:
    block = piece * (MEBI // len(piece))
    with (tmp_path / "index.html").open("wb") as file:
        file.write(b"<!doctype html><title>A page</title><article><h1>A page</h1>")
        for _ in range(100):
            file.write(block)
        size = file.tell()
    words = (sys.executable, "-c", PEAK, "extract", "html", str(tmp_path), "--jsonl")
    ran = subprocess.run(words, cwd=CHECKOUT, capture_output=True, check=False)
    told = json.loads(ran.stdout)
    cut = [each["message"] for each in told["findings"] if each["code"] == "HTML-CUT"]
    assert cut[0].endswith(f" of {size} bytes")
    digest = hashlib.sha256((tmp_path / "index.html").read_bytes())
    assert told["sha256"] == digest.hexdigest()
    assert told["title"]["text"] == "A page"
    assert told["text"].startswith(("some words", "a\na"))
    peak = int(ran.stderr.split()[-1]) // 1024
    assert peak < most
