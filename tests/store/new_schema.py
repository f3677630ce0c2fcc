"""Write alembic/schema.sql, from which new SQLite catalogues are made.

    python -m tests.store.new_schema

To be run after every new migration; tests/store/test_blank.py says when it is stale.
"""

import tempfile
from pathlib import Path

from pipeline.store import blank, migrate
from pipeline.store.engine import sqlite_url
from pipeline.store.session import altering


def by_migrations() -> str:
    """Describe what the migrations make of an empty SQLite database."""
    with (
        tempfile.TemporaryDirectory() as folder,
        altering(sqlite_url(Path(folder) / "migrated.db")) as connection,
    ):
        migrate.migrate_all(connection)
        return blank.described(connection)


if __name__ == "__main__":
    (migrate.script_location() / blank.SCHEMA).write_text(by_migrations(), encoding="utf-8")
