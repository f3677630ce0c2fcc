"""What jobs left that died at every step, and what a catalogue says beside telling of runs."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from pipeline.store.engine import sqlite_file, sqlite_url
from tests.archives import contents
from tests.cli.command import CHECKOUT, environment
from tests.databases import Server
from tests.faults.crash_lab import ATTEMPT, COMMIT

TOLD_OF_RUNS = frozenset({"runs", "run_counts", "events"})
_NUMBERS = count(1)
Tables = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What one death left: an archive folder. `counts` tells whether it came after the commit."""

    folder: Path
    step: str
    counts: bool
    database: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """The steps of a job, and what it left where it was whole. `target` has a folder for each."""

    target: Path
    steps: tuple[str, ...]
    labels: tuple[str, ...]
    database: str | None

    @property
    def whole(self) -> Path:
        """The archive of the job that nothing interrupted."""
        return self.target / "whole" / "weir"

    @property
    def is_served(self) -> bool:
        """Whether the catalogues are on a server, so that the disk does not tell all."""
        return self.database is not None and sqlite_file(self.database) is None

    def database_of(self, name: str) -> str | None:
        """Name the catalogue of one attempt, if it is elsewhere."""
        return self.database and self.database.replace(ATTEMPT, name)

    def left(self) -> Iterator[Left]:
        """Give what each death left; what the disk held already after the one before, once."""
        before: object = None
        for number, label in enumerate(self.steps):
            name = str(number)
            found = _unnamed(self.target / name)
            if self.is_served or found != before:
                yield Left(
                    folder=self.target / name / "weir",
                    step=f"{number} {label}",
                    counts=label == COMMIT,
                    database=self.database_of(name),
                )
            before = found


def crash(target: Path, **task: Any) -> Aftermath:  # noqa: ANN401 - what the lab takes
    """Let the laboratory do a job and kill it at every step, or at those named in `steps`.

    `ATTEMPT` in the URL of a database elsewhere stands for the name of the attempt.
    """
    given = dict.fromkeys(("start", "database", "rendered", "steps", "source")) | {"job": "run"}
    given |= {"target": target} | task
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.crash_lab"],
        input=json.dumps(given, default=str),
        capture_output=True,
        check=False,
        cwd=CHECKOUT,
        env=environment(),
        text=True,
    )
    assert done.returncode == 0, done.stderr
    labels = tuple(str(label) for label in json.loads(done.stdout))
    steps = tuple(given["steps"] or labels)
    return Aftermath(target=target, steps=steps, labels=labels, database=given["database"])


def elsewhere(target: Path) -> str:
    """Name a file database for each attempt that is not in its archive folder."""
    return sqlite_url(target / ATTEMPT / "elsewhere.db")


@contextmanager
def on_server(server: Server, names: Sequence[str], like: str | None = None) -> Iterator[str]:
    """Make a database for each attempt, empty or like another; give their URL with `ATTEMPT`."""
    stem = f"crash_{next(_NUMBERS)}_"
    template = "template0" if like is None else database_name(like)
    made = []
    try:
        for name in names:
            server.execute(f"CREATE DATABASE {stem}{name} TEMPLATE {template}")
            made.append(name)
        yield server.url(f"{stem}{ATTEMPT}")
    finally:
        for name in made:
            server.execute(f"DROP DATABASE {stem}{name} WITH (FORCE)")


def database_name(url: str) -> str:
    """Give the name of a database on the server, from its URL."""
    return str(make_url(url).database)


def facts(tables: Tables) -> Tables:
    """Leave out what tells of runs: a run that follows another is told too."""
    return {name: found for name, found in tables.items() if name not in TOLD_OF_RUNS}


def logged(tables: Tables) -> list[str]:
    """Give the names of all that the event log says was put away."""
    told = [json.loads(str(event["payload"])) for event in tables["events"]]
    return [name for payload in told for name in payload.get("quarantined", ())]


def in_quarantine(folder: Path) -> list[str]:
    """Give the names of all that was put away."""
    files = {name for name, data in contents(folder).items() if data is not None}
    return sorted(name for name in files if name.startswith("quarantine/"))


def _unnamed(folder: Path) -> dict[str, object]:
    """Give what an attempt left, without the name of the attempt, which its note of the URL has."""
    name = f"/{folder.name}/".encode()
    return {
        path: data.replace(name, b"/attempt/") if isinstance(data, bytes) else data
        for path, data in contents(folder).items()
    }
