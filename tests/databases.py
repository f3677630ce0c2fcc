"""A real PostgreSQL for the tests, and an empty database in each of the two engines.

The server is Debian's PostgreSQL 15, started once a session (once a worker under xdist) by an
unprivileged user in a folder of its own, reachable through a Unix socket only.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from pipeline.store.engine import sqlite_url
from tests.conftest import absent

BINARIES = "usr/lib/postgresql/*/bin/initdb"
SUPERUSER = "tester"
#: What makes a throw-away server quick: nothing in it has to survive a crash.
SETTINGS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=20"
    " -c shared_buffers=16MB -c autovacuum=off -c listen_addresses='' -c timezone=UTC"
)
_NUMBERS = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running PostgreSQL; `folder` holds its socket."""

    folder: Path

    def url(self, database: str) -> str:
        """Name one of its databases as `--db` takes it."""
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        """Run a statement outside of any transaction, as CREATE DATABASE needs it."""
        place = f"host={self.folder} user={SUPERUSER} dbname=postgres"
        with psycopg.connect(place, autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def empty(self, options: str = "") -> Iterator[str]:
        """Give the URL of a new, empty database."""
        name = f"catalogue_{next(_NUMBERS)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE template0 {options}")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _binaries() -> Path:
    found = sorted(Path("/").glob(BINARIES))
    if not found:
        absent(f"PostgreSQL is not installed (/{BINARIES} is absent)")
    return found[-1].parent


def _unprivileged() -> str | None:
    # PostgreSQL refuses to run as root.
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Start PostgreSQL; stop it and remove all of it at the end."""
    binaries, user = _binaries(), _unprivileged()
    # Not under pytest's own folder: that is closed to other users, and long for a socket's path.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    if user is not None:
        shutil.chown(folder, user)

    def run(*command: str) -> None:
        environment = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": os.defpath}
        # Its output goes to a file: the server would hold a pipe open for ever.
        with (folder.parent / f"{folder.name}.log").open("ab") as log:
            subprocess.run(
                command, check=True, cwd="/", env=environment, user=user, stdout=log, stderr=log
            )

    data, control = str(folder / "data"), str(binaries / "pg_ctl")
    try:
        run(
            *(str(binaries / "initdb"), "-D", data, "-U", SUPERUSER, "-A", "trust"),
            *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"),
        )
        run(control, "-D", data, "-w", "-o", f"{SETTINGS} -k {folder}", "start")
        try:
            yield Server(folder=folder)
        finally:
            run(control, "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        (folder.parent / f"{folder.name}.log").unlink(missing_ok=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a new, empty database: every test of the catalogue runs on both engines."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "catalogue.db")
        return
    server: Server = request.getfixturevalue("postgres")
    with server.empty() as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lasting_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Give a database that the tests of one module share: fill it once, then read or rehearse."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path_factory.mktemp("lasting") / "catalogue.db")
        return
    server: Server = request.getfixturevalue("postgres")
    with server.empty() as url:
        yield url


@pytest.fixture
def both_urls(postgres: Server, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Give a new, empty database in SQLite and one in PostgreSQL, to compare them."""
    with postgres.empty() as url:
        yield sqlite_url(tmp_path / "catalogue.db"), url
