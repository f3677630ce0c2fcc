"""Repositories in which something is missing: partial, shallow and damaged ones."""

from pathlib import Path

import pytest

from pipeline.errors import (
    GitError,
)
from pipeline.sources import Absent, AbsentKind, open_source
from tests.sources.conftest import Make
from tests.sources.reading import SITE, codes, contents
from tests.sources.workshop import Workshop, run_git


def test_lists_the_absent_blobs_of_a_partial_clone(site: Workshop, tmp_path: Path) -> None:
    site.git("config", "uploadpack.allowFilter", "true")
    url = f"file://{site.folder}"
    run_git(tmp_path, "clone", "--quiet", "--filter=blob:none", "--no-checkout", url, "partial")
    partial = tmp_path / "partial"
    run_git(partial, "cat-file", "blob", "HEAD:index.md")  # fetches this one
    before = sorted(path.name for path in partial.rglob("*"))
    read = contents(partial)
    assert read["index.md"] == SITE["index.md"]
    absent = [data for data in read.values() if isinstance(data, Absent)]
    assert [data.kind for data in absent] == [AbsentKind.MISSING] * 2
    assert codes(partial) == ["SOURCE-PARTIAL"]
    with open_source(str(partial)) as source:
        assert source.first_and_last()["about/us.md"].last == site.git("rev-parse", "HEAD")
    assert sorted(path.name for path in partial.rglob("*")) == before


def test_lists_the_absent_trees_of_a_treeless_clone(site: Workshop, tmp_path: Path) -> None:
    site.git("config", "uploadpack.allowFilter", "true")
    url = f"file://{site.folder}"
    run_git(tmp_path, "clone", "--quiet", "--filter=tree:0", "--no-checkout", url, "treeless")
    with open_source(str(tmp_path / "treeless")) as source:
        assert source.entries == ()
        assert [finding.code for finding in source.findings] == [
            "SOURCE-PARTIAL",
            "SOURCE-TREE-ABSENT",
        ]
        assert source.first_and_last() == {}


def test_reads_a_shallow_clone_and_says_what_it_cannot_know(site: Workshop, tmp_path: Path) -> None:
    url = f"file://{site.folder}"
    run_git(tmp_path, "clone", "--quiet", "--depth=1", url, "shallow")
    with open_source(str(tmp_path / "shallow")) as source:
        histories = source.first_and_last()
        again = source.first_and_last()
        assert [finding.code for finding in source.findings] == [
            "SOURCE-PARTIAL",
            "SOURCE-HISTORY-CUT",
        ]
    assert histories == again
    head = site.git("rev-parse", "HEAD")
    assert {(each.first, each.first_known) for each in histories.values()} == {(head, False)}
    assert {(each.last, each.last_known) for each in histories.values()} == {(head, False)}


def loose(workshop: Workshop, oid: str) -> Path:
    return workshop.folder / ".git" / "objects" / oid[:2] / oid[2:]


def overwrite(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


def test_tells_a_missing_a_damaged_and_a_swapped_blob_apart(make: Make) -> None:
    workshop = make()
    workshop.commit({name: name * 3000 for name in "abcdef"})
    oids = {name: workshop.git("rev-parse", f"HEAD:{name}") for name in "abcdef"}
    loose(workshop, oids["b"]).unlink()
    overwrite(loose(workshop, oids["c"]), b"garbage")
    whole = loose(workshop, oids["d"]).read_bytes()
    overwrite(loose(workshop, oids["d"]), whole[: len(whole) // 2])
    overwrite(loose(workshop, oids["e"]), loose(workshop, oids["a"]).read_bytes())
    read = contents(workshop.folder)
    kinds = {name: data.kind for name, data in read.items() if isinstance(data, Absent)}
    assert kinds == {
        "b": AbsentKind.MISSING,
        "c": AbsentKind.MISSING,
        "d": AbsentKind.DAMAGED,
        "e": AbsentKind.DAMAGED,
    }
    assert read["a"] == b"a" * 3000
    assert read["f"] == b"f" * 3000


def test_goes_on_around_a_missing_folder_of_the_tree(site: Workshop) -> None:
    loose(site, site.git("rev-parse", "HEAD:about")).unlink()
    with open_source(str(site.folder)) as source:
        assert [entry.path for entry in source.entries] == ["_config.yml", "index.md"]
        (finding,) = source.findings
        assert (finding.code, finding.place.path) == ("SOURCE-TREE-ABSENT", "about/")
        histories = source.first_and_last()
        assert {each.first_known for each in histories.values()} == {False}
        assert source.findings[-1].code == "SOURCE-HISTORY-CUT"


def test_says_that_history_is_cut_where_an_old_commit_is_lost(site: Workshop) -> None:
    loose(site, site.git("rev-parse", "HEAD~2")).unlink()
    with open_source(str(site.folder)) as source:
        histories = source.first_and_last()
        assert source.findings[-1].code == "SOURCE-HISTORY-CUT"
    assert not any(each.first_known or each.last_known for each in histories.values())


def test_refuses_a_tip_that_is_missing_or_no_commit(site: Workshop) -> None:
    blob = site.git("rev-parse", "HEAD:index.md")
    ref = site.folder / ".git" / "refs" / "heads" / "main"
    for oid in ("e" * 40, blob):
        ref.write_text(oid + "\n")
        with pytest.raises(GitError, match=f"the commit {oid} is"), open_source(str(site.folder)):
            pass
