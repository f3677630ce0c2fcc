"""What went in comes out again: every file byte for byte, every document as a line of JSON."""

import json
import os
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import sample
from pipeline.sample import TIP
from tests.archives import Source, archive, contents, kept_as_it_was, rows
from tests.cli.command import command
from tests.sources.workshop import Workshop, run_git

CONFIG = "title: A\n"


def as_git_has_it(folder: Path, tmp_path: Path) -> str:
    """Let git itself name the tree that a folder holds."""
    scratch = tmp_path / "scratch.git"
    run_git(tmp_path, "init", "--quiet", "--bare", str(scratch))
    environment = ["-c", "core.autocrlf=false", "-c", "core.fileMode=true"]
    run_git(scratch, *environment, f"--work-tree={folder}", "add", "--all", "--force", ".")
    return run_git(scratch, "write-tree").decode().strip()


def test_the_sample_comes_out_as_git_has_it(
    mill_archive: Path, sample_bundle: Path, tmp_path: Path
) -> None:
    run_git(tmp_path, "clone", "--quiet", "--bare", str(sample_bundle), "mill.git")
    tree = run_git(tmp_path / "mill.git", "rev-parse", f"{TIP}^{{tree}}").decode().strip()
    with kept_as_it_was(mill_archive):
        ran = command("export", "jekyll", tmp_path / "out", "--archive", mill_archive)
    assert (ran.code, ran.err) == (0, "")
    size, out = _size(tmp_path / "out"), tmp_path / "out"
    assert ran.lines == [f"63 files, {size} bytes, written to {out}; every digest holds"]
    assert as_git_has_it(tmp_path / "out", tmp_path) == tree


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_the_real_site_comes_out_as_git_has_it(
    aicam_archive: Path, aicam_bundle: Path, tmp_path: Path
) -> None:
    run_git(tmp_path, "clone", "--quiet", "--bare", str(aicam_bundle), "site.git")
    tree = run_git(tmp_path / "site.git", "rev-parse", "HEAD^{tree}").decode().strip()
    ran = command("export", "jekyll", tmp_path / "out", "--archive", aicam_archive, "--json")
    told = json.loads(ran.out)
    assert (ran.code, told["files"], told["missing"]) == (0, 474, [])
    assert as_git_has_it(tmp_path / "out", tmp_path) == tree


