"""A stranger's repository must not make us run, follow or believe anything."""

import os
import shlex
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest

from pipeline.errors import NotARepositoryError
from pipeline.sources import Absent, AbsentKind, open_source
from tests.sources.conftest import Make
from tests.sources.workshop import Workshop

RUN_BY_GIT = [
    ("alias", "log"),
    ("alias", "cat-file"),
    ("core", "alternateRefsCommand"),
    ("core", "askPass"),
    ("core", "editor"),
    ("core", "fsmonitor"),
    ("core", "gitProxy"),
    ("core", "pager"),
    ("core", "sshCommand"),
    ("credential", "helper"),
    ("diff", "external"),
    ('diff "evil"', "command"),
    ('diff "evil"', "textconv"),
    ('filter "evil"', "clean"),
    ('filter "evil"', "process"),
    ('filter "evil"', "smudge"),
    ("gpg", "program"),
    ("pager", "log"),
    ('remote "origin"', "uploadpack"),
    ("uploadpack", "packObjectsHook"),
]
HOOKS = ["post-checkout", "pre-auto-gc", "reference-transaction", "post-index-change", "pre-commit"]


def open_and_use_everything(location: Path) -> None:
    with open_source(str(location)) as source:
        assert len(list(source.read(source.entries))) == len(source.entries) > 0
        histories = source.first_and_last()
        oids = {each.first for each in histories.values()}
        assert len(list(source.commits(oids))) == len(oids)
    with open_source(str(location), rev="main~1") as source:
        assert source.revision is not None


@pytest.fixture
def trapped(site: Workshop) -> tuple[Workshop, Path]:
    """A repository in which everything that git can be made to run touches a canary."""
    canary = site.folder.parent / "canary"
    program = site.folder.parent / "evil.sh"
    program.write_text(f"#!/bin/sh\ntouch {shlex.quote(str(canary))}\n")
    program.chmod(0o755)
    site.commit({".gitattributes": "* diff=evil filter=evil merge=evil text\n"})
    git = site.folder / ".git"
    hooks = git / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in HOOKS:
        (hooks / hook).write_text(program.read_text())
        (hooks / hook).chmod(0o755)
    included = git / "included"
    included.write_text(f"[core]\n\tfsmonitor = {program}\n")
    lines = [f"[{section}]\n\t{key} = {program}\n" for section, key in RUN_BY_GIT]
    lines.append(f"[alias]\n\trev-parse = !{program}\n[include]\n\tpath = {included}\n")
    lines.append(f"[core]\n\thooksPath = {hooks}\n[log]\n\tshowSignature = true\n")
    lines.append(
        f'[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\turl = ext::{program}\n'
    )
    lines.append("\tpromisor = true\n")
    with (git / "config").open("a") as config:
        config.writelines(lines)
    (git / "info").mkdir(exist_ok=True)
    (git / "info" / "attributes").write_text("* diff=evil filter=evil\n")
    return site, canary


def test_executes_nothing(trapped: tuple[Workshop, Path]) -> None:
    site, canary = trapped
    # The trap works: git itself walks into it.
    subprocess.run(["git", "status"], cwd=site.folder, capture_output=True, check=False)  # noqa: S607
    assert canary.exists()
    canary.unlink()
    open_and_use_everything(site.folder)
    open_and_use_everything(site.folder / ".git")
    bare = site.folder.parent / "bare.git"
    (site.folder / ".git").rename(bare)
    open_and_use_everything(bare)
    assert not canary.exists()


