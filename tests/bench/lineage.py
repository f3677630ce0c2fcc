"""How long lineage takes: on a real repository, and on invented histories of growing length.

    python tests/bench/lineage.py [REPOSITORY OR BUNDLE]

Prints CPU seconds. What Jekyll's rules cost is told apart from what lineage adds to it, and the
memory that lineage keeps from state to state is told, too.
"""

import argparse
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pipeline.content.settings import Settings
from pipeline.history.lineage.facts import Taker
from pipeline.history.lineage.reading import Reader, Seen, lives
from pipeline.history.lineage.series import find_series
from pipeline.history.lineage.trace import trace
from pipeline.history.lineage.values import Facts, Life
from pipeline.history.versions import Versions
from pipeline.history.versions import trace as spans_of
from pipeline.jekyll.config import CONFIG_NAMES
from pipeline.model import TreeEntry
from pipeline.sources import Absent, open_source
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


def read(location: str) -> tuple[Versions, dict[TreeEntry, bytes]]:
    """Read all states of a history into memory: only a bench does that."""
    with open_source(location) as source:
        history = source.history()
        versions = spans_of(history.graph, history.steps())
        contents = source.read(version.entry for version in versions.states())
        return versions, {e: data for e, data in contents if not isinstance(data, Absent)}


def see(versions: Versions, contents: Mapping[TreeEntry, bytes]) -> dict[TreeEntry, Seen]:
    """Read each state as `run` does."""
    configs = {entry: data for entry, data in contents.items() if entry.path in CONFIG_NAMES}
    reader = Reader(versions, configs, Settings())
    states = [version for version in versions.states() if version.entry in contents]
    found = ((version.entry, reader.read(version, contents[version.entry])) for version in states)
    return {entry: seen for entry, seen in found if seen is not None}


def take(seen: Mapping[TreeEntry, Seen], contents: Mapping[TreeEntry, bytes]) -> list[Facts]:
    """Take the facts of all states; the rest of reading is what Jekyll's rules cost."""
    taker = Taker(Settings())
    return [taker.take(each.item, contents[entry]) for entry, each in seen.items() if each.item]


def kept(seen: Mapping[TreeEntry, Seen], contents: Mapping[TreeEntry, bytes]) -> int:
    """Count the bytes that the facts of all states take."""
    tracemalloc.start()
    facts = take(seen, contents)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size if facts else 0


def real(location: str) -> None:
    """Measure a real history."""
    versions, contents = read(location)
    seconds, seen = timed(lambda: see(versions, contents))
    of_facts, facts = timed(lambda: take(seen, contents))
    say(f"reading {len(seen)} states: {seconds:.2f} s, of that facts for lineage: {of_facts:.2f} s")
    size = kept(seen, contents)
    say(f"memory: {size / 1e6:.1f} MB, {size / max(1, len(facts)):.0f} bytes a state")
    of_lives, lives_ = timed(lambda: lives(versions, seen))
    of_trace, found = timed(lambda: trace(lives_))
    of_series, series = timed(lambda: find_series(lives_, found))
    joins = sum(len(document.joins) for document in found.documents)
    say(f"lives: {of_lives:.2f} s, {len(lives_)} paths")
    say(f"trace: {of_trace:.2f} s, {len(found.documents)} documents, {joins} joins")
    say(f"series: {of_series:.2f} s, {len(series)} found")
    say(f"lineage in all: {of_facts + of_lives + of_trace + of_series:.2f} s")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("location", nargs="?", default=str(BUNDLE))
    real(parser.parse_args().location)
    for times in TIMES:
        past = invented(times)
        states = sum(len(life.states) for life in past)
        seconds, found = timed(partial(trace, past))
        joins = sum(len(document.joins) for document in found.documents)
        each = seconds / states * 1e6
        say(f"{times:2} x: {states} states, {joins} joins: {seconds:.2f} s, {each:.0f} us a state")


if __name__ == "__main__":
    main()
