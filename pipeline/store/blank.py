"""Make a new SQLite catalogue at once, from the statements that the migrations end in.

`schema.sql` beside the migrations is what they make of an empty file, as SQLite itself tells it; a
test holds it to that. It spares every first run the tenth of a second that loading Alembic takes.
"""

from pathlib import Path

from sqlalchemy import Connection

SCHEMA = "schema.sql"
END = ";\n\n"  # no statement has an empty line in it
#: What makes the tables of the full-text index is the statement for the index itself.
_STATEMENTS = (
    "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"
    " AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow') ORDER BY rowid"
)


def described(connection: Connection) -> str:
    """Write the statements that make a schema like this SQLite database's."""
    statements = [str(sql) for (sql,) in connection.exec_driver_sql(_STATEMENTS)]
    (version,) = connection.exec_driver_sql("SELECT version_num FROM alembic_version").one()
    stamp = f"INSERT INTO alembic_version VALUES ('{version}')"  # noqa: S608 - our own revision
    statements.append(stamp)
    return "".join(statement + END for statement in statements)


def create(connection: Connection, folder: Path) -> None:
    """Make the tables in an empty SQLite database; `folder` is that of the migrations."""
    for statement in (folder / SCHEMA).read_text(encoding="utf-8").split(END):
        if statement:
            connection.exec_driver_sql(statement)
