"""A part that is verified is verified as strictly as the whole; all else is not called verified."""

import shutil
from pathlib import Path

import pytest

from pipeline.audit.report import Level, Report, Scope, Verdict
from pipeline.errors import NotFoundError, UsageError
from pipeline.jobs.place import find_place
from pipeline.jobs.verify import Wanted, verify
from pipeline.jobs.verify_sample import sample_of
from pipeline.store.auditing import CaptureFacts, captures
from pipeline.store.session import reading
from tests.archives import LATER, Source, archive, kept_as_it_was
from tests.jobs.test_revisits import change

SEED = 7


@pytest.fixture(scope="module")
def grown(quay: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two runs. Nobody changes it."""
    folder = tmp_path_factory.mktemp("grown") / "quay"
    archive(quay, folder, rev=quay.first)
    archive(quay, folder, rendered=quay.rendered, now=LATER)
    return folder


@pytest.fixture
def damaged(grown: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    return Path(shutil.copytree(grown, tmp_path / "quay"))


def sampled(folder: Path, count: int, seed: int = SEED) -> Report:
    return verify(folder, wanted=Wanted(scope=Scope(sample=count, seed=seed)))


def since(folder: Path, asked: str) -> Report:
    return verify(folder, wanted=Wanted(scope=Scope(since=asked)))


def rows_of(folder: Path) -> tuple[CaptureFacts, ...]:
    with reading(find_place(folder, None).database) as connection:
        return tuple(captures(connection, 1))


def flip(path: Path, offset: int) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(data)


def verdicts(report: Report) -> dict[Level, Verdict]:
    return {level: looked.verdict for level, looked in report.levels.items()}


def test_a_sample_says_what_it_is_and_passes_nothing_that_it_did_not_read(grown: Path) -> None:
    with kept_as_it_was(grown):
        report = sampled(grown, 4)
    assert (report.verdict, report.exit_code, report.findings) == (Verdict.NOT_VERIFIED, 3, ())
    passed = {level for level, verdict in verdicts(report).items() if verdict is Verdict.PASS}
    assert passed == {Level.MANIFESTS, Level.EVENTS}
    assert report.levels[Level.RECORDS].checked == report.levels[Level.CONTENTS].checked == 4
    assert f"4 of {len(rows_of(grown))} records" in report.levels[Level.RECORDS].not_verified
    assert any(f"--seed {SEED}" in note for note in report.notes)


def test_a_seed_chooses_the_same_records_and_another_seed_others(grown: Path) -> None:
    rows = rows_of(grown)
    assert sample_of(rows, 5, SEED) == sample_of(tuple(reversed(rows)), 5, SEED)
    assert len({sample_of(rows, 5, seed) for seed in range(9)}) > 1
    assert {row for seed in range(60) for row in sample_of(rows, 5, seed)} == set(rows)
    assert len(sample_of(rows, 10_000, SEED)) == len(rows)


def test_a_sample_finds_every_damage_in_the_records_that_it_reads(
    grown: Path, tmp_path: Path
) -> None:
    rows = rows_of(grown)
    for number, row in enumerate(sample_of(rows, 3, SEED)):
        folder = Path(shutil.copytree(grown, tmp_path / str(number)))
        flip(folder / row.warc_path, row.offset + row.length // 2)
        report = sampled(folder, 3)
        assert (report.verdict, report.exit_code) == (Verdict.FAIL, 1)
        assert any(finding.place.offset == row.offset for finding in report.findings)


def test_a_sample_finds_rows_that_lie_about_their_records(grown: Path, tmp_path: Path) -> None:
    (row, *_) = sample_of(rows_of(grown), 3, SEED)
    lies = {
        "target_uri = 'x:y'": "VERIFY-CAPTURE-DIFFERS",
        "length = length + 1": "VERIFY-CAPTURE-MISSING",
        '"offset" = -1': "VERIFY-CAPTURE-MISSING",
        '"offset" = 99999999': "VERIFY-CAPTURE-MISSING",
        "warc_file_id = 3 - warc_file_id": "VERIFY-CAPTURE-MISSING",
    }
    for number, (lie, code) in enumerate(lies.items()):
        folder = Path(shutil.copytree(grown, tmp_path / str(number)))
        change(folder, f"UPDATE captures SET {lie} WHERE id = :id", id=row.id)  # noqa: S608
        report = sampled(folder, 3)
        assert code in {finding.code for finding in report.findings}, lie


@pytest.mark.parametrize("path", ["../../../etc/passwd", "/etc/passwd"])
def test_a_row_that_leads_out_of_the_archive_is_not_followed(path: str, damaged: Path) -> None:
    change(damaged, "UPDATE warc_files SET path = :path WHERE id = 1", path=path)
    report = sampled(damaged, 10_000)
    assert "VERIFY-CAPTURE-MISSING" in {finding.code for finding in report.findings}
    assert not any("passwd: cannot be" in str(finding) for finding in report.findings)


def test_a_file_that_a_sample_needs_is_missed(damaged: Path) -> None:
    max((damaged / "archive").iterdir()).unlink()
    report = sampled(damaged, 10_000)
    assert report.levels[Level.FILES].verdict is Verdict.FAIL
    assert report.levels[Level.RECORDS].verdict is Verdict.FAIL
    assert report.exit_code == 1


def test_a_sample_of_revisits_reads_what_they_refer_to(damaged: Path) -> None:
    rows = rows_of(damaged)
    revisit = next(row for row in rows if row.refers_to_id is not None)
    seed = next(s for s in range(999) if sample_of(rows, 1, s) == (revisit,))
    assert sampled(damaged, 1, seed).levels[Level.REVISITS].checked == 1
    original = next(row for row in rows if row.id == revisit.refers_to_id)
    flip(damaged / original.warc_path, original.offset + original.length - 8)
    report = sampled(damaged, 1, seed)
    assert {f.code for f in report.levels[Level.REVISITS].findings} == {"VERIFY-REVISIT-DIFFERS"}


def test_a_sample_without_a_catalogue_cannot_be_drawn(damaged: Path) -> None:
    (damaged / "catalogue.db").unlink()
    report = sampled(damaged, 3)
    assert report.exit_code == 1
    assert report.levels[Level.RECORDS].verdict is Verdict.NOT_VERIFIED


@pytest.mark.parametrize("asked", ["2", "2026-02-01", "2026-02-03T04:05:06+00:00"])
def test_what_a_run_wrote_since_then_is_verified_and_nothing_else(asked: str, grown: Path) -> None:
    with kept_as_it_was(grown):
        report = since(grown, asked)
    assert (report.verdict, report.exit_code, report.findings) == (Verdict.NOT_VERIFIED, 3, ())
    whole = verify(grown)
    for level in (Level.FILES, Level.RECORDS, Level.CONTENTS, Level.CATALOGUE, Level.TREES):
        assert report.levels[level].verdict is Verdict.NOT_VERIFIED
        assert 0 < report.levels[level].checked < whole.levels[level].checked
    assert report.levels[Level.EVENTS].checked == 2


@pytest.mark.parametrize("asked", ["1", "2020-01-01"])
def test_since_the_first_run_is_all(asked: str, grown: Path) -> None:
    report = since(grown, asked)
    assert (report.verdict, report.exit_code) == (Verdict.PASS, 0)
    assert verdicts(report) == verdicts(verify(grown))


def test_since_after_the_last_run_is_nothing(grown: Path) -> None:
    report = since(grown, "2099-01-01")
    assert report.exit_code == 3
    assert report.levels[Level.RECORDS].checked == report.levels[Level.TREES].checked == 0


def test_damage_of_the_new_part_is_found_and_of_the_old_is_not_looked_for(
    grown: Path, damaged: Path, tmp_path: Path
) -> None:
    old, new = sorted((damaged / "archive").iterdir())
    flip(new, new.stat().st_size // 2)
    report = since(damaged, "2")
    assert report.exit_code == 1
    assert {f.place.path for f in report.findings} == {f"archive/{new.name}"}
    other = Path(shutil.copytree(grown, tmp_path / "other"))
    flip(other / "archive" / old.name, 40)
    assert since(other, "2").exit_code == 3
    (other / "archive" / old.name).unlink()  # sizes are looked at everywhere
    assert since(other, "2").levels[Level.FILES].verdict is Verdict.FAIL


def test_revisits_of_the_new_part_are_held_against_the_old(damaged: Path) -> None:
    rows = rows_of(damaged)
    by_id = {row.id: row for row in rows}
    old = min(row.warc_path for row in rows)
    across = [
        row
        for row in rows
        if row.refers_to_id and row.warc_path != old and by_id[row.refers_to_id].warc_path == old
    ]
    original = by_id[across[0].refers_to_id or 0]
    flip(damaged / old, original.offset + original.length - 8)
    report = since(damaged, "2")
    assert {f.code for f in report.findings} == {"VERIFY-REVISIT-DIFFERS"}


@pytest.mark.parametrize("statement", ["UPDATE versions SET title = 'x'", "DELETE FROM versions"])
def test_rows_that_the_new_ledger_tells_of_are_held_to_it(statement: str, damaged: Path) -> None:
    newest = "(SELECT max(id) FROM versions)"
    change(damaged, f"{statement} WHERE id = {newest}")
    assert since(damaged, "2").levels[Level.CATALOGUE].verdict is Verdict.FAIL


@pytest.mark.parametrize("asked", ["yesterday", "", "2026-13-01", "1.5", "-1"])
def test_a_time_that_is_none_is_refused(asked: str, grown: Path) -> None:
    with pytest.raises(UsageError, match="neither the number of a run nor a time"):
        since(grown, asked)


def test_a_run_that_is_none_is_refused(grown: Path, damaged: Path) -> None:
    with pytest.raises(NotFoundError, match="the newest are: 1, 2"):
        since(grown, "3")
    (damaged / "catalogue.db").unlink()
    with pytest.raises(NotFoundError, match="none can be read"):
        since(damaged, "2")
    assert since(damaged, "2026-02-01").levels[Level.RECORDS].checked


def test_a_single_file_has_no_parts(grown: Path) -> None:
    warc = min((grown / "archive").iterdir())
    for scope in (Scope(sample=3, seed=1), Scope(since="1")):
        with pytest.raises(UsageError, match="archive folder"):
            verify(warc, wanted=Wanted(scope=scope))
