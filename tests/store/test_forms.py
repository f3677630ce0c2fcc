"""The functions put together for each table say what `plain` and `canonical` say at length."""

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    insert,
    select,
    type_coerce,
)
from sqlalchemy.types import NullType, TypeEngine

from pipeline.model import Sha256
from pipeline.store.base import Base
from pipeline.store.forms import Form, form_of
from pipeline.store.intake import Shelf
from pipeline.store.rows import plain
from pipeline.store.session import altering
from pipeline.store.types import CleanText, Day, Json, Sha256Type, UtcDateTime, canonical
from tests.databases import Server

ALL_KINDS = Table(
    "kinds",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column('zoë\'s "100 %s"', CleanText),
    Column("oid", String(64)),
    Column("at", UtcDateTime),
    Column("day", Day),
    Column("digest", Sha256Type),
    Column("raw", LargeBinary),
    Column("own", Json),
    Column("draft", Boolean),
    Column("weight", Float),
)
FORM = Form(ALL_KINDS)

ANY_TEXT = st.text(st.characters(exclude_categories=[]))
FRONT_MATTER = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**4000), 2**4000),
        st.floats(),
        ANY_TEXT,
        st.dates(),
        st.datetimes(),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(ANY_TEXT, st.integers(), st.none()), inner, max_size=4),
    ),
    max_leaves=12,
)
MOMENTS = st.datetimes(
    min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29), timezones=st.timezones()  # noqa: DTZ001
)  # fmt: skip
ROWS = st.fixed_dictionaries(
    {"id": st.integers(-(2**31), 2**31 - 1)},
    optional={
        'zoë\'s "100 %s"': ANY_TEXT,
        "oid": st.text("0123456789abcdef", max_size=64),
        "at": MOMENTS,
        "day": st.dates(),
        "digest": st.binary(max_size=9).map(Sha256.of),
        "raw": st.binary(max_size=9),
        "own": FRONT_MATTER,
        "draft": st.booleans(),
        "weight": st.floats(allow_nan=False, allow_infinity=False),
    },
).map(lambda values: dict.fromkeys(ALL_KINDS.columns.keys()) | values)


def kept(row: dict[str, Any]) -> dict[str, Any]:
    """Give a row as a shelf keeps it."""
    shelf = Shelf(_both()[0][0], ALL_KINDS, ("id",), None)
    assert shelf.put(**row) == row["id"]
    return shelf.new[row["id"],]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(row=ROWS)
def test_a_row_is_the_canonical_json_of_its_plain_values(row: dict[str, Any]) -> None:
    assert FORM.text(kept(row)) == canonical(plain(ALL_KINDS, row))
    assert json.loads(FORM.text(kept(row))).keys() == row.keys()


@settings(max_examples=120, deadline=None, derandomize=True)
@given(row=ROWS)
def test_what_a_driver_gives_is_the_same_text(row: dict[str, Any]) -> None:
    for connection, read in _both():
        connection.execute(ALL_KINDS.delete())
        connection.execute(insert(ALL_KINDS), [row])
        assert read(_raw(connection)) == FORM.text(kept(row))


@settings(max_examples=120, deadline=None, derandomize=True)
@given(row=ROWS)
def test_what_is_bound_in_one_step_is_what_our_types_bind(row: dict[str, Any]) -> None:
    connection, read = _both()[0]
    statement = str(insert(ALL_KINDS).compile(dialect=connection.dialect))
    connection.execute(ALL_KINDS.delete())
    connection.exec_driver_sql(statement, FORM.bound(kept(row)))
    once = _raw(connection)
    connection.execute(ALL_KINDS.delete())
    connection.execute(insert(ALL_KINDS), [row])
    assert _raw(connection) == once
    assert read(once) == FORM.text(kept(row))


Reading = tuple[Connection, Callable[[Any], str]]
_OPEN: list[Reading] = []


def _both() -> list[Reading]:
    return _OPEN


@pytest.fixture(scope="module", autouse=True)
def _databases(postgres: Server) -> Any:  # noqa: ANN401 - pytest's generator
    """Open one table of all kinds in each engine."""
    with (
        postgres.empty() as url,
        altering("sqlite:///unused.db", rehearse=True) as sqlite,
        altering(url, rehearse=True) as postgresql,
    ):
        for connection in (sqlite, postgresql):
            ALL_KINDS.create(connection)
        _OPEN.extend([(sqlite, FORM.from_sqlite), (postgresql, FORM.from_postgres)])
        yield
        _OPEN.clear()


def _raw(connection: Connection) -> tuple[Any, ...]:
    columns = (type_coerce(ALL_KINDS.c[name], NullType()) for name in FORM.columns)
    return tuple(connection.execute(select(*columns)).one())


#: For each kind of column a good value as SQLite gives it, and what somebody could put there.
STRANGE: list[tuple[str, Any, list[Any]]] = [
    ("id", 1, [1.5, "1", b"1", '1,"oid":2', math.inf]),
    ('zoë\'s "100 %s"', "a", [1, 1.5, b"a", "a\0", "A"]),
    ("oid", "ab", [7, b"ab"]),
    ("at", "2023-11-01T09:30:00.000000Z", [5, b"2023", "2023-11-01T09:30:00Z", "soon"]),
    ("day", "2023-11-01", [20231101, "2023-11-1", b"2023-11-01"]),
    ("digest", bytes(32), [0, 1.5, "00" * 32, bytes(31)]),
    ("raw", b"\xff", ["ff", 255, 1.5]),
    ("own", '{"a":1}', ["{", "[" * 9000, 5, 1.5, b"\0\xff", '{"a":1.0}', '{"a":true}']),
    ("draft", 1, ["maybe", 2, 0, b"1"]),
    ("weight", 1.0, [1, "1.0", b"1", math.inf]),
]


@pytest.mark.parametrize(("name", "good", "values"), STRANGE, ids=lambda value: str(value)[:12])
def test_a_value_that_none_of_our_types_wrote_never_passes(
    name: str, good: object, values: list[Any]
) -> None:
    honest: list[Any] = [None] * len(FORM.columns)
    honest[FORM.columns.index(name)] = good
    expected = FORM.from_sqlite(honest)
    for value in [*values, None]:
        row = [value if column == name else None for column in FORM.columns]
        try:
            assert FORM.from_sqlite(row) != expected, value
        except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
            continue  # which is told as a row that was changed


def test_a_time_without_a_zone_is_refused() -> None:
    row = dict.fromkeys(ALL_KINDS.columns.keys()) | {"at": datetime(2023, 1, 1)}  # noqa: DTZ001
    for make in (FORM.text, FORM.bound):
        with pytest.raises(ValueError, match="needs a time zone"):
            make(row)


def test_a_time_is_no_day() -> None:
    row = dict.fromkeys(ALL_KINDS.columns.keys()) | {"day": datetime(2023, 1, 1, tzinfo=UTC)}
    with pytest.raises(TypeError):
        FORM.text(row)


@pytest.mark.parametrize("name", sorted(Base.metadata.tables))
def test_every_table_has_a_form(name: str) -> None:
    form, table = form_of(name), Base.metadata.tables[name]
    assert list(form.columns) == sorted(table.columns.keys())
    assert form.key == tuple(table.primary_key.columns.keys())
    empty = dict.fromkeys(form.columns)
    assert form.text(empty) == canonical(empty)
    assert form.bound(empty) == tuple(empty.values())


def test_a_type_that_has_no_form_is_refused() -> None:
    kind: TypeEngine[Any] = Date()
    with pytest.raises(TypeError):
        Form(Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("d", kind)))
