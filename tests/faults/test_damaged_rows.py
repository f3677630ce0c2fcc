"""Whatever happens to a row of a catalogue, verify finds it and names it, in both engines."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Date,
    LargeBinary,
    Table,
    UniqueConstraint,
    create_engine,
    text,
)
from sqlalchemy.pool import NullPool

from pipeline.audit.report import Level, Verdict
from pipeline.jobs.verify import verify
from pipeline.store.base import Base
from pipeline.store.events import append
from pipeline.store.rows import OUTSIDE_LEDGER, ledger_tables
from pipeline.store.session import writing
from pipeline.store.types import Json, Sha256Type, UtcDateTime
from tests.archives import LATER, archive
from tests.databases import Server
from tests.faults.weir import Weir

#: What a finding calls the rows that the ledger does not hold.
CALLED = {"events": "event:", "runs": "runs", "run_counts": "runs", "manifests": "manifests/"}
TABLES = sorted(Base.metadata.tables)
#: Rows that are not the last of their table, but of a kind of their own: how to choose them.
KINDS = {
    "revisit records": ("captures", "type = 'revisit'"),
    "records of commits": ("captures", "commit_id IS NOT NULL"),
    "records of pages": ("captures", "url_id IS NOT NULL AND type = 'resource'"),
    "former states": ("spans", "until_commit_id IS NOT NULL"),
    "states of a side line": ("spans", "line > 0"),
    "absences of a side line": ("absences", "line > 0"),
    "former addresses": ("addresses", "until_commit_id IS NOT NULL"),
    "landing documents": ("series_members", "position = 0"),
    "documents that are gone": ("documents", "path = 'about.md'"),
}
ROWS = {**{table: (table, "1 = 1") for table in TABLES}, **KINDS}
WORDS = frozenset({"kind", "state", "severity", "date_source", "manner"})  # the database has a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Victim:
    """An archive, its catalogue, and a way to change rows that no rule of the database stops."""

    folder: Path
    database: str
    pristine: Path | None

    def change(self, statement: str, **values: Any) -> None:  # noqa: ANN401 - any value of a row
        """Run a statement without foreign keys and triggers, as someone with the file could."""
        engine = create_engine(self.database, poolclass=NullPool)
        with engine.begin() as connection:
            _unlock(connection)
            done = connection.execute(text(statement), values)
            assert done.rowcount == 1, statement
        engine.dispose()

    def restore(self) -> None:
        """Undo all changes of a SQLite catalogue."""
        assert self.pristine is not None
        shutil.copy(self.pristine, self.folder / "catalogue.db")

    def row(self, table: str, chosen: str = "1 = 1") -> dict[str, Any]:
        """Give the last row of a table, or of those that are chosen, as the database has it."""
        engine = create_engine(self.database, poolclass=NullPool)
        with engine.connect() as connection:
            keys = ", ".join(f'"{column.name}" DESC' for column in keys_of(table))
            query = text(f'SELECT * FROM "{table}" WHERE {chosen} ORDER BY {keys} LIMIT 1')  # noqa: S608
            found = dict(connection.execute(query).mappings().one())
        engine.dispose()
        return found

    def assert_found(self, *called: str) -> None:
        """Hold that verification fails, and that a finding names the row."""
        report = verify(self.folder, self.database)
        assert (report.verdict, report.exit_code) == (Verdict.FAIL, 1), called
        told = [str(finding) for finding in report.findings]
        assert any(name in line for line in told for name in called), (called, told)


def _unlock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
        return
    connection.execute(text("PRAGMA ignore_check_constraints = ON"))
    query = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for name in connection.scalars(query).all():
        connection.execute(text(f'DROP TRIGGER "{name}"'))


def keys_of(table: str) -> list[Column[Any]]:
    return list(Base.metadata.tables[table].primary_key.columns)


def match(table: str) -> str:
    return " AND ".join(f'"{c.name}" = :k_{c.name}' for c in keys_of(table))


def key_values(table: str, row: dict[str, Any]) -> dict[str, Any]:
    return {f"k_{column.name}": row[column.name] for column in keys_of(table)}


def name_of(table: str, row: dict[str, Any]) -> str:
    if table in CALLED:
        return CALLED[table]
    return f"{table}:{'/'.join(str(row[column.name]) for column in keys_of(table))}"


def other(value: Any, column: Column[Any]) -> Any:  # noqa: ANN401 - any value of a row
    """Give another value that the column takes."""
    if isinstance(column.type, Json):
        return "[]" if value in ("{}", {}) else "{}"
    binary = isinstance(column.type, LargeBinary | Sha256Type)
    kind: type[Any] = bytes if binary else column.type.python_type
    if kind is bool:
        return not value
    if kind is int:
        return (value or 0) + 1000  # also a key that no row has
    if kind is float:
        return (value or 1) / 2
    if kind is bytes:
        return bytes(byte ^ 1 for byte in value) if value else bytes(32)
    if isinstance(column.type, UtcDateTime | Date):
        later = value or "2001-01-01T00:00:00.000000Z"
        return f"{int(later[:4]) + 1:04}{later[4:]}" if isinstance(later, str) else later
    return f"{value or ''}x"


@pytest.fixture
def sqlite(weir_archive: Path, weir_copy: Path) -> Victim:
    return Victim(
        folder=weir_copy,
        database=f"sqlite:///{weir_copy / 'catalogue.db'}",
        pristine=weir_archive / "catalogue.db",
    )


@pytest.fixture(scope="session")
def in_postgres(
    postgres: Server, weir: Weir, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Victim]:
    """The same archive with its catalogue in PostgreSQL, as a template. Nobody changes it."""
    folder = tmp_path_factory.mktemp("template") / "weir"
    with postgres.empty() as url:
        archive(weir.location, folder, rendered=weir.rendered, database=url)
        yield Victim(folder=folder, database=url, pristine=None)


@pytest.fixture(params=["sqlite", "postgresql"])
def victim(request: pytest.FixtureRequest) -> Iterator[Victim]:
    """A catalogue to be damaged, in each engine."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    whole: Victim = request.getfixturevalue("in_postgres")
    server: Server = request.getfixturevalue("postgres")
    name = whole.database.partition("@/")[2].partition("?")[0]
    copy = f"{name}_damaged"
    server.execute(f"CREATE DATABASE {copy} TEMPLATE {name}")
    try:
        yield Victim(folder=whole.folder, database=server.url(copy), pristine=None)
    finally:
        server.execute(f"DROP DATABASE {copy} WITH (FORCE)")


