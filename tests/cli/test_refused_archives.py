"""An archive that is busy, damaged, or not its catalogue's, is refused in one line and kept."""

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.archives import Source, archive, contents, kept_as_it_was, write_files
from tests.cli.command import Words, argv, command, environment, spawn
from tests.databases import Server


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
