"""The ledger: every row that runs wrote, as JSON lines sealed in the archive beside the records.

It makes the catalogue checkable row by row, and rebuildable without the database.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Table

from pipeline.store.intake import Change, Operation
from pipeline.store.rows import key_of, ledger_tables, stored_rows
from pipeline.store.types import canonical

Key = tuple[str, tuple[Any, ...]]


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
        line = {change.operation.value: change.table, "row": change.row}
        yield canonical(line).encode() + b"\n"


class Expected:
    """What the catalogue should hold, by replaying ledgers from the first to the last.

    Only a short digest of each row is kept in memory.
    """

    def __init__(self) -> None:
        self._rows: dict[Key, bytes] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def apply(self, line: bytes) -> None:
        """Take one line. Raises ValueError when it is not a line of a ledger."""
        operation, table, row = _read(line)
        key = (table.name, key_of(table, row))
        if operation is Operation.PUT:
            self._rows[key] = _fingerprint(row)
        else:
            self._rows.pop(key, None)

    def differences(self, connection: Connection, site_id: int) -> Iterator[Difference]:
        """Compare with a site's rows in a database, one by one; leaves this object empty."""
        for table in ledger_tables():
            for row in stored_rows(connection, table, site_id):
                key = key_of(table, row)
                wanted = self._rows.pop((table.name, key), None)
                if wanted is None:
                    yield Difference(deviation=Deviation.UNKNOWN, table=table.name, key=key)
                elif wanted != _fingerprint(row):
                    yield Difference(deviation=Deviation.CHANGED, table=table.name, key=key)
        for name, key in self._rows:
            yield Difference(deviation=Deviation.MISSING, table=name, key=key)
        self._rows.clear()


def _read(line: bytes) -> tuple[Operation, Table, dict[str, Any]]:
    try:
        entry = json.loads(line)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    match entry:
        case {"put": str() as name, "row": dict() as row, **rest} if not rest:
            operation = Operation.PUT
        case {"drop": str() as name, "row": dict() as row, **rest} if not rest:
            operation = Operation.DROP
        case _:
            raise ValueError("not a row that was put or dropped")
    table = next((table for table in ledger_tables() if table.name == name), None)
    if table is None:
        raise ValueError(f"no table {name!r} in a ledger")
    if not all(isinstance(row.get(column.name), int) for column in table.primary_key.columns):
        raise ValueError(f"a row of {name} without its key")
    return operation, table, row


def _fingerprint(row: dict[str, Any]) -> bytes:
    return hashlib.blake2b(canonical(row).encode(), digest_size=12).digest()
