"""The migrations make exactly the tables that the models describe, and can be undone."""

from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from pipeline.errors import (
    DatabaseUnreachableError,
    ForeignDatabaseError,
    NewerDatabaseError,
    OlderDatabaseError,
)
from pipeline.store import migrate
from pipeline.store.base import Base
from pipeline.store.session import altering, reading, writing
from tests.store.small import keep

CHECKOUT = Path(__file__).resolve().parents[2]
OWN_SCHEMA = ("alembic_version", "search")


def schema(connection: Connection) -> dict[str, Any]:
    """Describe every table as the database itself sees it."""
    seen = inspect(connection)
    names = [name for name in seen.get_table_names() if not name.startswith(OWN_SCHEMA)]
    return {
        name: {
            "columns": [
                {**column, "type": column["type"].compile(connection.dialect)}
                for column in seen.get_columns(name)
            ],
            "key": seen.get_pk_constraint(name),
            "checks": sorted(seen.get_check_constraints(name), key=str),
            "uniques": sorted(seen.get_unique_constraints(name), key=str),
            "foreign": sorted(seen.get_foreign_keys(name), key=str),
            "indexes": sorted(seen.get_indexes(name), key=str),
        }
        for name in sorted(names)
    }


def everything(connection: Connection) -> list[Any]:
    """List every object in the database, with its definition where SQLite keeps it."""
    if connection.dialect.name == "sqlite":
        query = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    else:
        query = (
            "SELECT 'relation', relname FROM pg_class c"
            " WHERE relnamespace = 'public'::regnamespace UNION ALL"
            " SELECT 'function', proname FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace UNION ALL"
            " SELECT 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
        )
    return [tuple(row) for row in connection.execute(text(query))]


def test_the_migrations_make_what_the_tables_say(database_url: str) -> None:
    with writing(database_url) as connection:
        assert migrate.differences(connection) == []
        migrated = schema(connection)
        migrate.downgrade(connection, "base")
        Base.metadata.create_all(connection)
        assert migrated == schema(connection)


def test_comments_are_in_the_database_where_it_keeps_them(database_url: str) -> None:
    with writing(database_url) as connection:
        columns = {column["name"]: column for column in inspect(connection).get_columns("versions")}
    postgresql = database_url.startswith("postgresql")
    assert columns["date_raw"].get("comment") == ("as the author wrote it" if postgresql else None)


def test_down_leaves_nothing_and_up_makes_the_same_again(database_url: str) -> None:
    with writing(database_url) as connection:
        first = everything(connection)
    with writing(database_url) as connection:
        migrate.downgrade(connection, "base")
        left = everything(connection)
        assert migrate.current(connection) is None
        assert [name for _, name, *_ in left if "alembic_version" not in name] == []
        assert migrate.upgrade(connection, "here") == (None, migrate.HEAD)
    with writing(database_url) as connection:
        assert everything(connection) == first
        assert migrate.upgrade(connection, "here") == (migrate.HEAD, migrate.HEAD)


def test_a_filled_catalogue_can_be_taken_down(database_url: str) -> None:
    with writing(database_url) as connection:
        keep(connection)
    with writing(database_url) as connection:
        migrate.downgrade(connection, "base")
        assert migrate.current(connection) is None


def test_there_is_one_line_of_migrations() -> None:
    scripts = list(ScriptDirectory.from_config(migrate.configuration()).walk_revisions())
    assert [script.revision for script in scripts if script.is_head] == [migrate.HEAD]
    assert not any(script.is_branch_point or script.is_merge_point for script in scripts)


def test_the_folder_of_the_migrations_is_no_package() -> None:
    folder = CHECKOUT / "alembic"
    assert (folder / "env.py").is_file()
    assert not list(folder.rglob("__init__.py"))
    assert migrate.script_location() == folder


def stamped(url: str, *statements: str) -> None:
    """Change a database behind our back."""
    with altering(url) as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_newer_catalogue_is_refused(database_url: str) -> None:
    with writing(database_url):
        pass
    stamped(database_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabaseError, match="schema 9999") as caught, reading(database_url):
        pass
    assert caught.value.exit_code == 31
    with pytest.raises(NewerDatabaseError), writing(database_url):
        pass
    with altering(database_url) as connection, pytest.raises(NewerDatabaseError):
        migrate.upgrade(connection, "here")


def test_an_older_catalogue_is_not_migrated_without_being_asked(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(database_url):
        pass
    monkeypatch.setattr(migrate, "HEAD", "0002")
    for opening in (reading, writing):
        with pytest.raises(OlderDatabaseError, match="db upgrade") as caught, opening(database_url):
            pass
        assert caught.value.exit_code == 33


@pytest.mark.parametrize("versions", ["'abc123'", "'abc123'), ('def456'"])
def test_the_schema_of_another_program_is_foreign(database_url: str, versions: str) -> None:
    stamped(
        database_url,
        "CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)",
        f"INSERT INTO alembic_version VALUES ({versions})",  # noqa: S608 - ours
        "CREATE TABLE things (id INTEGER)",
    )
    for opening in (reading, writing):
        with pytest.raises(ForeignDatabaseError, match="another program"), opening(database_url):
            pass


def test_tables_of_another_program_are_left_alone(database_url: str) -> None:
    stamped(database_url, "CREATE TABLE things (id INTEGER)")
    for opening in (reading, writing):
        with pytest.raises(ForeignDatabaseError) as caught, opening(database_url):
            pass
        assert caught.value.exit_code == 32
    with altering(database_url) as connection:
        with pytest.raises(ForeignDatabaseError):
            migrate.upgrade(connection, "here")
        assert inspect(connection).get_table_names() == ["things"]


def test_an_empty_database_becomes_a_catalogue_only_by_writing(database_url: str) -> None:
    stamped(database_url)
    with pytest.raises(DatabaseUnreachableError, match="empty") as caught, reading(database_url):
        pass
    assert caught.value.exit_code == 30
    with writing(database_url) as connection:
        assert migrate.current(connection) == migrate.HEAD
