"""Replay: how soon a million captures are open, how long a look-up takes, pages a second.

    python -m tests.bench.replay [CAPTURES] [--wayback PROGRAM]

PROGRAM is pywb's `wayback`; where it is given, the same pages are asked of it.
"""

import argparse
import http.client
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from pipeline.replay.holding import Holding, Shelf
from pipeline.replay.index import Index
from pipeline.replay.survey import Survey
from pipeline.replay.volume import Volume
from pipeline.warc.cdxj import Entry
from pipeline.warc.sorting import Sorter
from pipeline.warc.surt import searchable
from tests.replay.served import served
from tests.replay.warcs import Crawl

PAGES = 200
ASKED = 1_000
BODY = b"<!doctype html><link rel=stylesheet href=https://a.example/s.css>" + b"".join(
    b"<p>Some text with <a href=https://a.example/p/%d>a link</a> in it." % n for n in range(100)
)


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("captures", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--wayback")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        _look_up(Path(name), chosen.captures)
        _pages(Path(name), chosen.wayback)


def _look_up(folder: Path, captures: int) -> None:
    path = folder / "index.cdxj"
    sorter = Sorter()
    for number in range(captures):
        url = f"https://a.example/{number // 10}/page.html"
        sorter.add(_entry(url, 2000 + number % 10).line())
    with path.open("wb") as file:
        file.writelines(sorter.lines())
    begun = time.perf_counter()
    volume = Volume(name="a.warc.gz", where=folder / "a.warc.gz")
    holding = Holding([Shelf(volume=volume, index=Index(path))], Survey())
    opened = time.perf_counter() - begun
    chance, times = Random(1), []  # noqa: S311 - the same look-ups each time
    for _ in range(ASKED):
        url = f"https://a.example/{chance.randrange(captures // 10)}/page.html"
        begun = time.perf_counter()
        holding.nearest(url, None)
        times.append(time.perf_counter() - begun)
    times.sort()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _say(f"{captures} captures, index of {path.stat().st_size >> 20} MiB: opened in {opened:.4f} s")
    _say(f"look-up: median {times[ASKED // 2] * 1e3:.2f} ms, slowest {times[-1] * 1e3:.2f} ms")
    _say(f"memory at most {most:.0f} MB, with making the index")


def _entry(url: str, year: int) -> Entry:
    return Entry(
        key=searchable(url),
        timestamp=f"{year}0101000000",
        url=url,
        mime="text/html",
        status="200",
        digest="sha256:" + "0" * 64,
        length=1000,
        offset=0,
        filename="a.warc.gz",
    )


def _pages(folder: Path, wayback: str | None) -> None:
    crawl = Crawl()
    for number in range(PAGES):
        crawl.response(f"https://a.example/p/{number}", BODY, "Content-Type: text/html")
    path = crawl.write(folder / "pages.warc.gz")
    with served(path) as server:
        host = f"20240101000000.a.example.localhost:{server.port}"
        ours = _rate(server.port, lambda n: f"/p/{n}", host)
    _say(f"ours: {ours:.0f} pages a second")
    if wayback is None:
        return
    home = folder / "wayback"
    manager = str(Path(wayback).with_name("wb-manager"))
    home.mkdir()
    for words in (["init", "c"], ["add", "c", str(path)]):
        subprocess.run([manager, *words], cwd=home, check=True, capture_output=True)
    quiet = subprocess.DEVNULL
    server_ = subprocess.Popen([wayback, "-p", "8398"], cwd=home, stdout=quiet, stderr=quiet)
    try:
        time.sleep(8)
        theirs = _rate(8398, lambda n: f"/c/20240101000000mp_/https://a.example/p/{n}", "localhost")
    finally:
        server_.terminate()
    _say(f"pywb: {theirs:.0f} pages a second; ours is {ours / theirs:.1f} times as fast")


def _rate(port: int, target: Callable[[int], str], host: str) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    first = 0.0
    begun = time.perf_counter()
    for number in range(ASKED):
        asked = time.perf_counter()
        connection.request("GET", target(number % PAGES), headers={"Host": host})
        response = connection.getresponse()
        first = max(first, time.perf_counter() - asked)
        body = response.read()
        if response.status != 200 or b"Some text" not in body:
            sys.exit(f"{response.status} {body[:200]!r}")
    _say(f"slowest first byte {first * 1e3:.1f} ms")
    return ASKED / (time.perf_counter() - begun)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
