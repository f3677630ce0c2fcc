import os
import shutil
from pathlib import Path

import pytest

from pipeline.errors import (
    EmptyRepositoryError,
    GitError,
    LimitError,
    NotARepositoryError,
    UnknownRevisionError,
)
from pipeline.model import FileMode, TreeEntry
from pipeline.sources import Absent, AbsentKind, Limits, SourceKind, open_source
from tests.sources.conftest import Make
from tests.sources.reading import SITE, codes, contents
from tests.sources.workshop import Workshop, run_git


def why_refused(location: Path) -> str:
    with pytest.raises(NotARepositoryError) as caught, open_source(str(location)):
        pass
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_reads_the_commit_and_not_the_work_tree(site: Workshop) -> None:
    site.write("index.md", "changed but not committed")
    site.write("new.md", "new")
    assert contents(site.folder) == SITE
    with open_source(str(site.folder)) as source:
        assert source.kind is SourceKind.REPOSITORY
        assert (source.name, source.origin, source.findings) == ("my-site", None, ())
        assert source.location == str(site.folder)


def test_reads_a_repository_however_it_lies(
    site: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_git(tmp_path, "clone", "--quiet", "--bare", str(site.folder), "bare.git")
    assert contents(tmp_path / "bare.git") == SITE
    assert contents(site.folder / ".git") == SITE
    with open_source(str(site.folder / ".git")) as source:
        assert source.name == "my-site"
    site.git("pack-refs", "--all")
    site.git("gc", "--quiet")
    assert contents(site.folder) == SITE
    monkeypatch.chdir(site.folder)
    with open_source(".") as source:
        assert source.name == "my-site"


def test_writes_nothing_into_the_repository(site: Workshop) -> None:
    def state() -> list[tuple[str, float, int]]:
        found = sorted(site.folder.rglob("*"))
        return [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in found]

    before = state()
    with open_source(str(site.folder)) as source:
        list(source.read(source.entries))
        source.first_and_last()
    assert state() == before


def test_reads_a_detached_head_and_a_head_that_is_a_link(site: Workshop) -> None:
    site.git("checkout", "--quiet", "--detach", "HEAD~1")
    assert contents(site.folder)["about/us.md"] == b"Us\n"
    head = site.folder / ".git" / "HEAD"
    head.unlink()
    head.symlink_to("refs/heads/main")
    assert contents(site.folder) == SITE


def test_reads_branches_tags_and_remote_branches_by_name(site: Workshop, tmp_path: Path) -> None:
    site.git("branch", "topic/one", "HEAD~1")
    site.git("tag", "v1", "HEAD~2")
    run_git(tmp_path, "clone", "--quiet", str(site.folder), "clone")
    for rev in ("origin/topic/one", "v1~0", "origin/HEAD~1", "refs/remotes/origin/main^"):
        assert contents(tmp_path / "clone", rev)["_config.yml"] == b"title: A\n"
    assert contents(tmp_path / "clone", "origin/topic/one")["about/us.md"] == b"Us\n"
    assert list(contents(tmp_path / "clone", "v1")) == ["_config.yml", "index.md"]


def test_tells_an_empty_repository_from_an_unborn_branch(make: Make) -> None:
    empty = make("empty")
    with pytest.raises(EmptyRepositoryError), open_source(str(empty.folder)):
        pass
    with pytest.raises(EmptyRepositoryError), open_source(str(empty.folder), rev="main"):
        pass
    empty.commit({"a.md": "a"})
    empty.git("checkout", "--quiet", "--orphan", "unborn")
    with pytest.raises(UnknownRevisionError), open_source(str(empty.folder)):
        pass
    assert contents(empty.folder, "main") == {"a.md": b"a"}


def test_keeps_every_name_and_mode(make: Make) -> None:
    workshop = make()
    names = [
        "a b",
        'q"uote',
        "new\nline",
        "tab\t",
        "ümlaut",
        "日本/語.md",
        "-dash",
        "a.b",
        "a/c",
        "a0",
    ]
    for name in names:
        workshop.write(name, name)
    raw = os.fsencode(workshop.folder) + b"/latin-\xe9.md"
    Path(os.fsdecode(raw)).write_bytes(b"latin")
    workshop.write("run.sh", "#!/bin/sh\n")
    (workshop.folder / "run.sh").chmod(0o755)
    (workshop.folder / "link").symlink_to("/etc/passwd")
    workshop.commit({"empty": ""})
    workshop.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    workshop.git("commit", "--quiet", "--message", "a submodule")
    listed = run_git(workshop.folder, "ls-tree", "-r", "-z", "--full-tree", "HEAD")
    with open_source(str(workshop.folder)) as source:
        ours = [
            f"{entry.mode:06o} {'commit' if entry.mode is FileMode.SUBMODULE else 'blob'} "
            f"{entry.oid}\t{entry.path}".encode("utf-8", "surrogateescape")
            for entry in source.entries
        ]
        read = {entry.path: data for entry, data in source.read(source.entries)}
    assert ours == listed.split(b"\0")[:-1]
    assert {name: read[name] for name in names} == {name: name.encode() for name in names}
    assert read["latin-\udce9.md"] == b"latin"
    assert read["link"] == b"/etc/passwd"
    assert read["empty"] == b""
    module = read["module"]
    assert isinstance(module, Absent)
    assert module.kind is AbsentKind.SUBMODULE


def test_reads_entries_in_the_order_asked_for_even_twice(site: Workshop) -> None:
    with open_source(str(site.folder)) as source:
        wanted = [*reversed(source.entries), *source.entries] * 40
        read = list(source.read(iter(wanted)))
    assert [entry for entry, _ in read] == wanted
    assert all(data == SITE[entry.path] for entry, data in read)


def test_gives_entries_of_another_commit_and_refuses_what_is_no_blob(site: Workshop) -> None:
    old = site.git("rev-parse", "HEAD~1:about/us.md")
    tree = site.git("rev-parse", "HEAD^{tree}")
    entries = [
        TreeEntry(path="x", mode=FileMode.REGULAR, oid=oid)
        for oid in (old, tree, "f" * 40, "HEAD", "--batch\n", "0" * 39)
    ]
    with open_source(str(site.folder)) as source:
        first, *others = [data for _, data in source.read(entries)]
    assert first == b"Us\n"
    kinds = [data.kind for data in others if isinstance(data, Absent)]
    assert kinds == [AbsentKind.UNREADABLE] + [AbsentKind.MISSING] * 4


def test_gives_commits_by_id_and_refuses_others(site: Workshop) -> None:
    oids = site.git("log", "--format=%H").split()
    with open_source(str(site.folder)) as source:
        commits = list(source.commits(oids * 50))
        assert [commit.oid for commit in commits] == oids * 50
        assert [commit.message for commit in commits[:3]] == ["third\n", "second\n", "first\n"]
        with pytest.raises(GitError, match=r"commit ffff.* is not in the repository"):
            list(source.commits(["f" * 40]))


# --- repositories in several parts


def test_reads_a_linked_worktree_with_its_own_head(site: Workshop, tmp_path: Path) -> None:
    site.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"), "HEAD~1")
    assert contents(tmp_path / "linked")["about/us.md"] == b"Us\n"
    with open_source(str(tmp_path / "linked"), rev="main") as source:
        assert source.name == "linked"


def test_refuses_a_git_file_without_a_way_back(site: Workshop, tmp_path: Path) -> None:
    site.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    shutil.copy(tmp_path / "linked" / ".git", stranger / ".git")
    assert "does not point back" in why_refused(stranger)
    (stranger / ".git").write_text(f"gitdir: {site.folder}/.git\n")
    assert "does not point back" in why_refused(stranger)
    (stranger / ".git").write_text("gitdir: /nowhere\n")
    assert "does not point back" in why_refused(stranger)
    (stranger / ".git").write_text("something else")
    assert "does not name a repository" in why_refused(stranger)
    (stranger / ".git").write_text("x" * 10_000)
    assert "is not a plain file" in why_refused(stranger)


def test_refuses_a_worktree_whose_common_folder_is_elsewhere(
    site: Workshop, make: Make, tmp_path: Path
) -> None:
    other = make("other")
    other.commit({"secret.md": "secret"})
    site.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
    private = site.folder / ".git" / "worktrees" / "linked"
    (private / "commondir").write_text(f"{other.folder}/.git\n")
    assert "does not point back" in why_refused(tmp_path / "linked")


def test_reads_a_submodule_as_a_repository_of_its_own(
    site: Workshop, make: Make, tmp_path: Path
) -> None:
    outer = make("outer")
    outer.git("submodule", "--quiet", "add", str(site.folder), "inner")
    assert contents(outer.folder / "inner") == SITE
    shutil.copytree(outer.folder / "inner", tmp_path / "copied")
    (tmp_path / "copied" / ".git").write_text(f"gitdir: {outer.folder}/.git/modules/inner\n")
    assert "does not point back" in why_refused(tmp_path / "copied")


def test_follows_alternates_and_says_so(site: Workshop, tmp_path: Path) -> None:
    odd = tmp_path / 'an "odd" näme\\#'
    shutil.copytree(site.folder, odd)
    run_git(tmp_path, "clone", "--quiet", "--shared", str(odd), "shared")
    run_git(tmp_path, "clone", "--quiet", "--shared", "shared", "twice")
    assert contents(tmp_path / "twice") == SITE
    assert codes(tmp_path / "twice") == ["SOURCE-BORROWED"] * 2
    alternates = tmp_path / "twice" / ".git" / "objects" / "info" / "alternates"
    alternates.write_text("# a comment\n/nowhere/objects\n../../../shared/.git/objects\n")
    assert contents(tmp_path / "twice") == SITE
    assert codes(tmp_path / "twice")[:2] == ["SOURCE-BORROWED-ABSENT", "SOURCE-BORROWED"]


def test_follows_alternates_in_a_circle_once(site: Workshop) -> None:
    objects = site.folder / ".git" / "objects"
    (objects / "info" / "alternates").write_text(f"{objects}\n")
    assert contents(site.folder) == SITE
    assert codes(site.folder) == []


# --- formats and bounds


def test_refuses_formats_that_we_would_read_wrongly(site: Workshop) -> None:
    config = site.folder / ".git" / "config"
    plain = config.read_text()
    for setting, word in [
        ("refStorage = reftable", "reftable"),
        ("shinyFeature = true", "the extension shinyfeature"),
        ("objectFormat = sha3", "object format is sha3"),
    ]:
        version = plain.replace("repositoryformatversion = 0", "repositoryformatversion = 1")
        config.write_text(f"{version}[extensions]\n\t{setting}\n")
        assert word in why_refused(site.folder)
    config.write_text(plain)
    (site.folder / ".git" / "reftable").mkdir()
    assert "refs are stored" in why_refused(site.folder)


def test_reads_a_sha256_repository(make: Make) -> None:
    workshop = make("site", "--object-format=sha256")
    oid = workshop.commit({"a/b.md": "text"})
    assert contents(workshop.folder) == {"a/b.md": b"text"}
    with open_source(str(workshop.folder)) as source:
        assert source.first_and_last()["a/b.md"].last == oid


def test_reads_a_repository_without_a_config(site: Workshop) -> None:
    (site.folder / ".git" / "config").unlink()
    assert contents(site.folder) == SITE


def test_stops_git_when_its_time_is_over(site: Workshop) -> None:
    limits = Limits(total_seconds=0)
    with (
        pytest.raises(LimitError, match="the time git takes is over the limit of 0 s"),
        open_source(str(site.folder), rev="main", limits=limits),
    ):
        pass


def test_refuses_more_refs_than_allowed(site: Workshop) -> None:
    for number in range(5):
        site.git("tag", f"v{number}")
    with pytest.raises(LimitError), open_source(str(site.folder), limits=Limits(refs=4)):
        pass


def test_says_when_git_is_not_installed(site: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GitError, match="git is not installed"), open_source(str(site.folder)):
        pass


def test_reads_the_origin_without_credentials(site: Workshop) -> None:
    site.git("remote", "add", "origin", "https://user:secret@example.org/a/site.git")
    with open_source(str(site.folder)) as source:
        assert source.origin == "https://example.org/a/site.git"
    site.git("remote", "set-url", "origin", "../elsewhere")
    with open_source(str(site.folder)) as source:
        assert source.origin is None
