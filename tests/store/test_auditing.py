"""What verification asks of the catalogue."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from pipeline.errors import ForeignDatabaseError
from pipeline.model import FileMode, Sha256, TreeEntry
from pipeline.store import auditing, events
from pipeline.store.deposit import Deposit, SiteFacts, open_intake
from pipeline.store.engine import sqlite_url
from pipeline.store.holdings import newest_manifest
from pipeline.store.session import reading, writing
from pipeline.store.types import UnreadableValueError, canonical
from tests.store.small import BYTES, LAST, LOST, NOW, PAGE, PICTURE, POST, Run, keep, oid

SECOND = Run(key="second", context=Sha256.of(b"the second site's"))


@pytest.fixture(scope="module")
def filled(lasting_url: str) -> str:
    """Give a database with two sites. It is only read, or rehearsed on."""
    with writing(lasting_url) as connection:
        keep(connection)
        keep(connection, SECOND)
    return lasting_url


def broken(connection: Connection, statement: str) -> None:
    """Change rows past all keys and triggers; a rehearsal on SQLite has no keys on."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
    connection.execute(text(statement))


def test_sites_are_named_and_have_events(filled: str) -> None:
    with reading(filled) as connection:
        assert auditing.site_ids(connection) == {"example": 1, "second": 2}
        assert auditing.sites_without_events(connection) == []
    with writing(filled, rehearse=True) as connection:
        connection.execute(text("INSERT INTO sites (id, key) VALUES (7, 'made up')"))
        assert auditing.sites_without_events(connection) == [("made up", 7)]


def test_a_capture_says_which_git_object_it_should_hold(filled: str) -> None:
    with reading(filled) as connection:
        found = list(auditing.captures(connection, 1))
    assert [(one.blob_oid, one.commit_oid) for one in found] == [
        (oid(POST), None), (oid("_people/ada.md"), None), (oid(PICTURE), None),
        (None, LAST.oid), (None, None),
    ]  # fmt: skip
    first = found[0]
    assert (first.type, first.captured_at, first.block_size) == ("resource", NOW, len(BYTES[POST]))
    assert first.warc_path == f"records/example-{Run().context.hex[:8]}.warc.gz"


def test_contents_without_a_record_are_listed(filled: str) -> None:
    with reading(filled) as connection:
        assert auditing.contents_not_kept(connection, 1) == [(oid(PAGE), PAGE)]


def test_a_snapshot_gives_the_tree_as_git_has_it(filled: str) -> None:
    with reading(filled) as connection:
        (found,) = auditing.snapshots(connection, 1)
    assert (found.revision, found.commit_tree, found.cut) == (LAST.oid, LAST.tree, "")
    entries = {entry.path: entry for entry in found.entries}
    assert entries[PICTURE] == TreeEntry(path=PICTURE, mode=FileMode.REGULAR, oid=oid(PICTURE))
    assert set(entries) == {*BYTES, LOST}


def test_a_cut_tree_says_why(filled: str) -> None:
    with writing(filled, rehearse=True) as connection:
        code = min(auditing.TREE_CUT)
        connection.execute(text(f"UPDATE findings SET code = '{code}' WHERE id = 1"))  # noqa: S608
        (found,) = auditing.snapshots(connection, 1)
        assert found.cut == 'no "date"'


def test_runs_and_manifests_are_as_their_events_tell(filled: str) -> None:
    with reading(filled) as connection:
        (run,) = auditing.runs(connection, 1)
        (event,) = events.log(connection, 1)
        assert events.facts(event.payload, "run", "counts") == canonical(run)
        assert events.digest_of(event) == event.digest
        assert events.digest_of(replace(event, kind="else")) != event.digest
        assert auditing.manifests(connection, 1) == {
            1: auditing.ManifestFacts(
                path="manifests/1.json", sha256=Sha256.of(b"manifest"), head=(None, Run().at)
            )
        }
        assert newest_manifest(connection, 1) == (1, Sha256.of(b"manifest"))
        assert newest_manifest(connection, 3) is None


def test_an_event_tells_of_its_manifest() -> None:
    digest = Sha256.of(b"manifest")
    told = f'{{"manifest":{{"path":"a","sequence":3,"sha256":"{digest.hex}"}}}}'
    assert events.manifest(told) == (3, ("a", digest))
    assert events.manifest('{"manifest":{}}') is None
    assert events.manifest("{}") is None


@pytest.mark.parametrize(
    "payload", ["", "{", "[]", "7", '{"manifest":{"path":"a"}}', "[" * 100_000]
)
def test_an_event_that_tells_nonsense_is_no_traceback(payload: str) -> None:
    with pytest.raises(UnreadableValueError):
        events.manifest(payload)
    if "manifest" not in payload:
        with pytest.raises(UnreadableValueError):
            events.facts(payload, "run")


def test_a_mode_that_git_lacks_is_no_traceback(filled: str) -> None:
    def asked() -> None:
        with writing(filled, rehearse=True) as connection:
            connection.execute(text("UPDATE files SET mode = 7 WHERE id = 1"))
            list(auditing.snapshots(connection, 1))

    with pytest.raises(ForeignDatabaseError, match="odd: 7"):
        asked()


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("UPDATE urls SET site_id = 9 WHERE id = 2", ["urls:2"]),
        ("UPDATE parts SET version_id = 99 WHERE id = 1", ["parts:1"]),
        ("UPDATE snapshot_files SET snapshot_id = 9 WHERE snapshot_id = 1 AND file_id = 5",
         ["snapshot_files:9/5"]),
        ("DELETE FROM warc_files WHERE id = 2", [f"captures:{n}" for n in range(6, 11)]),
    ],
)  # fmt: skip
def test_rows_that_belong_to_nothing_are_named(
    filled: str, statement: str, names: list[str]
) -> None:
    with writing(filled, rehearse=True) as connection:
        assert list(auditing.orphans(connection)) == []
        broken(connection, statement)
        assert list(auditing.orphans(connection)) == names


def test_a_sound_database_says_so(filled: str) -> None:
    with reading(filled) as connection:
        assert auditing.integrity(connection) == ()


def test_sqlite_says_where_it_is_damaged(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.db"
    with writing(sqlite_url(file)) as connection:
        keep(connection)
    data = file.read_bytes()
    assert data.count(b"/old/tides/") == 2  # in the table and in its index
    file.write_bytes(data.replace(b"/old/tides/", b"/odd/tides/", 1))
    with reading(sqlite_url(file)) as connection:
        said = auditing.integrity(connection)
    assert any("uq_urls" in line or "sqlite_autoindex_urls" in line for line in said)


def test_a_snapshot_can_be_told_anew(database_url: str) -> None:
    with writing(database_url) as connection:
        keep(connection)
    facts = SiteFacts(key="example", title=None, origin=None, url=None, timezone=None)
    with writing(database_url) as connection:
        intake, site_id = open_intake(connection, facts)
        deposit = Deposit(intake, site_id)
        deposit.clear(1)
        deposit.place(1, 1, {"role": "page", "collection": "(pages)", "left_out": "why not"})
        intake.write()
    with reading(database_url) as connection:
        (found,) = auditing.snapshots(connection, 1)
        assert [entry.path for entry in found.entries] == [POST]
        assert connection.scalar(text("SELECT count(*) FROM findings")) == 0
