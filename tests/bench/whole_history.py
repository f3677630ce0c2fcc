"""What the whole history of a site costs: ours, git-history's, and that of a naive reader.

    python tests/bench/whole_history.py [--bundle FILE] [--git-history COMMAND] [--commits 250]

Prints CPU seconds with those of all children, the least of several runs.

1. The real site (or any bundle): `import` puts every version of every document into a catalogue.
   git-history (PyPI) does so one file at a time, for files that stand at the tip, and walks all
   commits for each: it is timed on some of them, and told for all (python-frontmatter must be
   installed beside it). The naive reader starts one
   `git show` and one python-frontmatter for each version: timed on some, told for all.
2. Invented histories of 1, 4 and 16 times as many commits: how the cost of `import` grows.
"""

import argparse
import io
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import frontmatter

from pipeline.history.versions import trace
from pipeline.sources import open_source
from tests.bench.history import EDITED, FILES, cpu, write_history
from tests.bench.run import REAL, best

SOME_FILES, SOME_VERSIONS = 12, 150
CONVERT = (
    "[dict({k: str(v) for k, v in"
    " frontmatter.loads(content.decode('utf-8', 'replace')).metadata.items()}, id=1)]"
    " if content.startswith(b'---') else []"
)


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def ours(source: Path, job: str, times: int) -> float:
    """Run a job of the command line."""
    command = [sys.executable, "-m", "pipeline", job, str(source), "--archive", "@/archive"]
    return best(command, times).cpu


def git_history(command: str, clone: Path, branch: str) -> tuple[float, int, int]:
    """Time git-history on some documents; give seconds a file, those that it read, and all."""
    documents = sorted(p for p in clone.rglob("_*/*.md") if ".git" not in p.parts)
    chosen = documents[:: max(1, len(documents) // SOME_FILES)][:SOME_FILES]
    read = 0
    start = cpu()
    with tempfile.TemporaryDirectory() as folder:
        for number, path in enumerate(chosen):
            done = subprocess.run(
                [command, "file", f"{folder}/{number}.db", str(path), "--repo", str(clone),
                 "--branch", branch, "--convert", CONVERT, "--import", "frontmatter",
                 "--id", "id", "--silent"],
                check=False, capture_output=True,
            )  # fmt: skip
            read += done.returncode == 0
    return (cpu() - start) / len(chosen), read, len(documents)


def versions(source: Path) -> list[tuple[str, str]]:
    """List every version as a commit that has it and its path."""
    with open_source(str(source)) as opened:
        history = opened.history()
        states = trace(history.graph, history.steps()).states()
    return [(state.spans[0].since, state.entry.path) for state in states]


def naive(clone: Path, wanted: list[tuple[str, str]]) -> float:
    """Give the seconds a version of one process each."""
    start = cpu()
    for commit, path in wanted:
        command = ["git", "-C", str(clone), "show", f"{commit}:{path}"]
        done = subprocess.run(command, check=True, capture_output=True)
        try:
            frontmatter.loads(done.stdout.decode("utf-8", "replace"))
        except Exception:  # noqa: BLE001, S112 - as such a script does
            continue
    return (cpu() - start) / len(wanted)


def real(source: Path, command: str | None, times: int) -> None:
    """Measure on a real bundle."""
    seconds = ours(source, "import", times)
    every = versions(source)
    say(f"{source.name}: {len(every)} versions; import {seconds:.2f} s of CPU")
    say(f"  run, with records and verification: {ours(source, 'run', times):.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder, "clone")
        subprocess.run(["git", "clone", "--quiet", str(source), str(clone)], check=True)  # noqa: S607
        branch = subprocess.run(
            ["git", "-C", str(clone), "branch", "--show-current"],  # noqa: S607
            check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        each = naive(clone, every[:: max(1, len(every) // SOME_VERSIONS)])
        whole = each * len(every)
        say(f"  one process a version: {whole:.0f} s, {whole / seconds:.1f} times as much")
        if command is None:
            say("  git-history is not installed: not timed")
            return
        each, read, files = git_history(command, clone, branch)
        whole = each * files
        say(
            f"  git-history: {each:.2f} s a file ({read} of {SOME_FILES} tried could be read),"
            f" {whole:.0f} s for the {files} files of the tip alone,"
            f" {whole / seconds:.1f} times as much; it cannot read paths that are gone"
        )


def growth(commits: int, times: int) -> Iterator[tuple[int, float]]:
    """Measure invented histories of growing length."""
    with tempfile.TemporaryDirectory() as folder:
        for factor in (1, 4, 16):
            with redirect_stdout(io.StringIO()):
                source = write_history(Path(folder, f"{factor}.git"), commits * factor)
            yield factor, ours(source, "import", times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--bundle", type=Path, default=REAL)
    parser.add_argument("--git-history", default=shutil.which("git-history"))
    parser.add_argument("--commits", type=int, default=250, help="what 1x stands for")
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    if asked.bundle.is_file():
        real(asked.bundle, asked.git_history, asked.times)
    start_up = best([sys.executable, "-m", "pipeline", "import", "--help"], asked.times).cpu
    first = 0.0
    began = time.monotonic()
    for factor, seconds in growth(asked.commits, asked.times):
        first = first or seconds - start_up
        say(
            f"{factor:3}x ({asked.commits * factor} commits,"
            f" {FILES + EDITED * (asked.commits * factor - 1)} versions): {seconds:6.2f} s,"
            f" without starting up {(seconds - start_up) / first:.1f} times the first"
        )
    say(f"(measured in {time.monotonic() - began:.0f} s)")


if __name__ == "__main__":
    main()
