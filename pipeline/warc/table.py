"""A table of short bytes by short keys, that a file of any number of records can fill.

What a dictionary holds costs 200 bytes an entry, so that ten million records would need
2 GB. Past a bound the entries are in a temporary database of SQLite, which keeps a few megabytes
in memory and the rest in an unnamed file that is gone with the process.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

IN_MEMORY: Final = 20_000
_CACHE_KIBI: Final = 4_096


class Table:
    """Maps bytes to bytes; what is there is never taken away."""

    def __init__(self, most: int = IN_MEMORY) -> None:
        self._most = most
        self._held: dict[bytes, bytes] = {}
        self._base: sqlite3.Connection | None = None

    def __del__(self) -> None:
        if self._base is not None:
            self._base.close()

    def get(self, key: bytes) -> bytes | None:
        """Give what was set for a key."""
        if self._base is None:
            return self._held.get(key)
        row = self._base.execute("SELECT v FROM t WHERE k = ?", (key,)).fetchone()
        return None if row is None else bytes(row[0])

    def __contains__(self, key: bytes) -> bool:
        return self.get(key) is not None

    def __setitem__(self, key: bytes, value: bytes) -> None:
        if self._base is None:
            self._held[key] = value
            if len(self._held) > self._most:
                self._spill()
        else:
            self._base.execute("INSERT OR REPLACE INTO t VALUES (?, ?)", (key, value))

    def items(self) -> Iterator[tuple[bytes, bytes]]:
        """Give all entries; nothing may be set meanwhile."""
        if self._base is None:
            yield from self._held.items()
        else:
            for key, value in self._base.execute("SELECT k, v FROM t"):
                yield bytes(key), bytes(value)

    def _spill(self) -> None:
        import sqlite3  # noqa: PLC0415 - most files never need it

        # "" is a temporary database on the disk; it is never committed, as nobody opens it again.
        # One thread at a time uses it, but it may be another one that finds it is needed no more.
        base = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        base.execute(f"PRAGMA cache_size = -{_CACHE_KIBI}")
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("CREATE TABLE t (k BLOB PRIMARY KEY, v BLOB NOT NULL) WITHOUT ROWID")
        base.execute("BEGIN")
        base.executemany("INSERT INTO t VALUES (?, ?)", sorted(self._held.items()))
        self._held.clear()
        self._base = base
