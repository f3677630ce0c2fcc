"""Run the main job in a process that dies at the commit, or with a number of files sealed."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from sqlalchemy.engine.base import RootTransaction

from pipeline.warc.limits import SEGMENT_MOST
from tests.archives import NOW, archive
from tests.cli.command import CHECKOUT, environment

KILLED = 9
SPILL = """\
import os, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA cache_size = 2")
database.execute("BEGIN IMMEDIATE")
for turn in range(40):
    database.execute("UPDATE parts SET plain = ?", (str(turn) * 3000,))
    database.execute("UPDATE urls SET url = url || ?", (str(turn) * 300,))
os._exit(9)
"""
"""Die in the middle of a write to a database."""


def died(source: str, folder: Path, step: str, segment: int = SEGMENT_MOST) -> None:
    """Run the job; it dies "before commit", "after commit", or after so many "renames"."""
    words = [sys.executable, "-m", "tests.faults.dying", source, folder, step, segment]
    done = subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        check=False,
        cwd=CHECKOUT,
        env=environment(),
    )
    assert done.returncode == KILLED, done.stderr.decode()


def main() -> None:
    """Do it, and die."""
    source, folder, step, segment = sys.argv[1:]
    real, rename = RootTransaction.commit, Path.rename
    left = int(step) if step.isdigit() else 0

    def commit(self: RootTransaction) -> None:
        if step == "before commit":
            os._exit(KILLED)
        real(self)
        if step == "after commit":
            os._exit(KILLED)

    def counted(self: Path, target: Any) -> Path:  # noqa: ANN401 - whatever it takes
        nonlocal left
        done = rename(self, target)
        left -= 1
        if not left:
            os._exit(KILLED)
        return done

    RootTransaction.commit = commit  # type: ignore[assignment,method-assign]
    Path.rename = counted  # type: ignore[assignment,method-assign]
    archive(source, Path(folder), now=NOW, segment=int(segment))


if __name__ == "__main__":
    main()
