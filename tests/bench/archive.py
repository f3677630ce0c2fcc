"""What archiving a rendered site costs, beside warcit; and verifying it, beside FastWARC's check.

    python tests/bench/archive.py [--megabytes 120] [--records 100000] [--gigabytes 4] [--times 3]
        [--site SOURCE SITE] [--warcit PROGRAM] [--fastwarc PROGRAM]

The site is made up: 1,400 files, half of them pages, half pictures that nothing compresses, one in
nine a copy of another; or it is one that was rendered before. `the writer alone` does what warcit
does, each file a record and each copy a revisit, and seals the file: what was written is read back.
`run --rendered` archives the source, too, and makes the catalogue of both. CPU is user and system
time of the process and its children, memory is the most that any one of them held; each figure is
the best of several. A tool that is not installed is left out. FastWARC's check is asked for blocks
alone: of payloads it knows those of HTTP messages.
In a file of ours it holds the SHA-256 of each block against its header; our check computes the same
and holds payloads, revisits and every rule of the standard against each other.
"""

import argparse
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
FILES, COPIES = 1400, 155
OURS = [sys.executable, "-m", "pipeline"]
WRITE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pipeline.warc.info import WarcInfo
from pipeline.warc.writer import WarcWriter
folder, count = Path(sys.argv[1]), int(sys.argv[2])
now = datetime(2026, 1, 2, tzinfo=UTC)
info = WarcInfo(software="bench", is_part_of="many", description="many small records")
with WarcWriter(folder, f"many-{count}", info, now) as warc:
    for number in range(count):
        page = b"<p>This is page %d.</p>" % number
        warc.resource(uri=f"https://a.example/{number}", payload=page, media_type="text/html",
                      date=now)
    warc.seal()
