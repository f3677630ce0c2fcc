"""Open a database: SQLite or PostgreSQL, with the settings that make it safe."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool
from sqlalchemy.util import immutabledict

from pipeline.errors import (
    BusyError,
    DatabaseError,
    DatabaseUnreachableError,
    DiskFullError,
    ForeignDatabaseError,
    NotWritableError,
    UnfinishedDatabaseError,
    UsageError,
)
from pipeline.store.types import UnreadableValueError

DRIVERS = frozenset({"sqlite", "postgresql+psycopg"})
KNOWN = "sqlite:///PATH or postgresql+psycopg://HOST/DB"
BUSY_SECONDS = 10
SECRETS = frozenset({"password", "sslpassword"})
#: PostgreSQL gives up on a lock or a statement after this time instead of hanging.
POSTGRES_OPTIONS = "-c lock_timeout=15s -c statement_timeout=600s -c timezone=UTC"
#: A reader never writes, and sees one state from its first question to its last.
POSTGRES_READING = (
    " -c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"
)
POSTGRES_LOCK = 0x6A656B79  # advisory lock id: one writer at a time ("jeky")


def sqlite_url(path: Path) -> str:
    """Name the SQLite database in this file."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def shown(url: str) -> str:
    """Name a database to a person, without its password. Raises UsageError."""
    parsed = _parsed(url)
    if _is_sqlite(parsed):
        return parsed.database or ""
    return _without_secrets(parsed).set(password=parsed.password).render_as_string()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # ValueError: the port is no number
        hidden = re.sub(r"//.*@", "//***@", url)
        raise UsageError(f"not a database URL: {hidden!r}; use {KNOWN}") from error
    if parsed.drivername not in DRIVERS:
        raise UsageError(f"{parsed.drivername} is not supported; use {KNOWN}")
    if _is_sqlite(parsed) and parsed.database in {None, "", ":memory:"}:
        raise UsageError(f"{url!r} names no file; use {KNOWN}")
    return parsed


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def public(url: str) -> str:
    """Give the URL of a database without its password, to be kept. Raises UsageError."""
    return _without_secrets(_parsed(url)).render_as_string()


def _without_secrets(url: URL) -> URL:
    # Not `set(password=None)`, which leaves it as it is; libpq takes passwords as options as well.
    query = {name: value for name, value in url.query.items() if name not in SECRETS}
    return url._replace(password=None, query=immutabledict(query))


def open_engine(url: str, *, read_only: bool = False) -> Engine:
    """Make an engine for `url`. Nothing is connected yet; see `connected`. Raises UsageError."""
    parsed = _parsed(url)
    if _is_sqlite(parsed):
        return _sqlite(parsed, read_only=read_only)
    return _postgres(parsed, read_only=read_only)


def _sqlite(url: URL, *, read_only: bool) -> Engine:
    # sqlite3 itself opens with a URI so that reading never creates or changes a file.
    mode = "ro" if read_only else "rwc"
    place = Path(url.database or "").absolute().as_uri() + f"?mode={mode}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            place, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA trusted_schema=OFF")  # a foreign file's triggers call nothing
        if not read_only:
            # A rollback journal, not write-ahead logging: a catalogue in WAL mode cannot be read
            # without creating files beside it, and verifying never writes.
            connection.execute("PRAGMA synchronous=FULL")

    @event.listens_for(engine, "handle_error")
    def _unreadable(context: ExceptionContext) -> None:
        # sqlite3 cannot even read its own complaint about a damaged schema that is not UTF-8.
        if isinstance(error := context.original_exception, UnicodeDecodeError):
            raise UnreadableValueError(str(error)) from error

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Python's own transaction control is off (isolation_level=None): writers queue here.
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _postgres(url: URL, *, read_only: bool) -> Engine:
    options = POSTGRES_OPTIONS + (POSTGRES_READING if read_only else "")
    arguments: dict[str, Any] = {"options": options, "connect_timeout": BUSY_SECONDS}
    try:
        return create_engine(url, connect_args=arguments, pool_pre_ping=False)
    except (ImportError, NoSuchModuleError) as error:
        raise UsageError(
            "PostgreSQL needs the extra: pip install 'jekyll-archive-pipeline[postgres]'"
        ) from error


@contextmanager
def reported(url: str) -> Iterator[None]:
    """Map what a database raises to our exceptions, once, here."""
    try:
        yield
    except DBAPIError as error:
        raise _mapped(url, str(error.orig), error) from error
    except UnreadableValueError as error:
        raise ForeignDatabaseError(shown(url), f"it holds a value that is odd: {error}") from error
    except sqlite3.Error as error:  # from what SQLAlchemy does not wrap: settings, backup
        raise _mapped(url, str(error), error) from error


def _mapped(url: str, message: str, error: Exception) -> Exception:
    place, why = shown(url), next(iter(message.strip().splitlines()), type(error).__name__)
    if "file is not a database" in why or "malformed" in why:
        return ForeignDatabaseError(place, why)
    if "database is locked" in why or "lock timeout" in why:
        return BusyError(place)
    if "database or disk is full" in why or "No space left" in why:
        return DiskFullError(place)
    if "readonly database" in why:
        return _not_writable(url, place)
    if isinstance(error, OperationalError | sqlite3.OperationalError):
        return DatabaseUnreachableError(place, why)
    return DatabaseError(f"{place}: {why}")


def _not_writable(url: str, place: str) -> Exception:
    # SQLite says this to a reader as well, if it would have to undo what a dead writer began.
    file = sqlite_file(url)
    if file is not None and file.with_name(f"{file.name}-journal").exists():
        return UnfinishedDatabaseError(place)
    return NotWritableError(place, "the database is read-only")


def lock_for_writing(connection: Connection) -> None:
    """Let one writer in at a time. SQLite's BEGIN IMMEDIATE does that already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:id)"), {"id": POSTGRES_LOCK})


def sqlite_file(url: str) -> Path | None:
    """Give the file of a SQLite database; None for any other. Raises UsageError."""
    parsed = _parsed(url)
    return Path(parsed.database or "") if _is_sqlite(parsed) else None
