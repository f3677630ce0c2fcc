"""What cannot be done is refused in one line, with a code of its own, and changes nothing."""

import fcntl
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.archives import Source, archive, contents, kept_as_it_was, write_files
from tests.cli.command import argv, command, environment, spawn, unprivileged
from tests.databases import Server
from tests.sources.workshop import Workshop

Words = list[str | Path]
Cases = list[tuple[int, Words, str]]

SITE: dict[str, str | bytes] = {"_config.yml": "title: A\n", "a.md": "---\ntitle: A\n---\n"}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, empty: nothing may be left in it."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write_files(tmp_path / "site", SITE)


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


@pytest.mark.parametrize("name", ["archive", "ledger", "manifests"])
def test_what_was_sealed_before_a_failure_is_taken_back(
    name: str, quay: Source, tmp_path: Path
) -> None:
    folder = write_files(tmp_path / "quay", {name: "a file where a folder has to be"})
    with kept_as_it_was(folder):
        ran = command("run", quay.location, "--archive", folder)
        ran.assert_refused(20, str(folder / name))
    (folder / name).unlink()
    assert command("run", quay.location, "--archive", folder).code == 0
    assert not (folder / "quarantine").exists()


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


HOLDER = """\
import fcntl, sys
with open(sys.argv[1], "ab") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    sys.stdin.read()
"""


def test_two_runs_at_once(site: Path, tmp_path: Path) -> None:
    """Real processes: one waits with the lock in its hand, the other is refused."""
    folder = tmp_path / "archive"
    archive(site, folder)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder / ".lock")], stdin=subprocess.PIPE
    )
    try:
        _wait_until_locked(folder / ".lock")
        with kept_as_it_was(folder):
            command("run", site, "--archive", folder).assert_refused(22, "another run")
            spawn("run", site, "--archive", folder).assert_refused(22, str(folder))
            assert command("verify", folder).code == 0  # who only reads may
            assert command("run", site, "--archive", folder, "--dry-run").code == 0
    finally:
        holder.communicate(b"go on")
    assert command("run", site, "--archive", folder).code == 0


def _wait_until_locked(lock: Path) -> None:
    for _ in range(10_000):
        with lock.open("ab") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
    raise AssertionError(lock)


