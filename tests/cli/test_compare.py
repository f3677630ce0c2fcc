"""`compare`, as people and pipes see it."""

from pathlib import Path

import pytest

from pipeline.cli.telling_losses import tell_comparison
from pipeline.history.comparison.values import Unread
from pipeline.sample import BEFORE_REDESIGN, TIP
from tests.archives import archive, kept_as_it_was
from tests.cli.command import command, facts
from tests.history.comparison.trees import compared, page

WIDEST = 100


@pytest.fixture(scope="module")
def mill(sample_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compared") / "mill"
    archive(sample_bundle, folder)
    return folder


def test_the_report_opens_with_the_worst_losses_and_ends_with_totals(mill: Path) -> None:
    with kept_as_it_was(mill):
        told = command("compare", BEFORE_REDESIGN, TIP, "--archive", mill)
    assert (told.code, told.err) == (0, "")
    assert told.lines[0].startswith(f"What was lost between {BEFORE_REDESIGN[:12]} (")
    assert told.lines[2] == "The worst losses"
    assert told.lines[4].startswith(" 1. ")
    headings = [told.lines[i - 1] for i, line in enumerate(told.lines) if line[:1] == "─"]
    assert headings[0] == "The worst losses"
    assert headings[-1] == "In all"
    assert "By collection" in headings
    assert " before = " in told.lines[-2]
    assert max(map(len, told.lines)) <= WIDEST
    assert "\x1b" not in told.out


def test_json_has_the_same_facts(mill: Path) -> None:
    told = facts(command("compare", BEFORE_REDESIGN, TIP, "--archive", mill, "--json"))
    total = told["total"]
    assert total["before"] == total["kept"] + total["changed"] + total["lost"]
    assert len(told["documents"]) == total["before"] + total["new"]
    assert told["before"]["asked"] == BEFORE_REDESIGN
    assert [loss["rank"] for loss in told["worst"]] == list(range(1, len(told["worst"]) + 1))
    lines = command("compare", BEFORE_REDESIGN, TIP, "--archive", mill).out
    assert f"{total['before']} before = " in lines


def test_one_collection_is_compared(mill: Path) -> None:
    arguments = ("compare", BEFORE_REDESIGN, TIP, "--archive", mill, "--collection")
    assert command(*arguments, "posts").lines[0].startswith("What was lost of posts between")
    command(*arguments, "never").assert_refused(24, "never", "posts")


def test_a_page_is_written_beside_what_is_printed(mill: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    arguments = ("compare", BEFORE_REDESIGN, TIP, "--archive", mill, "--html", target)
    told = command(*arguments)
    assert (told.code, told.err) == (0, f"written: {target}\n")
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert command(*arguments, "--json").code == 0
    target.write_text("mine")
    command(*arguments).assert_refused(20, "no report of ours")
    assert target.read_text(encoding="utf-8") == "mine"


def test_nothing_lost_is_said_so(mill: Path) -> None:
    told = command("compare", TIP, TIP, "--archive", mill)
    assert told.lines[2] == "Nothing was lost."
    assert "no field differs" in told.lines


def test_what_cannot_be_is_refused_in_one_line(mill: Path) -> None:
    command("compare", "soon", TIP, "--archive", mill).assert_refused(2, "soon")
    command("compare", "before:1234567", TIP, "--archive", mill).assert_refused(2, "1234567")
    command("compare", "1999-01-01", TIP, "--archive", mill).assert_refused(24, "begins later")


def test_every_kind_of_fact_has_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    share = "[](https://share.example/{0})"
    before = {f"_news/{n}.md": page(f"On {n}.", title=f"N{n}", author="Mara Quill") for n in "abc"}
    before |= {"_notes/x.md": page("x", people="[Bo Lee]"), "_talks/w.md": page("w")}
    after = {f"_news/{n}.md": page(f"On {n}.\n\n{share.format(n)}", title="N") for n in "abc"}
    after |= {"_people/y.md": page("Bo Lee was here.", title='"\\e[31mred"')}
    unread = tuple(
        Unread(before=True, path=f"_news/u{number}.md", why="is not in the archive")
        for number in range(12)
    )
    tell_comparison(compared(before, after, unread=unread))
    lines = capsys.readouterr().out.splitlines()
    assert "3 documents, at the end: [](share.example)" in lines
    assert "1 nowhere any more: Mara Quill (author)" in lines
    assert "1 in no field any more, only in texts: Bo Lee (person)" in lines
    assert "  /talks/w/" in lines
    assert "      no successor" in lines
    assert "  _news/u0.md at aaaaaaaaaaaa: is not in the archive" in lines
    assert "  … and 2 more; all of them with --json" in lines
    assert "5 before = 0 kept + 3 changed + 2 lost" in lines
    assert "4 after  = 0 kept + 3 changed + 1 new" in lines