def test_modes_links_and_odd_names_come_out_as_they_were(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    workshop.commit({"_config.yml": CONFIG, "run.sh": "#!/bin/sh\n", "crlf.md": "---\r\n---\r\n"})
    (workshop.folder / "run.sh").chmod(0o755)
    (workshop.folder / "link.md").symlink_to("crlf.md")
    (workshop.folder / "outside").symlink_to("/etc")
    (workshop.folder / "dangling").symlink_to("nowhere/at/all")
    name = os.fsdecode(b"\xff \n\x01\xc3\xa9.md")
    (workshop.folder / name).write_text("---\n---\nodd\n")
    workshop.commit({"empty.md": ""})
    archive(workshop.folder, tmp_path / "archive")
    ran = command("export", "jekyll", tmp_path / "out", "--archive", tmp_path / "archive")
    assert (ran.code, ran.err) == (0, "")
    tree = workshop.git("rev-parse", "HEAD^{tree}")
    assert as_git_has_it(tmp_path / "out", tmp_path) == tree
    assert (tmp_path / "out" / "outside").readlink() == Path("/etc")
    again = archive(tmp_path / "out", tmp_path / "again")  # a plain folder now
    assert rows(tmp_path / "again")["snapshots"][0]["tree_oid"] == tree
    assert again.total.stored == 8


def hostile(workshop: Workshop, rows: list[tuple[str, str, bytes]]) -> None:
    """Commit a tree of these entries (mode, name, content), also such as git would not write."""
    content = b""
    for mode, name, data in rows:
        kind = "tree" if mode == "40000" else "blob"
        oid = workshop.git("hash-object", "-w", "-t", kind, "--literally", "--stdin", stdin=data)
        content += f"{mode} {name}\0".encode() + bytes.fromhex(oid)
    tree = workshop.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", stdin=content)
    workshop.git("update-ref", "refs/heads/main", workshop.git("commit-tree", tree, "-m", "odd"))


def test_nothing_is_written_outside_of_the_folder(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    blob = workshop.git("hash-object", "-w", "--stdin", stdin=b"owned")
    inner = b"100644 x\0" + bytes.fromhex(blob)
    hostile(
        workshop,
        [
            ("100644", "..", b"owned"),
            ("100644", ".git", b"owned"),
            ("100644", "_config.yml", b"title: A\n"),
            ("120000", "a", str(tmp_path / "outside").encode()),
            ("40000", "a", inner),
            ("100644", "b/../../c", b"owned"),
            ("120000", "nul", b"a\0b"),
            ("120000", "nothing", b""),
            ("40000", "z", b"40000 ..\0" + bytes.fromhex(_tree(workshop, inner))),
        ],
    )
    (tmp_path / "outside").mkdir()
    archive(workshop.folder, tmp_path / "archive")
    before = {name for name in contents(tmp_path) if not name.startswith("out/")}
    ran = command("export", "jekyll", tmp_path / "out", "--archive", tmp_path / "archive")
    assert (ran.code, ran.err) == (0, "")
    after = {n for n in contents(tmp_path) if not n.startswith("out/") and n != "out"}
    assert after == before
    assert contents(tmp_path / "outside") == {}
    assert contents(tmp_path / "out").keys() == {"_config.yml", "a"}
    assert "nul: not given back: no disk can hold a link to its target" in ran.lines


def _tree(workshop: Workshop, content: bytes) -> str:
    arguments = ("hash-object", "-t", "tree", "-w", "--literally", "--stdin")
    return workshop.git(*arguments, stdin=content)


def test_a_link_that_the_catalogue_puts_in_the_way_is_not_followed(
    quay_copy: Path, tmp_path: Path
) -> None:
    """Someone makes a folder of the catalogue a link: files below it must not follow it."""
    (tmp_path / "outside").mkdir()
    with sqlite3.connect(quay_copy / "catalogue.db") as database:
        query = "UPDATE files SET path = ?, mode = ? WHERE path = ?"
        database.execute(query, ("_events", 0o120000, "about.md"))
    database.close()
    with kept_as_it_was(tmp_path / "outside"):
        ran = command("export", "jekyll", tmp_path / "out", "--archive", quay_copy)
    assert ran.code in {20, 23}
    assert ran.err.count("\n") == 1


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    workshop = Workshop.create(tmp_path / "site")
    workshop.commit({"_config.yml": CONFIG, "a.png": "a"})
    tip = workshop.git("rev-parse", "HEAD")
    workshop.git("update-index", "--add", "--cacheinfo", f"160000,{tip},theme")
    workshop.git("commit", "--quiet", "--message", "a submodule")
    oid = workshop.git("rev-parse", "HEAD:a.png")
    (workshop.folder / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    archive(workshop.folder, tmp_path / "archive")
    ran = command("export", "jekyll", tmp_path / "out", "--archive", tmp_path / "archive")
    assert ran.lines[:2] == [
        "a.png: not given back: absent",
        "theme: not given back: a submodule",
    ]
    assert ran.lines[2].startswith("1 files, 9 bytes")


@pytest.mark.parametrize("made", [False, True])
def test_a_new_folder_or_an_empty_one(made: bool, quay_archive: Path, tmp_path: Path) -> None:  # noqa: FBT001
    target = tmp_path / "deep" / "out"
    if made:
        target.mkdir(parents=True)
    assert command("export", "jekyll", target, "--archive", quay_archive).code == 0
    assert len([path for path in target.rglob("*") if path.is_file()]) == 7


def test_the_export_builds_with_real_jekyll(
    need: Callable[[str], Path], mill_archive: Path, tmp_path: Path
) -> None:
    need("jekyll")
    command("export", "jekyll", tmp_path / "out", "--archive", mill_archive)
    done = subprocess.run(
        ["jekyll", "build", "--quiet", "--disable-disk-cache", "-s", "out", "-d", "_site"],  # noqa: S607
        cwd=tmp_path,
        capture_output=True,
        check=False,
        env=os.environ | {"JEKYLL_NO_BUNDLER_REQUIRE": "true"},
    )
    assert done.returncode == 0, done.stderr.decode()
    pages = (tmp_path / "_site").rglob("*.html")
    names = {path.relative_to(tmp_path / "_site").as_posix() for path in pages}
    with zipfile.ZipFile(Path(sample.__file__).with_name("rendered.zip")) as rendered:
        assert names == {name for name in rendered.namelist() if name.endswith(".html")}


def test_every_document_comes_as_a_line_of_json(mill_archive: Path) -> None:
    ran = command("export", "jsonl", "--archive", mill_archive)
    assert (ran.code, ran.err) == (0, "")
    told = [json.loads(line) for line in ran.lines]
    assert len(told) == 37
    listed = json.loads(command("list", "--json", "--archive", mill_archive).out)
    assert [line["entry"] for line in told] == listed
    assert {(line["site"], line["revision"]) for line in told} == {("mill", TIP)}
    by_path = {line["entry"]["path"]: line for line in told}
    event = by_path["_events/flour-day.md"]
    assert [person["name"] for person in event["people"]] == ["Mara Quill", "Odo Penhallow"]
    assert {tag["name"] for tag in event["tags"]} == {"Open Days", "Open day", "Bread"}
    assert event["front_matter"]["title"] == "Flour day"
    assert event["pages"][0]["url"] == "/events/flour-day/"
    assert event["evidence"]["sha256"] == event["entry"]["sha256"]
    assert by_path["_news/listening-at-the-wheel.md"]["links"]


def test_an_archive_that_is_damaged_gives_nothing_false(
    quay_copy: Path, quay: Source, tmp_path: Path
) -> None:
    (warc,) = (quay_copy / "archive").iterdir()
    whole = warc.read_bytes()
    original = {
        path.relative_to(quay.location).as_posix(): path.read_bytes() for path in _files(quay)
    }
    for position in range(500, len(whole), 211):
        data = bytearray(whole)
        data[position] ^= 4
        warc.write_bytes(data)
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        ran = command("export", "jekyll", tmp_path / "out", "--archive", quay_copy)
        assert ran.code in {0, 1, 3, 23}, ran.err
        assert ran.err.count("\n") == (0 if ran.code == 0 else 1)
        for name, given in contents(tmp_path / "out").items():
            assert given is None or original[name] == given


def _files(quay: Source) -> list[Path]:
    found = Path(quay.location).rglob("*")
    return [path for path in found if path.is_file() and ".git" not in path.parts]


def test_a_package_is_signed_with_a_key(mill_archive: Path, tmp_path: Path) -> None:
    key, file = tmp_path / "key", tmp_path / "mill.wacz"
    assert command("keygen", key).code == 0
    ran = command("export", "wacz", file, "--sign", key, "--archive", mill_archive)
    assert (ran.code, ran.lines[-1].endswith(", signed")) == (0, True)
    trusted = command("signatures", file, "--trust", f"{key}.pub", "--require-signature")
    assert (trusted.code, trusted.err) == (0, "")
    stranger = command("signatures", file, "--require-signature")
    assert stranger.code == 1
    assert "SIGNATURE-KEY-UNKNOWN" in stranger.out


def test_a_package_without_a_key_is_not_signed(mill_archive: Path, tmp_path: Path) -> None:
    file = tmp_path / "mill.wacz"
    ran = command("export", "wacz", file, "--archive", mill_archive)
    assert ran.lines[-1].endswith(", not signed")
    assert command("signatures", file).code == 3
    asked = ("--timestamp", "http://127.0.0.1:9")
    refused = command("export", "wacz", tmp_path / "b.wacz", *asked, "--archive", mill_archive)
    assert (refused.code, "--sign" in refused.err) == (2, True)


def test_a_bag_of_the_same_moment_is_the_same(mill_archive: Path, tmp_path: Path) -> None:
    clock = ("--clock", "2026-01-02T03:04:05Z", "--archive", mill_archive)
    for name in ("one", "two"):
        assert command("export", "bagit", tmp_path / name, *clock).code == 0
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert "Bagging-Date: 2026-01-02\n" in (tmp_path / "one" / "bag-info.txt").read_text()
    refused = command("export", "bagit", tmp_path / "three", *clock, "--clock", "noon")
    assert (refused.code, (tmp_path / "three").exists()) == (2, False)
