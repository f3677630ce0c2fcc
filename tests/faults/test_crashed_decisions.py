"""A decision about lineage holds whole or not at all, wherever the command that took it dies."""

import shutil
from pathlib import Path

import pytest

from pipeline.history.lineage.values import Verdict
from pipeline.jobs.deciding import decide, decision_of
from pipeline.jobs.decisions import DECISIONS
from pipeline.jobs.place import find_place
from pipeline.jobs.verify import verify
from tests.archives import LATER, NOW, archive, contents, rows, sealed
from tests.databases import Server
from tests.faults.aftermath import Aftermath, crash, facts, in_quarantine, on_server
from tests.faults.crash_lab import COMMIT
from tests.faults.weir import CAME, GONE, Weir

ACCEPTED = decision_of(Verdict.ACCEPT, GONE, CAME)
LINE = f"accept {GONE} {CAME}\n"


@pytest.fixture(scope="module")
def dead(weir: Weir, tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    """What the command left at each step, its catalogue in the archive folder."""
    target = tmp_path_factory.mktemp("decisions")
    start = target / "start" / "weir"
    archive(weir.location, start, now=NOW)
    return crash(target, job="accept", paths=[GONE, CAME], start=start)


def decided(folder: Path) -> bool:
    """Tell whether the file has the decision. It never has half of it."""
    file = folder / DECISIONS
    said = file.read_text(encoding="utf-8") if file.exists() else ""
    assert said in {"", LINE}
    return bool(said)


def test_the_decision_changes_the_documents(dead: Aftermath) -> None:
    before, after = (facts(rows(each)) for each in (dead.target / "start" / "weir", dead.whole))
    assert len(after["documents"]) == len(before["documents"]) - 1
    assert len(after["joins"]) == len(before["joins"]) + 1
    assert [row["decided"] for row in after["joins"]].count(True) == 1
    assert before["stays"] != after["stays"]


def test_the_run_that_follows_tells_all_of_the_decision_or_nothing(
    dead: Aftermath, weir: Weir
) -> None:
    without = facts(rows(dead.target / "start" / "weir"))
    whole, bytes_of_it = facts(rows(dead.whole)), sealed(dead.whole)
    assert archive(weir.location, dead.whole, now=NOW).unchanged
    assert facts(rows(dead.whole)) == whole
    seen = set()
    for left in dead.left():
        folder = Path(shutil.copytree(left.folder.parent, f"{left.folder.parent}-run"), "weir")
        holds = decided(folder)
        summary = archive(weir.location, folder, now=NOW)
        assert summary.verified is not None, left.step
        assert summary.verified.findings == (), left.step
        assert summary.unchanged is (left.counts or not holds), left.step
        assert facts(rows(folder)) == (whole if holds else without), left.step
        assert not [name for name in contents(folder) if name.endswith(".open")
                    and not name.startswith("quarantine/")], left.step  # fmt: skip
        if holds:
            assert sealed(folder) == bytes_of_it, left.step
        seen.add((holds, left.counts))
    assert seen == {(False, False), (True, False), (True, True)}


def test_the_decision_can_be_taken_again(dead: Aftermath) -> None:
    whole = facts(rows(dead.whole))
    put_away = 0
    for left in dead.left():
        folder = Path(shutil.copytree(left.folder.parent, f"{left.folder.parent}-again"), "weir")
        told = decide(find_place(folder, None), ACCEPTED, NOW)
        assert bool(told.changed) is not left.counts, left.step
        assert facts(rows(folder)) == whole, left.step
        assert (folder / DECISIONS).read_text(encoding="utf-8").splitlines()[-1] + "\n" == LINE
        assert verify(folder).findings == (), left.step
        put_away += bool(in_quarantine(folder))
    assert put_away > 3


@pytest.mark.parametrize("step", ["before replace lineage.txt.open", "before commit", COMMIT])
def test_a_decision_that_dies_leaves_a_database_server_as_it_was(
    step: str, postgres: Server, weir: Weir, tmp_path: Path
) -> None:
    start = tmp_path / "start" / "weir"
    with postgres.empty() as before:
        archive(weir.location, start, now=NOW, database=before)
        without = facts(rows(start))
        with on_server(postgres, ("whole", "0"), before) as database:
            dead = crash(
                tmp_path,
                job="accept",
                paths=[GONE, CAME],
                start=start,
                database=database,
                steps=[step],
            )
            whole = facts(rows(dead.whole))
            assert whole != without
            (left,) = dead.left()
            assert facts(rows(left.folder)) == (whole if left.counts else without)
            holds = decided(left.folder)
            archive(weir.location, left.folder, now=LATER if left.counts else NOW)
            assert facts(rows(left.folder)) == (whole if holds else without)
            assert verify(left.folder).findings == ()
