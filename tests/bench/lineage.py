"""How long lineage takes: on a real repository, and on invented histories of growing length.

    python tests/bench/lineage.py [REPOSITORY OR BUNDLE]

Prints CPU seconds. Reading and parsing are told apart from lineage itself.
"""

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline.history.lineage.series import find_series
from pipeline.history.lineage.trace import trace
from pipeline.history.lineage.values import Life
from tests.history.lineage.reading import read_past
from tests.history.lineage.story import Commit, edited, page, tell

BUNDLE = Path(__file__).resolve().parents[3] / "shared" / "data" / "ai-cam-content.bundle"
ARTICLES = 100
TIMES = (1, 4, 16)

Result = TypeVar("Result")


def invented(times: int) -> tuple[Life, ...]:
    """Articles that are added, edited three times, and moved by a redesign, `times` times over."""
    story: list[Commit] = []
    for site in range(times):
        old = {f"_posts/{site}-{n}.md": page(f"Article {n} of {site}") for n in range(ARTICLES)}
        story.append(dict(old))
        for _ in range(3):
            old = {path: edited(facts) for path, facts in old.items()}
            story += [{path: facts} for path, facts in old.items()]
        moved = {path.replace("_posts", "_stories"): edited(facts) for path, facts in old.items()}
        story.append({**dict.fromkeys(old), **moved})
    return tell(*story, hours=1)


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Do it and give the CPU seconds it took."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("location", nargs="?", default=str(BUNDLE))
    location = parser.parse_args().location
    seconds, past = timed(lambda: read_past(location))
    states = sum(len(life.states) for life in past.lives)
    say(f"reading and parsing {states} states of {len(past.lives)} paths: {seconds:.2f} s")
    seconds, found = timed(lambda: trace(past.lives))
    joins = sum(len(document.joins) for document in found.documents)
    say(f"lineage: {seconds:.2f} s, {len(found.documents)} documents, {joins} joins")
    seconds, series = timed(lambda: find_series(past.lives, found))
    say(f"series: {seconds:.2f} s, {len(series)} found")
    for times in TIMES:
        lives = invented(times)
        states = sum(len(life.states) for life in lives)
        seconds, found = timed(partial(trace, lives))
        joins = sum(len(document.joins) for document in found.documents)
        each = seconds / states * 1e6
        say(f"{times:2} x: {states} states, {joins} joins: {seconds:.2f} s, {each:.0f} us a state")


if __name__ == "__main__":
    main()
