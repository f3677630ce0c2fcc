"""Every finding of reading a source has a source that yields it, and no other."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.model import Finding
from pipeline.sources import Limits, open_source
from pipeline.sources.codes import SourceCode
from pipeline.sources.rendered import read_rendered
from tests.sources.workshop import Workshop, run_git

Found = list[Finding]
Make = Callable[[Workshop], Found]


def read(folder: Path) -> Found:
    """Open a source, read its files, and say what was found."""
    with open_source(str(folder)) as source:
        list(source.read(source.entries))
        return list(source.findings)


def past(folder: Path) -> Found:
    """Read the history of a source, and say what was found in it alone."""
    with open_source(str(folder)) as source:
        history = source.history()
        list(history.steps())
        return list(history.findings)


def rendered(folder: Path, limits: Limits | None = None) -> Found:
    """Read a rendered folder, and say what was found."""
    files = read_rendered(folder, limits or Limits())
    return [file.finding for file in files if file.finding is not None]


def lose(site: Workshop, name: str) -> None:
    """Take an object away from a repository."""
    oid = site.git("rev-parse", name)
    (site.folder / ".git" / "objects" / oid[:2] / oid[2:]).unlink()


def tree(site: Workshop, *rows: tuple[bytes, bytes]) -> Found:
    """Read a commit whose tree has these modes and names, which git would not write."""
    blob = bytes.fromhex(site.git("rev-parse", "HEAD:index.md"))
    data = b"".join(mode + b" " + name + b"\0" + blob for mode, name in rows)
    oid = site.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=data)
    site.git("update-ref", "refs/heads/main", site.git("commit-tree", oid, "-m", "by hand"))
    return read(site.folder)


def folder_of(site: Workshop) -> Path:
    """Make a rendered folder beside a repository."""
    folder = site.folder.parent / "_site"
    (folder / "a").mkdir(parents=True)
    (folder / "index.html").write_text("<p>Home")
    return folder


def borrowed(site: Workshop) -> Found:
    run_git(site.folder.parent, "clone", "--quiet", "--shared", str(site.folder), "shared")
    return read(site.folder.parent / "shared")


def borrowed_absent(site: Workshop) -> Found:
    (site.folder / ".git" / "objects" / "info").mkdir(exist_ok=True)
    (site.folder / ".git" / "objects" / "info" / "alternates").write_text("/nowhere/objects\n")
    return read(site.folder)


def git_folder(site: Workshop) -> Found:
    (folder_of(site) / ".git").write_text("gitdir: elsewhere")
    return rendered(site.folder.parent / "_site")


def grafted(site: Workshop) -> Found:
    (site.folder / ".git" / "info").mkdir(exist_ok=True)
    (site.folder / ".git" / "info" / "grafts").write_text(f"{site.git('rev-parse', 'HEAD')}\n")
    return read(site.folder)


def head_guessed(site: Workshop) -> Found:
    bundle = site.folder.parent / "b.bundle"
    site.git("branch", "aside", "HEAD~1")
    site.git("bundle", "create", "--quiet", str(bundle), "main", "aside")
    return read(bundle)


def link(target: str) -> Make:
    def linked(site: Workshop) -> Found:
        (folder_of(site) / "link").symlink_to(target)
        return rendered(site.folder.parent / "_site")

    return linked


def history_cut(site: Workshop) -> Found:
    lose(site, "main~2")
    return past(site.folder)


def history_tree(site: Workshop) -> Found:
    site.commit({"index.md": "later"})
    site.commit({"about/us.md": "later"})
    lose(site, "main~1:about")
    return past(site.folder)


def partial(site: Workshop) -> Found:
    site.git("config", "uploadpack.allowFilter", "true")
    options = ["--quiet", "--filter=blob:none", "--no-checkout"]
    run_git(site.folder.parent, "clone", *options, f"file://{site.folder}", "partial")
    return read(site.folder.parent / "partial")


def ref_ignored(site: Workshop) -> Found:
    (site.folder / ".git" / "refs" / "heads" / "odd").write_text("no object\n")
    return read(site.folder)


def replaced(site: Workshop) -> Found:
    site.git("replace", "HEAD", "HEAD~1")
    return read(site.folder)


def special(site: Workshop) -> Found:
    os.mkfifo(folder_of(site) / "pipe")
    return rendered(site.folder.parent / "_site")


def too_large(site: Workshop) -> Found:
    return rendered(folder_of(site), Limits(file_bytes=3))


def tree_absent(site: Workshop) -> Found:
    lose(site, "HEAD:about")
    return read(site.folder)


def unreadable(site: Workshop) -> Found:
    folder = folder_of(site)
    files = read_rendered(folder)
    (folder / "index.html").unlink()
    return [file.finding for file in files if file.finding is not None]


BROKEN: dict[SourceCode, Make] = {
    SourceCode.BORROWED: borrowed,
    SourceCode.BORROWED_ABSENT: borrowed_absent,
    SourceCode.GIT_FOLDER: git_folder,
    SourceCode.GRAFTED: grafted,
    SourceCode.HEAD_GUESSED: head_guessed,
    SourceCode.LINK_OUTSIDE: link("../my-site/index.md"),
    SourceCode.LINK_FOLDER: link("a"),
    SourceCode.HISTORY_CUT: history_cut,
    SourceCode.HISTORY_TREE: history_tree,
    SourceCode.PARTIAL: partial,
    SourceCode.REF_IGNORED: ref_ignored,
    SourceCode.REPLACED: replaced,
    SourceCode.SPECIAL_FILE: special,
    SourceCode.TOO_LARGE: too_large,
    SourceCode.TREE_ABSENT: tree_absent,
    SourceCode.TREE_NAME: lambda site: tree(site, (b"100644", b".git")),
    SourceCode.TREE_MODE: lambda site: tree(site, (b"777", b"a")),
    SourceCode.TREE_TWICE: lambda site: tree(site, (b"100644", b"a"), (b"100644", b"a")),
    SourceCode.UNREADABLE: unreadable,
}


@pytest.mark.parametrize("code", BROKEN, ids=lambda code: code.code)
def test_a_broken_source_yields_its_code(code: SourceCode, site: Workshop) -> None:
    (finding,) = BROKEN[code](site)
    assert (finding.code, finding.severity) == (code.code, code.severity)


def test_a_sound_source_yields_none(site: Workshop) -> None:
    assert [*read(site.folder), *past(site.folder), *rendered(folder_of(site))] == []


def test_no_code_is_without_its_source() -> None:
    assert set(BROKEN) == set(SourceCode)
