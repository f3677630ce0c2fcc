"""The whole history of repositories whose story is known."""

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from pipeline.errors import LimitError
from pipeline.history.changes import Status
from pipeline.history.gitobject import tree_id
from pipeline.history.versions import Kind, Versions, trace
from pipeline.model import FileMode
from pipeline.sources import Limits, open_source
from pipeline.sources.subfolder import subfolder
from tests.sources.conftest import Make
from tests.sources.workshop import START, Workshop, run_git


def versions_of(folder: Path, *, all_refs: bool = False) -> Versions:
    with open_source(str(folder)) as source:
        history = source.history(all_refs=all_refs)
        versions = trace(history.graph, history.steps())
        assert history.findings == ()
        return versions


def story(versions: Versions, path: str) -> list[tuple[str, str | None, Kind, str]]:
    return [
        (span.since, span.until, span.kind, span.written)
        for span in versions.spans
        if span.path == path and span.line == 0
    ]


def test_tells_each_commit_and_what_it_changed(site: Workshop) -> None:
    with open_source(str(site.folder)) as source:
        steps = list(source.history().steps())
        assert [step.commit for step in steps] == list(
            source.commits(step.commit.oid for step in steps)
        )
    told = [[(change.path, change.status) for change in step.against[0].changes] for step in steps]
    assert [step.commit.message for step in steps] == ["first\n", "second\n", "third\n"]
    assert told == [
        [("_config.yml", Status.ADDED), ("index.md", Status.ADDED)],
        [("about/us.md", Status.ADDED), ("index.md", Status.MODIFIED)],
        [("about/us.md", Status.MODIFIED)],
    ]


def test_a_plain_folder_has_no_history(tmp_path: Path) -> None:
    (tmp_path / "index.md").write_text("Hello")
    with open_source(str(tmp_path)) as source:
        history = source.history(all_refs=True)
        assert (list(history.steps()), history.findings) == ([], ())
        assert history.graph.branch == ()
        assert trace(history.graph, history.steps()).spans == ()


def test_tells_from_when_until_when_a_state_stood(make: Make) -> None:
    site = make()
    one = site.commit({"page": "1", "script": "x"})
    two = site.commit({"page": "2"})
    (site.folder / "script").chmod(0o755)
    three = site.commit({"page": "1"})
    four = site.commit({"page": None})
    five = site.commit({"page": "1"})
    versions = versions_of(site.folder)
    assert story(versions, "page") == [
        (one, two, Kind.ADDED, one),
        (two, three, Kind.MODIFIED, two),
        (three, four, Kind.MODIFIED, three),
        (five, None, Kind.BACK, five),
    ]
    assert story(versions, "script") == [
        (one, three, Kind.ADDED, one),
        (three, None, Kind.MODE, three),
    ]
    assert [gap.since for gap in versions.gaps] == [four]
    assert [len(each.spans) for each in versions.states()] == [3, 1, 1, 1]


def test_a_file_that_becomes_a_folder_ends_where_the_folder_begins(make: Make) -> None:
    site = make()
    one = site.commit({"page": "1"})
    (site.folder / "page").unlink()
    two = site.commit({"page/index.md": "1"})
    versions = versions_of(site.folder)
    assert story(versions, "page") == [(one, two, Kind.ADDED, one)]
    assert story(versions, "page/index.md") == [(two, None, Kind.ADDED, two)]


def test_a_merge_brings_states_that_were_written_elsewhere(make: Make) -> None:
    site = make()
    base = site.commit({"page": "1", "other": "1", "both": "1"})
    site.git("checkout", "--quiet", "-b", "side")
    drafted = site.commit({"page": "draft"})
    written = site.commit({"page": "2", "both": "side"})
    site.git("checkout", "--quiet", "main")
    on_main = site.commit({"other": "2", "both": "main"})
    site.clock += 60
    site.git("merge", "--quiet", "--no-commit", "-s", "ours", "side")
    merge = site.commit({"page": "2", "both": "made in the merge"})
    versions = versions_of(site.folder)
    assert story(versions, "page") == [
        (base, merge, Kind.ADDED, base),
        (merge, None, Kind.MODIFIED, written),
    ]
    assert story(versions, "other")[1:] == [(on_main, None, Kind.MODIFIED, on_main)]
    assert story(versions, "both")[2:] == [(merge, None, Kind.MODIFIED, merge)]
    page = [each for each in versions.states() if each.entry.path == "page"]
    assert [each.on_branch for each in page] == [True, False, True]
    (draft,) = page[1].spans
    assert (draft.since, draft.until) == (drafted, written)
    brought, on_side = page[2].spans
    assert (brought.by_merge, on_side.by_merge) == (True, False)
    assert (on_side.since, on_side.until) == (written, merge), "a side line ends at its merge"
    assert versions.graph.lines[1].fork == base
    assert [entry.oid for entry in versions.tree_at(written)] == [
        site.git("rev-parse", f"{written}:{path}") for path in ("both", "other", "page")
    ]


