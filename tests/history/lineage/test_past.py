"""From a history with branches to lives: one line through all of them, and the way back."""

from pathlib import Path

from pipeline.history.graph import Node, arrange
from pipeline.history.lineage.past import line_up
from pipeline.history.lineage.trace import trace
from pipeline.history.lineage.values import Manner
from pipeline.history.lineage.whereabouts import Whereabouts
from tests.history.lineage.reading import read_past
from tests.history.lineage.story import prose
from tests.sources.workshop import Workshop

POST = f"---\ntitle: The mill pond\ndate: 2024-03-01\n---\n{prose('mill', 90)}\n"
CONFIG = "title: Mill\n"


def node(oid: str, *parents: str | None) -> Node:
    return Node(oid=oid, tree=f"tree of {oid}", parents=parents, seconds=0)


def test_a_side_branch_stands_unbroken_before_the_merge_that_took_it_in() -> None:
    nodes = [node("a"), node("b", "a"), node("s", "a"), node("t", "s"), node("M", "b", "t")]
    assert line_up(arrange([*nodes, node("z", "M")], "z")) == ("a", "b", "s", "t", "M", "z")


def test_commits_of_other_branches_and_roots_have_their_place() -> None:
    nodes = [node("a"), node("tip", "a"), node("other", "a"), node("root"), node("cut", None)]
    order = line_up(arrange(nodes, "tip"))
    assert order[:2] == ("a", "tip")
    assert sorted(order) == sorted(each.oid for each in nodes)


def test_a_rename_on_a_branch_is_seen_where_it_was_made(tmp_path: Path) -> None:
    """The merge, seen from its first parent, deletes and adds again: that is no second move."""
    site = Workshop.create(tmp_path / "site")
    site.commit({"_config.yml": CONFIG, "_posts/2024-03-01-mil.md": POST}, "typo")
    site.git("checkout", "--quiet", "-b", "side")
    site.git("mv", "_posts/2024-03-01-mil.md", "_posts/2024-03-01-mill.md")
    renamed = site.commit({}, "rename")
    site.git("checkout", "--quiet", "main")
    changed = site.commit({"_posts/2024-03-01-mil.md": f"{POST}And more.\n"}, "edit the old file")
    site.git("merge", "--quiet", "--no-ff", "--no-edit", "side")
    past = read_past(str(site.folder))
    found = trace(past.lives)
    (document,) = found.documents
    assert document.paths == ("_posts/2024-03-01-mil.md", "_posts/2024-03-01-mill.md")
    (move,) = [join for join in document.joins if join.manner is Manner.MOVED]
    assert move.commit.commit == renamed
    where = Whereabouts.of(past.graph, found)
    assert where.document("_posts/2024-03-01-mil.md", changed) == 0
    assert where.document("_posts/2024-03-01-mill.md", past.graph.branch[-1]) == 0
    assert where.document("_posts/2024-03-01-mil.md", past.graph.branch[-1]) is None
    assert where.document("nothing.md", changed) is None


def test_what_was_deleted_and_came_back_has_a_gap(tmp_path: Path) -> None:
    site = Workshop.create(tmp_path / "site")
    site.commit({"_config.yml": CONFIG, "about.md": POST}, "first")
    site.git("rm", "--quiet", "about.md")
    site.commit({}, "gone")
    site.commit({"about.md": POST, "picture.png": "no page"}, "back")
    (life,) = read_past(str(site.folder)).lives
    assert [state.until is not None for state in life.states] == [True, False]
    assert life.states[1].added
    assert life.states[0].facts.title == "The mill pond"
