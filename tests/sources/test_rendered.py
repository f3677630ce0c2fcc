import os
from pathlib import Path

import pytest

from pipeline.errors import LimitError, RenderedError
from pipeline.sources import Absent, AbsentKind, Limits, read_rendered
from tests.sources.workshop import add_unopenable


@pytest.fixture
def rendered(tmp_path: Path) -> Path:
    """A rendered site with pages in two folders."""
    root = tmp_path / "_site"
    (root / "a").mkdir(parents=True)
    (root / "index.html").write_text("<p>Home</p>")
    (root / "a" / "index.html").write_text("<p>A</p>")
    (root / "a.html").write_text("<p>not A</p>")
    (root / "ümlaut.html").write_text("<p>Ü</p>")
    return root


def test_gives_the_files_by_path_bytes(rendered: Path) -> None:
    files = list(read_rendered(rendered))
    assert [(file.path, file.data) for file in files] == [
        ("a.html", b"<p>not A</p>"),
        ("a/index.html", b"<p>A</p>"),
        ("index.html", b"<p>Home</p>"),
        ("ümlaut.html", "<p>Ü</p>".encode()),
    ]
    assert [file.finding for file in files] == [None] * 4


def test_says_why_a_file_is_not_given(rendered: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (rendered / "b-inside").symlink_to("a/index.html")
    (rendered / "c-outside").symlink_to(tmp_path / "secret")
    (rendered / "d-outside").symlink_to(tmp_path)
    (rendered / "e-folder").symlink_to("a")
    (rendered / "f-nowhere").symlink_to("nowhere")
    (rendered / "g-itself").symlink_to("g-itself")
    (rendered / ".git").write_text("gitdir: elsewhere")
    os.mkfifo(rendered / "h-pipe")
    files = {file.path: file for file in read_rendered(rendered)}
    assert files["b-inside"].data == b"<p>A</p>"
    absent = {
        path: (file.finding.code, file.data.kind)
        for path, file in files.items()
        if isinstance(file.data, Absent) and file.finding is not None
    }
    assert absent == {
        ".git": ("SOURCE-GIT-FOLDER", AbsentKind.OUTSIDE),
        "c-outside": ("SOURCE-LINK-OUTSIDE", AbsentKind.OUTSIDE),
        "d-outside": ("SOURCE-LINK-OUTSIDE", AbsentKind.OUTSIDE),
        "e-folder": ("SOURCE-LINK-FOLDER", AbsentKind.UNREADABLE),
        "f-nowhere": ("SOURCE-LINK-FOLDER", AbsentKind.UNREADABLE),
        "g-itself": ("SOURCE-LINK-FOLDER", AbsentKind.UNREADABLE),
        "h-pipe": ("SOURCE-SPECIAL-FILE", AbsentKind.UNREADABLE),
    }


def test_refuses_what_is_no_folder(rendered: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere", rendered / "index.html", Path("a\0b")):
        with pytest.raises(RenderedError) as caught:
            read_rendered(path)
        assert str(caught.value).isprintable()
        assert caught.value.exit_code == 19


def test_holds_the_bounds(rendered: Path) -> None:
    for limits in (Limits(entries=3), Limits(total_bytes=30), Limits(depth=0)):
        with pytest.raises(LimitError):
            list(read_rendered(rendered, limits))
    files = {file.path: file for file in read_rendered(rendered, Limits(file_bytes=8))}
    assert files["a/index.html"].data == b"<p>A</p>"
    large = files["a.html"]
    assert isinstance(large.data, Absent)
    assert large.data.kind is AbsentKind.TOO_LARGE
    assert large.finding is not None
    assert large.finding.code == "SOURCE-TOO-LARGE"


def test_tells_about_files_that_go_away_while_it_reads(rendered: Path) -> None:
    files = read_rendered(rendered)
    next(files)
    (rendered / "index.html").unlink()
    absent = {file.path: file for file in files}["index.html"]
    assert isinstance(absent.data, Absent)
    assert absent.finding is not None
    assert absent.finding.code == "SOURCE-UNREADABLE"


def test_tells_about_what_it_cannot_open(rendered: Path) -> None:
    names = add_unopenable(rendered)
    files = {file.path: file for file in read_rendered(rendered)}
    for name in names:
        finding = files[name].finding
        assert finding is not None
        assert (finding.code, finding.place.path) == ("SOURCE-UNREADABLE", name)
        assert isinstance(files[name].data, Absent)
