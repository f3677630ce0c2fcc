"""Bring a database to the schema of this version, and say which schema it has.

Alembic is loaded only when there is something to migrate: it takes as long as a small question.
"""

# ruff: noqa: PLC0415

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text

from pipeline.errors import (
    DatabaseUnreachableError,
    ForeignDatabaseError,
    NewerDatabaseError,
    OlderDatabaseError,
)
from pipeline.store import (
    blank,
    tables,  # noqa: F401 - importing registers the tables
)
from pipeline.store.base import Base

if TYPE_CHECKING:
    from alembic.config import Config

#: The newest schema: the last of the migrations, which a test holds it to.
HEAD = "0001"
#: Tables that the models do not describe: Alembic's own, and the full-text index (see search.py).
UNMODELLED = ("alembic_version", "search")
#: A table that every schema of ours has, whatever its version: other programs use Alembic as well.
OURS = "warc_files"


@cache
def script_location() -> Path:
    """Find the migrations: packaged as `pipeline/migrations`, else beside it in a checkout."""
    packaged = Path(__file__).parent.parent / "migrations"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent.parent / "alembic"


def configuration(connection: Connection | None = None) -> "Config":
    """Configure Alembic without a file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(script_location()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def belongs_to_catalogue(_object: Any, name: str | None, kind: str, *_rest: Any) -> bool:  # noqa: ANN401
    """Tell whether autogenerate should look at a table."""
    return kind != "table" or not (name or "").startswith(UNMODELLED)


def current(connection: Connection) -> str | None:
    """Name the schema of the database; None when it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalars(text("SELECT version_num FROM alembic_version ORDER BY version_num"))
    return ",".join(str(revision) for revision in found) or None


def require_current(connection: Connection, place: str) -> None:
    """Raise unless the database is a catalogue of exactly this version's schema."""
    found = current(connection)
    if found == HEAD:
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
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory.from_config(configuration()).walk_revisions()
    return frozenset(script.revision for script in scripts)


def create_or_require(connection: Connection, place: str) -> None:
    """Give an empty database the newest schema; leave every other one as it is, or raise."""
    if connection.dialect.name == "sqlite" and not inspect(connection).get_table_names():
        blank.create(connection, script_location())
        return
    if current(connection) is None and _is_empty(connection):
        migrate_all(connection)
        return
    require_current(connection, place)


def migrate_all(connection: Connection) -> None:
    """Apply every migration that the database has not seen."""
    _move(connection, "head")


def upgrade(connection: Connection, place: str) -> tuple[str | None, str]:
    """Migrate to the newest schema; give the schema before and after. Refuses foreign databases."""
    before = current(connection)
    if before != HEAD and before in _known():
        migrate_all(connection)
    else:
        create_or_require(connection, place)
    return before, HEAD


def _move(connection: Connection, revision: str, *, down: bool = False) -> None:
    from alembic import command

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
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "include_object": belongs_to_catalogue}
    )
    return list(compare_metadata(context, Base.metadata))
