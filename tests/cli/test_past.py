"""`list`, `show`, `history` and `export` of what was."""

import json
from pathlib import Path

import pytest

from pipeline.sample import BEFORE_REDESIGN
from tests.archives import archive
from tests.cli.command import command


@pytest.fixture(scope="session")
def mill(sample_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("told") / "mill"
    archive(sample_bundle, folder, history=True)
    return str(folder)


def test_documents_of_then_are_listed(mill: str) -> None:
    then = command("list", "posts", "--at", "2025-01-31", "--archive", mill)
    assert then.code == 0
    assert "/journal/ines-ferreira-holt-wheel" in then.out
    told = json.loads(command("list", "--at", BEFORE_REDESIGN, "--archive", mill, "--json").out)
    assert {"posts", "news"} <= {entry["collection"] for entry in told}


def test_a_document_of_then_is_shown_without_ids_of_rows(mill: str) -> None:
    arguments = ("ines-ferreira-holt-wheel", "--at", "2025-01-31", "--archive", mill)
    shown = command("show", *arguments)
    assert shown.code == 0
    assert any(line.startswith("author") for line in shown.lines)
    assert "None" not in shown.out
    raw = command("show", *arguments, "--raw").raw
    assert raw.startswith(b"---\n")
    assert json.loads(command("show", *arguments, "--json").out)["entry"]["size"] == len(raw)


def test_the_history_of_a_document_is_told_path_by_path(mill: str) -> None:
    told = command("history", "the-lease-of-the-sea", "--archive", mill)
    assert told.code == 0
    assert told.lines[0] == "_posts/2024-01-14-tomas-lindqvåg-wheel.md"
    assert "    moved  from _posts/2024-05-14-tomas-lindqvåg-wheel.md" in told.lines
    assert told.lines[-1].endswith("at 3 paths, now or last _stories/the-lease-of-the-sea.md")
    states = json.loads(command("history", "the-lease-of-the-sea", "--archive", mill, "--json").out)
    assert states[-1]["until"] is None
    assert {state["title"] for state in states} == {"Who owns the tide?", "The lease of the sea"}
    by_config = command("history", "_config.yml", "--archive", mill)
    assert by_config.lines[-1].endswith(" states of _config.yml")


def test_the_tree_of_then_is_exported(mill: str, tmp_path: Path) -> None:
    done = command("export", "jekyll", str(tmp_path / "x"), "--at", "2025-01-31", "--archive", mill)
    assert done.code == 0
    assert len(list((tmp_path / "x/_posts").glob("2024-05-14-*"))) == 5


def test_what_cannot_be_is_refused_in_one_line(mill: str) -> None:
    command("list", "--at", "soon", "--archive", mill).assert_refused(2, "neither a day")
    command("list", "--at", "1999-01-01", "--archive", mill).assert_refused(24, "begins later")
    digest = ("show", "--sha256", "0" * 64, "--at", "2025-01-31", "--archive", mill)
    command(*digest).assert_refused(2, "leave out --at")
    command("history", "never-was", "--archive", mill).assert_refused(24, "never-was")
