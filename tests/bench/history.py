"""What the whole history of a repository costs: commits, changes, spans and every distinct content.

    python tests/bench/history.py [--commits 1000] [--bundle FILE]

Prints CPU seconds, git's included, for 1, 4 and 16 times as many commits, and beside them what a
reader costs that starts a git process for each version (timed on some of them). With a bundle it
measures that too.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline.history.versions import trace
from pipeline.sources import Source, open_source

FILES = 400
FOLDERS = 8
EDITED = 2
MERGED = 40
SAMPLE = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """CPU seconds of opening, of the history, of the contents; and how much there was."""

    opening: float
    history: float
    contents: float
    commits: int
    versions: int
    blobs: int
    size: int

    @property
    def total(self) -> float:
        """All of it."""
        return self.opening + self.history + self.contents

    def __str__(self) -> str:
        return (
            f"{self.commits:7} commits {self.versions:7} versions {self.blobs:7} contents"
            f" ({self.size / 1e6:6.1f} MB): open {self.opening:6.2f} + history {self.history:6.2f}"
            f" + contents {self.contents:6.2f} = {self.total:6.2f} s,"
            f" {self.total / self.versions * 1e6:5.0f} µs a version"
        )


def cpu() -> float:
    """Seconds of CPU that this process and its ended children have used."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def ours(location: Path) -> Cost:
    """Read everything once."""
    start = cpu()
    with open_source(str(location)) as source:
        opened = cpu()
        history = source.history()
        versions = trace(history.graph, history.steps())
        told = cpu()
        distinct = {span.entry.oid: span.entry for span in versions.spans}
        contents = (data for _, data in source.read(distinct.values()))
        size = sum(len(data) for data in contents if isinstance(data, bytes))
    return Cost(
        opening=opened - start,
        history=told - opened,
        contents=cpu() - told,
        commits=len(history.graph.nodes),
        versions=len({span.entry for span in versions.spans}),
        blobs=len(distinct),
        size=size,
    )


def naive(folder: Path, sample: int = SAMPLE) -> float:
    """Return the CPU seconds a version of a reader with one `git show` for each, on a sample."""
    with open_source(str(folder)) as source:
        wanted = list(_some_versions(source, sample))
    start = cpu()
    for commit, path in wanted:
        command = ["git", "-C", str(folder), "show", f"{commit}:{path}"]
        subprocess.run(command, check=True, capture_output=True)
    return (cpu() - start) / len(wanted)


def _some_versions(source: Source, count: int) -> Iterator[tuple[str, str]]:
    history = source.history()
    states = trace(history.graph, history.steps()).states()
    for state in states[:: max(1, len(states) // count)][:count]:
        yield state.spans[0].since, state.entry.path


def write_history(folder: Path, commits: int) -> Path:
    """Write a site whose files are edited all the time, every so often on a side branch."""
    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)  # noqa: S607
    command = ["git", "-C", str(folder), "fast-import", "--quiet"]
    subprocess.run(command, input=b"".join(_stream(commits)), check=True)
    head = ["git", "-C", str(folder), "symbolic-ref", "HEAD", "refs/heads/main"]
    subprocess.run(head, check=True)
    return folder


def _stream(commits: int) -> Iterator[bytes]:
    for number in range(commits):
        merged = number % MERGED == MERGED - 1
        yield _commit(number, "side" if number % MERGED == MERGED - 2 else "main", merge=merged)


def _commit(number: int, branch: str, *, merge: bool) -> bytes:
    who = f"committer A <a@example.org> {1_500_000_000 + number * 600} +0000"
    lines = [f"commit refs/heads/{branch}", f"mark :{number + 1}", who, "data 4", "edit"]
    if number:
        lines.append(f"from :{number - 1 if merge else number}")
    if merge:
        lines.append(f"merge :{number}")
    if number == 0:
        folders = ", ".join(f"posts{folder}: {{output: true}}" for folder in range(FOLDERS))
        config = f"title: Bench\ncollections: {{{folders}}}\n"
        lines += ["M 100644 inline _config.yml", f"data {len(config)}", config]
    edited = range(FILES) if number == 0 else [(number * 7 + k) % FILES for k in range(EDITED)]
    for file in edited:
        text = f"---\ntitle: Page {file}\n---\n" + f"Words of edit {number}.\n" * 60
        path = f"_posts{file % FOLDERS}/2020-01-01-page-{file}.md"
        lines += [f"M 100644 inline {path}", f"data {len(text)}", text]
    return "\n".join([*lines, "", ""]).encode()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commits", type=int, default=1000, help="what 1x stands for")
    parser.add_argument("--bundle", type=Path, help="a repository or bundle to measure too")
    options = parser.parse_args()
    if options.bundle:
        sys.stdout.write(f"{options.bundle.name}: {ours(options.bundle)}\n")
    with tempfile.TemporaryDirectory() as temporary:
        costs = [measure(Path(temporary), options.commits, factor) for factor in (1, 4, 16)]
    growth = [f"{each.total / costs[0].total:.1f}" for each in costs]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"cost grows as {' : '.join(growth)}; peak memory {peak:.0f} MB\n")


def measure(temporary: Path, commits: int, factor: int) -> Cost:
    """Measure a history that many times as long, ours and the naive way."""
    folder = write_history(temporary / f"{factor}.git", commits * factor)
    cost = ours(folder)
    other = naive(folder) * cost.versions
    sys.stdout.write(
        f"{factor:3}x {cost}\n     one process a version: about {other:.1f} s,"
        f" {other / cost.total:.1f} times as much\n"
    )
    return cost


if __name__ == "__main__":
    main()
