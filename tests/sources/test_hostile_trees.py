"""Trees that git would never write, made by hand."""

import pytest

from pipeline.errors import LimitError
from pipeline.model import FileMode
from pipeline.sources import Limits, open_source
from tests.sources.conftest import Make
from tests.sources.workshop import Workshop


def raw_tree(workshop: Workshop, *rows: tuple[str, bytes, str]) -> str:
    data = b"".join(
        mode.encode() + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in rows
    )
    return workshop.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=data)


def point_main_at(workshop: Workshop, tree: str) -> None:
    commit = workshop.git("commit-tree", tree, "-m", "made by hand")
    workshop.git("update-ref", "refs/heads/main", commit)


def test_leaves_out_names_that_must_never_reach_a_disk(make: Make) -> None:
    site = make()
    blob = site.git("hash-object", "-w", "--stdin", stdin=b"text")
    inner = raw_tree(site, ("100644", b"config", blob))
    names = [b"..", b".", b"", b".git", b".GIT", b"git~1", b"a/../../b", b"/etc/passwd"]
    rows = [("100644", name, blob) for name in names] + [("40000", b".git", inner)]
    point_main_at(site, raw_tree(site, *rows, ("100644", b"good.md", blob)))
    with open_source(str(site.folder)) as source:
        assert [entry.path for entry in source.entries] == ["good.md"]
        assert [finding.code for finding in source.findings] == ["SOURCE-TREE-NAME"] * 9


def test_reads_the_first_of_two_things_with_one_name(make: Make) -> None:
    site = make()
    blob = site.git("hash-object", "-w", "--stdin", stdin=b"text")
    inner = raw_tree(site, ("100644", b"b", blob))
    rows = [("100644", b"a", blob), ("100755", b"a", blob), ("40000", b"a", inner)]
    rows += [("40000", b"f", inner), ("40000", b"f", inner), ("100644", b"f", blob)]
    point_main_at(site, raw_tree(site, *rows))
    with open_source(str(site.folder)) as source:
        assert [entry.path for entry in source.entries] == ["a", "f/b"]
        assert [finding.code for finding in source.findings] == ["SOURCE-TREE-TWICE"] * 4


def test_reads_modes_of_long_ago_and_tells_about_nonsense(make: Make) -> None:
    site = make()
    blob = site.git("hash-object", "-w", "--stdin", stdin=b"text")
    modes = {b"a": "100664", b"b": "100775", b"c": "777", b"d": "banana", b"e": "0100644"}
    point_main_at(site, raw_tree(site, *((mode, name, blob) for name, mode in modes.items())))
    with open_source(str(site.folder)) as source:
        found = {entry.path: entry.mode for entry in source.entries}
        odd = [finding.place.path for finding in source.findings]
    assert found == {
        "a": FileMode.REGULAR,
        "b": FileMode.EXECUTABLE,
        "c": FileMode.EXECUTABLE,
        "d": FileMode.REGULAR,
        "e": FileMode.REGULAR,
    }
    assert odd == ["c", "d"]


def test_reads_a_tree_as_far_as_it_is_one(make: Make) -> None:
    site = make()
    blob = site.git("hash-object", "-w", "--stdin", stdin=b"text")
    good = b"100644 a\0" + bytes.fromhex(blob)
    for tail in (b"100644 b", b"100644 b\0" + b"1" * 19, b"no-space\0" + b"1" * 20):
        tree = site.git(
            "hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=good + tail
        )
        point_main_at(site, tree)
        with open_source(str(site.folder)) as source:
            assert [entry.path for entry in source.entries] == ["a"]
            assert [finding.code for finding in source.findings] == ["SOURCE-TREE-ABSENT"]


def test_is_not_blown_up_by_trees_within_trees(make: Make) -> None:
    site = make()
    oid = site.git("hash-object", "-w", "--stdin", stdin=b"boom")
    mode = "100644"
    for _ in range(10):
        oid = raw_tree(site, *((mode, b"d%d" % number, oid) for number in range(10)))
        mode = "40000"
    point_main_at(site, oid)
    limits = Limits(entries=20_000)
    with pytest.raises(LimitError, match="files"), open_source(str(site.folder), limits=limits):
        pass


def test_does_not_follow_an_endless_depth(make: Make) -> None:
    site = make()
    oid, mode = site.git("hash-object", "-w", "--stdin", stdin=b"deep"), "100644"
    for _ in range(30):
        oid, mode = raw_tree(site, (mode, b"d", oid)), "40000"
    point_main_at(site, oid)
    limits = Limits(depth=29)
    with pytest.raises(LimitError, match="nesting"), open_source(str(site.folder), limits=limits):
        pass
    with open_source(str(site.folder), limits=Limits(depth=30)) as source:
        assert source.entries[0].path == "d/" * 29 + "d"


def test_a_commit_without_a_tree_gives_findings_not_a_crash(make: Make) -> None:
    site = make()
    raw = b"author A <a@b> 0 +0000\n\nno tree\n"
    oid = site.git("hash-object", "-w", "-t", "commit", "--literally", "--stdin", stdin=raw)
    (site.folder / ".git" / "refs" / "heads" / "main").write_text(oid)
    with open_source(str(site.folder)) as source:
        assert source.entries == ()
        assert [finding.code for finding in source.findings] == ["SOURCE-TREE-ABSENT"]
        assert source.first_and_last() == {}
