"""Running git: the one place that owns its environment, arguments, time limit and failures.

Git is only ever run on a repository of our own making (`scratch.py`), so no setting, hook,
attribute or replacement of the source can take effect.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from pipeline.errors import GitError, LimitError, SourceError
from pipeline.sources.limits import Limits
from pipeline.sources.location import printable

Failure = Callable[[str, str], SourceError]
"""Makes an error of the place and of what git said; the exceptions of the tree have this shape."""

_TAIL = 4096
_LONGEST_REASON = 300
_PIPE = 64 * 1024  # bytes: as much as a pipe holds
_LEAST_ALLOCATION = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Git:
    """Git on one repository of ours. `place` is what error messages call the source."""

    place: str
    directory: Path
    limits: Limits

    def run(self, *arguments: str, failure: Failure = GitError) -> bytes:
        """Run one command to its end and give its output. Raises `failure`, LimitError."""
        with self.stream(*arguments, failure=failure) as running:
            return running.stdout.read()

    @contextmanager
    def stream(
        self,
        *arguments: str,
        stdin: BinaryIO | None = None,
        failure: Failure = GitError,
    ) -> Iterator["Running"]:
        """Run one command beside us; give pipes to it. Raises `failure`, LimitError at its end.

        Without `stdin` the command reads from `Running.stdin`. Leaving early kills it.
        """
        with tempfile.TemporaryFile() as stderr:
            process = start(
                [git_program(self.place), *arguments],
                environment=self.environment(),
                directory=self.directory,
                stdin=subprocess.PIPE if stdin is None else stdin,
                stderr=stderr,
            )
            running = Running(process=process)
            timer = threading.Timer(self.limits.total_seconds, running.expire)
            timer.daemon = True
            timer.start()
            try:
                yield running
                running.finish()
            finally:
                timer.cancel()
                running.kill()
            if process.returncode != 0 and not running.abandoned:
                raise self._failed(stderr, failure, expired=running.expired)

    def environment(self) -> dict[str, str]:
        """Build the whole environment of a local command: no protocol is allowed in it."""
        home = str(self.directory)
        largest = max(self.limits.file_bytes, _LEAST_ALLOCATION)
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": home,
            "XDG_CONFIG_HOME": home,
            "LC_ALL": "C",
            "TZ": "UTC",
            "GIT_DIR": home,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_ALLOW_PROTOCOL": "",
            "GIT_PROTOCOL_FROM_USER": "0",
            # A pack of ten megabytes can hold a file of ten gigabytes.
            "GIT_ALLOC_LIMIT": str(largest),
        }

    def _failed(self, stderr: BinaryIO, failure: Failure, *, expired: bool) -> SourceError:
        if expired:
            return LimitError(self.place, "the time git takes", f"{self.limits.total_seconds:g} s")
        said = _last_words(stderr).replace(str(self.directory), "(copy)")
        return failure(self.place, said or "it ended without a word")


@dataclass(slots=True, kw_only=True)
class Running:
    """A git process and its pipes."""

    process: subprocess.Popen[bytes]
    expired: bool = False
    abandoned: bool = False

    @property
    def stdin(self) -> IO[bytes]:
        """Where to write; only if no file was given."""
        return cast("IO[bytes]", self.process.stdin)

    @property
    def stdout(self) -> IO[bytes]:
        """Where to read; `start` always asks for this pipe."""
        return cast("IO[bytes]", self.process.stdout)

    def expire(self) -> None:
        """Kill the process because its time is over."""
        self.expired = True
        self.kill_group()

    def abandon(self) -> None:
        """End the process and do not ask why it ended, unless its time was over."""
        self.abandoned = not self.expired
        self.kill()

    def finish(self) -> None:
        """Tell the process that nothing more comes, and wait for its end."""
        self._close()
        self.process.wait()

    def kill(self) -> None:
        """Make sure that nothing is left of it."""
        if self.process.poll() is None:
            self.kill_group()
        self._close()
        self.process.wait()

    def kill_group(self) -> None:
        """Kill git and the programs it started (ssh, git-remote-https, index-pack)."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def _close(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


def start(
    command: list[str],
    *,
    environment: Mapping[str, str],
    directory: Path,
    stdin: BinaryIO | int,
    stderr: BinaryIO | int = subprocess.PIPE,
) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own, with this environment and nothing else."""
    return subprocess.Popen(
        command,
        bufsize=_PIPE,
        env=dict(environment),
        cwd=directory,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=True,
    )


def git_program(place: str) -> str:
    """Find git by an absolute path. Raises GitError where it is not installed."""
    found = shutil.which("git")
    if found is None:
        raise GitError(place, "the program git is not installed, or not on the PATH")
    return str(Path(found).absolute())


def sentence(line: str) -> str:
    """Make a line that git wrote fit into a message of ours."""
    return printable(re.sub(r"^(fatal|error): ", "", line))[:_LONGEST_REASON]


def _last_words(stderr: BinaryIO) -> str:
    """Give the line of a complaint that says most: the first `fatal:`, else the last."""
    size = stderr.seek(0, os.SEEK_END)
    stderr.seek(max(0, size - _TAIL))
    text = stderr.read().decode("utf-8", "replace")
    lines = [line.strip() for line in re.split(r"[\r\n]+", text) if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "error:"))]
    chosen = (fatal or lines or [""])[0 if fatal else -1]
    return sentence(chosen)
