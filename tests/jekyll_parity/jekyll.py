"""Real Jekyll as an oracle: lets Debian's Jekyll read sites and returns what it computed."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One site to read. `settings` go over its configuration, as on Jekyll's command line."""

    source: Path
    out: Path
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Jekyll said about one site: the time of its build and the plugins that took part, or why it
    stopped; one row an item.
    """

    job: Job
    time: datetime | None
    plugins: tuple[str, ...]
    error: str | None
    rows: tuple[Mapping[str, Any], ...]


@cache
def missing() -> str:
    """Say in one sentence why Jekyll cannot be asked here, empty if it can."""
    if shutil.which("ruby") is None or shutil.which("jekyll") is None:
        return "Jekyll is not installed: `apt-get install jekyll` to compare with it"
    probe = subprocess.run(
        ["ruby", "-e", "require 'jekyll'; print Jekyll::VERSION"],  # noqa: S607 - PATH is the point
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if probe.stdout.startswith("4.") else "Jekyll 4 is not installed"


def need_jekyll() -> None:
    """Skip the test where Jekyll is absent; fail where nothing may be skipped."""
    reason = missing()
    if reason and os.environ.get("CI") == "true":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


def ask(jobs: Sequence[Job], safe_yaml: Path | None = None) -> list[Answer]:
    """Let one Ruby process read all the sites.

    Args:
        jobs: the sites.
        safe_yaml: the `lib` folder of the safe_yaml gem, to read YAML as upstream Jekyll does.
    """
    lines = [
        json.dumps({"source": str(job.source), "out": str(job.out), "config": dict(job.settings)})
        for job in jobs
    ]
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    if safe_yaml is not None:
        environment["SAFE_YAML_LIB"] = str(safe_yaml)
    done = subprocess.run(
        ["ruby", "-W0", str(HERE / "read_sites.rb")],  # noqa: S607 - PATH is the point
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"source"')]
    return [_answer(job, words) for job, words in zip(jobs, said, strict=True)]


def _answer(job: Job, words: Mapping[str, Any]) -> Answer:
    rows: tuple[Mapping[str, Any], ...] = ()
    if words["error"] is None:
        with job.out.open(encoding="utf-8") as lines:
            rows = tuple(json.loads(line) for line in lines)
    time = datetime.fromisoformat(words["time"]) if words["time"] else None
    plugins = tuple(words["plugins"] or ())
    return Answer(job=job, time=time, plugins=plugins, error=words["error"], rows=rows)
