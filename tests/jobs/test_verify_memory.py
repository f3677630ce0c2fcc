"""A verification that was interrupted goes on, and finds what it would have found in one go."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.audit.report import Level, Report, Verdict
from pipeline.errors import BusyError, NotWritableError, UsageError
from pipeline.jobs import verify_records
from pipeline.jobs.verify import ALL, verify
from pipeline.jobs.verify_memory import Memory
from pipeline.jobs.verifying import verify_all
from pipeline.warc.check import Checked, check
from tests.archives import LATER, Source, archive, kept_as_it_was
from tests.jobs.test_revisits import change


@pytest.fixture(scope="module")
def grown(quay: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two WARC files, with revisits from one to the other. Nobody changes it."""
    folder = tmp_path_factory.mktemp("grown") / "quay"
    archive(quay, folder, rev=quay.first)
    archive(quay, folder, rendered=quay.rendered, now=LATER)
    return folder


@pytest.fixture
def damaged(grown: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    return Path(shutil.copytree(grown, tmp_path / "quay"))


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def resumed(folder: Path, state: Path) -> Report:
    (report,) = verify_all((folder,), None, None, ALL, state)
    return report


def interrupt(folder: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verify, and be stopped by a person when the second WARC file is begun."""
    calls = []

    def stopping(path: Path, **asked: object) -> Checked:
        calls.append(path)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return check(path, **asked)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(verify_records, "check", stopping)
        with pytest.raises(KeyboardInterrupt):
            resumed(folder, state)


def checked_files(folder: Path, state: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Resume, and tell which WARC files were read."""
    seen: list[str] = []

    def watching(path: Path, **asked: object) -> Checked:
        seen.append(path.name)
        return check(path, **asked)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(verify_records, "check", watching)
        resumed(folder, state)
    return seen


def test_it_goes_on_where_it_was_stopped_and_says_the_same(
    grown: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kept_as_it_was(grown):
        interrupt(grown, state, monkeypatch)
        assert state.stat().st_mode & 0o777 == 0o600
        report = resumed(grown, state)
    assert report.levels == verify(grown).levels
    assert (report.verdict, report.exit_code) == (Verdict.PASS, 0)
    assert any(note.startswith("1 WARC files were read before") for note in report.notes)
    assert not state.exists()  # it has ended: the next one begins anew


def test_what_was_read_is_not_read_again(
    grown: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(grown, state, monkeypatch)
    (_, second) = sorted(path.name for path in (grown / "archive").iterdir())
    assert checked_files(grown, state, monkeypatch) == [second]


def test_damage_that_was_found_before_is_told_after(
    damaged: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = min((damaged / "archive").iterdir())
    data = bytearray(old.read_bytes())
    data[len(data) // 2] ^= 1
    old.write_bytes(data)
    change(damaged, "UPDATE captures SET target_uri = 'x:y' WHERE id = 1")
    interrupt(damaged, state, monkeypatch)
    report = resumed(damaged, state)
    assert report.exit_code == 1
    assert report.levels == verify(damaged).levels


def test_a_file_that_changed_meanwhile_is_read_again(
    damaged: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(damaged, state, monkeypatch)
    old = min((damaged / "archive").iterdir())
    data = bytearray(old.read_bytes())
    data[60] ^= 1
    old.write_bytes(data)
    report = resumed(damaged, state)
    assert report.levels[Level.RECORDS].verdict is Verdict.FAIL
    assert report.notes == ()


def test_a_row_that_changed_meanwhile_is_held_against_its_record(
    damaged: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(damaged, state, monkeypatch)
    change(damaged, "UPDATE captures SET target_uri = 'x:y' WHERE id = 1")
    report = resumed(damaged, state)
    assert report.levels[Level.CONTENTS].verdict is Verdict.FAIL


def test_without_a_catalogue_it_goes_on_too(
    damaged: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (damaged / "catalogue.db").unlink()
    interrupt(damaged, state, monkeypatch)
    report = resumed(damaged, state)
    assert report.notes
    assert report.levels == verify(damaged).levels


def test_a_line_that_was_cut_is_as_if_it_were_not(
    grown: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(grown, state, monkeypatch)
    state.write_bytes(state.read_bytes()[:-20])
    assert len(checked_files(grown, state, monkeypatch)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "a diary\n",
        "{}\n",
        '{"jekyll-archive": "verification in progress", "version": "0"}\n',
        "\xff\xfe",
        "[" * 100_000 + "\n",
    ],
)
def test_a_file_that_is_something_else_is_left_alone(text: str, grown: Path, state: Path) -> None:
    state.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match="name another file"):
        resumed(grown, state)
    assert state.read_bytes() == text.encode("latin-1")


@pytest.mark.parametrize("key", ["file", "status", "rows", "read"])
def test_a_state_that_somebody_changed_is_refused_or_not_believed(
    key: str, grown: Path, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(grown, state, monkeypatch)
    head, line = state.read_text().splitlines()
    entry = json.loads(line)
    del entry[key]
    state.write_text(f"{head}\n{json.dumps(entry)}\n")
    with pytest.raises(UsageError, match="name another file"):
        resumed(grown, state)


def test_the_state_is_never_kept_in_what_is_verified(grown: Path, tmp_path: Path) -> None:
    warc = min((grown / "archive").iterdir())
    link = tmp_path / "link"
    link.symlink_to(grown, target_is_directory=True)
    with kept_as_it_was(grown):
        for place in (grown / "state", grown / "archive" / "x", link / "state"):
            with pytest.raises(UsageError, match="never writes to what it reads"):
                resumed(grown, place)
        with pytest.raises(UsageError, match="never writes to what it reads"):
            resumed(warc, warc)


def test_one_state_is_for_one_verification_at_a_time(grown: Path, state: Path) -> None:
    with Memory(state), pytest.raises(BusyError):
        resumed(grown, state)


def test_a_state_that_cannot_be_written_is_said(grown: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for place in (tmp_path / "no" / "folder", tmp_path / "link", tmp_path):
        with pytest.raises(NotWritableError):
            resumed(grown, place)
    assert not (tmp_path / "elsewhere").exists()
