"""What was verified is recorded when asked for; it is stale when it is long ago, or failed."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from pipeline.audit.report import Scope, Verdict
from pipeline.errors import (
    DatabaseError,
    NotFoundError,
    NotVerifiableError,
    PipelineError,
    UsageError,
)
from pipeline.jobs.packing import pack_series
from pipeline.jobs.place import find_place
from pipeline.jobs.verify import Wanted, verify
from pipeline.jobs.verify_record import State, judge, record_reports, recordable, stale
from pipeline.store import events
from pipeline.store.session import reading
from tests.archives import LATER, Source, archive, contents, rows, sealed
from tests.cli.command import unprivileged
from tests.jobs.test_revisits import change

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def record(folder: Path, at: datetime = NOW, scope: Scope | None = None) -> Verdict:
    report = verify(folder, wanted=Wanted(scope=scope or Scope()))
    record_reports((folder,), None, None, (report,), at)
    return report.verdict


def state(folder: Path, now: datetime = NOW, days: int = 90) -> State:
    (fixity,) = stale((folder,), days, now, None, None)
    return fixity.state


def log(folder: Path) -> list[events.Event]:
    with reading(find_place(folder, None).database) as connection:
        return list(events.log(connection, 1))


def test_only_one_event_is_written(quay_copy: Path) -> None:
    before, files = rows(quay_copy), sealed(quay_copy)
    names = set(contents(quay_copy))
    assert record(quay_copy) is Verdict.PASS
    after = rows(quay_copy)
    assert {name for name in after if after[name] != before[name]} == {"events"}
    assert after["events"][: len(before["events"])] == before["events"]
    assert (sealed(quay_copy), set(contents(quay_copy))) == (files, names)
    *_, event = log(quay_copy)
    assert (event.kind, event.at) == ("verified", NOW)
    assert verify(quay_copy).verdict is Verdict.PASS


def test_it_says_what_came_of_each_level(quay_copy: Path) -> None:
    record(quay_copy, scope=Scope(sample=2, seed=5))
    with reading(find_place(quay_copy, None).database) as connection:
        ((at, told),) = events.verifications(connection, 1)
    assert (at, told["verdict"], told["whole"]) == (NOW, "not verified", False)
    assert told["scope"] == {"sample": 2, "seed": 5, "since": None}
    assert told["levels"]["records"] == {"verdict": "not verified", "checked": 2, "findings": 0}
    assert told["levels"]["package"]["verdict"] == "does not apply"


def test_a_run_goes_on_after_it(quay: Source, quay_copy: Path) -> None:
    record(quay_copy)
    summary = archive(quay, quay_copy, rendered=quay.rendered, now=LATER, rev=quay.first)
    assert summary.exit_code == 0
    assert verify(quay_copy).verdict is Verdict.PASS


def test_it_is_in_the_chain_and_cannot_be_changed_unseen(quay_copy: Path) -> None:
    record(quay_copy)
    payload = log(quay_copy)[-1].payload.replace('"pass"', '"PASS"')
    drop_triggers(quay_copy)
    change(quay_copy, "UPDATE events SET payload = :text WHERE sequence = 2", text=payload)
    assert verify(quay_copy).exit_code == 1
    assert state(quay_copy) is State.FAILED


def drop_triggers(folder: Path) -> None:
    """Do what somebody with the file could do before changing the log."""
    engine = create_engine(f"sqlite:///{folder / 'catalogue.db'}", poolclass=NullPool)
    with engine.begin() as connection:
        query = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for name in connection.scalars(query).all():
            connection.execute(text(f'DROP TRIGGER "{name}"'))
    engine.dispose()


def test_a_pack_stays_a_pack(tmp_path: Path, mill_archive: Path) -> None:
    folder = tmp_path / "pack"
    pack_series(find_place(mill_archive, None), "conversations", folder, LATER)
    before = {level: looked.verdict for level, looked in verify(folder).levels.items()}
    record(folder)
    assert {level: looked.verdict for level, looked in verify(folder).levels.items()} == before


def test_how_long_ago_counts(quay_copy: Path) -> None:
    assert state(quay_copy) is State.NEVER
    record(quay_copy)
    assert state(quay_copy, NOW + 90 * DAY) is State.VERIFIED
    assert state(quay_copy, NOW + 91 * DAY) is State.OLD
    assert state(quay_copy, NOW + 91 * DAY, days=100) is State.VERIFIED
    assert state(quay_copy, NOW - 2 * DAY) is State.INCOMPLETE  # from the future
    record(quay_copy, NOW + 91 * DAY)
    assert state(quay_copy, NOW + 92 * DAY) is State.VERIFIED


def test_a_part_is_not_the_whole(quay_copy: Path) -> None:
    record(quay_copy, scope=Scope(sample=2, seed=5))
    assert state(quay_copy) is State.NEVER


def test_what_failed_is_stale_until_the_whole_passes(quay_copy: Path) -> None:
    record(quay_copy)
    (warc,) = (quay_copy / "archive").iterdir()
    data = warc.read_bytes()
    warc.write_bytes(data[:-1])
    assert record(quay_copy, NOW + DAY) is Verdict.FAIL
    (fixity,) = stale((quay_copy,), 90, NOW + DAY, None, None)
    assert (fixity.state, fixity.days, fixity.is_stale) == (State.FAILED, 0, True)
    assert fixity.why.startswith("failed: files, records")
    warc.write_bytes(data)
    record(quay_copy, NOW + 2 * DAY, Scope(sample=2, seed=1))
    assert state(quay_copy, NOW + 3 * DAY) is State.FAILED
    record(quay_copy, NOW + 2 * DAY)
    assert state(quay_copy, NOW + 3 * DAY) is State.VERIFIED


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([{"whole": True, "verdict": "pass"}, {"whole": False, "verdict": "fail"}], State.FAILED),
        ([{"whole": False, "verdict": "fail"}, {"whole": True, "verdict": "pass"}], State.VERIFIED),
        ([{"whole": True, "verdict": "not verified"}], State.INCOMPLETE),
        ([{"whole": "yes", "verdict": "pass"}], State.NEVER),
        ([{"whole": True}], State.INCOMPLETE),
        ([{"whole": True, "verdict": "fail", "levels": {"files": "fail"}}], State.FAILED),
        ([{"whole": True, "verdict": "fail", "levels": []}], State.FAILED),
        ([{}], State.NEVER),
    ],
)
def test_what_was_recorded_is_judged(told: list[dict[str, Any]], expected: State) -> None:
    assert judge("here", [(NOW, each) for each in told], 90, NOW).state is expected


def test_what_cannot_be_read_is_stale(quay_copy: Path, tmp_path: Path) -> None:
    record(quay_copy)
    shutil.copytree(quay_copy, tmp_path / "noise")
    (tmp_path / "noise" / "catalogue.db").write_bytes(b"noise" * 999)
    shutil.copytree(quay_copy, tmp_path / "gone")
    (tmp_path / "gone" / "catalogue.db").unlink()
    folders = (tmp_path / "noise", tmp_path / "gone", quay_copy)
    found = stale(folders, 90, NOW, None, None)
    assert [each.state for each in found] == [State.UNREADABLE, State.UNREADABLE, State.VERIFIED]


def test_without_a_word_all_under_archives_are_meant(
    tmp_path: Path, quay_archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotFoundError, match="archives/"):
        stale((), 90, NOW, None, None)
    for name in ("one", "two"):
        shutil.copytree(quay_archive, Path("archives") / name)
    (Path("archives") / "a file").write_text("no archive")
    record(Path("archives") / "two")
    found = stale((), 90, NOW, None, None)
    assert [(each.place, each.state) for each in found] == [
        ("archives/one", State.NEVER),
        ("archives/two", State.VERIFIED),
    ]


def test_what_is_no_archive_is_refused(quay_archive: Path, tmp_path: Path) -> None:
    warc = min((quay_archive / "archive").iterdir())
    with pytest.raises(UsageError, match="not an archive folder"):
        stale((warc,), 90, NOW, None, None)
    with pytest.raises(NotVerifiableError):
        stale((tmp_path / "nowhere",), 90, NOW, None, None)
    with pytest.raises(UsageError, match="one archive"):
        stale((quay_archive, quay_archive), 90, NOW, "sqlite:///x.db", None)
    with pytest.raises(UsageError, match="no event log"):
        recordable((quay_archive, warc))
    with pytest.raises(UsageError, match="name its folder"):
        recordable(())


def test_a_catalogue_that_is_not_there_is_not_made(quay_copy: Path) -> None:
    (quay_copy / "catalogue.db").unlink()
    report = verify(quay_copy)
    with pytest.raises(DatabaseError):
        record_reports((quay_copy,), None, None, (report,), NOW)
    assert not (quay_copy / "catalogue.db").exists()
    (quay_copy / "catalogue.db").write_bytes(b"")
    with pytest.raises(PipelineError):
        record_reports((quay_copy,), None, None, (report,), NOW)
    assert (quay_copy / "catalogue.db").read_bytes() == b""


def test_who_may_not_write_cannot_record(quay_archive: Path, open_path: Path) -> None:
    folder = Path(shutil.copytree(quay_archive, open_path / "quay"))
    report = verify(folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    with unprivileged(), pytest.raises(PipelineError):
        record_reports((folder,), None, None, (report,), NOW)


def test_in_a_database_of_several_sites_each_has_its_own(
    database_url: str, quay: Source, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        archive(quay, tmp_path / name, database=database_url)
    report = verify(tmp_path / "one", database_url)
    record_reports((tmp_path / "one",), database_url, None, (report,), NOW)
    found = [
        stale((tmp_path / name,), 90, NOW, database_url, None)[0].state for name in ("one", "two")
    ]
    assert found == [State.VERIFIED, State.NEVER]
