"""Quote the rows of the ledgers that are about one document, line by line."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ArchiveError
from pipeline.jobs.durable import read_lines
from pipeline.jobs.place import LEDGERS
from pipeline.store.ledger import entry_of
from pipeline.store.types import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows: those whose column is one of these values, by table and column."""

    by: Mapping[str, Mapping[str, Collection[int | str]]]

    def has(self, table: str, row: Mapping[str, Any]) -> bool:
        """Whether a row is one of them."""
        columns = self.by.get(table, {})
        return any(row.get(name) in values for name, values in columns.items())


def quote(archive: Path, files: Collection[str], wanted: Wanted) -> Iterator[bytes]:
    """Give the lines as JSON lines: ledger, number of the line from 1, its text.

    Raises ArchiveError where a ledger is damaged.
    """
    for path in files:
        if not path.startswith(f"{LEDGERS}/"):
            continue
        for number, line in enumerate(read_lines(archive / path), start=1):
            try:
                entry = entry_of(line)
                table = entry.get("put") or entry.get("drop")
                if wanted.has(table, entry["row"]):
                    quoted = {"ledger": path, "line": number, "text": line.decode().rstrip("\n")}
                    yield f"{canonical(quoted)}\n".encode()
            except (ValueError, LookupError, AttributeError) as error:
                raise ArchiveError(f"{path}:{number}", "is no row; run verify") from error
