"""Rows as plain values: the form that is hashed, written to the ledger and compared."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    select,
    type_coerce,
)
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.types import NullType

from pipeline.model import Sha256
from pipeline.store import tables  # noqa: F401 - importing registers the tables
from pipeline.store.base import Base
from pipeline.store.forms import form_of
from pipeline.store.types import Json, clean, jsonable, utc_text

#: Tables without a site of their own: the column that leads to their owner, and its table.
OWNER = {
    "addresses": ("publication_id", "publications"),
    "assets": ("file_id", "files"),
    "captures": ("warc_file_id", "warc_files"),
    "commit_parents": ("commit_id", "commits"),
    "dates": ("version_id", "versions"),
    "findings": ("snapshot_id", "snapshots"),
    "joins": ("new_stay_id", "stays"),
    "links": ("version_id", "versions"),
    "mentions": ("version_id", "versions"),
    "pages": ("url_id", "urls"),
    "parts": ("version_id", "versions"),
    "publications": ("file_id", "files"),
    "reasons": ("join_id", "joins"),
    "redirects": ("file_id", "files"),
    "relations": ("one_stay_id", "stays"),
    "run_counts": ("run_id", "runs"),
    "series_members": ("series_id", "series"),
    "snapshot_files": ("snapshot_id", "snapshots"),
    "spans": ("file_id", "files"),
    "stays": ("document_id", "documents"),
    "taggings": ("version_id", "versions"),
    "versions": ("file_id", "files"),
}
#: What is proved by other means than the ledger: events by their chain, manifests by the files on
#: disk, runs and their counts by the events that tell of them.
OUTSIDE_LEDGER = frozenset({"events", "manifests", "runs", "run_counts"})
BATCH = 1000  # rows read at once
#: What reading a value raises that none of our types could have written.
UNREADABLE = (AttributeError, LookupError, RecursionError, TypeError, ValueError)


def plain(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Turn one row into JSON values: digests and bytes as hex, times as ISO 8601 in UTC."""
    return {
        column.name: _plain(row[column.name], is_json=isinstance(column.type, Json))
        for column in table.columns
    }


def _plain(value: Any, *, is_json: bool) -> Any:  # noqa: ANN401
    if is_json:
        return jsonable(value)
    match value:
        case Sha256():
            return value.hex
        case bytes() | memoryview():
            return bytes(value).hex()
        case date() if not isinstance(value, datetime):
            return value.isoformat()
        case datetime():
            return utc_text(value)
        case str():
            return clean(value)
        case float():
            return value + 0.0  # never -0.0, which SQLite does not know
        case _:
            return value


@cache
def ledger_tables() -> tuple[Table, ...]:
    """Name the tables whose rows the ledger holds, parents before children."""
    return tuple(t for t in Base.metadata.sorted_tables if t.name not in OUTSIDE_LEDGER)


def of_site(table: Table, site_id: int) -> ColumnElement[bool]:
    """Make the condition that a row belongs to a site."""
    if table.name == "sites":
        return table.c.id == site_id
    if "site_id" in table.columns:
        return table.c.site_id == site_id
    column, name = OWNER[table.name]
    owner = Base.metadata.tables[name]
    return table.c[column].in_(select(owner.c.id).where(of_site(owner, site_id)))


def stored_rows(connection: Connection, table: Table, site_id: int) -> Iterator[dict[str, Any]]:
    """Read a site's rows in the order of their key, as plain values.

    A row that someone gave values that are none of ours comes as its key alone.
    """
    form = form_of(table.name)
    for key, text in stored_texts(connection, table, site_id):
        yield dict(zip(form.key, key, strict=True)) if text is None else json.loads(text)


def stored_texts(
    connection: Connection, table: Table, site_id: int
) -> Iterator[tuple[tuple[Any, ...], bytes | None]]:
    """Read a site's rows in the order of their key: that, and the canonical JSON of the row.

    None stands for the JSON of a row that someone gave values that are none of ours.
    """
    reader = _Reader(connection, table)
    keys = list(table.primary_key.columns)
    mine = reader.rows(of_site(table, site_id)).order_by(*keys)
    read = 0
    try:
        found = connection.execute(mine, execution_options={"yield_per": BATCH})
        for batch in found.partitions():
            yield from reader.texts(batch)
            read += len(batch)
    except DBAPIError as error:
        if not _unreadable(error):
            raise
    else:
        return
    # The driver itself could not make a value of ours of what is there: find out in which rows.
    ids = connection.execute(select(*keys).where(of_site(table, site_id)).order_by(*keys)).all()
    for key in ids[read:]:
        yield tuple(key), reader.alone(key)


class _Reader:
    """Reads rows as the driver gives them, past our types: their text is made in one step."""

    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._keys = list(table.primary_key.columns)
        form = form_of(table.name)
        self._columns = [type_coerce(table.c[name], NullType()) for name in form.columns]
        self._key = form.key_of
        sqlite = connection.dialect.name == "sqlite"
        self._read = form.from_sqlite if sqlite else form.from_postgres

    def rows(self, condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
        return select(*self._columns).where(condition)

    def texts(self, rows: Sequence[Row[Any]]) -> list[tuple[tuple[Any, ...], bytes | None]]:
        key, read = self._key, self._read
        try:
            return [(key(row), read(row).encode()) for row in rows]
        except UNREADABLE:  # some row is none of ours: one by one, then
            return [(key(row), self.text(row)) for row in rows]

    def text(self, row: Row[Any]) -> bytes | None:
        try:
            return self._read(row).encode()
        except UNREADABLE:
            return None

    def alone(self, key: Row[Any]) -> bytes | None:
        same = and_(*(column == part for column, part in zip(self._keys, key, strict=True)))
        try:
            row = self._connection.execute(self.rows(same)).one()
        except DBAPIError as error:
            if not _unreadable(error):
                raise
            return None
        return self.text(row)


def _unreadable(error: DBAPIError) -> bool:
    # A time beyond the year 9999 in PostgreSQL; text in SQLite that is not UTF-8.
    return isinstance(error, DataError) or "decode to UTF-8" in str(error.orig)
