"""Spans and lines, from steps written by hand; tests/sources holds them against git."""

import pytest

from pipeline.history.changes import Against, Change, Status, Step, within
from pipeline.history.commit import parse_commit
from pipeline.history.graph import Graph, Line, Node, arrange
from pipeline.history.versions import Gap, Kind, Span, trace
from pipeline.model import FileMode, TreeEntry


def entry(path: str, content: str, mode: FileMode = FileMode.REGULAR) -> TreeEntry:
    return TreeEntry(path=path, mode=mode, oid=content)


def node(oid: str, *parents: str | None, seconds: int | None = 0) -> Node:
    return Node(oid=oid, tree=f"tree of {oid}", parents=parents, seconds=seconds)


def change(path: str, before: str | None, after: str | None) -> Change:
    return Change(
        path=path,
        before=None if before is None else entry(path, before),
        after=None if after is None else entry(path, after),
    )


def step(oid: str, *against: Against, unread: tuple[str, ...] = ()) -> Step:
    return Step(commit=parse_commit(oid, b""), against=against, unread=unread)


def since(parent: str | None, *changes: Change, unread: tuple[str, ...] = ()) -> Against:
    return Against(parent=parent, changes=changes, unread=unread)


def test_lines_follow_first_parents_and_end_at_merges() -> None:
    """A long-lived side branch (d, e) that is merged twice is one line, until its last merge."""
    parents = {"N": ("M", "e"), "M": ("b", "d"), "e": ("d",), "d": ("a",), "b": ("a",), "a": ()}
    graph = arrange([node(oid, *above) for oid, above in parents.items()], "N")
    assert graph.lines == (
        Line(commits=("a", "b", "M", "N")),
        Line(commits=("d", "e"), fork="a", end="N"),
    )
    assert list(graph.nodes) == ["a", "b", "d", "M", "e", "N"]
    assert graph.places()["e"] == (1, 1)


def test_a_commit_without_children_begins_a_line_of_its_own() -> None:
    graph = arrange([node("a"), node("tip", "a"), node("other", "a"), node("alone")], "tip")
    assert graph.branch == ("a", "tip")
    assert set(graph.lines[1:]) == {
        Line(commits=("other",), fork="a"),
        Line(commits=("alone",)),
    }


def test_order_is_by_time_where_parents_leave_a_choice() -> None:
    nodes = [node("a", seconds=5), node("b", "a", seconds=9), node("c", "a", seconds=7)]
    nodes += [node("d", "b", "c", "c", seconds=1), node("e", "a", seconds=None)]
    graph = arrange(nodes, "d")
    assert list(graph.nodes) == ["a", "e", "c", "b", "d"]


def straight(*steps: Step, cut: bool = False) -> tuple[Graph, tuple[Step, ...]]:
    parents: list[tuple[str | None, ...]] = [(None,) if cut else ()]
    parents += [(each.commit.oid,) for each in steps]
    nodes = [node(each.commit.oid, *above) for each, above in zip(steps, parents, strict=False)]
    return arrange(nodes, steps[-1].commit.oid), steps


def test_what_a_folder_hid_is_first_seen_when_it_shows() -> None:
    versions = trace(
        *straight(
            step("c0", since(None), unread=("x/",)),
            step(
                "c1", since("c0", change("x/a", None, "1"), change("b", None, "1"), unread=("x/",))
            ),
        )
    )
    assert [(span.path, span.kind) for span in versions.spans] == [
        ("x/a", Kind.SEEN),
        ("b", Kind.ADDED),
    ]


def test_the_first_commit_in_sight_saw_but_did_not_add() -> None:
    versions = trace(*straight(step("c0", since(None, change("a", None, "1"))), cut=True))
    assert [span.kind for span in versions.spans] == [Kind.SEEN]


def test_a_merge_of_a_state_from_a_side_names_who_wrote_it() -> None:
    graph = arrange([node("m", "b", "s"), node("s", "a"), node("b", "a"), node("a")], "m")
    steps = {
        "a": step("a", since(None, change("p", None, "1"))),
        "b": step("b", since("a")),
        "s": step("s", since("a", change("p", "1", "2"), change("q", None, "1"))),
        "m": step(
            "m",
            since("b", change("p", "1", "2"), change("q", None, "evil")),
            since("s", change("q", "1", "evil")),
        ),
    }
    versions = trace(graph, [steps[oid] for oid in graph.nodes])
    assert versions.spans == (
        span("p", "1", since="a", until="m", kind=Kind.ADDED),
        span("p", "2", line=1, since="s", until="m", kind=Kind.MODIFIED),
        span("q", "1", line=1, since="s", until="m", kind=Kind.ADDED),
        span("p", "2", since="m", kind=Kind.MODIFIED, written="s"),
        span("q", "evil", since="m", kind=Kind.ADDED),
    )
    assert [each.on_branch for each in versions.states()] == [True, True, False, True]
    assert versions.tree_at("b") == (entry("p", "1"),)
    assert versions.tree_at("s") == (entry("p", "2"), entry("q", "1"))
    assert versions.tree_at("m") == (entry("p", "2"), entry("q", "evil"))


def span(
    path: str,
    content: str,
    *,
    since: str,
    kind: Kind,
    until: str | None = None,
    line: int = 0,
    written: str | None = None,
) -> Span:
    return Span(
        entry=entry(path, content),
        line=line,
        since=since,
        until=until,
        kind=kind,
        written=written or since,
    )


def test_a_side_line_hides_what_it_removed() -> None:
    graph = arrange([node("t", "a"), node("s", "a"), node("a")], "t")
    steps = [
        step("a", since(None, change("p", None, "1"), change("q", None, "1"))),
        step("s", since("a", change("p", "1", None))),
        step("t", since("a")),
    ]
    versions = trace(graph, steps)
    assert versions.gaps == (Gap(path="p", line=1, since="s"),)
    assert [each.path for each in versions.tree_at("s")] == ["q"]
    assert [each.path for each in versions.tree_at("t")] == ["p", "q"]
    with pytest.raises(KeyError):
        versions.tree_at("unknown")


def test_trees_are_in_the_order_of_their_bytes() -> None:
    paths = ["z", "é", "\udcff", "a/b", "a.b"]
    changes = [change(path, None, "1") for path in paths]
    versions = trace(*straight(step("c0", since(None, *changes))))
    assert [each.path for each in versions.tree_at("c0")] == ["a.b", "a/b", "z", "é", "\udcff"]


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        (None, entry("a", "1"), Status.ADDED),
        (entry("a", "1"), None, Status.REMOVED),
        (entry("a", "1"), entry("a", "2"), Status.MODIFIED),
        (entry("a", "1"), entry("a", "1", FileMode.EXECUTABLE), Status.MODE),
        (entry("a", "1"), entry("a", "2", FileMode.EXECUTABLE), Status.MODIFIED),
    ],
)
def test_a_change_has_a_status(
    before: TreeEntry | None, after: TreeEntry | None, status: Status
) -> None:
    assert Change(path="a", before=before, after=after).status is status


def test_a_folder_sees_its_own_part_of_a_step() -> None:
    whole = step(
        "c1",
        since(
            "c0", change("docs/a", "1", None), change("other", None, "1"), unread=("docs/x/", "y/")
        ),
        unread=("",),
    )
    inner = within(whole, "docs/")
    assert inner == step("c1", since("c0", change("a", "1", None), unread=("x/",)), unread=("",))
