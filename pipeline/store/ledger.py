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

from pipeline.store.base import Base
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
        entry = json.loads(line)
        operation = Operation.PUT if "put" in entry else Operation.DROP
        table = _table(str(entry.get(operation.value)))
        key = (table.name, key_of(table, entry["row"]))
        if operation is Operation.PUT:
            self._rows[key] = _fingerprint(entry["row"])
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


def _table(name: str) -> Table:
    if name not in Base.metadata.tables:
        raise ValueError(f"no table {name!r}")
    return Base.metadata.tables[name]


def _fingerprint(row: dict[str, Any]) -> bytes:
    return hashlib.blake2b(canonical(row).encode(), digest_size=12).digest()
