"""Write docs/schema.md from the tables themselves."""

import sys
from collections.abc import Iterator

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, UniqueConstraint, make_url

from pipeline.store import migrate
from pipeline.store.base import Base
from tests.docs.markdown import cell, columns

#: The modules of `pipeline.store.tables` in the order in which a reader meets them.
SUBJECTS = (
    *("runs", "sources", "history", "lineage", "documents"),
    *("people", "tags", "web", "archive"),
)
SQLITE, POSTGRESQL = (
    make_url(f"{name}://").get_dialect()() for name in ("sqlite", "postgresql+psycopg")
)
INTRODUCTION = """\
# The schema of the catalogue

The same tables in SQLite and PostgreSQL, made by the migrations in `alembic/`; this is schema
{head}. Read it with any SQL tool. Write to it only through `jekyll-archive`: every row is in a
sealed ledger of the archive, and `jekyll-archive verify` names each row that is not.

- **Ids** are given in the order of the input, so two runs over the same input give the same rows.
- **Times** are in UTC with microseconds: `timestamptz` in PostgreSQL, in SQLite text of 27
  characters that sorts by time (`2023-11-01T09:30:00.000000Z`).
- **Text** has U+FFFD for NUL and for lone surrogates, which PostgreSQL refuses; the untouched bytes
  are in the archive. It sorts by code points in both.
- **Digests** are the 32 bytes of a SHA-256. `encode(sha256, 'hex')` in PostgreSQL and `hex(sha256)`
  in SQLite show them.
- **JSON** is `jsonb` in PostgreSQL and text in SQLite (`json_extract` reads it); dates in it are
  strings, and numbers that are none (`.nan`) too.

Two things are no tables of the models. `search` is the full-text index by version (FTS5 in SQLite,
`tsvector` in PostgreSQL), which can be built again at any time. Triggers on `events` refuse every
UPDATE and DELETE.
"""


def render() -> str:
    """Give the whole page."""
    return "\n".join([INTRODUCTION.format(head=migrate.HEAD), *_diagram(), *_subjects()])


def _diagram() -> Iterator[str]:
    yield "## How they hang together\n\nKeys only; every line is a foreign key.\n"
    yield "```mermaid\nerDiagram"
    for subject in SUBJECTS:
        for _, table in _tables(subject):
            yield f"  {table.name} {{"
            for column in table.columns:
                marks = _marks(column)
                if marks:
                    yield f"    {_short(column)} {column.name} {','.join(marks)}"
            yield "  }"
    for table in Base.metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda key: str(key.parent.name)):
            yield f"  {_line(table, key)}"
    yield "```\n"


def _marks(column: Column[object]) -> list[str]:
    marks = ["PK"] if column.primary_key else []
    return marks + (["FK"] if column.foreign_keys else [])


def _short(column: Column[object]) -> str:
    return column.type.compile(SQLITE).lower().partition("(")[0]


def _line(table: Table, key: ForeignKey) -> str:
    column = key.parent
    one = "|o" if column.nullable else "||"
    many = "o|" if _is_unique(table, column) else "o{"
    return f'{key.column.table.name} {one}--{many} {table.name} : "{column.name}"'


def _is_unique(table: Table, column: Column[object]) -> bool:
    alone = [list(c.columns) for c in table.constraints if isinstance(c, UniqueConstraint)]
    return [column] in alone or bool(column.unique)


def _subjects() -> Iterator[str]:
    for subject in SUBJECTS:
        module = sys.modules[f"pipeline.store.tables.{subject}"]
        yield f"## {(module.__doc__ or '').strip().removesuffix('.')}\n"
        for row_class, table in _tables(subject):
            yield f"### `{table.name}`\n\n{(row_class.__doc__ or '').strip()}\n"
            yield from _table(table)


def _tables(subject: str) -> Iterator[tuple[type[Base], Table]]:
    module = sys.modules[f"pipeline.store.tables.{subject}"]
    for found in vars(module).values():
        if isinstance(found, type) and issubclass(found, Base) and found is not Base:
            yield found, Base.metadata.tables[found.__tablename__]


def _table(table: Table) -> Iterator[str]:
    yield columns("Column", "SQLite", "PostgreSQL", "Null", "Meaning")
    for column in table.columns:
        references = [f"→ `{key.target_fullname}`" for key in column.foreign_keys]
        yield cell(
            f"`{column.name}`",
            column.type.compile(SQLITE),
            column.type.compile(POSTGRESQL),
            "yes" if column.nullable else "",
            "; ".join([*references, *([column.comment] if column.comment else [])]),
        )
    yield ""
    yield from _constraints(table)
    yield ""


def _constraints(table: Table) -> Iterator[str]:
    yield f"- Primary key: {_names(table.primary_key.columns)}"
    for constraint in sorted(table.constraints, key=lambda each: str(each.name)):
        if isinstance(constraint, UniqueConstraint):
            yield f"- Unique: {_names(constraint.columns)}"
        elif isinstance(constraint, CheckConstraint):
            yield f"- Check: `{constraint.sqltext}`"
    for index in sorted(table.indexes, key=lambda each: str(each.name)):
        yield f"- Index: {_names(index.columns)}"


def _names(columns: object) -> str:
    return ", ".join(f"`{column.name}`" for column in columns)  # type: ignore[attr-defined]