def test_reads_every_ref_when_asked(make: Make) -> None:
    site = make()
    base = site.commit({"page": "1"})
    for name in ("topic", "tagged"):
        site.git("checkout", "--quiet", "-b", name, "main")
        site.commit({name: "1"})
    topic, tagged = (site.git("rev-parse", name) for name in ("topic", "tagged"))
    site.git("tag", "-a", "v1", "-m", "a tag", "tagged")
    site.git("tag", "-a", "v1-signed", "-m", "a tag of a tag", "v1")
    site.git("checkout", "--quiet", "main")
    site.git("branch", "-D", "tagged")
    site.git("tag", "a-blob", f"{base}:page")
    site.git("tag", "-a", "-m", "a blob", "a-tag-of-a-blob", f"{base}:page")
    assert sorted(versions_of(site.folder).graph.nodes) == [base]
    with open_source(str(site.folder)) as source:
        history = source.history(all_refs=True)
        versions = trace(history.graph, history.steps())
    assert sorted(versions.graph.nodes) == sorted([base, topic, tagged])
    assert {(span.path, span.until) for span in versions.spans if span.line} == {
        ("topic", None),
        ("tagged", None),
    }
    assert [finding.message for finding in history.findings] == [
        f"the ref refs/tags/{name} is ignored: it leads to no commit that is here"
        for name in ("a-blob", "a-tag-of-a-blob")
    ]


def test_reads_the_history_behind_the_revision_only(site: Workshop) -> None:
    with open_source(str(site.folder), rev="main~1") as source:
        graph = source.history().graph
    assert list(graph.branch) == site.git("rev-list", "--reverse", "main~1").split()


def test_sees_one_folder_as_if_it_were_the_whole(make: Make) -> None:
    site = make()
    site.commit({"docs/index.md": "1", "code": "1"})
    site.commit({"code": "2"})
    last = site.commit({"docs/a/b.md": "1", "docs/index.md": None})
    with open_source(str(site.folder)) as source:
        inner = subfolder(source, "docs")
        history = inner.history()
        versions = trace(history.graph, history.steps())
        assert len(versions.graph.nodes) == 3
        assert versions.tree_at(last) == inner.entries
    assert [(span.path, span.until) for span in versions.spans] == [
        ("index.md", last),
        ("a/b.md", None),
    ]


def test_keeps_times_that_no_calendar_holds(make: Make) -> None:
    site = make()
    site.commit({"page": "1"})
    tree = site.git("rev-parse", "main^{tree}")
    far = f"author A <a@b> 99999999999999999 +0000\ncommitter A <a@b> {'9' * 30} -99999\n"
    raw = f"tree {tree}\nparent {site.git('rev-parse', 'main')}\n{far}\nlate\n".encode()
    oid = site.git("hash-object", "-w", "-t", "commit", "--literally", "--stdin", stdin=raw)
    site.git("update-ref", "refs/heads/main", oid)
    with open_source(str(site.folder)) as source:
        history = source.history()
        *_, last = history.steps()
    assert last.commit.committer.raw == f"A <a@b> {'9' * 30} -99999"
    assert last.commit.author.at is None
    assert history.graph.nodes[oid].seconds is None
    assert history.graph.branch[-1] == oid


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        (Limits(commits=2), "commits"),
        (Limits(changes=4), "changed files"),
        (Limits(depth=1), "nesting"),
    ],
)
def test_bounds_what_it_reads(make: Make, limits: Limits, what: str) -> None:
    site = make()
    site.commit({"a": "1", "b": "1"})
    site.commit({"a": "2", "folder/b": "2"})
    site.commit({"a": "3", "folder/b": None})
    with (
        open_source(str(site.folder), limits=limits) as source,
        pytest.raises(LimitError, match=what),
    ):
        list(source.history().steps())


