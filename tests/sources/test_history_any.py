"""The whole history, held against git on histories that nobody made."""

from pathlib import Path

import pytest
from hypothesis import given, settings

from pipeline.history.changes import Change, Step
from pipeline.history.gitobject import tree_id
from pipeline.history.versions import Kind, Span, Versions, trace
from pipeline.model import FileMode, TreeEntry
from pipeline.sources import open_source
from tests.sources.invented import Invented, build, histories
from tests.sources.workshop import run_git

ABSENT = "0" * 40


def listed(folder: Path, commit: str) -> tuple[TreeEntry, ...]:
    """The tree, as `git ls-tree -r` has it."""
    rows = run_git(folder, "ls-tree", "-r", "-z", commit).decode().split("\0")[:-1]
    found = []
    for row in rows:
        (mode, _, oid), path = row.partition("\t")[0].split(), row.partition("\t")[2]
        found.append(TreeEntry(path=path, mode=FileMode(int(mode, 8)), oid=oid))
    return tuple(found)


def differing(folder: Path, parent: str | None, commit: str) -> list[tuple[str, str, str, str]]:
    """The difference, as `git diff-tree` has it: path, ids before and after, status."""
    options = ("-r", "-z", "--root", "--no-renames", "--no-abbrev", "--no-commit-id")
    trees = (commit,) if parent is None else (parent, commit)
    if parent is None:
        empty = run_git(folder, "hash-object", "-t", "tree", "-w", "--stdin").decode().strip()
        trees = (empty, commit)
    words = run_git(folder, "diff-tree", *options, *trees).decode().split("\0")[:-1]
    pairs = zip(words[::2], words[1::2], strict=True)
    rows = [(path, row.split()) for row, path in pairs]
    return [(path, before, after, status) for path, (_, _, before, after, status) in rows]


def described(change: Change) -> tuple[str, str, str, str]:
    letters = {"added": "A", "removed": "D", "modified": "M", "mode only": "M"}
    before, after = (each.oid if each else ABSENT for each in (change.before, change.after))
    letter = letters[change.status.value]
    if change.before and change.after and link(change.before) != link(change.after):
        letter = "T"
    return change.path, before, after, letter


def link(entry: TreeEntry) -> bool:
    return entry.mode is FileMode.SYMLINK


def read(folder: Path, *, all_refs: bool = False) -> tuple[list[Step], Versions]:
    with open_source(str(folder)) as source:
        history = source.history(all_refs=all_refs)
        steps = list(history.steps())
        assert history.findings == ()
    return steps, trace(history.graph, steps)


def of_git(folder: Path, *arguments: str) -> list[str]:
    return run_git(folder, "rev-list", *arguments).decode().split()


def check_graph(folder: Path, steps: list[Step], versions: Versions, reached: list[str]) -> None:
    graph = versions.graph
    assert [step.commit.oid for step in steps] == list(graph.nodes)
    assert sorted(graph.nodes) == sorted(reached)
    assert list(graph.branch) == of_git(folder, "--first-parent", "--reverse", "HEAD")
    assert sorted(oid for line in graph.lines for oid in line.commits) == sorted(reached)
    done: set[str] = set()
    for step in steps:
        assert done.issuperset(step.commit.parents)
        done.add(step.commit.oid)
        parents = step.commit.parents or (None,)
        assert tuple(each.parent for each in step.against) == parents
        for each in step.against:
            asked = differing(folder, each.parent, step.commit.oid)
            assert [described(change) for change in each.changes] == asked


def check_branch(versions: Versions) -> None:
    """On the branch, since and until alone give every tree: this is what a database can ask."""
    branch = versions.graph.branch
    order = {oid: position for position, oid in enumerate(branch)}
    on_branch = [span for span in versions.spans if span.line == 0]
    for position, oid in enumerate(branch):
        standing = [
            span.entry
            for span in on_branch
            if order[span.since] <= position
            and (span.until is None or position < order[span.until])
        ]
        assert tree_id(standing) == versions.graph.nodes[oid].tree


def check_span(span: Span, history: list[Invented], oids: list[str]) -> None:
    number = oids.index(span.since)
    path, state = span.path, history[number].files[span.path]

    def written(at: int) -> int:
        same = [each for each in history[at].parents if history[each].files.get(path) == state]
        return written(same[0]) if same else at

    assert span.written == oids[written(number)]
    assert span.by_merge == (written(number) != number)
    before: list[str | None] = []
    at = number
    while history[at].parents:
        at = history[at].parents[0]
        stood = history[at].files.get(path)
        before.append(None if stood is None else stood[1])
    if before and before[0] is not None:
        assert span.kind is (Kind.MODE if before[0] == state[1] else Kind.MODIFIED)
    else:
        assert span.kind is (Kind.BACK if any(before) else Kind.ADDED)


@given(histories())
@settings(max_examples=16, deadline=None, derandomize=True)
def test_any_history_is_told_as_git_tells_it(
    tmp_path_factory: pytest.TempPathFactory, history: list[Invented]
) -> None:
    folder = tmp_path_factory.mktemp("invented") / "site.git"
    oids = build(folder, history)
    for all_refs in (False, True):
        steps, versions = read(folder, all_refs=all_refs)
        reached = of_git(folder, "--all" if all_refs else "HEAD")
        check_graph(folder, steps, versions, reached)
        check_branch(versions)
        for oid in reached:
            assert versions.tree_at(oid) == listed(folder, oid)
        for span in versions.spans:
            check_span(span, history, oids)
        states = versions.states()
        assert len({each.entry for each in states}) == len(states)
        assert {span for each in states for span in each.spans} == set(versions.spans)


@given(histories())
@settings(max_examples=6, deadline=None, derandomize=True)
def test_commits_that_come_later_leave_the_order_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, history: list[Invented]
) -> None:
    folder = tmp_path_factory.mktemp("invented") / "site.git"
    build(folder, history)
    part = list(read(folder)[1].graph.nodes)
    whole = list(read(folder, all_refs=True)[1].graph.nodes)
    assert [oid for oid in whole if oid in set(part)] == part
