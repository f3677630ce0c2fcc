"""The catalogue alone: its evidence is the repository, until a run archives it."""

from pathlib import Path

import pytest

from pipeline.audit.report import Level, Verdict
from pipeline.errors import UsageError
from pipeline.jobs.place import find_place
from pipeline.jobs.run import RunOptions, run
from pipeline.jobs.summary import Summary
from pipeline.jobs.verify import verify
from tests.archives import LATER, NOW, archive, logical, make_source, rows
from tests.cli.command import command
from tests.sources.workshop import Workshop

#: Only what says which records there are, and what was done, may differ from a run's.
OF_RECORDS = {"captures", "warc_files", "manifests", "runs", "run_counts", "events"}


def imported(source: object, folder: Path, database: str | None = None) -> Summary:
    location = getattr(source, "location", str(source))
    return run(
        RunOptions(source=location, archive=folder, database=database, now=NOW, records=False)
    )


def test_an_import_gives_the_rows_of_a_run_and_no_records(
    database_url: str, tmp_path: Path
) -> None:
    source = make_source(tmp_path)
    summary = imported(source, tmp_path / "a", database_url)
    assert summary.verified is None
    assert summary.total.stored == summary.total.found > 0
    assert not (tmp_path / "a" / "archive").exists()
    archive(source, tmp_path / "whole" / "a")
    whole = rows(tmp_path / "whole" / "a")
    found = logical(database_url)
    assert {name for name in whole if found[name] != whole[name]} <= OF_RECORDS
    assert found["captures"] == []


def test_it_is_verified_as_far_as_it_can_be(tmp_path: Path) -> None:
    imported(make_source(tmp_path), tmp_path / "a")
    report = verify(tmp_path / "a")
    assert report.findings == ()
    assert report.levels[Level.CATALOGUE].verdict is Verdict.PASS
    assert report.levels[Level.CONTENTS].verdict is Verdict.NOT_VERIFIED
    assert report.verdict is Verdict.NOT_VERIFIED


def test_a_second_import_has_nothing_new(tmp_path: Path) -> None:
    source = make_source(tmp_path)
    imported(source, tmp_path / "a")
    again = imported(source, tmp_path / "a")
    assert again.unchanged
    assert again.total.skipped == again.total.found


def test_a_run_archives_what_was_imported(tmp_path: Path) -> None:
    source = make_source(tmp_path)
    imported(source, tmp_path / "a")
    summary = archive(source, tmp_path / "a", now=LATER)
    assert summary.verified is not None
    assert summary.verified.verdict is Verdict.PASS
    assert summary.total.stored == summary.total.found
    with pytest.raises(UsageError, match="keeps records"):
        imported(source, tmp_path / "a")
    assert verify(tmp_path / "a").verdict is Verdict.PASS


def test_a_lost_record_is_missed_only_where_one_was_promised(tmp_path: Path) -> None:
    """What a run recorded must be there; what an import described need not."""
    source = make_source(tmp_path)
    archive(source, tmp_path / "a")
    for file in (tmp_path / "a" / "archive").iterdir():
        file.unlink()
    codes = {finding.code for finding in verify(tmp_path / "a").findings}
    assert {"VERIFY-FILE-MISSING", "VERIFY-CAPTURE-MISSING"} <= codes


def test_the_history_of_an_import_can_be_asked(sample_bundle: Path, tmp_path: Path) -> None:
    imported(sample_bundle, tmp_path / "mill")
    place = find_place(tmp_path / "mill", None)
    assert place.site == "mill"
    told = command("lineage", "--archive", tmp_path / "mill")
    assert told.lines[0].startswith("39 documents, 7 of them")
    gone = command("urls", "--gone", "--archive", tmp_path / "mill")
    assert (gone.code, gone.lines[-1]) == (0, "9 URLs: 9 gone")


def test_the_command_says_that_nothing_was_verified(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    workshop.commit({"_config.yml": "title: A\n", "a.md": "---\ntitle: B\n---\n"})
    ran = command("import", workshop.folder, "--archive", tmp_path / "a")
    assert ran.code == 0
    assert f"not verified: jekyll-archive verify {tmp_path / 'a'}" in ran.lines
