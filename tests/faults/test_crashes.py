"""A run that dies, at whatever step, is made good by the run that follows."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.jobs.place import find_place
from pipeline.jobs.verify import verify
from pipeline.store.engine import sqlite_url
from tests.archives import (
    LATER,
    NOW,
    Source,
    archive,
    kept_as_it_was,
    logical,
    rows,
    sealed,
)
from tests.cli.command import command
from tests.databases import Server
from tests.faults.aftermath import crash, elsewhere, facts, in_quarantine, logged, on_server
from tests.faults.crash_lab import COMMIT, KILLED
from tests.faults.weir import Weir

OF_THE_PAST = ("absences", "addresses", "joins", "reasons", "relations", "series", "stays")


@pytest.mark.parametrize(
    "case", ["a first run, its catalogue elsewhere", "a run after new commits", "an import"]
)
def test_a_run_that_dies_at_any_step_is_made_good(case: str, weir: Weir, tmp_path: Path) -> None:
    grown, records = case == "a run after new commits", case != "an import"
    start = tmp_path / "start" / "weir"
    if grown:
        archive(weir.location, start, rev=weir.half, now=NOW)
    rendered = weir.rendered if records else None
    dead = crash(
        tmp_path,
        job="run" if records else "import",
        source=weir.location,
        rendered=rendered,
        start=start if grown else None,
        database=elsewhere(tmp_path) if "elsewhere" in case else None,
    )
    assert {label.split()[1] for label in dead.labels} >= {"fsync", "open", "rename", "commit"}
    reference, bytes_of_it = facts(rows(dead.whole)), sealed(dead.whole)
    assert all(reference[name] for name in OF_THE_PAST)
    put_away = 0
    for left in dead.left():
        before = set(sealed(left.folder))
        summary = archive(
            weir.location,
            left.folder,
            rendered=rendered,
            database=left.database,
            now=NOW,
            records=records,
        )
        tables = rows(left.folder)
        assert summary.unchanged is left.counts, left.step
        looked = summary.verified if records else verify(left.folder)
        assert looked is not None, left.step
        assert looked.findings == (), left.step
        assert facts(tables) == reference, left.step
        assert sealed(left.folder) == bytes_of_it, left.step
        assert logged(tables) == in_quarantine(left.folder), left.step
        if not left.counts:
            strays = before - (set(sealed(start)) if grown else set())
            assert {name.removeprefix("quarantine/") for name in logged(tables)} == strays
            put_away += bool(strays)
            assert len(tables["runs"]) == 1 + grown, left.step
    assert put_away > 5


@pytest.mark.parametrize("case", ["a first run", "a run after new commits", "an import"])
def test_a_run_that_dies_leaves_a_database_server_as_it_was(
    case: str, postgres: Server, weir: Weir, tmp_path: Path
) -> None:
    start = tmp_path / "start" / "weir" if case == "a run after new commits" else None
    records = case != "an import"
    with postgres.empty() as before:
        if start:
            archive(weir.location, start, rev=weir.half, now=NOW, database=before)
        with on_server(postgres, ("whole", "0", "1"), before) as database:
            dead = crash(
                tmp_path,
                job="run" if records else "import",
                source=weir.location,
                start=start,
                database=database,
                steps=["before commit", COMMIT],
            )
            reference = facts(rows(dead.whole))
            assert all(reference[name] for name in OF_THE_PAST)
            for left in dead.left():
                assert left.database is not None
                runs = len(logical(left.database)["runs"]) if start or left.counts else 0
                assert runs == bool(start) + left.counts
                summary = archive(
                    weir.location, left.folder, database=left.database, now=NOW, records=records
                )
                assert summary.unchanged is left.counts, left.step
                assert verify(left.folder).findings == ()
                assert facts(rows(left.folder)) == reference, left.step
                assert bool(in_quarantine(left.folder)) is not left.counts


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
    assert facts(rows(folder)) == facts(before)
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
