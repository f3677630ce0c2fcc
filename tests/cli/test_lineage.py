"""`lineage` and `list` as a person types them."""

import json
import shlex
import shutil
from pathlib import Path

import pytest

from pipeline.cli.telling_past import tell_overview
from pipeline.jobs.lineage import Overview, ToldJoin
from pipeline.store.lineage import Joined
from tests.cli.command import Ask, command, facts

OLD = "_posts/2024-05-14-tomas-lindqvåg-wheel.md"
NEW = "_stories/the-lease-of-the-sea.md"


@pytest.fixture
def copy(mill_archive: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(mill_archive, tmp_path / "mill"))


def test_lineage_takes_a_document_without_a_word_before_it(ask: Ask) -> None:
    shown = ask("lineage", "show", NEW)
    assert shown.lines[0] == "The lease of the sea"
    assert "why they are one document" in shown.lines
    assert any("confidence 1.00" in line and "join:" in line for line in shown.lines)
    assert ask("lineage", NEW).out == shown.out
    told = facts(ask("lineage", NEW, "--json"))
    assert told["paths"][1:] == [OLD, NEW]
    assert {"kind", "weight", "words"} == set(told["joins"][0]["join"]["reasons"][0])
    ask("lineage", "never-was").assert_refused(24, "never-was")
    assert "accept" in command("lineage", "--help").out


def test_lineage_alone_is_the_overview(ask: Ask) -> None:
    told = ask("lineage")
    assert told.lines[0].endswith("gone today: 1 (list --gone)")
    assert told.out == ask("lineage", "overview").out
    assert facts(ask("lineage", "--json"))["gone"] == 1


def test_a_decision_is_typed_as_the_list_of_doubts_has_it(copy: Path) -> None:
    where = ("--archive", str(copy))
    done = command("lineage", "refuse", OLD, NEW, *where)
    assert (done.code, done.err) == (0, "")
    assert done.lines[0].endswith(f"refuse {OLD} {NEW}")
    assert (copy / "lineage.txt").read_text(encoding="utf-8") == f"refuse {OLD} {NEW}\n"
    assert command("verify", copy).code == 0
    assert facts(command("lineage", "accept", OLD, NEW, "--json", *where))["joins"] == [
        12,
        13,
    ]
    assert "decided by a person" in command("lineage", NEW, *where).out
    assert "1 joins were decided by a person" in command("lineage", *where).out
    command("lineage", "accept", NEW, OLD, *where).assert_refused(2, "fits nothing")
    command("lineage", "accept", "a", "b", *where).assert_refused(24, "list --paths")


def test_what_is_doubtful_is_listed_with_the_commands_to_type(
    capsys: pytest.CaptureFixture[str],
) -> None:
    join = Joined(
        id=7,
        old_stay_id=1,
        new_stay_id=2,
        commit="c" * 40,
        manner="moved in one commit",
        confidence=0.5,
        joined=False,
        decided=False,
        sentence="a b.md became c.md\x1b[2J",
        reasons=(),
    )
    told = ToldJoin(old_path="a b.md", new_path="c.md", old_uid="1", new_uid="2", join=join)
    found = Overview(
        documents=2, moved=0, gone=1, manners={}, relations={}, decided=0, doubtful=(told,)
    )
    tell_overview(found, Path("my archive"))
    lines = capsys.readouterr().out.splitlines()
    typed = [shlex.split(line) for line in lines if " lineage " in line]
    assert typed == [
        ["jekyll-archive", "lineage", word, "a b.md", "c.md", "--archive", "my archive"]
        for word in ("accept", "refuse")
    ]
    assert "  left two documents, confidence 0.50, join:7" in lines
    assert not any("\x1b" in line for line in lines)


def test_every_path_that_a_document_ever_had_is_listed(ask: Ask) -> None:
    told = ask("list", "stories", "--paths")
    at = told.lines.index(f"      {NEW}")
    assert told.lines[at - 1] == f"      {OLD}"
    entries = {entry["path"]: entry for entry in facts(ask("list", "--json"))}
    assert entries[NEW]["paths"][1:] == [OLD, NEW]
    assert all(entry["paths"][-1] == path for path, entry in entries.items())
    assert f"      {OLD}" not in ask("list", "stories").lines


def test_what_is_gone_is_listed(ask: Ask) -> None:
    told = ask("list", "--gone", "--paths")
    (gone,) = facts(ask("list", "--gone", "--json"))
    assert f"      {gone['path']}" in told.lines
    assert any(gone["until"][:10] in line for line in told.lines)
    assert json.loads(ask("list", "--gone", "--json").out)[0]["paths"] == gone["paths"]
    ask("list", "--gone", "--at", "2024-06-01").assert_refused(2, "leave out --at")
    ask("list", "nothing", "--gone").assert_refused(24, "nothing")
