"""Type a command: in this process, which is quick, or in one of its own, as a person does."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pipeline.cli import main

CHECKOUT = Path(__file__).resolve().parents[2]
NOBODY = 65534

Words = list[str | Path]
"""A command as it is typed."""

Cases = list[tuple[int, Words, str]]
"""Exit codes, commands, and what the one line on stderr says."""

SITE: dict[str, str | bytes] = {"_config.yml": "title: A\n", "a.md": "---\ntitle: A\n---\n"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What came of a command."""

    code: int
    raw: bytes
    err: str

    @property
    def out(self) -> str:
        """What it printed."""
        return self.raw.decode()

    @property
    def lines(self) -> list[str]:
        """What it printed, by line."""
        return self.out.splitlines()

    def assert_refused(self, code: int, *words: str) -> None:
        """Hold that it ended with this code, one line on stderr, and nothing on stdout."""
        assert (self.code, self.out) == (code, ""), self.err
        assert self.err.startswith("jekyll-archive: "), self.err
        assert self.err.count("\n") == 1, self.err
        assert self.err.endswith("\n"), self.err
        for word in words:
            assert word in self.err, (word, self.err)


def command(*arguments: str | Path) -> Ran:
    """Run a command in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    code = 0
    argv = ["jekyll-archive", *map(str, arguments)]
    with patch.object(sys, "argv", argv), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
    out.flush()
    err.flush()
    written, told = out.buffer, err.buffer
    assert isinstance(written, io.BytesIO)
    assert isinstance(told, io.BytesIO)
    return Ran(code=code, raw=written.getvalue(), err=told.getvalue().decode())


def environment(**changes: str) -> dict[str, str]:
    """Give the environment of a process that finds the pipeline wherever it is started."""
    return os.environ | {"PYTHONPATH": str(CHECKOUT), "PYTHONWARNINGS": "error"} | changes


def argv(*arguments: str | Path) -> list[str]:
    """Give the command line of a process."""
    return [sys.executable, "-m", "pipeline", *map(str, arguments)]


def spawn(*arguments: str | Path, cwd: Path | None = None, **changes: str) -> Ran:
    """Run a command in a process of its own, with these changes to the environment."""
    done = subprocess.run(
        argv(*arguments), capture_output=True, check=False, cwd=cwd, env=environment(**changes)
    )
    return Ran(code=done.returncode, raw=done.stdout, err=done.stderr.decode())


@contextmanager
def unprivileged() -> Iterator[None]:
    """Be a user whom permissions bind: root is nobody for a while."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


Ask = Callable[..., Ran]


def facts(ran: Ran) -> Any:  # noqa: ANN401 - JSON
    """Read the JSON that a command printed; it went well."""
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)
