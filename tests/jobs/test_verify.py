"""`verify` says what it looked at, what it found and what it could not check; it writes nothing."""

import shutil
from pathlib import Path

import pytest

from pipeline.audit.report import Level, Verdict
from pipeline.errors import NotVerifiableError, UsageError
from pipeline.jobs.place import find_place
from pipeline.jobs.verify import verify
from tests.archives import LATER, Source, archive, kept_as_it_was, logical, make_source, rows
from tests.cli.command import unprivileged
from tests.sources.workshop import Workshop, run_git


def test_a_clean_archive_passes_at_every_level(mill_archive: Path) -> None:
    with kept_as_it_was(mill_archive):
        report = verify(mill_archive)
    assert (report.verdict, report.exit_code, report.findings) == (Verdict.PASS, 0, ())
    table = rows(mill_archive)
    checked = {level: looked.checked for level, looked in report.levels.items()}
    assert checked[Level.CONTENTS] == len(table["captures"])
    assert checked[Level.RECORDS] == len(table["captures"]) + 1
    assert checked[Level.TREES] == checked[Level.EVENTS] == checked[Level.MANIFESTS] == 1
    outside = {"events", "manifests", "runs", "run_counts"}
    assert checked[Level.CATALOGUE] == sum(
        len(found) for name, found in table.items() if name not in outside
    )


def test_the_catalogue_s_own_name_means_the_archive(quay_archive: Path) -> None:
    assert verify(quay_archive / "catalogue.db") == verify(quay_archive)


def test_an_archive_can_be_verified_by_someone_who_cannot_write(
    quay_archive: Path, open_path: Path
) -> None:
    folder = Path(shutil.copytree(quay_archive, open_path / "quay"))
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    with kept_as_it_was(folder):
        with unprivileged():
            assert verify(folder).exit_code == 0
        assert verify(folder).exit_code == 0


def test_a_single_warc_file(quay_archive: Path, tmp_path: Path) -> None:
    (warc,) = (quay_archive / "archive").iterdir()
    report = verify(warc)
    passed = {level for level, looked in report.levels.items() if looked.verdict is Verdict.PASS}
    assert (report.exit_code, passed) == (0, {Level.RECORDS, Level.PAYLOADS, Level.REVISITS})
    others = {looked.verdict for level, looked in report.levels.items() if level not in passed}
    assert others == {Verdict.NOT_APPLICABLE}
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(warc.read_bytes()[:-1])
    assert verify(cut).exit_code == 1
    assert all(str(cut) in str(finding) for finding in verify(cut).findings)


@pytest.mark.parametrize("data", [b"", b"not a WARC file", b"\x1f\x8b", b"\0" * 5000])
def test_a_single_file_that_is_no_warc_file(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    assert verify(path).exit_code == 1


def test_there_has_to_be_something(tmp_path: Path) -> None:
    for nothing in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(NotVerifiableError):
            verify(nothing)
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_verified_is_not_passed(quay_copy: Path) -> None:
    away = verify(quay_copy, "postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert (away.verdict, away.exit_code) == (Verdict.NOT_VERIFIED, 3)
    passed = {level for level, looked in away.levels.items() if looked.verdict is Verdict.PASS}
    assert passed == {
        Level.MANIFESTS, Level.FILES, Level.RECORDS, Level.PAYLOADS, Level.REVISITS,
    }  # fmt: skip
    assert all(looked.why for level, looked in away.levels.items() if level not in passed)


def test_without_manifests_there_is_damage_and_much_that_is_not_verified(quay_copy: Path) -> None:
    shutil.rmtree(quay_copy / "manifests")
    report = verify(quay_copy)
    assert report.exit_code == 1
    assert report.levels[Level.FILES].verdict is Verdict.NOT_VERIFIED
    assert report.levels[Level.EVENTS].verdict is Verdict.FAIL


def test_one_of_several_sites(database_url: str, quay: Source, tmp_path: Path) -> None:
    archive(quay, tmp_path / "one", database=database_url)
    archive(quay, tmp_path / "two", database=database_url)
    for name in ("one", "two"):
        assert verify(tmp_path / name, database_url).exit_code == 0
        assert verify(tmp_path / name, database_url, name).exit_code == 0
    with pytest.raises(UsageError, match="one, two"):
        verify(tmp_path / "one", database_url, "three")
    other = verify(tmp_path / "one", database_url, "two")
    assert other.exit_code == 1  # not the archive of that site


def test_an_archive_in_another_place(quay_copy: Path, tmp_path: Path) -> None:
    moved = quay_copy.rename(tmp_path / "moved")
    assert verify(moved).exit_code == 0
    with pytest.raises(UsageError, match="quay"):
        verify(moved, None, "moved")


def odd_tree(workshop: Workshop, how: str) -> str:
    """Make a commit whose tree has something that git does not write any more."""
    rows = run_git(workshop.folder, "ls-tree", "HEAD").decode().splitlines()
    content = b""
    for row in rows:
        meta, name = row.split("\t")
        mode, _, oid = meta.split(" ")
        mode = {"mode 100664": "100664", "mode 0": "7"}.get(how, mode) if name == "a.md" else mode
        line = f"{mode} {name}\0".encode() + bytes.fromhex(oid)
        content += line * 2 if (how, name) == ("twice", "a.md") else line
    if how == "empty folder":
        empty = run_git(workshop.folder, "mktree", stdin=b"").decode().strip()
        content += b"40000 z\0" + bytes.fromhex(empty)
    if how == "git's own name":
        blob = run_git(workshop.folder, "rev-parse", "HEAD:a.md").decode().strip()
        content += b"100644 .git\0" + bytes.fromhex(blob)
    tree = workshop.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=content)
    return workshop.git("commit-tree", tree, "-m", "odd", "-p", "HEAD")


@pytest.mark.parametrize(
    "how", ["mode 100664", "mode 0", "twice", "empty folder", "git's own name"]
)
def test_a_tree_that_cannot_be_computed_again_is_not_called_damage(
    how: str, tmp_path: Path
) -> None:
    workshop = Workshop.create(tmp_path / "site")
    workshop.commit({"_config.yml": "title: A\n", "a.md": "---\n---\n", "b/c.md": "c"})
    oid = odd_tree(workshop, how)
    workshop.git("update-ref", "refs/heads/main", oid)
    folder = tmp_path / "archive"
    summary = archive(workshop.folder, folder)
    assert (summary.revision, summary.exit_code) == (oid, 0)
    assert "TREE-ODD" in {finding.code for finding in summary.findings}
    report = verify(folder)
    assert (report.exit_code, report.findings) == (3, ())
    assert report.levels[Level.TREES].verdict is Verdict.NOT_VERIFIED
    archive(workshop.folder, folder, rev=f"{oid}~1", now=LATER)
    assert verify(folder).levels[Level.TREES].checked == 1


def test_a_run_that_finds_its_archive_damaged_says_so(tmp_path: Path) -> None:
    source, folder = make_source(tmp_path / "source"), tmp_path / "archive"
    archive(source, folder)
    before = logical(find_place(folder, None).database)
    (warc,) = (folder / "archive").iterdir()
    data = bytearray(warc.read_bytes())
    data[-20] ^= 1
    warc.write_bytes(data)
    summary = archive(source, folder, now=LATER)
    assert summary.exit_code == 1
    assert summary.verified is not None
    assert summary.verified.verdict is Verdict.FAIL
    assert rows(folder)["captures"] == before["captures"]
