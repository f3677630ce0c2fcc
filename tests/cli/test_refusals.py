"""What cannot be done is refused in one line, with a code of its own, and changes nothing."""

import shutil
import socket
import sqlite3
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from tests.archives import archive, contents, kept_as_it_was, write_files
from tests.cli.command import CHECKOUT, SITE, Cases, Words, command, unprivileged
from tests.sources.workshop import Workshop


@pytest.mark.parametrize("made", [False, True], ids=["no folder", "an empty folder"])
def test_sources_that_are_none(made: bool, here: Path, tmp_path: Path) -> None:  # noqa: FBT001
    target = here / "archives" / "a"
    if made:
        target.mkdir(parents=True)
    (tmp_path / "file").write_text("no bundle\n")
    write_files(tmp_path / "plain", {"readme.md": "no site"})
    Workshop.create(tmp_path / "empty")
    workshop = Workshop.create(tmp_path / "no-config")
    oid = workshop.commit({"readme.md": "no site"})
    (tmp_path / "cut.bundle").write_bytes(b"# v2 git bundle\n" + oid.encode() + b" HEAD\n\nPACK")
    refused: Cases = [
        (11, [tmp_path / "nowhere"], "not a Jekyll folder, git repository or bundle"),
        (11, [tmp_path / "file"], "not a Jekyll folder, git repository or bundle"),
        (11, [""], "an empty name"),
        (11, ["ftp://example.org/site.git"], "only https:// and ssh:// URLs"),
        (11, ["file:///etc"], "only https:// and ssh:// URLs"),
        (11, ["ext::sh -c id"], "only https:// and ssh:// URLs"),
        (11, ["https://"], "no host"),
        (12, [tmp_path / "empty"], "no commits"),
        (13, [tmp_path / "plain"], "no _config.yml"),
        (13, [workshop.folder], f"at {oid[:12]}: no _config.yml"),
        (15, [workshop.folder, "--rev", "v9"], "no commit is called 'v9'"),
        (15, [workshop.folder, "--rev", "--help"], "no commit is called"),
    ]
    before = contents(here)
    for code, arguments, words in refused:
        target_option: Words = ["--archive", target] if made else []
        ran = command("run", *arguments, *target_option)
        ran.assert_refused(code, words)
        assert contents(here) == before, arguments


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("title: A\nurl: [\n", "_config.yml:3"),
        ("title: A\n\tb: c\n", "_config.yml:2"),
        ("- a\n- b\n", "mapping"),
        ("just words\n", "mapping"),
        (b"title: caf\xe9\n", "_config.yml"),
        ("a: &a [x]\n" + "b: *a\n" * 9 + "title: 'A\n", "_config.yml"),
        ("x: " + "[" * 10_000, "_config.yml"),
        ("title: \x1b[2J'\nurl: [\x1b\n", "_config.yml"),
    ],
)
def test_configurations_that_cannot_be_read(
    config: str | bytes, words: str, here: Path, tmp_path: Path
) -> None:
    write_files(tmp_path / "site", {**SITE, "_config.yml": config})
    command("run", tmp_path / "site").assert_refused(14, words)
    assert contents(here) == {}


def test_settings_that_cannot_be_read(here: Path, site: Path) -> None:
    write_files(site, {"jekyll-archive.toml": "[site\nname = 1\n"})
    ran = command("run", site)
    ran.assert_refused(14, "jekyll-archive.toml:1")
    assert contents(here) == {}


def test_a_url_that_does_not_answer(here: Path) -> None:
    with socket.socket() as closed:  # bound and not listening: nobody else can take the port
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        ran = command("run", f"https://user:hunter2@127.0.0.1:{port}/site.git")
    ran.assert_refused(16, f"https://127.0.0.1:{port}/site.git: cannot be fetched")
    assert "hunter2" not in ran.err
    assert contents(here) == {}


def test_a_rendered_folder_that_is_none(here: Path, site: Path, tmp_path: Path) -> None:
    for rendered in (tmp_path / "nowhere", site / "a.md"):
        command("run", site, "--rendered", rendered).assert_refused(19, str(rendered))
        assert contents(here) == {}


