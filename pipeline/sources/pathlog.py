"""Which commit brought each path, and which brought its present state.

Two git streams, no blob needed: `rev-list --parents` gives the graph, `diff-tree --stdin` the raw
difference of every commit to each of its parents. Git's own `log -m` has the same content but does
not say which parent a difference belongs to when another one is empty.

At a merge a path follows the first parent in which it is the same, as git's history simplification
does; so `last` is what `git log -1 -- PATH` says. `first` is the oldest commit, in date order, that
has the path where none of its parents has it.
"""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import IO

from pipeline.errors import GitError
from pipeline.sources.git import Git
from pipeline.sources.source import PathHistory

_READ = 1 << 16
_NO_MODE = b":000000 "
_DIFF = ("-r", "--raw", "-z", "--root", "--no-renames", "--no-abbrev", "--always", "--stdin")


@dataclass(frozen=True, slots=True, kw_only=True)
class PathLog:
    """The answer, and what stopped the reading early (a missing object), if anything did."""

    histories: Mapping[str, PathHistory]
    stopped: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Difference:
    """Between a commit and one parent (or nothing): paths that differ, and those only it has."""

    changed: frozenset[bytes]
    added: frozenset[bytes]


def read_path_log(
    git: Git, revision: str, paths: Iterable[bytes], cut: AbstractSet[str] = frozenset()
) -> PathLog:
    """Trace paths back from a commit. `cut` are the commits whose parents are left out."""
    tracing = _Tracing(revision, paths)
    try:
        with tempfile.TemporaryFile() as graph, tempfile.TemporaryFile() as pairs:
            _write_graph(git, revision, graph, pairs)
            with git.stream("diff-tree", *_DIFF, stdin=pairs) as running:
                differences = _differences(running.stdout, tracing.paths)
                for line in graph:
                    commit, *parents = line.decode("ascii").split()
                    found = [next(differences, None) for _ in parents or (commit,)]
                    if None not in found:
                        tracing.take(commit, parents, [each for each in found if each is not None])
    except GitError as error:
        return PathLog(histories=tracing.histories(cut, complete=False), stopped=str(error))
    return PathLog(histories=tracing.histories(cut, complete=True))


def _write_graph(git: Git, revision: str, graph: IO[bytes], pairs: IO[bytes]) -> None:
    """Write `commit parent…` lines, and the question for diff-tree: a line for each parent."""
    with git.stream("rev-list", "--date-order", "--parents", revision, "--") as running:
        for line in running.stdout:
            graph.write(line)
            commit, *parents = line.split()
            pairs.writelines(b"%s %s\n" % (commit, parent) for parent in parents)
            if not parents:
                pairs.write(commit + b"\n")
    for file in (graph, pairs):
        file.flush()
        file.seek(0)


def _differences(stdout: IO[bytes], paths: AbstractSet[bytes]) -> Iterator[_Difference]:
    """Read diff-tree's `-z` output: a commit id, then `:modes ids status`, path, and so on.

    Of other paths than these nothing is told.
    """
    changed: set[bytes] = set()
    added: set[bytes] = set()
    tokens = _tokens(stdout)
    started = False
    for token in tokens:
        if token.startswith(b":"):
            path = next(tokens, b"")
            if path not in paths:
                continue
            changed.add(path)
            if token.startswith(_NO_MODE):
                added.add(path)
            continue
        if started:
            yield _Difference(changed=frozenset(changed), added=frozenset(added))
        started = True
        changed.clear()
        added.clear()
    if started:
        yield _Difference(changed=frozenset(changed), added=frozenset(added))


def _tokens(stdout: IO[bytes]) -> Iterator[bytes]:
    held = b""
    while block := stdout.read(_READ):
        *whole, held = (held + block).split(b"\0")
        yield from whole


class _Tracing:
    """Follows paths from child to parent; every commit comes after all of its children."""

    def __init__(self, revision: str, paths: Iterable[bytes]) -> None:
        self.paths = frozenset(paths)
        self._first: dict[bytes, str] = {}
        self._last: dict[bytes, str] = {}
        # Commit → the paths whose state at the tip is known to be that commit's state.
        self._alive: dict[str, set[bytes]] = {revision: set(self.paths)}

    def take(self, commit: str, parents: Sequence[str], found: Sequence[_Difference]) -> None:
        """Move the paths of this commit on to its parents, or find that they came with it."""
        added = frozenset.intersection(*(each.added for each in found))
        self._first.update(dict.fromkeys(added, commit))
        here = self._alive.pop(commit, set())
        for parent, each in zip(parents, found, strict=False):
            left = here & each.changed
            here -= left
            if parent in self._alive:
                self._alive[parent] |= here
            else:
                self._alive[parent] = here
            here = left
        self._last.update(dict.fromkeys(here, commit))

    def histories(self, cut: AbstractSet[str], *, complete: bool) -> Mapping[str, PathHistory]:
        """Give what was found, marked where something older may have been out of sight."""
        waiting = {path: commit for commit, paths in self._alive.items() for path in paths}
        result: dict[str, PathHistory] = {}
        for path in sorted(self.paths):
            last = self._last.get(path) or waiting[path]
            first = self._first.get(path, last)
            result[path.decode("utf-8", "surrogateescape")] = PathHistory(
                first=first,
                last=last,
                first_known=complete and first not in cut,
                last_known=path in self._last and last not in cut,
            )
        return result
