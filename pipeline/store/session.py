"""Open a catalogue to write, to rehearse or to read, with the right schema or a clear error."""

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import StaticPool

from pipeline.errors import DatabaseUnreachableError
from pipeline.store.engine import lock_for_writing, open_engine, reported, shown, sqlite_file
from pipeline.store.migrate import create_or_require, require_current

__all__ = ["Connection", "altering", "looking", "reading", "writing"]


@contextmanager
def writing(url: str, *, rehearse: bool = False) -> Iterator[Connection]:
    """Give one transaction, alone, on a catalogue; an empty database becomes one.

    It is committed at the end, or undone when anything is raised. With `rehearse` it is always
    undone, and a SQLite file is not even opened for writing: a copy in memory is used.
    """
    with altering(url, rehearse=rehearse) as connection:
        create_or_require(connection, shown(url))
        yield connection


@contextmanager
def altering(url: str, *, rehearse: bool = False) -> Iterator[Connection]:
    """Give one transaction as `writing` does, whatever schema there is."""
    file = sqlite_file(url)
    with reported(url):
        engine = _copy_in_memory(file) if rehearse and file else open_engine(url)
    try:
        with reported(url), engine.connect() as connection:
            transaction = connection.begin()
            lock_for_writing(connection)
            yield connection
            if rehearse:
                transaction.rollback()
            else:
                transaction.commit()
    finally:
        engine.dispose()


@contextmanager
def reading(url: str) -> Iterator[Connection]:
    """Give a read-only view of a catalogue; nothing is created or changed."""
    with looking(url) as connection:
        require_current(connection, shown(url))
        yield connection


@contextmanager
def looking(url: str) -> Iterator[Connection]:
    """Give a read-only view as `reading` does, whatever schema there is."""
    file = sqlite_file(url)
    if file is not None and not file.is_file():
        raise DatabaseUnreachableError(shown(url), "there is no such file")
    engine = open_engine(url, read_only=True)
    try:
        with reported(url), engine.connect() as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


def _copy_in_memory(file: Path) -> Engine:
    with ExitStack() as opened:
        memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        opened.callback(memory.close)
        if file.is_file():
            with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as disk:
                disk.backup(memory)
        opened.pop_all()
    return create_engine("sqlite://", creator=lambda: memory, poolclass=StaticPool)
