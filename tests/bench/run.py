"""What `run` and `import` cost, beside the script that someone would write instead.

    python tests/bench/run.py [SOURCE] [--times 3]

SOURCE is a bundle or bare repository (default: the real site beside the checkout, else the sample).
CPU is user and system time of the process and its children, memory is the most that any one of them
held; each figure is the best of several. The script clones with git, reads front matter with
python-frontmatter, writes rows to SQLite and files to a WARC file with warcio: it checks nothing,
proves nothing and forgets what it cannot parse.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
REAL = CHECKOUT.parent / "shared" / "data" / "ai-cam-content.bundle"
SAMPLE = CHECKOUT / "pipeline" / "sample" / "site.bundle"
BOUNDS = {
    "run": (10.0, 300.0),
    "import": (4.0, 300.0),
    "--no-history": (5.0, 200.0),
    "--help": (0.4, None),
}
NAIVE = """
import io, json, sqlite3, subprocess, sys
from pathlib import Path
import frontmatter
from warcio.warcwriter import WARCWriter
source, target = sys.argv[1:]
subprocess.run(["git", "clone", "--quiet", source, target + "/tree"], check=True)
database = sqlite3.connect(target + "/naive.db")
database.execute("CREATE TABLE documents (path, title, date, front_matter, body)")
with open(target + "/naive.warc.gz", "wb") as file:
    warc = WARCWriter(file, gzip=True)
    for path in sorted(Path(target, "tree").rglob("*")):
        if not path.is_file() or ".git" in path.parts:
            continue
        data = path.read_bytes()
        uri = path.resolve().as_uri()
        warc.write_record(warc.create_warc_record(uri, "resource", payload=io.BytesIO(data)))
        try:
            post = frontmatter.loads(data.decode())
        except Exception:
            continue
        row = (str(path), str(post.get("title")), str(post.get("date")))
        row += (json.dumps(post.metadata, default=str), post.content)
        database.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?)", row)
database.commit()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """CPU seconds and MiB."""

    cpu: float
    memory: float


def measure(command: list[str]) -> Cost:
    """Run a command and say what it cost, with all its children."""
    read, write = os.pipe()
    if os.fork() == 0:
        silence = os.open(os.devnull, os.O_WRONLY)
        environment = os.environ | {"PYTHONPATH": str(CHECKOUT)}
        done = subprocess.run(command, stdout=silence, check=False, env=environment)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        told = f"{used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024} {done.returncode}"
        os.write(write, told.encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        cpu, memory, code = pipe.read().split()
    os.wait()
    if code != "0":
        raise SystemExit(f"{command} ended with {code}")
    return Cost(cpu=float(cpu), memory=float(memory))


def best(command: list[str], times: int) -> Cost:
    """Measure several times, each in an empty folder; `@` stands for it."""
    costs = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            costs.append(measure([word.replace("@", folder) for word in command]))
    return Cost(cpu=min(c.cpu for c in costs), memory=min(c.memory for c in costs))


def verdicts(name: str, cost: Cost) -> Iterator[str]:
    """Say what a figure is beside its bound."""
    cpu, memory = BOUNDS.get(name, (None, None))
    for figure, bound, unit in ((cost.cpu, cpu, "s CPU"), (cost.memory, memory, "MiB")):
        if bound is None:
            yield f"{figure:7.2f} {unit}"
        else:
            verdict = "within" if figure <= bound else "OVER"
            yield f"{figure:7.2f} {unit} ({verdict} the bound of {bound:g})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("source", nargs="?", default=str(REAL if REAL.is_file() else SAMPLE))
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    ours = [sys.executable, "-m", "pipeline"]
    commands = {
        "--help": [*ours, "--help"],
        "run": [*ours, "run", asked.source, "--archive", "@/archive"],
        "import": [*ours, "import", asked.source, "--archive", "@/archive"],
        "--no-history": [*ours, "run", asked.source, "--archive", "@/archive", "--no-history"],
        "naive script": [sys.executable, "-c", NAIVE, asked.source, "@"],
    }
    costs = {name: best(command, asked.times) for name, command in commands.items()}
    for name, cost in costs.items():
        sys.stdout.write(f"{name:14}{', '.join(verdicts(name, cost))}\n")
    newest, script = costs["--no-history"], costs["naive script"]
    ratio, more = newest.cpu / script.cpu, newest.memory / script.memory
    sys.stdout.write(
        f"the newest state alone, beside the script: {ratio:.2f} times the CPU,"
        f" {more:.2f} times the memory\n"
    )


if __name__ == "__main__":
    main()