@pytest.fixture
def closed(open_path: Path) -> Path:
    """A folder in which this user cannot write."""
    folder = open_path / "closed"
    folder.mkdir()
    folder.chmod(0o555)
    return folder


def test_folders_that_cannot_be_written(closed: Path, open_path: Path, quay_archive: Path) -> None:
    site = write_files(open_path / "site", SITE)
    shutil.copytree(quay_archive, open_path / "quay")
    shut = open_path / "shut"
    shut.mkdir(mode=0o700)
    command("verify", quay_archive)  # loads what nobody may load
    for path in ("pipeline/cli", "pipeline/jobs"):  # likewise: a command imports its job late
        for module in iter_modules([str(CHECKOUT / path)], path.replace("/", ".") + "."):
            import_module(module.name)
    with kept_as_it_was(open_path), unprivileged():
        for folder in (closed, closed / "new", closed / "very" / "new"):
            ran = command("run", site, "--archive", folder)
            ran.assert_refused(20, f"{folder}: cannot be written: Permission denied")
        given = command("export", "jekyll", closed / "new", "--archive", open_path / "quay")
        given.assert_refused(20, "Permission denied")
        command("list", "--archive", shut / "a").assert_refused(23, "Permission denied")
        command("verify", shut / "a").assert_refused(3, "Permission denied")
        command("run", site, "--archive", shut / "a").assert_refused(23, "Permission denied")
        command("run", shut).assert_refused(13, "no _config.yml")


def test_folders_that_are_none(here: Path, site: Path) -> None:
    (here / "file").write_text("a file\n")
    with kept_as_it_was(here):
        command("run", site, "--archive", here / "file").assert_refused(23, "is not a folder")
        ran = command("run", site, "--archive", here / "file" / "deeper")
        ran.assert_refused(20, "cannot be written")
        command("run", site, "--archive", here / ("x" * 300)).assert_refused(23, "too long")


def test_databases_that_cannot_be_had(here: Path, site: Path, quay_archive: Path) -> None:
    (here / "folder").mkdir()
    archived: Words = ["--archive", here / "a"]
    refused = [
        (30, f"sqlite:///{here}/folder", "unable to open database file"),
        (30, f"sqlite:///{here}/nowhere/a.db", "unable to open database file"),
        (30, "postgresql+psycopg://nobody:hunter2@127.0.0.1:1/none", "127.0.0.1"),
        (2, "mysql://host/db", "mysql is not supported"),
        (2, "sqlite://", "names no file"),
        (2, "no url", "not a database URL"),
        (2, "postgresql+psycopg://me:hunter2@host:port/db", "not a database URL"),
    ]
    run: Words = ["run", site, *archived]
    commands: list[Words] = [run, ["list"], ["db", "upgrade"], ["db", "current"]]
    before = contents(here)
    for code, url, words in refused:
        for arguments in commands:
            if (code, url) == (30, refused[1][1]) and arguments[0] != "run":
                continue
            ran = command(*arguments, "--db", url)
            ran.assert_refused(code)
            assert "hunter2" not in ran.err
        assert words in command("run", site, *archived, "--db", url).err
        assert contents(here) == before
    command("verify", quay_archive, "--db", "no url").assert_refused(2, "not a database URL")


def test_databases_of_others_and_of_the_future(here: Path, site: Path) -> None:
    with sqlite3.connect(here / "other.db") as other:
        other.execute("CREATE TABLE recipes (id INTEGER)")
    other.close()
    (here / "noise.db").write_bytes(b"this is not a database, it is a letter" * 99)
    archive(site, here / "newer")
    with sqlite3.connect(here / "newer" / "catalogue.db") as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    cases: Cases = [
        (32, ["--db", f"sqlite:///{here}/other.db", "--archive", here / "x"], "not a catalogue"),
        (32, ["--db", f"sqlite:///{here}/noise.db", "--archive", here / "x"], "not a catalogue"),
        (31, ["--archive", here / "newer"], "9999"),
    ]
    with kept_as_it_was(here):
        for code, where, words in cases:
            command("run", site, *where).assert_refused(code, words)
            command("run", site, *where, "--dry-run").assert_refused(code, words)
            for name in (["list"], ["search", "a"], ["db", "check"]):
                command(*name, *where).assert_refused(code, words)
        assert command("verify", here / "newer").code == 3
