"""`recover` alone makes good what a crash left, and says so; a second time there is nothing."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.audit.report import Verdict
from pipeline.jobs.lock import locked
from pipeline.jobs.place import find_place
from pipeline.jobs.recovery import Recovered, recover_archive
from pipeline.jobs.verify import verify
from tests.archives import LATER, NOW, Source, archive, contents, kept_as_it_was, rows, sealed
from tests.cli.command import command
from tests.faults.dying import KILLED, SPILL, died


def recovered(folder: Path) -> Recovered:
    return recover_archive(find_place(folder, None), LATER)


def log(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    return [(e["kind"], json.loads(str(e["payload"]))) for e in rows(folder)["events"]]


@pytest.fixture
def grown(quay: Source, tmp_path: Path) -> Path:
    """An archive of one run, before the second dies."""
    archive(quay, tmp_path / "quay", rev=quay.first, now=NOW)
    return tmp_path / "quay"


def test_a_run_that_died_before_its_commit_is_put_away(grown: Path, quay: Source) -> None:
    whole = sealed(grown)
    died(quay.location, grown, "before commit")
    left = set(sealed(grown)) - set(whole)
    assert len(left) == 3
    done = recovered(grown)
    assert {path.removeprefix("quarantine/") for path in done.quarantined} == left
    assert (done.told, done.finished) == (True, False)
    assert sealed(grown) == whole
    kind, payload = log(grown)[-1]
    assert (kind, payload["quarantined"]) == ("recovered", list(done.quarantined))
    assert verify(grown).findings == ()
    summary = archive(quay, grown, now=LATER)
    assert summary.quarantined == ()  # it was told already
    assert verify(grown).verdict is Verdict.PASS


def test_a_run_that_died_after_its_commit_is_finished(grown: Path, quay: Source) -> None:
    died(quay.location, grown, "after commit")
    whole = sealed(grown)
    assert (grown / ".sealing").exists()
    done = recovered(grown)
    assert (done.quarantined, done.finished, done.told) == ((), True, True)
    assert not (grown / ".sealing").exists()
    assert (sealed(grown), verify(grown).findings) == (whole, ())
    assert log(grown)[-1][0] == "recovered"


@pytest.mark.parametrize("sealed_files", [1, 3])
def test_a_run_that_died_between_two_of_its_files(
    sealed_files: int, grown: Path, quay: Source
) -> None:
    whole = sealed(grown)
    died(quay.location, grown, str(sealed_files), segment=1)
    done = recovered(grown)
    assert len(done.quarantined) == sealed_files
    assert (sealed(grown), verify(grown).findings) == (whole, ())
    assert archive(quay, grown, now=LATER, segment=1).verified == verify(grown)


def test_what_was_written_to_the_database_without_an_end_is_undone(quay_copy: Path) -> None:
    before = rows(quay_copy)
    spill = [sys.executable, "-c", SPILL, str(quay_copy / "catalogue.db")]
    assert subprocess.run(spill, capture_output=True, check=False).returncode == KILLED
    assert verify(quay_copy).verdict is not Verdict.PASS
    done = recovered(quay_copy)
    assert (done.rolled_back, done.quarantined) == (True, ())
    after = rows(quay_copy)
    assert after.pop("events")[:-1] == before.pop("events")
    assert after == before
    assert verify(quay_copy).verdict is Verdict.PASS


def test_the_first_run_died_and_there_is_no_log_yet(quay: Source, tmp_path: Path) -> None:
    folder = tmp_path / "quay"
    died(quay.location, folder, "before commit")
    done = recovered(folder)
    assert (len(done.quarantined), done.told) == (3, False)
    assert sealed(folder) == {}
    assert recovered(folder).quarantined == done.quarantined  # still not told
    summary = archive(quay, folder, now=LATER)
    assert summary.quarantined == done.quarantined
    assert recovered(folder).anything is False


def test_where_nothing_is_left_nothing_is_written(quay_copy: Path) -> None:
    before = contents(quay_copy)
    assert not recovered(quay_copy).anything
    assert contents(quay_copy) == before | {".lock": b""}


def test_a_catalogue_of_something_else_moves_nothing(
    quay_copy: Path, mill_archive: Path, tmp_path: Path
) -> None:
    shutil.copy(mill_archive / "catalogue.db", quay_copy / "catalogue.db")
    with kept_as_it_was(quay_copy / "archive", quay_copy / "manifests", quay_copy / "ledger"):
        ran = command("recover", "--archive", quay_copy)
    ran.assert_refused(23, "right catalogue")
    (quay_copy / "catalogue.db").unlink()
    command("recover", "--archive", quay_copy).assert_refused(23, "no catalogue")
    url = f"sqlite:///{tmp_path}/none.db"
    command("recover", "--archive", quay_copy, "--db", url).assert_refused(30, "no such file")
    assert not (tmp_path / "none.db").exists()


def test_a_run_at_work_is_left_alone(quay_copy: Path) -> None:
    with locked(quay_copy):
        command("recover", "--archive", quay_copy).assert_refused(22, "another run")


def test_it_is_typed_as_recover(quay_copy: Path) -> None:
    (quay_copy / "archive" / "half.warc.gz.open").write_bytes(b"half")
    told = command("recover", "--archive", quay_copy)
    assert (told.code, told.err) == (0, "")
    assert told.lines == [
        "left by a run that did not end, now set aside: quarantine/archive/half.warc.gz.open"
    ]
    again = command("recover", "--archive", quay_copy, "--json")
    assert json.loads(again.out)["quarantined"] == []
    assert "nothing to recover" in command("recover", "--archive", quay_copy).out
    assert command("verify", quay_copy).code == 0
