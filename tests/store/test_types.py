"""What is written is what is read, and the same in both databases."""

import math
from collections import OrderedDict
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from pipeline.model import Sha256
from pipeline.store.session import altering
from pipeline.store.types import (
    CleanText,
    Json,
    Sha256Type,
    UtcDateTime,
    canonical,
    clean,
    jsonable,
)
from tests.databases import Server

THINGS = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("text", CleanText),
    Column("at", UtcDateTime),
    Column("digest", Sha256Type),
    Column("json", Json),
)
EAST = timezone(timedelta(hours=5, minutes=30))


class Colour(Enum):
    RED = "red"


def stored(connection: Connection, **values: Any) -> Any:  # noqa: ANN401 - a row of `things`
    """Write one row and read it again."""
    THINGS.create(connection, checkfirst=True)
    connection.execute(THINGS.delete())
    connection.execute(insert(THINGS).values(id=1, **values))
    return connection.execute(select(THINGS)).one()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("plain", "plain"),
        ("", ""),
        ("a\0b", "a\ufffdb"),
        ("\ud800", "\ufffd"),
        ("a\udcffb\udc80", "a\ufffdb\ufffd"),
        ("\ud83d\ude00", "\ufffd\ufffd"),
        ("naïve ⚓ 𐍈 \u202e", "naïve ⚓ 𐍈 \u202e"),
        ("line\r\nline\x01\x7f", "line\r\nline\x01\x7f"),
        (None, None),
    ],
)
def test_text_keeps_all_that_both_databases_take(
    lasting_url: str, written: str | None, read: str | None
) -> None:
    with altering(lasting_url, rehearse=True) as connection:
        assert stored(connection, text=written).text == read


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2023, 11, 1, 9, 30, tzinfo=UTC),
        datetime(2023, 11, 1, 9, 30, 0, 1, tzinfo=EAST),
        datetime(2023, 11, 1, tzinfo=timezone(-timedelta(hours=23, minutes=59, seconds=59))),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(850, 6, 7, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        None,
    ],
)
def test_a_time_is_read_in_utc_whatever_its_offset_was(
    lasting_url: str, moment: datetime | None
) -> None:
    with altering(lasting_url, rehearse=True) as connection:
        found = stored(connection, at=moment).at
    assert found == moment
    assert moment is None or found.tzinfo is UTC or found.utcoffset() == timedelta()


def test_times_sort_by_time_in_both(lasting_url: str) -> None:
    moments = [
        datetime(999, 12, 31, tzinfo=UTC),
        datetime(2023, 3, 26, 1, 59, tzinfo=EAST),
        datetime(2023, 3, 26, tzinfo=UTC),
        datetime(2023, 3, 26, 0, 0, 0, 1, tzinfo=UTC),
    ]
    with altering(lasting_url, rehearse=True) as connection:
        THINGS.create(connection)
        rows = [{"id": n, "at": moment} for n, moment in enumerate(reversed(moments))]
        connection.execute(insert(THINGS), rows)
        assert list(connection.scalars(select(THINGS.c.at).order_by(THINGS.c.at))) == moments


def test_a_time_without_a_zone_is_refused(lasting_url: str) -> None:
    with altering(lasting_url, rehearse=True) as connection:
        THINGS.create(connection)
        with pytest.raises(StatementError, match="needs a time zone"):
            connection.execute(insert(THINGS).values(at=datetime(2023, 1, 1)))  # noqa: DTZ001


def test_a_digest_is_32_bytes(lasting_url: str) -> None:
    with altering(lasting_url, rehearse=True) as connection:
        assert stored(connection, digest=Sha256.of(b"x")).digest == Sha256.of(b"x")
        assert stored(connection, digest=None).digest is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        ("text", '"text"'),
        ("5", '"5"'),
        ('{"a": 1}', '"{\\"a\\": 1}"'),
        ("a\0\ud800", '"a\ufffd\ufffd"'),
        (0, "0"),
        (-(2**70), "-1180591620717411303424"),
        (2**4095, str(2**4095)),
        (2**5000, f'"{hex(2**5000)}"'),
        (1.5, "1.5"),
        (1.0, "1.0"),
        (1e22, "10000000000000000000000"),
        (1e-7, "1e-07"),
        (5e-324, "5e-324"),
        (1.7976931348623157e308, str(int(1.7976931348623157e308))),
        (-0.0, "0.0"),
        (math.inf, '"inf"'),
        (-math.inf, '"-inf"'),
        (math.nan, '"nan"'),
        (date(2023, 11, 1), '"2023-11-01"'),
        (datetime(2023, 11, 1, 9, tzinfo=EAST), '"2023-11-01T09:00:00+05:30"'),
        (datetime(2023, 11, 1, 9), '"2023-11-01T09:00:00"'),  # noqa: DTZ001 - as YAML gives it
        ((1, [2, (3,)]), "[1,[2,[3]]]"),
        (frozenset({7}), "[7]"),
        (OrderedDict(b=1, a={"d": 1, "c": None}), '{"a":{"c":null,"d":1},"b":1}'),
        ({1: "a", None: "b", date(2023, 1, 1): "c", "\0": "d"},
         '{"1":"a","2023-01-01":"c","None":"b","\ufffd":"d"}'),
        (Colour.RED, '"red"'),
        (b"raw", '"b\'raw\'"'),
        ({}, "{}"),
        ([], "[]"),
        ("", '""'),
    ],
)  # fmt: skip
def test_json_is_the_same_when_read_again(
    lasting_url: str,
    value: Any,  # noqa: ANN401 - front matter holds anything
    text: str,
) -> None:
    with altering(lasting_url, rehearse=True) as connection:
        found = stored(connection, json=value).json
    assert canonical(jsonable(value)) == text
    assert canonical(found) == text


NUMBERS = st.one_of(
    st.integers(),
    st.integers(min_value=-(2**4000), max_value=2**4000),
    st.floats(),
    st.floats(width=16),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    NUMBERS,
    st.text(),
    st.dates(),
    st.datetimes(timezones=st.one_of(st.none(), st.timezones())),
)
FRONT_MATTER = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)
MOMENTS = st.datetimes(
    min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29), timezones=st.timezones()  # noqa: DTZ001
)  # fmt: skip


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(value=FRONT_MATTER, words=st.text(st.characters(exclude_categories=[])), at=MOMENTS)
def test_both_databases_give_back_one_canonical_text(
    both: tuple[Connection, Connection],
    value: Any,  # noqa: ANN401 - as above
    words: str,
    at: datetime,
) -> None:
    for connection in both:
        row = stored(connection, json=value, text=words, at=at)
        assert canonical(row.json) == canonical(jsonable(value))
        assert canonical(row.json) == canonical(jsonable(row.json))
        assert row.text == clean(words)
        assert row.at == at.astimezone(UTC)  # a folded time equals itself in no other zone


@pytest.fixture
def both(postgres: Server) -> Any:  # noqa: ANN401 - pytest's generator
    """Give a connection to a catalogue in each engine."""
    with (
        postgres.empty() as url,
        altering("sqlite:///unused.db", rehearse=True) as sqlite,
        altering(url, rehearse=True) as postgresql,
    ):
        yield sqlite, postgresql
