"""Histories of which something cannot be seen: shallow, partial, damaged, hostile."""

from pathlib import Path

import pytest

from pipeline.errors import GitError
from pipeline.history.versions import Kind, Versions, trace
from pipeline.model import Finding
from pipeline.sources import open_source
from pipeline.sources.history import GitHistory
from tests.sources.conftest import Make
from tests.sources.test_damaged import loose, overwrite
from tests.sources.test_hostile_trees import raw_tree
from tests.sources.workshop import Workshop, run_git

Told = tuple[Versions, tuple[Finding, ...]]


def read(folder: Path) -> Told:
    with open_source(str(folder)) as source:
        history = source.history()
        versions = trace(history.graph, history.steps())
        assert versions.tree_at(history.graph.branch[-1]) == source.entries
        return versions, history.findings


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def test_a_shallow_history_begins_with_what_was_first_seen(site: Workshop, tmp_path: Path) -> None:
    url = f"file://{site.folder}"
    run_git(tmp_path, "clone", "--quiet", "--depth=2", url, "shallow")
    versions, (finding,) = read(tmp_path / "shallow")
    assert list(versions.graph.branch) == site.git("rev-list", "--reverse", "-2", "main").split()
    assert finding.code == "SOURCE-HISTORY-CUT"
    assert "shallow: nothing before 1 of the commits" in finding.message
    kinds = [(span.path, span.kind) for span in versions.spans]
    assert kinds == [
        ("_config.yml", Kind.SEEN),
        ("about/us.md", Kind.SEEN),
        ("index.md", Kind.SEEN),
        ("about/us.md", Kind.MODIFIED),
    ]


def test_a_lost_commit_cuts_the_history_there(site: Workshop) -> None:
    lost = site.git("rev-parse", "main~2")
    kept = site.git("rev-list", "--reverse", "-2", "main").split()
    loose(site, lost).unlink()
    versions, findings = read(site.folder)
    assert list(versions.graph.branch) == kept
    assert [finding.message for finding in findings] == [
        f"the commit {lost} is not in the repository: nothing before it can be seen"
    ]


def test_a_lost_side_leaves_the_branch_whole(site: Workshop) -> None:
    site.git("checkout", "--quiet", "-b", "side", "main~1")
    lost = site.commit({"side.md": "1"})
    site.git("checkout", "--quiet", "main")
    site.clock += 60
    site.git("merge", "--quiet", "--no-edit", "side")
    merge = site.git("rev-parse", "HEAD")
    site.git("branch", "-D", "side")
    loose(site, lost).unlink()
    versions, findings = read(site.folder)
    assert len(versions.graph.branch) == 4
    (span,) = [span for span in versions.spans if span.path == "side.md"]
    assert (span.since, span.written, span.kind) == (merge, merge, Kind.ADDED)
    assert codes(findings) == ["SOURCE-HISTORY-CUT"]


def test_a_damaged_commit_is_not_believed(site: Workshop) -> None:
    first, second = (site.git("rev-parse", f"main~{back}") for back in (2, 1))
    overwrite(loose(site, first), loose(site, second).read_bytes())
    versions, (finding,) = read(site.folder)
    assert len(versions.graph.branch) == 2
    assert "does not have the content its id stands for" in finding.message


def test_many_lost_commits_are_told_in_few_words(make: Make) -> None:
    site = make()
    empty = site.git("mktree")
    lost = "".join(f"parent {number:040x}\n" for number in range(1, 131))
    raw = f"tree {empty}\n{lost}author A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nm\n"
    oid = site.git(
        "hash-object", "-w", "-t", "commit", "--literally", "--stdin", stdin=raw.encode()
    )
    (site.folder / ".git" / "refs" / "heads" / "main").write_text(oid)
    versions, findings = read(site.folder)
    assert len(versions.graph.nodes) == 1
    assert len(findings) == 101
    assert findings[-1].message == "and 30 more commits cannot be read"


def test_blobs_are_not_needed(site: Workshop, tmp_path: Path) -> None:
    site.git("config", "uploadpack.allowFilter", "true")
    url = f"file://{site.folder}"
    run_git(tmp_path, "clone", "--quiet", "--filter=blob:none", "--no-checkout", url, "partial")
    assert read(tmp_path / "partial")[0] == read(site.folder)[0]