def test_nothing_is_found_where_nothing_is_wrong(victim: Victim) -> None:
    assert verify(victim.folder, victim.database).findings == ()


@pytest.mark.parametrize("row_of", ROWS)
def test_a_deleted_row_is_found(row_of: str, victim: Victim) -> None:
    table, chosen = ROWS[row_of]
    row = victim.row(table, chosen)
    victim.change(f'DELETE FROM "{table}" WHERE {match(table)}', **key_values(table, row))  # noqa: S608
    if table == "sites":
        victim.assert_found("sites")
    elif table == "events":
        victim.assert_found("runs", "manifests/")  # of which no event tells any more
    else:
        victim.assert_found(name_of(table, row))


@pytest.mark.parametrize("table", TABLES)
def test_an_inserted_row_is_found(table: str, victim: Victim) -> None:
    """A row that is there already comes once more, under another key."""
    row = victim.row(table)
    known = Base.metadata.tables[table]
    values = dict(row)
    for columns in (list(known.primary_key), *_uniques(known)):
        own = [c for c in columns if not c.foreign_keys and c.name not in WORDS] or columns
        values[own[-1].name] = other(values[own[-1].name], own[-1])
    names = ", ".join(f'"{name}"' for name in values)
    given = ", ".join(f":{name}" for name in values)
    victim.change(f'INSERT INTO "{table}" ({names}) VALUES ({given})', **_adapted(victim, values))  # noqa: S608
    victim.assert_found(name_of(table, values))


def _uniques(table: Table) -> list[list[Column[Any]]]:
    return [list(c.columns) for c in table.constraints if isinstance(c, UniqueConstraint)]


def _adapted(victim: Victim, values: dict[str, Any]) -> dict[str, Any]:
    if victim.pristine is not None:
        return values
    return {n: json.dumps(v) if isinstance(v, dict | list) else v for n, v in values.items()}


