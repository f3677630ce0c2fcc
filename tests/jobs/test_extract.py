"""`extract repo` as an interface: its schema, its byte ranges, its options."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pipeline.cli.output import plain
from pipeline.errors import NoConfigError, NotARepositoryError
from pipeline.jekyll.rules import ReadOptions
from pipeline.jobs.extract import extract
from pipeline.sources import open_source

ROOT = Path(__file__).parents[2]
SCHEMA = Draft202012Validator(json.loads((ROOT / "docs/extract.schema.json").read_text()))
OPTIONS = ReadOptions(now=datetime(2026, 1, 1, tzinfo=UTC))


def lines_of(source: Path, folder: str | None = None) -> tuple[dict[str, Any], ...]:
    return extract(str(source), rev=None, folder=folder, options=OPTIONS).lines


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    site = tmp_path / "repo" / "docs"
    (site / "_posts").mkdir(parents=True)
    (site / "_config.yml").write_text("title: A blog\n")
    (site / "_posts/2024-01-02-one.md").write_text("---\ntitle: One\nx: .nan\n---\nBody\n")
    (site / "_posts/2027-01-02-later.md").write_text("---\ntitle: Later\n---\nBody\n")
    (site / "_posts/2024-01-03-two.md").symlink_to("2024-01-02-one.md")
    (site / "style.css").write_text("p {}")
    return tmp_path / "repo"


def test_every_line_of_the_sample_obeys_the_schema(sample_bundle: Path) -> None:
    lines = lines_of(sample_bundle)
    assert len(lines) > 30
    for line in lines:
        SCHEMA.validate(plain(line))


def test_every_line_of_the_real_site_obeys_the_schema(aicam_bundle: Path) -> None:
    lines = lines_of(aicam_bundle)
    assert {"document", "static"} <= {line["kind"] for line in lines}
    for line in lines:
        SCHEMA.validate(plain(line))


def test_header_and_body_are_the_whole_file(sample_bundle: Path) -> None:
    lines = {line["path"]: line for line in lines_of(sample_bundle)}
    with open_source(str(sample_bundle)) as source:
        for entry, data in source.read(source.entries):
            line = lines.get(entry.path)
            if line and line["body"]:
                assert isinstance(data, bytes)
                (start, middle), (again, end) = line["header"], line["body"]
                assert (start, middle, end) == (0, again, len(data))
                first, last = line["yaml"]
                assert data[:first].count(b"---") == 1 or first == 0
                assert first <= last <= middle


def test_a_site_in_a_folder_is_read_as_if_it_were_the_whole(blog: Path) -> None:
    lines = {line["path"]: line for line in lines_of(blog, "./docs/")}
    assert lines["_posts/2024-01-02-one.md"]["url"] == "/2024/01/02/one.html"
    assert lines["style.css"]["kind"] == "static"
    assert lines["style.css"]["body"] is None


def test_links_inside_the_tree_are_followed(blog: Path) -> None:
    lines = {line["path"]: line for line in lines_of(blog, "docs")}
    assert lines["_posts/2024-01-03-two.md"]["title"] == "One"


def test_a_link_may_leave_the_folder_of_the_site_within_the_tree(blog: Path) -> None:
    (blog / "shared.md").write_text("---\ntitle: 404\nslug: 0x1F\n---\nShared\n")
    (blog / "docs/about.md").symlink_to("../shared.md")
    (line,) = (one for one in lines_of(blog, "docs") if one["path"] == "about.md")
    assert (line["kind"], line["url"]) == ("page", "/about.html")
    assert (line["title"], line["slug"]) == (404, 31)


def test_a_post_after_the_time_of_the_build_is_not_written(blog: Path) -> None:
    lines = {line["path"]: line for line in lines_of(blog, "docs")}
    later = lines["_posts/2027-01-02-later.md"]
    assert not later["written"]
    assert later["left_out"]


def test_values_that_json_lacks_are_strings(blog: Path) -> None:
    (line,) = (one for one in lines_of(blog, "docs") if one["path"].endswith("02-one.md"))
    assert line["front_matter"]["x"] == "nan"


def test_a_folder_that_is_not_there_is_an_error(blog: Path) -> None:
    with pytest.raises(NotARepositoryError, match="no folder 'nope'"):
        lines_of(blog, "nope")


def test_the_folder_must_be_a_site(blog: Path) -> None:
    with pytest.raises(NoConfigError):
        lines_of(blog, "docs/_posts")


def test_the_command_prints_lines_and_keeps_findings_apart(sample_bundle: Path) -> None:
    command = [sys.executable, "-m", "pipeline", "extract", "repo", str(sample_bundle), "--jsonl"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    printed = [json.loads(line) for line in done.stdout.splitlines()]
    SCHEMA.validate(printed[0])
    assert len(printed) == len(lines_of(sample_bundle))
    assert "_news/car-park-closed.md:3" in done.stderr
    assert "FM-YAML" in done.stderr


def test_for_a_person_it_is_a_table(sample_bundle: Path) -> None:
    command = [sys.executable, "-m", "pipeline", "extract", "repo", str(sample_bundle)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert "/stories/drawing-a-coast-that-moves/" in done.stdout
