"""Which document a path held at a commit: the trees of the commits are the oracle."""

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.history.changes import Against, Change, Step
from pipeline.history.commit import parse_commit
from pipeline.history.graph import Graph, Node, arrange
from pipeline.history.lineage.past import past_lives
from pipeline.history.lineage.trace import trace
from pipeline.history.lineage.values import Facts, Lineage
from pipeline.history.lineage.whereabouts import Whereabouts
from pipeline.history.versions import trace as spans_of
from pipeline.model import FileMode, TreeEntry
from tests.history.lineage.story import prose

Tree = Mapping[str, str]
PATHS = ("a.md", "b.md", "c.md")
TREES = st.dictionaries(st.sampled_from(PATHS), st.sampled_from("xyz"), max_size=3)


@dataclass(frozen=True, slots=True)
class Told:
    """A history told by its trees."""

    graph: Graph
    lineage: Lineage


def tell(commits: Mapping[str, tuple[tuple[str, ...], Tree]], tip: str) -> Told:
    """Trace a history from each commit's parents and tree."""
    nodes = [
        Node(oid=oid, tree="", parents=parents, seconds=number)
        for number, (oid, (parents, _)) in enumerate(commits.items())
    ]
    graph = arrange(nodes, tip)
    trees = {oid: tree for oid, (_, tree) in commits.items()}
    steps = [
        Step(
            commit=parse_commit(oid, b""),
            against=tuple(
                against(parent, trees.get(parent or "", {}), trees[oid])
                for parent in (graph.nodes[oid].parents or (None,))
            ),
        )
        for oid in graph.nodes
    ]
    lives = past_lives(
        spans_of(graph, steps), lambda entry: (None, Facts(text=(prose(entry.oid),)))
    )
    return Told(graph, trace(lives))


def against(parent: str | None, before: Tree, after: Tree) -> Against:
    return Against(
        parent=parent,
        changes=tuple(
            Change(path=path, before=entry(path, before), after=entry(path, after))
            for path in sorted({*before, *after})
            if before.get(path) != after.get(path)
        ),
    )


def entry(path: str, tree: Tree) -> TreeEntry | None:
    oid = tree.get(path)
    return None if oid is None else TreeEntry(path=path, mode=FileMode.REGULAR, oid=oid)


@st.composite
def histories(draw: st.DrawFn) -> dict[str, tuple[tuple[str, ...], Tree]]:
    commits: dict[str, tuple[tuple[str, ...], Tree]] = {}
    for number in range(draw(st.integers(1, 9))):
        known = st.sampled_from([f"c{each}" for each in range(number)] or [""])
        parents = draw(st.lists(known, min_size=min(number, 1), max_size=2, unique=True))
        commits[f"c{number}"] = (tuple(filter(None, parents)), draw(TREES))
    return commits


@given(commits=histories())
@settings(max_examples=300, deadline=None)
def test_on_the_branch_a_document_is_at_a_path_where_the_tree_has_a_file(
    commits: dict[str, tuple[tuple[str, ...], Tree]],
) -> None:
    """Whatever merges took in and left out."""
    told = tell(commits, list(commits)[-1])
    where = Whereabouts.of(told.graph, told.lineage)
    for commit in told.graph.branch:
        there = {path for path in PATHS if where.document(path, commit) is not None}
        assert there == set(commits[commit][1])


MOVED = {"a.md": "x"}, {"b.md": "x"}


def test_what_the_branch_did_meanwhile_did_not_happen_on_a_side_line() -> None:
    told = tell(
        {
            "root": ((), {"a.md": "x"}),
            "side": (("root",), {"a.md": "x", "c.md": "z"}),
            "gone": (("root",), {}),
            "other": (("gone",), {"a.md": "y"}),
            "merge": (("other", "side"), {"a.md": "y", "c.md": "z"}),
        },
        "merge",
    )
    where = Whereabouts.of(told.graph, told.lineage)
    first, second = where.document("a.md", "root"), where.document("a.md", "other")
    assert where.document("a.md", "gone") is None
    assert where.document("a.md", "side") == first != second
    assert where.document("a.md", "merge") == second
    assert where.document("c.md", "side") is not None
    assert where.document("c.md", "other") is None


def test_a_merge_that_keeps_a_deletion_ends_what_the_side_line_changed() -> None:
    told = tell(
        {
            "root": ((), {"a.md": "x"}),
            "edit": (("root",), {"a.md": "y"}),
            "move": (("root",), {"b.md": "x"}),
            "merge": (("move", "edit"), {"b.md": "x"}),
        },
        "merge",
    )
    (document,) = told.lineage.documents
    assert [(stay.path, stay.until is None) for stay in document.stays if not stay.until] == [
        ("b.md", True)
    ]


def test_what_was_never_merged_ends_nothing() -> None:
    told = tell(
        {
            "root": ((), {"a.md": "x"}),
            "tip": (("root",), {"a.md": "x"}),
            "stray": (("tip",), {"c.md": "z"}),
        },
        "tip",
    )
    stays = {document.paths: document.stays[0].until for document in told.lineage.documents}
    assert stays == {("a.md",): None, ("c.md",): None}
    where = Whereabouts.of(told.graph, told.lineage)
    assert where.document("c.md", "stray") is not None
    assert where.document("c.md", "tip") is None


@dataclass(frozen=True, slots=True)
class Row:
    """A stay as a catalogue keeps it."""

    path: str
    since: str
    until: str | None


def test_stays_can_be_looked_up_as_they_are_kept() -> None:
    told = tell({"one": ((), MOVED[0]), "two": (("one",), MOVED[1])}, "two")
    rows = [Row("a.md", "one", "two"), Row("b.md", "two", None)]
    where = Whereabouts.among(told.graph, rows)
    assert where.document("a.md", "one") is rows[0]
    assert where.document("a.md", "two") is None
    assert where.document("b.md", "two") is rows[1]


def test_a_file_that_came_to_a_side_line_by_itself_belongs_to_the_document_of_its_path() -> None:
    """Both lines add the same file; the one line that lineage sees has it from the first."""
    told = tell(
        {
            "root": ((), {"c.md": "z"}),
            "add": (("root",), {"a.md": "x", "c.md": "z"}),
            "again": (("root",), {"a.md": "x", "c.md": "z"}),
            "gone": (("add",), {"c.md": "z"}),
            "merge": (("gone", "again"), {"c.md": "z"}),
        },
        "merge",
    )
    where = Whereabouts.of(told.graph, told.lineage)
    home = where.document("a.md", "add")
    assert home is not None
    assert where.holder("a.md", "again") == home
    assert where.holder("a.md", "merge") == home
    assert where.holder("a.md", "root") == home
    assert where.holder("c.md", "again") == where.document("c.md", "root")
    assert where.holder("d.md", "root") is None
