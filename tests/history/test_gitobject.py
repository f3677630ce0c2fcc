import os
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.history.gitobject import (
    ObjectFormat,
    ObjectKind,
    blob_id,
    commit_id,
    object_id,
    tree_id,
    tree_of_commit,
)
from pipeline.model import FileMode, TreeEntry

Git = Callable[..., bytes]
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
NAMES = [
    # Where a directory sorts as if it ended in "/", and a file does not.
    *(b"a.b", b"a-b/c", b"a/b", b"a0", b"a0b/x", b"ab/cd/ef"),
    *(b"foo/x", b"foo-bar", b"foo.d/y", b"foo0"),
    # Names that are hard to write.
    *(b" ", b"a b/c d", b"\xff\xfe", "é/ü".encode(), b"back\\slash", b"new\nline", b"tab\t"),
    *(b'"quoted"', b"-n", b"*", b"#", b"...", b"..x/y", b"deep/" + b"d/" * 60 + b"end"),
]


@pytest.fixture(params=ObjectFormat, ids=lambda one: one.value)
def object_format(request: pytest.FixtureRequest) -> ObjectFormat:
    chosen = request.param
    assert isinstance(chosen, ObjectFormat)
    return chosen


@pytest.fixture
def git(tmp_path: Path, need: Callable[[str], Path], object_format: ObjectFormat) -> Git:
    program = str(need("git"))

    def run(*arguments: str, stdin: bytes = b"") -> bytes:
        command = [program, "-C", str(tmp_path), *arguments]
        return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout

    run("init", "-q", f"--object-format={object_format.value}")
    return run


def entries_of(git: Git, revision: str = "HEAD") -> list[TreeEntry]:
    entries = []
    for line in git("ls-tree", "-r", "-z", revision).split(b"\0")[:-1]:
        facts, path = line.split(b"\t", 1)
        mode, _, oid = facts.decode().split(" ")
        entries.append(TreeEntry(path=os.fsdecode(path), mode=FileMode(int(mode, 8)), oid=oid))
    return entries


def commit_names(git: Git, folder: Path) -> None:
    for number, name in enumerate(NAMES):
        path = folder / os.fsdecode(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if number % 7 == 3:
            path.symlink_to("somewhere")
        else:
            path.write_bytes(name * number)
            path.chmod(0o755 if number % 5 == 0 else 0o644)
    git("add", "--all")
    git("update-index", "--add", "--cacheinfo", f"160000,{'1' * len(blob_of(git, b''))},module")
    git("commit", "-q", "-m", "all names")


def blob_of(git: Git, content: bytes) -> str:
    return git("hash-object", "--stdin", stdin=content).decode().strip()


def test_git_gives_the_same_names(git: Git, tmp_path: Path, object_format: ObjectFormat) -> None:
    commit_names(git, tmp_path)
    entries = entries_of(git)
    assert len(entries) == len(NAMES) + 1
    assert {entry.mode for entry in entries} == set(FileMode)
    tree = git("rev-parse", "HEAD^{tree}").decode().strip()
    random.Random(1).shuffle(entries)  # noqa: S311 - any order will do
    assert tree_id(entries, object_format) == tree
    raw = git("cat-file", "commit", "HEAD")
    assert commit_id(raw, object_format) == git("rev-parse", "HEAD").decode().strip()
    assert tree_of_commit(raw) == tree
    for content in (b"", b"x", bytes(range(256)) * 300):
        assert blob_id(content, object_format) == blob_of(git, content)


def test_any_change_to_the_files_changes_the_name(
    git: Git, tmp_path: Path, object_format: ObjectFormat
) -> None:
    commit_names(git, tmp_path)
    entries = entries_of(git)
    tree = tree_id(entries, object_format)
    one = entries[0]
    other = next(entry for entry in entries if (entry.mode, entry.oid) != (one.mode, one.oid))
    rest = [entry for entry in entries[1:] if entry is not other]
    changed = [
        entries[1:],
        [*entries, TreeEntry(path="more", mode=one.mode, oid=one.oid)],
        [TreeEntry(path="renamed", mode=one.mode, oid=one.oid), *entries[1:]],
        [TreeEntry(path=one.path, mode=one.mode, oid="0" * len(one.oid)), *entries[1:]],
        [TreeEntry(path=one.path, mode=FileMode.SUBMODULE, oid=one.oid), *entries[1:]],
        [
            TreeEntry(path=other.path, mode=one.mode, oid=one.oid),
            TreeEntry(path=one.path, mode=other.mode, oid=other.oid),
            *rest,
        ],
    ]
    for case in changed:
        assert tree_id(case, object_format) != tree


def test_an_empty_tree_and_a_tag_have_their_names(git: Git, object_format: ObjectFormat) -> None:
    expected = git("hash-object", "-t", "tree", "--stdin").decode().strip()
    assert tree_id([], object_format) == expected
    git("commit", "-q", "--allow-empty", "-m", "one")
    git("tag", "-m", "a tag", "t")
    raw = git("cat-file", "tag", "t")
    name = object_id(ObjectKind.TAG, raw, object_format)
    assert name == git("rev-parse", "t").decode().strip()


def test_the_names_are_those_that_everybody_knows() -> None:
    assert tree_id([]) == EMPTY_TREE
    assert blob_id(b"") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"


def entry(path: str, oid: str = "1" * 40) -> TreeEntry:
    return TreeEntry(path=path, mode=FileMode.REGULAR, oid=oid)


@pytest.mark.parametrize(
    "entries",
    [
        [entry("a"), entry("a")],
        [entry("a"), entry("a/b")],
        [entry("a/b"), entry("a")],
        [entry("")],
        [entry("/a")],
        [entry("a//b")],
        [entry("a/./b")],
        [entry("../a")],
        [entry("a\0b")],
        [entry("a", "1" * 64)],
        [entry("a", "z" * 40)],
    ],
)
def test_what_no_tree_can_hold_is_refused(entries: list[TreeEntry]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        tree_id(entries)


def test_a_path_of_any_depth_needs_no_stack() -> None:
    assert len(tree_id([entry("d/" * 2000 + "end")])) == 40


@pytest.mark.parametrize("raw", [b"", b"parent 00\n", b"tree"])
def test_a_commit_without_a_tree_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="begins with its tree"):
        tree_of_commit(raw)
