"""Pages say the same, whatever way they come."""

import json
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from pipeline.errors import RenderedError
from pipeline.jobs.extract_html import PageLine, extract_html
from pipeline.model import Finding
from pipeline.sample import unpack_rendered
from tests.cli.command import command
from tests.warc.payloads.making import HTML, http, record

SITE = Path(__file__).parents[1] / "warc" / "payloads" / "site"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("rendered") / "_site"
    unpack_rendered(place)
    return place


def read(source: Path) -> tuple[dict[str, PageLine], list[Finding]]:
    found: list[Finding] = []
    lines = {}
    for line in extract_html(source, found.append):
        path = unquote(urlsplit(line.url).path) if line.url else f"/{line.path}"
        lines[f"{path}index.html" if path.endswith("/") else path] = line
    return lines, found


@pytest.mark.parametrize("name", ["wget.warc.gz", "pywb.warc.gz", "py-wacz.wacz"])
def test_captures_say_what_the_folder_says(name: str, folder: Path) -> None:
    ours, _ = read(folder)
    theirs, _ = read(SITE / name)
    ours.pop("/404.html", None)
    theirs.pop("/404.html", None)
    assert theirs.keys() == ours.keys()
    for path, line in theirs.items():
        assert line.page.text == ours[path].page.text
        assert line.page.title == ours[path].page.title
        assert line.page.canonical == ours[path].page.canonical
        assert line.record is not None
        assert line.captured_at is not None
    assert "answers to nothing" in theirs["/news/lost-cat-number-seven/index.html"].page.text


def test_the_command_writes_json_lines_and_plain_ones(folder: Path) -> None:
    done = command("extract", "html", folder, "--jsonl")
    lines = [json.loads(line) for line in done.lines]
    assert done.code == 0
    assert {line["version"] for line in lines} == {1}
    assert all(line["record"] is None for line in lines)
    plain = command("extract", "html", SITE / "wget.warc.gz")
    assert any("lost-cat-number-seven/: Lost: cat number seven" in line for line in plain.lines)


def test_what_cannot_be_read_is_told_or_refused(tmp_path: Path) -> None:
    warc = tmp_path / "a.warc"
    good = record("response", http(HTML))
    coded = record("response", http(HTML, "Content-Encoding: zstd"), number=2)
    warc.write_bytes(good + coded + record("response", http(HTML, status=404), number=3))
    lines, found = read(warc)
    assert [line.page.text for line in lines.values()] == ["Text"]
    assert "PAYLOAD-CODED" in [finding.code for finding in found]
    with pytest.raises(RenderedError):
        read(tmp_path / "absent")
