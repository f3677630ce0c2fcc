"""The ledger: every row that runs wrote, as JSON lines sealed in the archive beside the records.

It makes the catalogue checkable row by row, and rebuildable without the database.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import Connection

from pipeline.store.forms import form_of
from pipeline.store.intake import Change, Operation
from pipeline.store.rows import ledger_tables, stored_texts
from pipeline.store.types import canonical
from pipeline.warc.bearable import VALUES_MOST, is_bearable

Key = tuple[Any, ...]

PUT = b'{"put":"'
LONE_SURROGATE = b"\\ud"  # the escape begins so; `lines` writes none
DIGITS = re.compile(rb"(-?[0-9]+)[,}]")


class Deviation(Enum):
    """How a row of the database differs from the ledger."""

    MISSING = "missing"
    CHANGED = "changed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A row that is not what the ledger says."""

    deviation: Deviation
    table: str
    key: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.table}:{'/'.join(str(part) for part in self.key)}"


def lines(changes: Iterable[Change]) -> Iterator[bytes]:
    """Write changes as JSON lines: `{"put": TABLE, "row": {...}}` or `{"drop": ...}`."""
    for change in changes:
        row = change.text  # canonical itself, so that this is what `canonical` makes of the line
        word = "put" if change.operation is Operation.PUT else "drop"  # to ask an Enum takes longer
        yield f'{{"{word}":"{change.table}","row":{row}}}\n'.encode()


class Expected:
    """What the catalogue should hold, by replaying ledgers from the first to the last.

    Only a short digest of each row is kept in memory.
    """

    def __init__(self) -> None:
        self._rows: dict[str, dict[Key, bytes]] = {table.name: {} for table in ledger_tables()}
        self._dropped: set[tuple[str, Key]] = set()

    def __len__(self) -> int:
        return sum(map(len, self._rows.values()))

    def apply(self, line: bytes) -> None:
        """Take one line. Raises ValueError when it is not a line of a ledger."""
        glanced = _glance(line)
        if glanced is not None:
            table, key, row = glanced
            self._rows[table][key] = _fingerprint(row)
            return
        operation, table, values = _read(line)
        key = tuple(values[name] for name in form_of(table).key)
        if operation is Operation.PUT:
            row = _as_written(line, _start(table)) or canonical(values).encode()
            self._rows[table][key] = _fingerprint(row)
        else:
            self._rows[table].pop(key, None)
            self._dropped.add((table, key))

    def differences(
        self, connection: Connection, site_id: int, *, whole: bool = True
    ) -> Iterator[Difference]:
        """Compare with a site's rows in a database, one by one; leaves this object empty.

        With `whole` False the first ledgers were left out: of rows that none of the others tells of
        nothing is said.
        """
        for table in ledger_tables():
            rows = self._rows[table.name]
            for key, row in stored_texts(connection, table, site_id):
                wanted = rows.pop(key, None)
                if wanted is None:
                    if not whole and (table.name, key) not in self._dropped:
                        continue
                    yield Difference(deviation=Deviation.UNKNOWN, table=table.name, key=key)
                elif row is None or wanted != _fingerprint(row):
                    yield Difference(deviation=Deviation.CHANGED, table=table.name, key=key)
        for name, rows in self._rows.items():
            for key in rows:
                yield Difference(deviation=Deviation.MISSING, table=name, key=key)
            rows.clear()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """How `lines` writes a row of a table: what stands before it, and before each part of the key.

    A name of a column cannot stand there by chance, for quotes within text are escaped, but in JSON
    values it can: in a table that is `nested` it counts only where the line has it once.
    """

    table: str
    start: bytes
    key: tuple[bytes, ...]
    nested: bool


@cache
def _shapes() -> Mapping[bytes, _Shape]:
    forms = ((table.name, form_of(table.name)) for table in ledger_tables())
    return {
        name.encode(): _Shape(
            table=name,
            start=_start(name),
            key=tuple(
                ("{" if column == form.columns[0] else ",").encode() + f'"{column}":'.encode()
                for column in form.key
            ),
            nested=form.nested,
        )
        for name, form in forms
    }


def _glance(line: bytes) -> tuple[str, Key, bytes] | None:
    """Take a line as `lines` writes it, without reading it through; None: it must be read.

    What is overlooked here cannot make a row pass: it does so only if these very bytes are what
    the row with this key in the database gives.
    """
    shape = _shapes().get(line[len(PUT) : line.find(b'"', len(PUT))])
    row = None if shape is None else _as_written(line, shape.start)
    if shape is None or row is None:
        return None
    key = []
    for name in shape.key:
        place = line.find(name, len(shape.start))
        number = DIGITS.match(line, place + len(name)) if place >= 0 else None
        if number is None or (shape.nested and line.count(name) > 1):
            return None
        key.append(int(number[1]))
    return shape.table, tuple(key), row


def _start(table: str) -> bytes:
    return PUT + f'{table}","row":'.encode()


def _as_written(line: bytes, start: bytes) -> bytes | None:
    """Give the row in a line as it stands there, if that is how `lines` writes one."""
    written = line.startswith(start) and line.endswith(b"}}\n") and LONE_SURROGATE not in line
    return line[len(start) : -2] if written else None


def entry_of(line: bytes) -> Any:  # noqa: ANN401 - JSON of any kind
    """Read a line as JSON, in bounded memory. Raises ValueError when it cannot be."""
    if not is_bearable(line):
        raise ValueError(f"a row of more than {VALUES_MOST} values")
    try:
        return json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _read(line: bytes) -> tuple[Operation, str, dict[str, Any]]:
    match entry_of(line):
        case {"put": str() as name, "row": dict() as row, **rest} if not rest:
            operation = Operation.PUT
        case {"drop": str() as name, "row": dict() as row, **rest} if not rest:
            operation = Operation.DROP
        case _:
            raise ValueError("not a row that was put or dropped")
    if name not in {table.name for table in ledger_tables()}:
        raise ValueError(f"no table {name!r} in a ledger")
    if not all(isinstance(row.get(column), int) for column in form_of(name).key):
        raise ValueError(f"a row of {name} without its key")
    return operation, name, row


def _fingerprint(row: bytes) -> bytes:
    return hashlib.blake2b(row, digest_size=12).digest()
