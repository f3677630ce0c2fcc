"""Bring a database to the schema of this version, and say which schema it has."""

from functools import cache
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from alembic import command
from pipeline.errors import (
    DatabaseUnreachableError,
    ForeignDatabaseError,
    NewerDatabaseError,
    OlderDatabaseError,
)
from pipeline.store import tables  # noqa: F401 - importing registers the tables
from pipeline.store.base import Base

#: Tables that the models do not describe: Alembic's own, and the full-text index (see search.py).
UNMODELLED = ("alembic_version", "search")
#: A table that every schema of ours has, whatever its version: other programs use Alembic as well.
OURS = "warc_files"


@cache
def script_location() -> Path:
    """Find the migrations: packaged as `pipeline/migrations`, else beside it in a checkout."""
    packaged = Path(__file__).parent.parent / "migrations"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent.parent / "alembic"


def configuration(connection: Connection | None = None) -> Config:
    """Configure Alembic without a file."""
    config = Config()
    config.set_main_option("script_location", str(script_location()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def belongs_to_catalogue(_object: Any, name: str | None, kind: str, *_rest: Any) -> bool:  # noqa: ANN401
    """Tell whether autogenerate should look at a table."""
    return kind != "table" or not (name or "").startswith(UNMODELLED)


@cache
def head() -> str:
    """Name the newest schema that this version knows."""
    return str(ScriptDirectory.from_config(configuration()).get_current_head())


def current(connection: Connection) -> str | None:
    """Name the schema of the database; None when it has none."""
    return ",".join(MigrationContext.configure(connection).get_current_heads()) or None


def require_current(connection: Connection, place: str) -> None:
    """Raise unless the database is a catalogue of exactly this version's schema."""
    found = current(connection)
    if found == head():
        return
    if found is None:
        if not _is_empty(connection):
            raise ForeignDatabaseError(place, "it has tables that are not ours")
        raise DatabaseUnreachableError(place, "it is empty; run `jekyll-archive run` first")
    if found in _known():
        raise OlderDatabaseError(place, found)
    if not inspect(connection).has_table(OURS):
        raise ForeignDatabaseError(place, f"its schema {found} belongs to another program")
    raise NewerDatabaseError(place, found)


def _is_empty(connection: Connection) -> bool:
    return not set(inspect(connection).get_table_names()) - {"alembic_version"}


@cache
def _known() -> frozenset[str]:
    scripts = ScriptDirectory.from_config(configuration()).walk_revisions()
    return frozenset(script.revision for script in scripts)


def create_or_require(connection: Connection, place: str) -> None:
    """Give an empty database the newest schema; leave every other one as it is, or raise."""
    if current(connection) is None and _is_empty(connection):
        _move(connection, "head")
        return
    require_current(connection, place)


def upgrade(connection: Connection, place: str) -> tuple[str | None, str]:
    """Migrate to the newest schema; give the schema before and after. Refuses foreign databases."""
    before = current(connection)
    if before != head() and before in _known():
        _move(connection, "head")
    else:
        create_or_require(connection, place)
    return before, head()


def _move(connection: Connection, revision: str, *, down: bool = False) -> None:
    # Batch mode rebuilds tables in SQLite: with foreign keys on, that would cascade.
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    config = configuration(connection)
    if down:
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def downgrade(connection: Connection, revision: str) -> None:
    """Go back to an older schema. Only tests and a person who knows why call this."""
    _move(connection, revision, down=True)


def differences(connection: Connection) -> list[Any]:
    """List what differs between the database and the tables of this version. Empty is right."""
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "include_object": belongs_to_catalogue}
    )
    return list(compare_metadata(context, Base.metadata))
