"""Collect the rows of one run, each once, with ids given by us; write them in one go.

A natural key decides whether a row is there already. Rows that are new, changed or dropped are kept
as changes: the same list goes to the database and, sealed, to the archive's ledger.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from pipeline.store.base import Base
from pipeline.store.forms import form_of
from pipeline.store.rows import OWNER, of_site
from pipeline.store.types import CleanText, Json, canonical, clean, jsonable

BATCH = 500
KEY = "key_"  # before the names of parameters: those of columns are taken
#: Rows that lead to their owner by these are written once, or replaced with it; never looked up.
CHILD_COLUMNS = frozenset({"version_id", "snapshot_id", "commit_id", "run_id", "warc_file_id"})


class Operation(Enum):
    """What happens to a row."""

    PUT = "put"
    DROP = "drop"


class Change(NamedTuple):
    """One row that a run wrote or dropped; `values` are only those of the key for a drop.

    A tuple, as a run makes tens of thousands: a frozen dataclass takes three times as long.
    """

    operation: Operation
    table: str
    values: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The row as canonical JSON."""
        if self.operation is Operation.DROP:
            return canonical(self.values)
        return form_of(self.table).text(self.values)


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
        self._texts = [c.name for c in table.columns if isinstance(c.type, CleanText | String)]
        self._json = [column.name for column in table.columns if isinstance(column.type, Json)]
        self._blank: dict[str, Any] = dict.fromkeys(table.columns.keys())
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
        # As it will be stored, made so once: else a row would never equal itself when read again.
        for name in self._texts:
            value = values.get(name)
            if value is not None and (not value.isascii() or "\0" in value):
                values[name] = clean(value)
        for name in self._json:
            if name in values:
                values[name] = jsonable(values[name])
        key = tuple([values[name] for name in self._key])
        row = self.new.get(key) or self._known.get(key)
        if row is None:
            row = self._blank.copy()
            if self._has_id:
                row["id"] = self._next
                self._next += 1
            row.update(values)
            self.new[key] = row
        elif row | values != row:
            self._complete(row)
            row.update(values)
            if key not in self.new:
                self.changed[key] = row
        return int(row["id"]) if self._has_id else 0

    def _complete(self, row: dict[str, Any]) -> None:
        """Read the columns that were left out: a row that is changed goes to the ledger whole."""
        if len(row) < len(self.table.columns):
            match = [column == row[column.name] for column in self.table.primary_key.columns]
            stored = self._connection.execute(select(self.table).where(*match)).mappings().one()
            row.update({name: value for name, value in stored.items() if name not in row})

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
            yield Change(operation=Operation.DROP, table=self.table.name, values=kept)
        for row in [*self.changed.values(), *self.new.values()]:
            yield Change(operation=Operation.PUT, table=self.table.name, values=row)

    def drop(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Delete rows from the database."""
        if rows:
            connection.execute(delete(self.table).where(*self._matches()), self._keys(rows))

    def write(self, connection: Connection) -> None:
        """Write what is new or changed."""
        # Rows of which only some columns were read have only those: one statement for each set.
        by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for row in self.changed.values():
            by_columns[tuple(row)].append(row)
        for rows in by_columns.values():
            values = [row | key for row, key in zip(rows, self._keys(rows), strict=True)]
            connection.execute(update(self.table).where(*self._matches()), values)
        new = list(self.new.values())
        for start in range(0, len(new), BATCH):
            _insert(connection, self.table, new[start : start + BATCH])

    def _matches(self) -> list[ColumnElement[bool]]:
        return [c == bindparam(f"{KEY}{c.name}", type_=c.type) for c in self.table.primary_key]

    def _keys(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        names = [column.name for column in self.table.primary_key]
        return [{f"{KEY}{name}": row[name] for name in names} for row in rows]


def _insert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    if connection.dialect.name != "sqlite":
        connection.execute(insert(table), rows)
        return
    # The same statement, but a row is bound in one step instead of one call for each of its values.
    statement = str(insert(table).compile(dialect=connection.dialect))
    bound = form_of(table.name).bound
    connection.exec_driver_sql(statement, [bound(row) for row in rows])


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
