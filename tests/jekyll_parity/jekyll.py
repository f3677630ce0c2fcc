"""Real Jekyll as an oracle: one Ruby process that reads sites and says what it computed."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.jekyll.yaml_loader import YamlEngine

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One site to read. `settings` go over its configuration, as on Jekyll's command line."""

    source: Path
    out: Path
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Jekyll said about one site: one row an item, or why it stopped.

    `time` is that of the build, `plugins` are those that took part, `engine` read the YAML.
    """

    job: Job
    time: datetime | None
    plugins: tuple[str, ...]
    engine: YamlEngine
    error: str
    rows: tuple[Mapping[str, Any], ...]


@cache
def missing() -> str:
    """Say in one sentence why Jekyll cannot be asked here, empty if it can."""
    if shutil.which("ruby") is None:
        return "Ruby is not installed, so Jekyll cannot be compared with"
    probe = subprocess.run(
        ["ruby", "-e", "require 'jekyll'; print Jekyll::VERSION"],  # noqa: S607 - PATH is the point
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if probe.stdout.startswith("4.") else "Jekyll 4 is not installed"


class Oracle:
    """The Ruby process. A context manager; `ask` as often as you like."""

    def __init__(self, safe_yaml: Path | None = None) -> None:
        """Start Ruby.

        Args:
            safe_yaml: the `lib` folder of the safe_yaml gem, to read YAML as upstream Jekyll does.
        """
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        environment.pop("SAFE_YAML_LIB", None)
        if safe_yaml is not None:
            environment["SAFE_YAML_LIB"] = str(safe_yaml)
        self._process = subprocess.Popen(
            ["ruby", "-W0", str(HERE / "read_sites.rb")],  # noqa: S607 - PATH is the point
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env=environment,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def ask(self, job: Job) -> Answer:
        """Let Jekyll read one site."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("Ruby has no pipes")
        line = {"source": str(job.source), "out": str(job.out), "config": dict(job.settings)}
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        said = ""
        while not said.startswith('{"source"'):  # some plugins print
            said = self._process.stdout.readline()
            if not said:
                raise RuntimeError("Ruby has stopped")
        return _answer(job, json.loads(said))


def _answer(job: Job, words: Mapping[str, Any]) -> Answer:
    rows: tuple[Mapping[str, Any], ...] = ()
    if words["error"] is None:
        with job.out.open(encoding="utf-8") as lines:
            rows = tuple(json.loads(line) for line in lines)
    return Answer(
        job=job,
        time=datetime.fromisoformat(words["time"]) if words["time"] else None,
        plugins=tuple(words["plugins"] or ()),
        engine=YamlEngine(words["engine"]),
        error=words["error"] or "",
        rows=rows,
    )
