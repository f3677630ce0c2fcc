import os
import socket
from pathlib import Path

import pytest

from pipeline.errors import GitError, LimitError, UnknownRevisionError
from pipeline.model import FileMode, TreeEntry
from pipeline.sources import Absent, AbsentKind, Limits, Source, SourceKind, open_source
from tests.sources.workshop import Workshop, add_unopenable, run_git


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plain folder with files of every sort."""
    root = tmp_path / "My Site"
    (root / "_posts").mkdir(parents=True)
    (root / "_config.yml").write_text("title: A\n")
    (root / "_posts" / "2020-01-01-a.md").write_bytes(b"\xef\xbb\xbf---\r\n---\r\nA\r\n")
    (root / "_posts.md").write_text("sorts before the folder's files")
    (root / "empty").write_bytes(b"")
    (root / "run.sh").write_text("#!/bin/sh\n")
    (root / "run.sh").chmod(0o755)
    (root / "link").symlink_to("/etc/passwd")
    (root / "linked-folder").symlink_to("_posts")
    (root / "dangling").symlink_to("nowhere")
    (root / "new\nline").write_text("odd")
    (root / "no-files-in-here").mkdir()
    with open(os.fsencode(root) + b"/latin-\xe9", "wb") as file:  # noqa: PTH123 - a bytes path
        file.write(b"latin")
    return root


def read(source: Source) -> dict[str, bytes | Absent]:
    return {entry.path: content for entry, content in source.read(source.entries)}


def test_lists_a_folder_as_git_would_store_it(folder: Path) -> None:
    with open_source(str(folder)) as source:
        entries = source.entries
        content = read(source)
        assert (source.kind, source.name, source.origin) == (SourceKind.FOLDER, "my-site", None)
        assert (source.revision, source.findings) == (None, ())
        assert source.first_and_last() == {}
    Workshop.create(folder)
    run_git(folder, "add", "--all")
    listed = run_git(folder, "ls-files", "--stage", "-z").split(b"\0")[:-1]
    ours = [
        b"%06o %s 0\t%s"
        % (entry.mode, entry.oid.encode(), entry.path.encode("utf-8", "surrogateescape"))
        for entry in entries
    ]
    assert ours == listed
    assert content["link"] == b"/etc/passwd"
    assert content["linked-folder"] == b"_posts"
    assert content["_posts/2020-01-01-a.md"] == b"\xef\xbb\xbf---\r\n---\r\nA\r\n"


def test_skips_git_folders_at_any_depth(folder: Path) -> None:
    inner = Workshop.create(folder / "vendor" / "theme")
    inner.commit({"a.md": "a"})
    with open_source(str(folder)) as source:
        assert [entry.path for entry in source.entries if "vendor" in entry.path] == [
            "vendor/theme/a.md"
        ]


def test_has_no_revisions_and_no_commits(folder: Path) -> None:
    with pytest.raises(UnknownRevisionError), open_source(str(folder), rev="main"):
        pass
    with open_source(str(folder)) as source:
        assert list(source.commits([])) == []
        with pytest.raises(GitError, match="no commit"):
            list(source.commits(["1" * 40]))


def test_tells_about_devices_sockets_and_pipes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(folder / "pipe")
    monkeypatch.chdir(folder)  # a socket's path may not be long
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
    with open_source(str(folder)) as source:
        found = [(finding.code, finding.place.path) for finding in source.findings]
    assert found == [("SOURCE-SPECIAL-FILE", "pipe"), ("SOURCE-SPECIAL-FILE", "socket")]


def test_tells_about_what_it_cannot_open(folder: Path) -> None:
    file, closed = add_unopenable(folder)
    with open_source(str(folder)) as source:
        content = read(source)
        found = [(finding.code, finding.place.path) for finding in source.findings]
    assert found == [("SOURCE-UNREADABLE", file), ("SOURCE-UNREADABLE", closed)]
    absent = content[file]
    assert isinstance(absent, Absent)
    assert absent.kind is AbsentKind.UNREADABLE


def test_gives_no_bytes_that_changed_since_they_were_listed(folder: Path) -> None:
    secret = folder.parent / "secret"
    secret.write_text("secret")
    with open_source(str(folder)) as source:
        (folder / "_config.yml").write_text("title: B\n")
        (folder / "empty").unlink()
        (folder / "run.sh").unlink()
        (folder / "run.sh").symlink_to(secret)
        (folder / "link").unlink()
        (folder / "link").symlink_to(secret)
        content = read(source)
    kinds = {path: data.kind for path, data in content.items() if isinstance(data, Absent)}
    assert kinds == {
        "_config.yml": AbsentKind.DAMAGED,
        "empty": AbsentKind.UNREADABLE,
        "run.sh": AbsentKind.UNREADABLE,
        "link": AbsentKind.DAMAGED,
    }


def test_reads_only_what_it_listed(folder: Path) -> None:
    entry = TreeEntry(path="../../../etc/passwd", mode=FileMode.REGULAR, oid="0" * 40)
    with open_source(str(folder)) as source:
        ((_, data),) = source.read([entry])
    assert isinstance(data, Absent)
    assert data.kind is AbsentKind.MISSING


def test_holds_the_bounds(folder: Path) -> None:
    for limits in (Limits(entries=3), Limits(total_bytes=30), Limits(depth=0)):
        with pytest.raises(LimitError), open_source(str(folder), limits=limits):
            pass
    with open_source(str(folder), limits=Limits(file_bytes=10)) as source:
        absent = read(source)["_posts.md"]
    assert isinstance(absent, Absent)
    assert absent.kind is AbsentKind.TOO_LARGE
