"""A new SQLite catalogue is the same as one that went through every migration."""

from pathlib import Path

from sqlalchemy import text

from pipeline.store import blank, migrate
from pipeline.store.engine import sqlite_url
from pipeline.store.session import altering, writing
from tests.store.new_schema import by_migrations
from tests.store.test_migrate import everything


def test_a_new_catalogue_is_what_the_migrations_make(tmp_path: Path) -> None:
    with writing(sqlite_url(tmp_path / "new.db")) as connection:
        new = everything(connection)
        assert migrate.current(connection) == migrate.HEAD
        assert migrate.differences(connection) == []
    with altering(sqlite_url(tmp_path / "migrated.db")) as connection:
        migrate.migrate_all(connection)
        assert everything(connection) == new


def test_the_statements_are_those_of_the_newest_migration() -> None:
    written = (migrate.script_location() / blank.SCHEMA).read_text(encoding="utf-8")
    assert written == by_migrations(), "run `python -m tests.store.new_schema`"


def test_an_index_for_words_and_the_triggers_are_there(tmp_path: Path) -> None:
    with writing(sqlite_url(tmp_path / "new.db")) as connection:
        kinds = "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"
        assert connection.scalar(text(kinds)) == 3
        connection.execute(text("INSERT INTO search (rowid, body) VALUES (1, 'gate')"))
        found = text("SELECT rowid FROM search WHERE search MATCH 'gate'")
        assert connection.scalars(found).all() == [1]
