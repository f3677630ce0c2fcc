"""Names that mean nothing, or too much, are refused in one line."""

from pathlib import Path

import pytest

from tests.archives import Source, archive, contents, kept_as_it_was, write_files
from tests.cli.command import SITE, Cases, Words, command
from tests.databases import Server


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


def test_a_name_that_several_documents_have(here: Path) -> None:
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