@pytest.mark.parametrize("row_of", ROWS)
def test_every_changed_value_is_found(row_of: str, sqlite: Victim) -> None:
    table, chosen = ROWS[row_of]
    row = sqlite.row(table, chosen)
    tried = 0
    for column in Base.metadata.tables[table].columns:
        if column.name == "id" and "sequence" in row:
            continue  # events and manifests are known by their sequence, their id means nothing
        sqlite.restore()
        changed = other(row[column.name], column)
        sqlite.change(
            f'UPDATE "{table}" SET "{column.name}" = :new WHERE {match(table)}',  # noqa: S608
            new=changed,
            **key_values(table, row),
        )
        if column.name == "site_id":
            sqlite.assert_found(name_of(table, row), "runs", "manifests/")
        elif table == "sites" and column.name in {"id", "key"}:
            sqlite.assert_found("sites")
        else:
            sqlite.assert_found(name_of(table, row), "manifests/" if table == "events" else "runs")
        tried += 1
    assert tried >= 2


@pytest.mark.parametrize("row_of", ROWS)
def test_a_changed_row_is_found(row_of: str, victim: Victim) -> None:
    """One value of each table, in both engines."""
    table, chosen = ROWS[row_of]
    columns = Base.metadata.tables[table].columns
    names = (*("message", "title", "target", "raw", "role", "collection", "size", "name", "url"),
             *("plain", "media_type", "destination", "parent_oid", "tree_oid", "mode", "path"),
             *("created_commit_id", "payload", "length", "software", "sentence", "words"),
             *("until_commit_id", "document_id"))  # fmt: skip
    column = next(columns[name] for name in names if name in columns)
    row = victim.row(table, chosen)
    victim.change(
        f'UPDATE "{table}" SET "{column.name}" = :new WHERE {match(table)}',  # noqa: S608
        new=other(row[column.name], column),
        **key_values(table, row),
    )
    victim.assert_found(name_of(table, row))


def test_rows_that_belong_to_nothing_are_found(sqlite: Victim) -> None:
    sqlite.change("INSERT INTO tags (id, site_id, kind, key, name) VALUES (99, 7, 'tag', 'a', 'a')")
    sqlite.assert_found("tags:99")


def test_a_site_that_no_run_made_is_found(sqlite: Victim) -> None:
    sqlite.change("INSERT INTO sites (id, key) VALUES (2, 'another')")
    sqlite.assert_found("sites:2")


def test_values_that_are_none_of_ours_are_found(sqlite: Victim) -> None:
    for table, column in (
        ("files", "mode"), ("blobs", "oid"), ("blobs", "sha256"), ("captures", "captured_at"),
        ("versions", "own"), ("commits", "authored_at"), ("snapshots", "tree_oid"),
        ("runs", "options"), ("runs", "started_at"), ("events", "payload"), ("events", "digest"),
        ("events", "at"), ("manifests", "sha256"), ("manifests", "created_at"),
    ):  # fmt: skip
        for strange in ("x", 7, b"\0\xff", "[" * 9000):
            sqlite.restore()
            sqlite.change(
                f'UPDATE "{table}" SET "{column}" = :new WHERE {match(table)}',  # noqa: S608
                new=strange,
                **key_values(table, sqlite.row(table)),
            )
            sqlite.assert_found("catalogue.db", name_of(table, sqlite.row(table)))


def test_every_table_is_in_the_ledger_or_proved_otherwise() -> None:
    assert set(CALLED) == set(OUTSIDE_LEDGER)
    assert {table.name for table in ledger_tables()} | set(OUTSIDE_LEDGER) == set(TABLES)


def test_an_event_that_was_sealed_by_someone_else_is_found(sqlite: Victim) -> None:
    """Someone who knows how events are sealed adds one that tells of a run that never was."""
    with writing(sqlite.database) as connection:
        append(connection, 1, kind="run", at=LATER, payload={"run": {"id": 2}, "counts": []})
    sqlite.assert_found("a run of the event log is gone")
    assert verify(sqlite.folder).levels[Level.CATALOGUE].verdict is Verdict.PASS
