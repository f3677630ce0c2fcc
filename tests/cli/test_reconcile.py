"""`reconcile`, as people and pipes see it."""

import json
import shlex
from pathlib import Path

from tests.archives import kept_as_it_was
from tests.cli.command import Ask, command, facts
from tests.reconciliation.sites import AT, POST, kept, rendered, source


def test_the_sample_is_told_with_its_sums(ask: Ask) -> None:
    told = ask("reconcile")
    assert (told.code, told.err) == (0, "")
    assert told.lines[0].startswith("The rendering of 2")
    assert "40 pages = 36 tied + 4 generated + 0 unexplained" in told.out
    assert "37 documents = 36 with a page + 1 explained + 0 without" in told.out
    assert "RECONCILE-DATE-MADE-UP (2)" in told.out
    assert "\x1b" not in told.out


def test_json_has_the_same_facts(ask: Ask) -> None:
    told = facts(ask("reconcile", "--json"))
    assert told["totals"]["tied"] == sum(page["source"] is not None for page in told["pages"])
    assert told["totals"]["made_up_dates"] == 2
    assert {page["how"] for page in told["pages"]} == {"URL", None}


def test_the_command_that_tells_all_of_it_can_be_typed_as_it_stands(tmp_path: Path) -> None:
    files = {f"_posts/2024-05-0{day}-gone.md": source() for day in range(1, 6)}
    folder = kept(tmp_path / "a site", files, {"index.html": rendered()})
    told = command("reconcile", "--archive", folder)
    (hint,) = (line for line in told.lines if line.startswith("all of them: "))
    words = shlex.split(hint.removeprefix("all of them: "))
    assert words == ["jekyll-archive", "reconcile", "--archive", str(folder), "--json"]
    assert len(json.loads(command(*words[1:]).out)["findings"]) == 5


def test_an_error_is_told_by_the_exit_code_and_the_worst_comes_first(tmp_path: Path) -> None:
    folder = kept(tmp_path, {POST: source()}, {AT: rendered(text="<p>Two \x1b[31m</p>")})
    report = tmp_path / "report.html"
    with kept_as_it_was(folder):
        told = command("reconcile", "--archive", folder, "--html", report)
    assert told.code == 1
    assert told.lines[2] == "The pages that differ most"
    assert "13 of 14 words" in told.lines[3]
    assert "error RECONCILE-TEXT (1)" in told.out
    assert "\x1b" not in told.out
    assert "RECONCILE-TEXT" in report.read_text(encoding="utf-8")


def test_a_file_of_somebody_else_is_not_replaced(ask: Ask, tmp_path: Path) -> None:
    other = tmp_path / "other.html"
    other.write_text("mine", encoding="utf-8")
    ask("reconcile", "--html", str(other)).assert_refused(20, "other.html")
    assert other.read_text(encoding="utf-8") == "mine"
