"""What cannot be opened is named, with its exit code, and stays as it was."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, insert, select, text

from pipeline.errors import (
    BusyError,
    DatabaseError,
    DatabaseUnreachableError,
    DiskFullError,
    ForeignDatabaseError,
    NotWritableError,
    PipelineError,
    UsageError,
)
from pipeline.model import Sha256
from pipeline.store import engine
from pipeline.store.detail import detail
from pipeline.store.engine import open_engine, shown, sqlite_file, sqlite_url
from pipeline.store.reading import entries, site
from pipeline.store.session import reading, writing
from pipeline.store.tables import SiteRow, VersionRow
from tests.databases import Server
from tests.store.small import keep

State = dict[str, tuple[str, int]]


def state(folder: Path) -> State:
    """Describe every file under a folder: digest and time of change."""
    return {
        str(path.relative_to(folder)): (Sha256.of(path.read_bytes()).hex, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rehearse(url: str) -> None:
    """Rehearse and do nothing."""
    with writing(url, rehearse=True):
        pass


def write(url: str) -> None:
    """Write nothing."""
    with writing(url):
        pass


def read(url: str) -> None:
    """Read nothing."""
    with reading(url):
        pass


def not_sqlite(path: Path) -> None:
    path.write_bytes(b"This is no database at all.\n" * 40)


def foreign_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")


def truncated(path: Path) -> None:
    write(sqlite_url(path))
    path.write_bytes(path.read_bytes()[:20_000])


@pytest.mark.parametrize("opening", [read, write, rehearse])
@pytest.mark.parametrize("spoil", [not_sqlite, foreign_tables, truncated])
def test_a_file_that_is_something_else_stays_as_it_is(
    tmp_path: Path, spoil: Callable[[Path], None], opening: Callable[[str], None]
) -> None:
    path = tmp_path / "catalogue.db"
    spoil(path)
    before = state(tmp_path)
    with pytest.raises(ForeignDatabaseError, match=r"catalogue\.db: not a catalogue") as caught:
        opening(sqlite_url(path))
    assert caught.value.exit_code == 32
    assert state(tmp_path) == before


def test_a_missing_file_is_not_made_by_reading_or_rehearsing(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "catalogue.db")
    with pytest.raises(DatabaseUnreachableError, match="no such file") as caught:
        read(url)
    assert caught.value.exit_code == 30
    rehearse(url)
    assert state(tmp_path) == {}


def test_a_folder_that_is_missing_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachableError, match="unable to open"):
        write(sqlite_url(tmp_path / "absent" / "catalogue.db"))
    assert state(tmp_path) == {}


def test_a_symbolic_link_in_a_circle_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "catalogue.db").symlink_to("catalogue.db")
    for opening in (read, write):
        with pytest.raises(DatabaseUnreachableError):
            opening(sqlite_url(tmp_path / "catalogue.db"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "catalogue.db",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite://catalogue.db",
        "mysql://host/db",
        "postgresql://host/db",
        "sqlite+aiosqlite:///catalogue.db",
        "postgresql+psycopg://user:s3cret@host:port/db",
        "//user:s3cret@host/db",
    ],
)
def test_a_url_that_names_no_database_of_ours_is_refused(url: str) -> None:
    for opening in (read, write, rehearse, open_engine, shown):
        with pytest.raises(UsageError) as caught:
            opening(url)
        assert caught.value.exit_code == 2
        assert "sqlite:///PATH" in str(caught.value)
        assert "s3cret" not in str(caught.value)


def test_a_database_is_shown_without_its_password(tmp_path: Path) -> None:
    assert shown("postgresql+psycopg://me:s3cret@host/db") == "postgresql+psycopg://me:***@host/db"
    assert shown(sqlite_url(tmp_path / "a.db")) == str(tmp_path / "a.db")


@pytest.mark.parametrize("name", ["what?", "100%41", "a#b", "naïve ⚓", "a&b=c;d"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name / "catalogue.db"
    path.parent.mkdir()
    assert sqlite_file(sqlite_url(path)) == path
    write(sqlite_url(path))
    assert list(state(tmp_path)) == [f"{name}/catalogue.db"]
    read(sqlite_url(path))


def test_a_server_that_does_not_answer_is_unreachable(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://me:s3cret@/db?host={tmp_path}"
    for opening in (read, write, rehearse):
        with pytest.raises(DatabaseUnreachableError, match="cannot be opened") as caught:
            opening(url)
        assert caught.value.exit_code == 30
        assert "s3cret" not in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_database_that_the_server_lacks_is_unreachable(postgres: Server) -> None:
    with pytest.raises(DatabaseUnreachableError, match='"nowhere" does not exist'):
        write(postgres.url("nowhere"))


def test_the_driver_of_postgresql_is_an_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(UsageError, match=r"jekyll-archive-pipeline\[postgres\]"):
        open_engine("postgresql+psycopg://host/db")


def test_reading_writes_nothing_even_in_a_folder_that_forbids_it(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "catalogue.db")
    with writing(url) as connection:
        keep(connection)
    (tmp_path / "catalogue.db").chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        before = state(tmp_path)
        with reading(url) as connection:
            assert site(connection, None).key == "example"
            assert state(tmp_path) == before
            with pytest.raises(Exception, match="readonly"):
                connection.execute(text("DELETE FROM links"))
        rehearse(url)
        assert state(tmp_path) == before
    finally:
        tmp_path.chmod(0o755)


def test_reading_refuses_to_write(database_url: str) -> None:
    write(database_url)
    refused = (DatabaseError, NotWritableError)  # PostgreSQL and SQLite say it differently
    with pytest.raises(refused), reading(database_url) as connection:
        connection.execute(insert(SiteRow).values(id=1, key="x"))


def test_a_reader_sees_one_state_from_beginning_to_end(postgres: Server) -> None:
    with postgres.empty() as url:
        write(url)
        with reading(url) as connection:
            assert site_keys(connection) == []
            with writing(url) as writer:
                keep(writer)
            assert site_keys(connection) == []
        with reading(url) as connection:
            assert site_keys(connection) == ["example"]


def site_keys(connection: Connection) -> list[str]:
    return list(connection.scalars(select(SiteRow.key)))


def test_a_rehearsal_shows_everything_and_changes_nothing(
    database_url: str, tmp_path: Path
) -> None:
    with writing(database_url, rehearse=True) as connection:
        rehearsed = keep(connection)
        assert site_keys(connection) == ["example"]
    assert state(tmp_path) == {}
    write(database_url)
    before = state(tmp_path)
    with writing(database_url, rehearse=True) as connection:
        assert site_keys(connection) == []
        assert keep(connection) == rehearsed
    assert state(tmp_path) == before
    with reading(database_url) as connection:
        assert site_keys(connection) == []


def test_a_rehearsal_on_an_empty_server_leaves_it_empty(postgres: Server) -> None:
    with postgres.empty() as url:
        rehearse(url)
        with pytest.raises(DatabaseUnreachableError, match="it is empty"):
            read(url)


def test_an_exception_undoes_everything(database_url: str) -> None:
    write(database_url)

    def interrupted() -> None:
        with writing(database_url) as connection:
            keep(connection)
            raise LookupError

    with pytest.raises(LookupError):
        interrupted()
    with reading(database_url) as connection:
        assert site_keys(connection) == []


def test_two_writers_do_not_meet(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    write(database_url)
    monkeypatch.setattr(engine, "BUSY_SECONDS", 1)
    monkeypatch.setattr(engine, "POSTGRES_OPTIONS", "-c lock_timeout=300ms")
    with writing(database_url) as connection:
        keep(connection)
        with pytest.raises(BusyError, match="another run") as caught:
            write(database_url)
        assert caught.value.exit_code == 22
    with reading(database_url) as connection:
        assert site_keys(connection) == ["example"]


def test_a_full_disk_is_named_and_nothing_is_kept(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "catalogue.db")
    write(url)

    def too_much() -> None:
        with writing(url) as connection:
            connection.execute(text("PRAGMA max_page_count = 1"))  # as if there were no more room
            connection.execute(insert(SiteRow).values(id=1, key="x" * 1_000_000))

    with pytest.raises(DiskFullError) as caught:
        too_much()
    assert caught.value.exit_code == 21
    with reading(url) as connection:
        assert site_keys(connection) == []


def test_what_the_database_refuses_is_told_in_one_line(database_url: str) -> None:
    with pytest.raises(DatabaseError) as caught, writing(database_url) as connection:
        connection.execute(insert(SiteRow).values(id=1, key=None))
    assert caught.value.exit_code == PipelineError.exit_code
    assert "\n" not in str(caught.value)


def test_a_foreign_file_cannot_make_us_call_functions(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.db"
    write(sqlite_url(path))
    with closing(sqlite3.connect(path)) as connection:
        connection.create_function("harm", 1, lambda value: value, deterministic=True)
        connection.execute(
            "CREATE TRIGGER t AFTER INSERT ON sites BEGIN SELECT load_extension('harm'); END"
        )
        connection.commit()
    with pytest.raises(PipelineError), writing(sqlite_url(path)) as session:
        keep(session)


@pytest.mark.parametrize(
    "change",
    [
        "versions SET date = 'long ago'",
        "versions SET own = '{'",
        "versions SET own = '" + "[" * 100_000 + "'",
        "versions SET own = x'00'",
        "versions SET context = 7",
        "blobs SET sha256 = 'text'",
        "blobs SET sha256 = x'00'",
        "versions SET date = 20231101",
    ],
    ids=lambda change: change[:30],
)
def test_a_value_that_is_none_of_ours_is_told_in_one_line(tmp_path: Path, change: str) -> None:
    url = sqlite_url(tmp_path / "catalogue.db")
    with writing(url) as connection:
        keep(connection)
        connection.execute(text(f"UPDATE {change}"))

    def asked() -> None:
        with reading(url) as connection:
            here = site(connection, None)
            for entry in entries(connection, here):
                connection.execute(select(VersionRow.context)).all()
                detail(connection, here, entry)

    with pytest.raises(ForeignDatabaseError, match="holds a value that is odd") as caught:
        asked()
    assert caught.value.exit_code == 32
    assert "\n" not in str(caught.value)


def test_importing_the_store_does_not_need_the_driver() -> None:
    code = "import sys; sys.modules['psycopg'] = None; import pipeline.store.session"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