"""
LARGE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from pipeline.warc.info import WarcInfo
from pipeline.warc.limits import SEGMENT_MOST
from pipeline.warc.writer import WarcWriter
folder, left, number = Path(sys.argv[1]), int(sys.argv[2]), 0
now = datetime(2026, 1, 2, tzinfo=UTC)
info = WarcInfo(software="bench", is_part_of="large", description="large records")
pick = Random(1)
noise = pick.randbytes(1 << 20)
while left > 0:
    with WarcWriter(folder, f"large-{left:012}", info, now) as warc:
        while left > 0 and warc.has_room(len(noise), SEGMENT_MOST):
            number += 1
            payload = number.to_bytes(8, "big") + noise
            warc.resource(uri=f"https://a.example/{number}", payload=payload,
                          media_type="image/jpeg", date=now)
            left -= len(payload)
        warc.seal()
"""
ALONE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from pipeline.content.media import media_type
from pipeline.model import Sha256
from pipeline.sources.rendered import public_path, read_rendered
from pipeline.warc.info import WarcInfo
from pipeline.warc.record import Original
from pipeline.warc.uri import under
from pipeline.warc.writer import WarcWriter
site, folder = Path(sys.argv[1]), Path(sys.argv[2])
now = datetime(2026, 1, 2, tzinfo=UTC)
info = WarcInfo(software="bench", is_part_of="site", description="a rendered site")
known = {}
with WarcWriter(folder, "site", info, now) as warc:
    for file in read_rendered(site):
        uri = under("https://bench.example/", public_path(file.path).removeprefix("/"))
        digest = Sha256.of(file.data)
        if digest in known:
            warc.revisit(uri=uri, original=known[digest], date=now)
            continue
        kind = media_type(file.path)
        kept = warc.resource(uri=uri, payload=file.data, media_type=kind, date=now, digest=digest)
        known[digest] = Original(record_id=kept.record_id, target_uri=uri, date=now,
                                 payload_sha256=digest)
    warc.seal()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds of CPU and megabytes of memory of a command."""

    cpu: float
    memory: float


def tell(line: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def told(name: str, cost: Cost, size: int) -> str:
    """Say what a command cost, and how many bytes it wrote."""
    return f"  {name:26}{cost.cpu:6.2f} s {cost.memory:6.0f} MB held {size / 1e6:7.1f} MB written"


def cost_of(words: list[str], folder: Path) -> Cost:
    """Run a command to its end and say what it cost.

    Raises CalledProcessError where its exit code is not 0.
    """
    environment = os.environ | {"PYTHONPATH": str(CHECKOUT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed is compiled: so is ours
    with subprocess.Popen(
        words,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, words)
    return Cost(cpu=used.ru_utime + used.ru_stime, memory=used.ru_maxrss / 1024)


def best(times: int, measure: Callable[[], Cost]) -> Cost:
    """Measure several times; give the least of each."""
    costs = [measure() for _ in range(times)]
    return Cost(cpu=min(c.cpu for c in costs), memory=min(c.memory for c in costs))


def make_site(folder: Path, megabytes: int) -> tuple[Path, Path]:
    """Write a rendered site and the source that it is taken for."""
    pick = random.Random(1)  # noqa: S311 - a bench, no secret
    words = [
        "".join(pick.choices("abcdefghijklmnopqrstuvwxyz", k=pick.randint(2, 9)))
        for _ in range(4000)
    ]
    site = folder / "_site"
    pictures = FILES // 2
    size = megabytes * 1_000_000 // pictures * 9 // 10
    made: list[Path] = []
    for number in range(FILES - COPIES):
        is_picture = number % 2 == 0
        path = (
            site / f"{number % 40}" / (f"p{number}.jpg" if is_picture else f"{number}/index.html")
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        if is_picture:
            path.write_bytes(
                b"\xff\xd8\xff\xe0" + pick.randbytes(pick.randrange(size // 2, size * 3 // 2))
            )
        else:
            text = " ".join(pick.choices(words, k=size // 60))
            path.write_text(f"<!doctype html><title>Page {number}</title><p>{text}</p>")
        made.append(path)
    for number in range(COPIES):
        one = pick.choice(made)
        shutil.copy(one, site / f"copy{number}{one.suffix}")
    source = folder / "source"
    source.mkdir()
    (source / "_config.yml").write_text("title: Bench\nurl: https://bench.example\n")
    return source, site


def archiving(folder: Path, site: tuple[Path, Path], times: int, warcit: str | None) -> Path:
    """Archive the site with ours and with warcit; give the file that the writer alone made."""
    source, rendered = site
    files = [path for path in rendered.rglob("*") if path.is_file()]
    total = sum(path.stat().st_size for path in files)
    tell(f"a rendered site of {len(files)} files, {total / 1e6:.0f} MB")
    number = iter(range(1000))
    made: list[Path] = []

    def measured(words: Callable[[Path], list[str]]) -> Cost:
        target = folder / f"made{next(number)}"
        target.mkdir()
        made.append(target)
        return cost_of(words(target), target)

    def written() -> list[Path]:
        return [path for path in made[-1].rglob("*.warc.gz") if path.is_file()]

    def ours(target: Path) -> list[str]:
        place = str(target / "bench")
        return [*OURS, "run", str(source), "--rendered", str(rendered), "--archive", place]

    def alone(target: Path) -> list[str]:
        return [sys.executable, "-c", ALONE, str(rendered), str(target)]

    def theirs(_: Path) -> list[str]:
        return [str(warcit), "-q", "--name", "site", "https://bench.example/", f"{rendered}/"]

    whole = best(times, lambda: measured(ours))
    (file,) = written()
    tell(told("run --rendered, verified", whole, file.stat().st_size))
    cost = best(times, lambda: measured(alone))
    (file,) = written()
    tell(told("the writer alone", cost, file.stat().st_size))
    same = len({digest_of(each / file.name) for each in made[-times:]}) == 1
    tell(f"  written {times} times with one clock: {'equal' if same else 'NOT EQUAL'}")
    if warcit:
        other = best(times, lambda: measured(theirs))
        size = sum(path.stat().st_size for path in written())
        tell(told("warcit", other, size))
        ratio = file.stat().st_size / size
        tell(f"  the writer / warcit: CPU {cost.cpu / other.cpu:.2f}, size {ratio:.3f}")
        tell(f"  run / warcit: CPU {whole.cpu / other.cpu:.2f}")
    return file


def digest_of(file: Path) -> str:
    """Give the SHA-256 of a file."""
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def verifying(folder: Path, file: Path, times: int, fastwarc: str | None) -> None:
    """Check the file with ours and with FastWARC."""
    cost = best(times, lambda: cost_of([*OURS, "verify", str(file)], folder))
    tell(f"checking that file of {file.stat().st_size / 1e6:.0f} MB")
    tell(f"  verify                    {cost.cpu:6.2f} s {cost.memory:6.0f} MB held")
    if fastwarc:
        words = [fastwarc, "check", "-q", str(file)]
        other = best(times, lambda: cost_of(words, folder))
        tell(f"  fastwarc check            {other.cpu:6.2f} s {other.memory:6.0f} MB held")
        tell(f"  ours / fastwarc: CPU {cost.cpu / other.cpu:.2f}")


def growing(folder: Path, most: int, fastwarc: str | None) -> None:
    """Write and check files of more and more records."""
    tell("many small records: time linear, memory flat")
    for count in (most // 4, most // 2, most):
        wrote = cost_of([sys.executable, "-c", WRITE, str(folder), str(count)], folder)
        file = folder / f"many-{count}.warc.gz"
        read = cost_of([*OURS, "verify", str(file)], folder)
        line = f"  {count:7} records: written {wrote.cpu:6.2f} s {wrote.memory:4.0f} MB"
        line += f", verified {read.cpu:6.2f} s {read.memory:4.0f} MB"
        if fastwarc:
            other = cost_of([fastwarc, "check", "-q", str(file)], folder)
            line += f", fastwarc {other.cpu:6.2f} s (ratio {read.cpu / other.cpu:.2f})"
        tell(line)


def enlarging(folder: Path, most: int) -> None:
    """Write and check more and more gigabytes, in files of 1 GB at most."""
    tell("large archives of what nothing compresses: time linear, memory flat, files of 1 GB")
    for size in (most // 4, most // 2, most):
        place = folder / f"large{size}"
        place.mkdir()
        wrote = cost_of([sys.executable, "-c", LARGE, str(place), str(size)], folder)
        files = sorted(map(str, place.iterdir()))
        read = cost_of([*OURS, "verify", *files], folder)
        largest = max(Path(file).stat().st_size for file in files)
        line = f"  {size / 1e9:5.1f} GB, {len(files)} files, the largest {largest / 1e9:.3f} GB:"
        line += f" written {wrote.cpu:6.2f} s {wrote.memory:4.0f} MB"
        tell(f"{line}, verified {read.cpu:6.2f} s {read.memory:4.0f} MB")
        shutil.rmtree(place)


def main() -> None:
    """Measure and print."""
    beside = Path(sys.executable).parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=120)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--gigabytes", type=float, default=4)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--warcit", default=str(beside / "warcit"))
    parser.add_argument("--fastwarc", default=str(beside / "fastwarc"))
    parser.add_argument("--site", nargs=2, type=Path, metavar=("SOURCE", "SITE"))
    asked = parser.parse_args()
    warcit, fastwarc = shutil.which(asked.warcit), shutil.which(asked.fastwarc)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        given = tuple(path.resolve() for path in asked.site or ())
        site = (given[0], given[1]) if given else make_site(folder, asked.megabytes)
        file = archiving(folder, site, asked.times, warcit)
        verifying(folder, file, asked.times, fastwarc)
        growing(folder, asked.records, fastwarc)
        enlarging(folder, int(asked.gigabytes * 1e9))


if __name__ == "__main__":
    main()
