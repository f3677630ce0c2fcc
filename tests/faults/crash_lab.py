"""Do a job again and again and kill it at each step that makes something durable.

A process of its own, because a process that dies is no place for tests. Steps are counted as they
come: files opened to be written, bytes brought to the disk, renames, removals, and the commit; the
process dies, without any clean-up, before or after one of them.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.engine.base import RootTransaction

from pipeline.history.lineage.values import Verdict
from pipeline.jobs.deciding import decide, decision_of
from pipeline.jobs.place import ELSEWHERE, find_place
from tests.archives import NOW, archive

KILLED = 9
COMMIT = "after commit"
ATTEMPT = "ATTEMPT"  # stands for the name of an attempt in the URL of its catalogue
WRITING = {"xb", "wb"}
Real = Callable[..., Any]


class Clock:
    """Counts the steps, and ends the process at one of them, by number or name, or at none."""

    def __init__(self, folder: Path, last: int | str | None) -> None:
        self.folder, self.last = folder, last
        self.labels: list[str] = []

    def step(self, label: str) -> None:
        """Take note of a step; die if it is the last."""
        self.labels.append(label)
        if self.last in {len(self.labels) - 1, label}:
            os._exit(KILLED)

    def around(self, owner: object, name: str) -> None:
        """Count the calls of a function, before and after."""
        real: Real = getattr(owner, name)

        def counted(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever it takes
            given = arguments[0] if arguments else None
            if isinstance(given, Path) and not self._matters(given, name, arguments[1:]):
                return real(*arguments, **named)
            what = f"{name} {given.name}" if isinstance(given, Path) else name
            if name in {"rename", "replace", "commit"}:
                self.step(f"before {what}")
            done = real(*arguments, **named)
            self.step(f"after {what}")
            return done

        setattr(owner, name, counted)

    def _matters(self, path: Path, name: str, rest: tuple[Any, ...]) -> bool:
        written = name != "open" or not WRITING.isdisjoint(rest)
        return path.is_relative_to(self.folder) and written


def attempt(task: dict[str, Any], name: str, last: int | str | None) -> list[str]:
    """Do the job in its folder, dying at step `last`; give the steps if it did not."""
    folder = folder_of(task, name)
    database = task["database"] and task["database"].replace(ATTEMPT, name)
    clock = Clock(folder, last)
    clock.around(os, "fsync")
    for function in ("open", "rename", "replace", "mkdir", "unlink"):
        clock.around(Path, function)
    clock.around(RootTransaction, "commit")
    if task["job"] == "accept":
        decide(find_place(folder, database), decision_of(Verdict.ACCEPT, *task["paths"]), NOW)
    else:
        records, rendered = task["job"] == "run", task["rendered"] and Path(task["rendered"])
        told = {"database": database, "rendered": rendered, "records": records}
        archive(task["source"], folder, now=NOW, **told)
    return clock.labels


def forked(work: Callable[[], list[str]]) -> list[str] | None:
    """Do work in a child; give what it gives, or None if it died as it should."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        with os.fdopen(write, "w") as pipe:
            json.dump(work(), pipe)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == KILLED:
        return None
    if code != 0:
        raise RuntimeError(code)
    return [str(label) for label in json.loads(said)]


def folder_of(task: dict[str, Any], name: str) -> Path:
    """Name the archive folder of one attempt."""
    return Path(task["target"], name, "weir")


def lay_out(task: dict[str, Any], name: str) -> None:
    """Make the folder of one attempt, as the attempt should find it."""
    folder = folder_of(task, name)
    folder.parent.mkdir(parents=True)
    if task["start"]:
        shutil.copytree(task["start"], folder)
        if task["database"]:
            (folder / ELSEWHERE).write_text(task["database"].replace(ATTEMPT, name) + "\n")


def main() -> None:
    """Do what stdin asks for; print the label of each step."""
    task = json.load(sys.stdin)
    lay_out(task, "whole")
    labels = forked(partial(attempt, task, "whole", None))
    if labels is None:
        raise RuntimeError
    labels = labels[: labels.index(COMMIT) + 1]  # then it only verifies
    wanted: Iterable[int | str] = task["steps"] or range(len(labels))
    for number, step in enumerate(wanted):
        lay_out(task, str(number))
        if forked(partial(attempt, task, str(number), step)) is not None:
            raise RuntimeError(step)
    json.dump(labels, sys.stdout)


if __name__ == "__main__":
    main()