def test_bounds_the_links_between_commits(make: Make) -> None:
    site = make()
    roots = [site.git("commit-tree", site.git("mktree"), "-m", name) for name in "abc"]
    parents = [word for root in roots for word in ("-p", root)]
    top = site.git("commit-tree", site.git("mktree"), *parents, "-m", "many parents")
    again = site.git("commit-tree", site.git("mktree"), "-p", top, *parents, "-m", "more")
    site.git("update-ref", "refs/heads/main", again)
    with (
        open_source(str(site.folder), limits=Limits(commits=6)) as source,
        pytest.raises(LimitError, match="commits"),
    ):
        source.history()


def test_can_be_left_early_and_read_again(site: Workshop) -> None:
    with open_source(str(site.folder)) as source:
        history = source.history()
        first = list(islice(history.steps(), 1))
        assert list(history.steps())[:1] == first


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_reads_either_kind_of_id(make: Make, object_format: str) -> None:
    site = make("site", f"--object-format={object_format}")
    oids = [site.commit({"b/page": str(number)}) for number in range(3)]
    versions = versions_of(site.folder)
    assert list(versions.graph.branch) == oids
    assert versions.tree_at(oids[1])[0].oid == site.git("rev-parse", f"{oids[1]}:b/page")


def test_tells_the_real_site_as_git_does(aicam_bundle: Path, tmp_path: Path) -> None:
    with open_source(str(aicam_bundle)) as source:
        history = source.history()
        versions = trace(history.graph, history.steps())
        assert history.findings == ()
        assert versions.tree_at(history.graph.branch[-1]) == (source.entries)
    graph = versions.graph
    run_git(tmp_path, "clone", "--quiet", "--bare", str(aicam_bundle), "clone.git")
    clone = tmp_path / "clone.git"
    line = run_git(clone, "rev-list", "--first-parent", "--reverse", "HEAD").decode().split()
    assert (list(graph.branch), len(graph.nodes)) == (line, 2793)
    assert all(
        tree_id(versions.tree_at(oid)) == graph.nodes[oid].tree
        for oid in islice(graph.nodes, 0, None, 28)
    )
    merges = [oid for oid, node in graph.nodes.items() if len(node.parents) > 1]
    for oid in (*islice(graph.nodes, 5, None, 300), *merges[::10]):
        rows = run_git(clone, "ls-tree", "-r", "-z", oid).decode().split("\0")[:-1]
        assert rows == [
            f"{entry.mode:06o} blob {entry.oid}\t{entry.path}" for entry in versions.tree_at(oid)
        ]
    for path in ("_config.yml", "_news/perspectives-on-progress-in-generative-ai.md"):
        log = ("log", "--first-parent", "-m", "--reverse", "--format=%H", "HEAD", "--", path)
        commits = run_git(clone, *log).decode().split()
        spans = [span for span in versions.spans if span.path == path and span.line == 0]
        ends = {span.until for span in spans}
        assert {*commits, None} >= {span.since for span in spans} | ends
        assert {span.since for span in spans} | ends - {None} == set(commits)


def test_a_clock_is_read_in_seconds(site: Workshop) -> None:
    with open_source(str(site.folder)) as source:
        nodes = source.history().graph.nodes.values()
    assert [node.seconds for node in nodes] == [START + 60, START + 120, START + 180]
    assert datetime.fromtimestamp(START, UTC).year == 2023


def test_knows_modes_as_git_reads_them(make: Make) -> None:
    site = make()
    blob = site.git("hash-object", "-w", "--stdin", stdin=b"x")
    oids: list[str] = []
    for mode in ("100664", "100644", "100755"):
        row = f"{mode} page\0".encode() + bytes.fromhex(blob)
        tree = site.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=row)
        parents = ("-p", oids[-1]) if oids else ()
        oids.append(site.git("commit-tree", tree, *parents, "-m", mode))
    site.git("update-ref", "refs/heads/main", oids[-1])
    versions = versions_of(site.folder)
    assert [(span.entry.mode, span.since) for span in versions.spans] == [
        (FileMode.REGULAR, oids[0]),
        (FileMode.EXECUTABLE, oids[2]),
    ]