def test_fetches_nothing_for_a_missing_blob(trapped: tuple[Workshop, Path]) -> None:
    site, canary = trapped
    oid = site.git("rev-parse", "HEAD:index.md")
    canary.unlink(missing_ok=True)
    (site.folder / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    with open_source(str(site.folder)) as source:
        read = {entry.path: data for entry, data in source.read(source.entries)}
        assert "SOURCE-PARTIAL" in [finding.code for finding in source.findings]
    absent = read["index.md"]
    assert isinstance(absent, Absent)
    assert absent.kind is AbsentKind.MISSING
    assert not canary.exists()


def test_settings_of_the_environment_do_not_count(
    site: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    canary = site.folder.parent / "canary"
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", "/nonexistent")
    monkeypatch.setenv("GIT_TRACE", str(canary))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "alias.cat-file")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", f"!touch {canary}")
    open_and_use_everything(site.folder)
    assert not canary.exists()


def test_does_not_believe_replacements_and_grafts(site: Workshop) -> None:
    head = site.git("rev-parse", "HEAD")
    old, new = (
        site.git("rev-parse", "HEAD~1:about/us.md"),
        site.git("rev-parse", "HEAD:about/us.md"),
    )
    site.git("replace", new, old)
    site.git("replace", head, f"{head}~2")
    (site.folder / ".git" / "info").mkdir(exist_ok=True)
    (site.folder / ".git" / "info" / "grafts").write_text(f"{head}\n")
    with open_source(str(site.folder)) as source:
        assert source.revision is not None
        assert source.revision.oid == head
        assert len(source.revision.parents) == 1
        read = {entry.path: data for entry, data in source.read(source.entries)}
        histories = source.first_and_last()
        told = [finding.code for finding in source.findings]
    assert told == ["SOURCE-REPLACED", "SOURCE-GRAFTED"]
    assert read["about/us.md"] == b"---\n---\nAll of us\n"
    assert histories["_config.yml"].first != head


def test_refuses_links_that_lead_out_of_the_repository(site: Workshop, make: Make) -> None:
    other = make("other")
    other.commit({"secret.md": "secret"})
    git, secret = site.folder / ".git", other.folder / ".git"
    fan_out = next(path for path in (git / "objects").iterdir() if len(path.name) == 2)
    for place, target in [
        (git / "objects" / "pack" / "pack-1.idx", secret / "HEAD"),
        (git / "objects" / "ff", secret / "objects"),
        (fan_out / ("0" * 38), secret / "HEAD"),
        (git / "packed-refs", secret / "HEAD"),
        (git / "shallow", secret / "HEAD"),
    ]:
        place.unlink(missing_ok=True)
        place.symlink_to(target)
        with pytest.raises(NotARepositoryError), open_source(str(site.folder)):
            pass
        place.unlink()
    for name in ("objects", "config"):
        (git / name).rename(git / "kept")
        (git / name).symlink_to(secret / name)
        with pytest.raises(NotARepositoryError), open_source(str(site.folder)):
            pass
        (git / name).unlink()
        (git / "kept").rename(git / name)
    with open_source(str(site.folder)) as source:
        assert len(source.entries) == 3


def test_refuses_a_git_folder_that_is_a_link(site: Workshop, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    (stranger / ".git").symlink_to(site.folder / ".git")
    with pytest.raises(NotARepositoryError, match="symbolic link"), open_source(str(stranger)):
        pass
    (stranger / ".git").unlink()
    (stranger / ".git").mkdir()
    with pytest.raises(NotARepositoryError, match="not a git repo"), open_source(str(stranger)):
        pass


def test_refuses_named_pipes_in_place_of_files(site: Workshop) -> None:
    git = site.folder / ".git"
    for place in (git / "objects" / "pack" / "x.pack", git / "packed-refs"):
        place.unlink(missing_ok=True)
        os.mkfifo(place)
        with pytest.raises(NotARepositoryError), open_source(str(site.folder)):
            pass
        place.unlink()


def test_ignores_refs_that_lead_out_or_break_the_rules(site: Workshop, make: Make) -> None:
    other = make("other")
    secret = other.commit({"secret.md": "secret"})
    heads = site.folder / ".git" / "refs" / "heads"
    (heads / "link").symlink_to(other.folder / ".git" / "refs" / "heads" / "main")
    (heads / "linked-folder").symlink_to(other.folder / ".git" / "refs")
    (heads / "bell\x07").write_text(secret)
    (heads / "text").write_text("not an id")
    (heads / "huge").write_text("0" * 100_000)
    (heads / "busy.lock").write_text("not read at all")
    os.mkfifo(heads / "pipe")
    symbolic = {"loop-a": "loop-b", "loop-b": "loop-a", "up": "../../config", "nowhere": "none"}
    for name, target in symbolic.items():
        (heads / name).write_text(f"ref: refs/heads/{target}\n")
    with (site.folder / ".git" / "packed-refs").open("a") as packed:
        packed.write(f"{secret} refs/heads/../../../HEAD\n{secret} HEAD\n{secret}\n^{secret}\n")
        packed.write("# a comment\nnonsense\n\n")
    with open_source(str(site.folder)) as source:
        assert len(source.entries) == 3
        messages = [finding.message for finding in source.findings]
        assert {finding.code for finding in source.findings} == {"SOURCE-REF-IGNORED"}
    assert len(messages) == 8
    assert all(message.isprintable() for message in messages)
    for rev in ("link", "loop-a", "up", "nowhere", "bell\x07"):
        with (
            pytest.raises(Exception, match="no commit is called"),
            open_source(str(site.folder), rev=rev),
        ):
            pass


def test_tells_about_a_refs_folder_that_is_a_link(site: Workshop, make: Make) -> None:
    other = make("other")
    other.commit({"secret.md": "secret"})
    refs = site.folder / ".git" / "refs"
    site.git("pack-refs", "--all")
    refs.rename(site.folder / "old-refs")
    refs.symlink_to(other.folder / ".git" / "refs")
    with open_source(str(site.folder)) as source:
        assert source.entries[0].path == "_config.yml"
        assert [finding.code for finding in source.findings] == ["SOURCE-REF-IGNORED"]


def test_our_copy_is_closed_to_other_users(
    site: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # other tests make copies beside ours
    with open_source(str(site.folder)):
        (ours,) = tmp_path.glob("jekyll-archive-*")
        assert stat.S_IMODE(ours.stat().st_mode) == 0o700
