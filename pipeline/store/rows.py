"""Rows as plain values: the form that is hashed, written to the ledger and compared."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, select, tuple_
from sqlalchemy.exc import DataError

from pipeline.model import Sha256
from pipeline.store import tables  # noqa: F401 - importing registers the tables
from pipeline.store.base import Base
from pipeline.store.types import Json, clean, jsonable

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
BATCH = 1000
#: What reading a value raises that none of our types could have written.
UNREADABLE = (DataError, TypeError, ValueError)


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
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")
        case str():
            return clean(value)
        case _:
            return value


def key_of(table: Table, row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Give the primary key of a row."""
    return tuple(row[column.name] for column in table.primary_key.columns)


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
    """Read a site's rows in the order of their key, as plain values, a thousand at a time.

    A row that someone gave values that are none of ours comes as its key alone.
    """
    keys = list(table.primary_key.columns)
    mine = select(*keys).where(of_site(table, site_id)).order_by(*keys)
    found = connection.execute(mine, execution_options={"yield_per": BATCH})
    for batch in found.partitions():
        try:
            rows = _rows(connection, table, batch)
        except UNREADABLE:
            rows = [_row_or_key(connection, table, key) for key in batch]
        yield from rows


def _rows(connection: Connection, table: Table, ids: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    keys = list(table.primary_key.columns)
    match = tuple_(*keys).in_(ids) if len(keys) > 1 else keys[0].in_([key[0] for key in ids])
    statement = select(table).where(match).order_by(*keys)
    return [plain(table, dict(row)) for row in connection.execute(statement).mappings()]


def _row_or_key(connection: Connection, table: Table, key: Row[Any]) -> dict[str, Any]:
    try:
        return _rows(connection, table, [key])[0]
    except UNREADABLE:
        return {column.name: part for column, part in zip(table.primary_key, key, strict=True)}