def test_many_runs_at_once_make_one_archive(quay: Source, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    arguments, pipe = argv("run", quay.location, "--archive", folder), subprocess.PIPE
    started = [
        subprocess.Popen(arguments, stdout=pipe, stderr=pipe, env=environment()) for _ in range(4)
    ]
    ended = [(process.communicate(), process.returncode) for process in started]
    assert {code for _, code in ended} <= {0, 22}
    assert 0 in {code for _, code in ended}
    assert all(b"Traceback" not in err for (_, err), _ in ended)
    assert len(list((folder / "manifests").iterdir())) == 1
    assert command("verify", folder).code == 0


def test_an_archive_whose_newest_manifest_is_damaged(quay: Source, quay_copy: Path) -> None:
    manifest = quay_copy / "manifests" / "000001.txt"
    manifest.write_bytes(manifest.read_bytes().replace(b"# size", b"# Size", 1))
    with kept_as_it_was(quay_copy):
        ran = command("run", quay.location, "--archive", quay_copy)
        ran.assert_refused(23, "manifests/000001.txt")
        assert command("verify", quay_copy).code == 1
        assert command("list", "--archive", quay_copy).code == 0


def test_an_archive_whose_newest_manifest_is_another(quay: Source, quay_copy: Path) -> None:
    other = quay_copy.parent / "other" / "quay"
    archive(quay, other, rev=quay.first)
    manifest = other / "manifests" / "000001.txt"
    (quay_copy / "manifests" / "000001.txt").write_bytes(manifest.read_bytes())
    with kept_as_it_was(quay_copy):
        ran = command("run", quay.location, "--archive", quay_copy)
        ran.assert_refused(23, "not the manifest that the catalogue names")


def test_an_archive_without_its_catalogue(quay: Source, quay_copy: Path, tmp_path: Path) -> None:
    catalogue = quay_copy / "catalogue.db"
    catalogue.rename(tmp_path / "aside.db")
    with kept_as_it_was(quay_copy):
        ran = command("run", quay.location, "--archive", quay_copy)
        ran.assert_refused(23, "no catalogue.db")
        command("list", "--archive", quay_copy).assert_refused(23, "no catalogue here")
    (tmp_path / "aside.db").rename(catalogue)
    assert command("run", quay.location, "--archive", quay_copy).code == 0


@pytest.mark.parametrize("runs", [1, 2])
def test_an_archive_with_a_catalogue_that_is_not_its_own(
    runs: int, quay: Source, tmp_path: Path
) -> None:
    """Its files would be put away as if a run had died: they are not, unless one has."""
    folder = tmp_path / "quay"
    for rev in (quay.first, quay.second)[:runs]:
        archive(quay, folder, rev=rev)
    (folder / "catalogue.db").rename(tmp_path / "aside.db")
    empty = tmp_path / "empty.db"
    with kept_as_it_was(folder):
        ran = command("run", quay.location, "--archive", folder, "--db", f"sqlite:///{empty}")
        ran.assert_refused(23, f"manifests/00000{runs}.txt; is it the right catalogue?")
    (folder / "catalogue.db").touch()
    with kept_as_it_was(folder):
        ran = command("run", quay.location, "--archive", folder)
        ran.assert_refused(23, "is it the right catalogue?")
    (tmp_path / "aside.db").rename(folder / "catalogue.db")
    ran = command("run", quay.location, "--archive", folder, "--db", f"sqlite:///{empty}")
    ran.assert_refused(23, "leave --db out")
    assert command("run", quay.location, "--archive", folder).code == 0


def test_an_archive_with_an_older_copy_of_its_catalogue(quay: Source, tmp_path: Path) -> None:
    folder = tmp_path / "quay"
    archive(quay, folder, rev=quay.first)
    shutil.copy(folder / "catalogue.db", tmp_path / "copy.db")
    archive(quay, folder)
    shutil.copy(tmp_path / "copy.db", folder / "catalogue.db")
    with kept_as_it_was(folder):
        ran = command("run", quay.location, "--archive", folder)
        ran.assert_refused(23, "does not name manifests/000002.txt")
        assert command("verify", folder).code == 1


def test_a_catalogue_elsewhere_is_found_from_everywhere(
    quay: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = command("run", quay.location, "--archive", "a", "--db", "sqlite:///cat.db")
    assert ran.code == 0
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    assert command("run", quay.location, "--archive", "../a", "--json").code == 0
    assert command("verify", "../a").code == 0
    assert contents(tmp_path / "deep") == {}
    only = ["--db", f"sqlite:///{tmp_path}/cat.db"]
    assert command("list", *only).code == 0
    command("explain", "about.md", *only).assert_refused(2, "name it with --archive DIR")
    assert command("explain", "about.md", *only, "--archive", "../a").code == 0


def test_a_catalogue_can_be_named_in_several_ways(
    quay: Source, quay_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(quay_copy.parent)
    ran = command(
        "run", quay.location, "--archive", quay_copy, "--db", "sqlite:///quay/catalogue.db"
    )
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize("note", [b"\xff\xfe\n", b"nonsense\n", b"mysql://a/b\n", b""])
def test_a_note_that_is_no_url(note: bytes, quay_copy: Path) -> None:
    (quay_copy / "catalogue.db").unlink()
    (quay_copy / "catalogue.url").write_bytes(note)
    commands: list[Words] = [["list", "--archive", quay_copy], ["verify", quay_copy]]
    for arguments in commands:
        ran = command(*arguments)
        assert ran.code in {2, 23}
        ran.assert_refused(ran.code)


def test_a_server_that_went_away(postgres: Server, quay: Source, tmp_path: Path) -> None:
    with postgres.empty() as url:
        archive(quay, tmp_path / "quay", database=url)
    with kept_as_it_was(tmp_path / "quay"):
        for arguments in (["run", quay.location], ["list"], ["findings"], ["db", "check"]):
            ran = command(*arguments, "--archive", tmp_path / "quay")
            ran.assert_refused(30, "does not exist")
        assert command("verify", tmp_path / "quay").code == 3


def test_which_archive_is_meant(here: Path, site: Path) -> None:
    for arguments in (["list"], ["show", "a"], ["findings"], ["export", "jsonl"]):
        command(*arguments).assert_refused(24, "run `jekyll-archive run SOURCE` first")
    assert command("run", site).code == 0
    assert (here / "archives" / "site" / "catalogue.db").is_file()
    assert command("list").code == 0
    assert command("run", site, "--archive", here / "archives" / "b").code == 0
    for arguments in (["list"], ["show", "a"], ["findings"], ["db", "check"]):
        command(*arguments).assert_refused(2, "archives/b, archives/site")


def test_names_that_mean_nothing_or_too_much(mill_archive: Path, tmp_path: Path) -> None:
    place: Words = ["--archive", mill_archive]
    refused: Cases = [
        (24, ["show", "nothing"], "no document 'nothing'"),
        (24, ["list", "nothing"], "there are: "),
        (24, ["explain", "part:999999"], "no row 'part:999999'"),
        (24, ["explain", "commit:0000000"], "no row"),
        (24, ["show", "--sha256", "0" * 64], "no row"),
        (24, ["show", "--sha256", "0" * 64, "--raw"], "no row"),
        (24, ["list", "--site", "other"], "no site 'other'"),
        (2, ["show", "Past Events", "--sha256", "0" * 64], "name one document, or one digest"),
        (2, ["show"], "name one document, or one digest"),
        (2, ["show", "--sha256", "xyz"], "not a SHA-256"),
        (2, ["show", "--sha256", "ab" * 31], "not a SHA-256"),
        (2, ["search", *map(str, range(60))], "at most 50 words"),
        (24, ["show", "\x1b[2J\n"], "no document"),
    ]
    with kept_as_it_was(mill_archive):
        for code, arguments, words in refused:
            command(*arguments, *place).assert_refused(code, words)
    nowhere = tmp_path / "nowhere"
    command("verify", nowhere).assert_refused(3, "nothing of that name")
    command("verify", tmp_path).assert_refused(3, "no manifests and no catalogue")
    command("list", "--archive", nowhere).assert_refused(23, str(nowhere))
    command("list", "--archive", f"{tmp_path}/a\nb").assert_refused(23, "a\\nb")


def test_a_name_that_here_documents_have(here: Path) -> None:
    page = "---\ntitle: Same\n---\n"
    write_files(here / "site", {**SITE, "b.md": page, "c.md": page})
    archive(here / "site", here / "archive")
    ran = command("show", "same", "--archive", here / "archive")
    ran.assert_refused(2, "'same' is the name of 2 documents: b.md, c.md")


def test_only_the_database_is_known(
    postgres: Server, quay: Source, tmp_path: Path, here: Path
) -> None:
    with postgres.empty() as url:
        archive(quay, tmp_path / "quay", database=url)
        assert command("list", "--db", url).code == 0
        for arguments in (["explain", "about.md"], ["show", "about.md", "--raw"]):
            ran = command(*arguments, "--db", url)
            ran.assert_refused(2, "name it with --archive DIR")
        command("export", "jekyll", here / "x", "--db", url).assert_refused(2, "--archive DIR")
        assert contents(here) == {}


def test_an_export_into_what_is_not_empty(quay_archive: Path, here: Path) -> None:
    (here / "kept.md").write_text("kept\n")
    for target in (here, here / "kept.md"):
        with kept_as_it_was(here):
            command("export", "jekyll", target, "--archive", quay_archive).assert_refused(20)


@pytest.mark.parametrize(
    "line", ["nothing", "run", "run a b", "list --what", "search", "show --limit", "db", "export"]
)
def test_a_command_that_is_none(line: str) -> None:
    ran = command(*line.split())
    assert ran.code == 2
    assert (ran.out + ran.err).startswith("Usage: jekyll-archive")
