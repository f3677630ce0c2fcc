"""Collect the rows of one run, each once, with ids given by us; write them in one go.

A natural key decides whether a row is there already. Rows that are new, changed or dropped are kept
as changes: the same list goes to the database and, sealed, to the archive's ledger.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, insert, select, update

from pipeline.store.base import Base
from pipeline.store.rows import OWNER, key_of, of_site, plain
from pipeline.store.types import clean

BATCH = 500
#: Rows that lead to their owner by these are written once, or replaced with it; never looked up.
CHILD_COLUMNS = frozenset({"version_id", "snapshot_id", "commit_id", "run_id", "warc_file_id"})


class Operation(Enum):
    """What happens to a row."""

    PUT = "put"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row that a run wrote or dropped; `row` holds plain values, only the key for a drop."""

    operation: Operation
    table: str
    row: dict[str, Any]


class Shelf:
    """One table's rows by their natural key, as far as one site needs them."""

    def __init__(
        self,
        connection: Connection,
        table: Table,
        key: tuple[str, ...],
        load: Select[*tuple[Any, ...]] | None,
    ) -> None:
        """Read what is there already, as far as `load` selects it."""
        self.table = table
        self._connection = connection
        self._key = key
        self._has_id = "id" in table.columns
        self._known: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.new: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.changed: dict[tuple[Any, ...], dict[str, Any]] = {}
        self.dropped: list[dict[str, Any]] = []
        self.retired: list[dict[str, Any]] = []
        self._owned: dict[str, dict[int, list[tuple[Any, ...]]]] = {}
        if load is not None:
            for row in connection.execute(load).mappings():
                self._known[tuple(row[name] for name in key)] = dict(row)
        top = connection.scalar(select(func.max(table.c.id))) if self._has_id else None
        self._next = (top or 0) + 1

    def get(self, *key: Any) -> dict[str, Any] | None:  # noqa: ANN401
        """Find a row by its natural key, stored or collected."""
        return self.new.get(key) or self._known.get(key)

    def put(self, **values: Any) -> int:  # noqa: ANN401
        """Keep a row; give its id. A row that is there already is changed where values differ."""
        # Cleaned as it will be stored: else a row would never equal itself when read again.
        values = {n: clean(v) if isinstance(v, str) else v for n, v in values.items()}
        key = tuple(values[name] for name in self._key)
        row = self.get(*key)
        if row is None:
            row = dict.fromkeys(self.table.columns.keys())
            if self._has_id:
                row["id"] = self._next
                self._next += 1
            row.update(values)
            self.new[key] = row
        elif any(name not in row or row[name] != value for name, value in values.items()):
            row.update(values)
            if key not in self.new:
                self.changed[key] = row
        return int(row["id"]) if self._has_id else 0

    def drop_children(self, column: str, parents: Collection[int]) -> None:
        """Drop the stored rows whose `column` holds one of these ids."""
        keys = list(self.table.primary_key.columns)
        ids = sorted(parents)
        for start in range(0, len(ids), BATCH):
            batch = ids[start : start + BATCH]
            statement = select(*keys).where(self.table.c[column].in_(batch)).order_by(*keys)
            self.dropped += [dict(row) for row in self._connection.execute(statement).mappings()]

    def drop_others(self, column: str, owner: int, kept: Collection[tuple[Any, ...]]) -> None:
        """Drop the stored rows of one owner but those with these natural keys."""
        if column not in self._owned:
            index = self._owned[column] = defaultdict(list)
            for key, row in self._known.items():
                index[row[column]].append(key)
        for key in self._owned[column].pop(owner, ()):
            if key not in kept and key in self._known:
                self.dropped.append(self._known.pop(key))
                self.changed.pop(key, None)

    def keep_only(self, kept: Iterable[tuple[Any, ...]]) -> None:
        """Drop all stored rows but those with these natural keys."""
        wanted = set(kept)
        for key in [key for key in self._known if key not in wanted]:
            self.dropped.append(self._known.pop(key))
            self.changed.pop(key, None)

    def retire(self, *key: Any) -> None:  # noqa: ANN401
        """Drop a stored row that others point at until this run is written: it goes last."""
        self.retired.append(self._known.pop(key))
        self.changed.pop(key, None)

    def stored(self) -> Iterator[dict[str, Any]]:
        """Give the rows that were there before this run."""
        yield from self._known.values()

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give all rows, stored and collected."""
        yield from self._known.values()
        yield from self.new.values()

    def changes(self) -> Iterator[Change]:
        """Give the changes in the order in which they must be applied."""
        for row in [*self.dropped, *self.retired]:
            kept = {column.name: row[column.name] for column in self.table.primary_key.columns}
            yield Change(operation=Operation.DROP, table=self.table.name, row=kept)
        for row in [*self.changed.values(), *self.new.values()]:
            yield Change(operation=Operation.PUT, table=self.table.name, row=plain(self.table, row))

    def drop(self, connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
        """Delete rows from the database."""
        for row in rows:
            match = [column == row[column.name] for column in self.table.primary_key.columns]
            connection.execute(delete(self.table).where(*match))

    def write(self, connection: Connection) -> None:
        """Write what is new or changed."""
        keys = self.table.primary_key.columns
        for row in self.changed.values():
            match = [
                column == value for column, value in zip(keys, key_of(self.table, row), strict=True)
            ]
            connection.execute(update(self.table).where(*match).values(**row))
        new = list(self.new.values())
        for start in range(0, len(new), BATCH):
            connection.execute(insert(self.table), new[start : start + BATCH])


class Intake:
    """All shelves of one run of one site."""

    def __init__(self, connection: Connection, site_id: int) -> None:
        """Nothing is read until a shelf is asked for."""
        self._connection = connection
        self._site_id = site_id
        self._shelves: dict[str, Shelf] = {}

    def shelf(self, row_class: type[Base], *key: str, columns: Sequence[str] = ()) -> Shelf:
        """Open the shelf of a table; the first call names its natural key.

        With `columns` only these are read of the rows that are there, enough to know them again.
        Tables that belong to a version are not read at all: their rows are replaced with it.
        """
        name = row_class.__tablename__
        if name not in self._shelves:
            table = Base.metadata.tables[name]
            load = self._stored(table, columns)
            self._shelves[name] = Shelf(self._connection, table, key, load)
        return self._shelves[name]

    def _stored(self, table: Table, columns: Sequence[str]) -> Select[*tuple[Any, ...]] | None:
        if OWNER.get(table.name, ("", ""))[0] in CHILD_COLUMNS:
            return None
        wanted = [table.c[name] for name in columns] or list(table.columns)
        statement = select(*wanted)
        if table.name == "sites":  # a new site has no id yet: it is found by its key
            return statement
        return statement.where(of_site(table, self._site_id))

    def _in_order(self) -> list[Shelf]:
        # Parents before children, so that foreign keys hold at every step.
        return [
            self._shelves[table.name]
            for table in Base.metadata.sorted_tables
            if table.name in self._shelves
        ]

    def changes(self) -> Iterator[Change]:
        """Give the changes of all shelves."""
        for shelf in self._in_order():
            yield from shelf.changes()

    def write(self) -> None:
        """Write all changes to the database.

        Drops come first, children before their parents: new rows may take the keys of dropped ones.
        What was retired goes when nothing points at it any more.
        """
        shelves = self._in_order()
        for shelf in reversed(shelves):
            shelf.drop(self._connection, shelf.dropped)
        for shelf in shelves:
            shelf.write(self._connection)
        for shelf in reversed(shelves):
            shelf.drop(self._connection, shelf.retired)
