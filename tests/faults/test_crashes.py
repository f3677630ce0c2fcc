"""A run that dies, at whatever step, is made good by the run that follows."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.jobs.place import find_place
from pipeline.jobs.verify import verify
from pipeline.store.engine import sqlite_url
from pipeline.warc.limits import HEADER_MOST, SEGMENT_MOST
from tests.archives import (
    LATER,
    NOW,
    Source,
    archive,
    contents,
    kept_as_it_was,
    logical,
    rows,
    sealed,
)
from tests.cli.command import CHECKOUT, command, environment
from tests.databases import Server
from tests.faults.crash_lab import COMMIT, KILLED

TOLD_OF_RUNS = frozenset({"runs", "run_counts", "events"})


def crash(**task: Any) -> list[str]:  # noqa: ANN401 - what the lab takes
    """Let the laboratory run the job and kill it at every step; give the steps."""
    given = {"start": None, "database": None, "rendered": None} | task
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.crash_lab"],
        input=json.dumps({name: str(v) if isinstance(v, Path) else v for name, v in given.items()}),
        capture_output=True,
        check=False,
        cwd=CHECKOUT,
        env=environment(),
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [str(label) for label in json.loads(done.stdout)]


Table = dict[str, list[dict[str, Any]]]


def logged(table: Table) -> list[str]:
    """Give the names of all that the event log says was put away."""
    told = [json.loads(str(event["payload"])) for event in table["events"]]
    return [name for payload in told for name in payload["quarantined"]]


def in_quarantine(folder: Path) -> list[str]:
    files = {name for name, data in contents(folder).items() if data is not None}
    return sorted(name for name in files if name.startswith("quarantine/"))


def facts(table: Table) -> Table:
    return {name: found for name, found in table.items() if name not in TOLD_OF_RUNS}


CASES = ["the first run", "a second run", "a catalogue elsewhere", "several WARC files"]


@pytest.mark.parametrize("case", CASES)
def test_a_run_that_dies_at_any_step_is_made_good(case: str, quay: Source, tmp_path: Path) -> None:
    grown = case == "a second run"
    url = "sqlite:///@@/elsewhere.db" if case == "a catalogue elsewhere" else None
    segment = HEADER_MOST + 10_000 if case == "several WARC files" else SEGMENT_MOST
    start = tmp_path / "start" / "quay"
    if grown:
        archive(quay, start, rev=quay.first, now=NOW)
    labels = crash(
        source=quay.location,
        rendered=quay.rendered,
        target=tmp_path,
        start=start if grown else None,
        database=url,
        segment=segment,
    )
    assert {label.split()[1] for label in labels} >= {"fsync", "open", "rename", "commit"}
    committed = labels.index(COMMIT)
    whole = tmp_path / "whole" / "quay"
    reference, bytes_of_it = facts(rows(whole)), sealed(whole)
    assert (len(list((whole / "archive").iterdir())) > 1 + grown) is (segment < SEGMENT_MOST)
    put_away = 0
    for number, label in enumerate(labels):
        folder, step = tmp_path / str(number) / "quay", f"{number} {label}"
        left = set(sealed(folder))
        database = url and url.replace("@@", str(folder.parent))
        summary = archive(
            quay, folder, rendered=quay.rendered, database=database, now=NOW, segment=segment
        )
        table = rows(folder)
        assert summary.unchanged is (number >= committed), step
        assert summary.verified is not None, step
        assert summary.verified.findings == (), step
        assert facts(table) == reference, step
        assert sealed(folder) == bytes_of_it, step
        assert logged(table) == in_quarantine(folder), step
        if number < committed:
            known = set(sealed(start)) if grown else set()
            assert {name.removeprefix("quarantine/") for name in logged(table)} == left - known
            put_away += bool(left - known)
            assert len(table["runs"]) == 1 + grown, step
    assert put_away > 5


@pytest.mark.parametrize(("step", "counts"), [("before commit", False), ("after commit", True)])
def test_a_run_that_dies_leaves_a_database_server_as_it_was(
    step: str,
    counts: bool,  # noqa: FBT001 - a parameter of a test
    postgres: Server,
    quay: Source,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "quay"
    with postgres.empty() as url:
        done = subprocess.run(
            [sys.executable, "-c", ONCE, quay.location, str(folder), url, step],
            capture_output=True,
            check=False,
            cwd=CHECKOUT,
            env=environment(),
        )
        assert done.returncode == KILLED, done.stderr.decode()
        summary = archive(quay, folder, database=url, now=NOW)
        assert summary.unchanged is counts
        assert verify(folder).findings == ()
        assert len(logical(url)["runs"]) == 1 + counts
        assert bool(in_quarantine(folder)) is not counts


ONCE = """\
import sys
from pathlib import Path
from tests.faults.crash_lab import attempt
source, folder, url, step = sys.argv[1:]
attempt({"source": source, "database": url, "rendered": None}, Path(folder), step)
"""


def test_what_a_run_put_away_is_told_even_if_that_run_fails(quay: Source, tmp_path: Path) -> None:
    folder = tmp_path / "quay"
    archive(quay, folder, rev=quay.first)
    (folder / "archive" / "half.warc.gz.open").write_bytes(b"half")
    refused = command("run", quay.location, "--archive", folder, "--rendered", tmp_path / "none")
    refused.assert_refused(19)
    assert in_quarantine(folder) == ["quarantine/archive/half.warc.gz.open"]
    assert logged(rows(folder)) == []
    told = command("run", quay.location, "--archive", folder)
    assert "now set aside: quarantine/archive/half.warc.gz.open" in told.out
    assert logged(rows(folder)) == ["quarantine/archive/half.warc.gz.open"]
    (folder / "archive" / "half.warc.gz.open").write_bytes(b"another half")
    archive(quay, folder, now=LATER)
    assert logged(rows(folder)) == [
        "quarantine/archive/half.warc.gz.open",
        "quarantine/archive/half.warc.gz.open.2",
    ]
    assert (folder / "quarantine/archive/half.warc.gz.open").read_bytes() == b"half"
    assert verify(folder).findings == ()


def test_a_crash_in_the_middle_of_a_write_to_the_database(
    quay: Source, quay_archive: Path, tmp_path: Path
) -> None:
    """Some pages are on the disk, and what they were is in the journal."""
    folder = Path(shutil.copytree(quay_archive, tmp_path / "quay"))
    before = rows(folder)
    done = subprocess.run(
        [sys.executable, "-c", SPILL, str(folder / "catalogue.db")],
        capture_output=True,
        check=False,
    )
    assert done.returncode == KILLED, done.stderr.decode()
    assert (folder / "catalogue.db-journal").stat().st_size > 512
    for ask in (("verify", folder), ("list", "--archive", folder)):
        with kept_as_it_was(folder):
            ran = command(*ask)
        assert ran.code in {3, 34}
        assert "run again" in ran.out + ran.err
    summary = archive(quay, folder, rendered=quay.rendered, now=LATER)
    assert summary.unchanged
    assert verify(folder).findings == ()
    assert facts(rows(folder)) == {n: found for n, found in before.items() if n not in TOLD_OF_RUNS}
    assert find_place(folder, None).database == sqlite_url(folder / "catalogue.db")


SPILL = """\
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA cache_size = 2")
database.execute("BEGIN IMMEDIATE")
for turn in range(40):
    database.execute("UPDATE parts SET plain = ?", (str(turn) * 3000,))
    database.execute("UPDATE urls SET url = url || ?", (str(turn) * 300,))
os._exit(9)
"""