def test_what_stood_in_a_lost_folder_is_not_made_up(make: Make) -> None:
    site = make()
    one = site.commit({"top": "1", "about/us.md": "1", "about/them.md": "1"})
    two = site.commit({"about/us.md": "2"})
    three = site.commit({"about/us.md": "3"})
    oid = site.git("rev-parse", f"{two}:about")
    loose(site, oid).unlink()
    versions, findings = read(site.folder)
    assert [(gap.path, gap.since, gap.lost) for gap in versions.gaps] == [
        ("about/them.md", two, True),
        ("about/us.md", two, True),
    ]
    spans = [span for span in versions.spans if span.path == "about/us.md"]
    assert [(span.since, span.until, span.kind, span.lost) for span in spans] == [
        (one, two, Kind.ADDED, True),
        (three, None, Kind.SEEN, False),
    ]
    (finding,) = findings
    assert (finding.code, finding.place.path) == ("SOURCE-HISTORY-TREE", "about/")
    assert oid in finding.message


def test_a_history_of_lost_trees_is_still_one_of_commits(site: Workshop, tmp_path: Path) -> None:
    site.git("config", "uploadpack.allowFilter", "true")
    url = f"file://{site.folder}"
    run_git(tmp_path, "clone", "--quiet", "--filter=tree:0", "--no-checkout", url, "treeless")
    partial = tmp_path / "treeless"
    run_git(partial, "cat-file", "-p", "main:about")  # fetches the trees of the tip
    versions, (finding,) = read(partial)
    assert len(versions.graph.branch) == 3
    assert {(span.kind, span.until) for span in versions.spans} == {(Kind.SEEN, None)}
    assert (finding.code, finding.place.path) == ("SOURCE-HISTORY-TREE", None)
    assert "and so are 1 more of its states" in finding.message


def test_replacements_and_grafts_change_no_history(site: Workshop) -> None:
    honest = read(site.folder)
    head = site.git("rev-parse", "HEAD")
    site.git("replace", "--graft", head)
    (site.folder / ".git" / "info").mkdir(exist_ok=True)
    (site.folder / ".git" / "info" / "grafts").write_text(f"{head}\n")
    assert read(site.folder) == honest


def test_names_that_no_disk_should_see_stay_out_of_the_past_too(make: Make) -> None:
    site = make()
    blob = site.git("hash-object", "-w", "--stdin", stdin=b"text")
    parents: tuple[str, ...] = ()
    for extra in (b"..", b".git", b"a", b"fine"):
        tree = raw_tree(site, ("100644", b"a", blob), ("100644", extra, blob))
        oid = site.git("commit-tree", tree, *parents, "-m", "by hand")
        parents = ("-p", oid)
    site.git("update-ref", "refs/heads/main", oid)
    versions, findings = read(site.folder)
    assert [span.path for span in versions.spans] == ["a", "fine"]
    assert [(finding.code, finding.place.path) for finding in findings] == [
        ("SOURCE-TREE-NAME", ".."),
        ("SOURCE-TREE-NAME", ".git"),
        ("SOURCE-TREE-TWICE", "a"),
    ]


def test_findings_are_bounded(make: Make) -> None:
    site = make()
    blob = site.git("hash-object", "-w", "--stdin", stdin=b"text")
    for round_ in range(2):
        rows = [("40000", b"d%04d" % number, f"{round_}{number:039x}") for number in range(1100)]
        tree = raw_tree(site, *rows, ("100644", b"a", blob))
        parents = () if round_ == 0 else ("-p", "main")
        site.git(
            "update-ref",
            "refs/heads/main",
            site.git("commit-tree", tree, *parents, "-m", "made by hand"),
        )
    with open_source(str(site.folder)) as source:
        history = source.history()
        assert len(list(history.steps())) == 2
    assert len(history.findings) == 1001
    assert "and 100 more places" in history.findings[-1].message


def test_a_repository_that_changes_while_it_is_read_is_an_error(site: Workshop) -> None:
    with open_source(str(site.folder)) as source:
        history = source.history()
        assert isinstance(history, GitHistory)
        history.commits.clear()  # as if there were too many to keep those that were read
        loose(site, site.git("rev-parse", "main~1")).unlink()
        with pytest.raises(GitError, match="is not in the repository any more"):
            list(history.steps())


@pytest.mark.parametrize("room", [0, 1500])
def test_commits_that_there_is_no_room_for_are_read_again(
    site: Workshop, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr("pipeline.sources.ancestry._KEPT", room)
    with open_source(str(site.folder)) as source:
        history = source.history()
        assert isinstance(history, GitHistory)
        assert len(history.commits) == bool(room)
        told = list(history.steps())
        assert history.commits == {}
        assert told == list(history.steps())
    monkeypatch.undo()
    with open_source(str(site.folder)) as source:
        history = source.history()
        assert isinstance(history, GitHistory)
        assert len(history.commits) == len(told)
        assert list(history.steps()) == told
