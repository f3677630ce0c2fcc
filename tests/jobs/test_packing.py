"""A series as an archive of its own."""

import shutil
from pathlib import Path

import pytest

from pipeline.audit.report import Level, Verdict
from pipeline.errors import ArchiveError, NotFoundError, NotWritableError
from pipeline.jobs.packing import Packed, pack_series
from pipeline.jobs.place import Place, find_place
from pipeline.jobs.series import show_series
from pipeline.jobs.verify import verify
from pipeline.warc.reader import walk
from pipeline.warc.record import Record
from tests.archives import LATER, contents, rows, sealed
from tests.cli.command import command


@pytest.fixture(scope="module")
def mill(mill_archive: Path) -> Place:
    return find_place(mill_archive, None)


@pytest.fixture(scope="module")
def packed(mill: Place, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Packed]:
    folder = tmp_path_factory.mktemp("packs") / "series"
    return folder, pack_series(mill, "conversations", folder, LATER)


def records(folder: Path) -> list[Record]:
    (warc,) = (folder / "archive").iterdir()
    return [each for each in walk(warc) if isinstance(each, Record)]


def test_a_pack_is_an_archive_that_verifies_by_itself(packed: tuple[Path, Packed]) -> None:
    folder, told = packed
    assert told.verified.exit_code == 0
    report = verify(folder)
    assert report.exit_code == 0
    for level in (Level.MANIFESTS, Level.FILES, Level.RECORDS, Level.CONTENTS, Level.EVENTS):
        assert report.levels[level].checked
    assert report.levels[Level.TREES].verdict is Verdict.NOT_APPLICABLE
    assert not told.missing


def test_it_holds_every_version_of_every_member_under_its_own_address(
    mill: Place, packed: tuple[Path, Packed]
) -> None:
    folder, told = packed
    series = show_series(mill, "conversations")
    held = {record.target_uri for record in records(folder)}
    whole = {record.target_uri for record in records(mill.archive)}
    assert held - {None} <= whole
    table, source = rows(folder), rows(mill.archive)
    assert {row["uid"] for row in table["documents"]} == {m.uid for m in series.members}
    paths = {path for member in series.members for path in member.paths}
    wanted = {row["id"] for row in source["files"] if row["path"] in paths}
    assert wanted <= {row["id"] for row in table["files"]}
    assert wanted <= {row["file_id"] for row in table["captures"]}
    assert told.documents == 6
    for name in ("files", "spans", "versions", "stays", "joins", "reasons", "commits"):
        assert table[name]
        assert [row for row in table[name] if row not in source[name]] == []
    assert {row["id"] for row in table["commits"]} <= {r["commit_id"] for r in table["captures"]}


def test_it_holds_the_pages_and_images_that_the_archive_has(packed: tuple[Path, Packed]) -> None:
    folder, told = packed
    addresses = {record.target_uri for record in records(folder)}
    assert "https://tidemill.example/stories/the-lease-of-the-sea/" in addresses
    pages = [r for r in records(folder) if str(r.target_uri).startswith("https://")]
    assert told.pages == len(pages) >= 6
    assert not any(str(each).endswith("/journal/") for each in addresses)


def test_the_same_pack_is_the_same_bytes(
    mill: Place, packed: tuple[Path, Packed], tmp_path: Path
) -> None:
    pack_series(mill, "conversations", tmp_path / "again", LATER)
    assert sealed(tmp_path / "again") == sealed(packed[0])


def test_nothing_is_written_over_or_made_of_nothing(mill: Place, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    with pytest.raises(NotWritableError, match="not empty"):
        pack_series(mill, "conversations", tmp_path / "full", LATER)
    with pytest.raises(NotWritableError):
        pack_series(mill, "conversations", tmp_path / "full" / "mine", LATER)
    with pytest.raises(NotFoundError):
        pack_series(mill, "no such words", tmp_path / "new", LATER)
    assert contents(tmp_path) == {"full": None, "full/mine": b"mine"}


@pytest.mark.parametrize("asking", [["list"], ["evidence", "listening"], ["export", "jekyll", "x"]])
def test_what_asks_for_a_state_of_the_site_says_that_a_part_has_none(
    packed: tuple[Path, Packed], asking: list[str]
) -> None:
    ran = command(*asking, "--archive", packed[0])
    assert (ran.code, ran.out) == (2, "")
    assert "this is a part that `archive --series` packed" in ran.err
    assert ran.err.count("\n") == 1


def test_damaged_bytes_are_not_packed(mill_archive: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(mill_archive, tmp_path / "mill"))
    (warc,) = (copy / "archive").iterdir()
    data = warc.read_bytes()
    warc.write_bytes(data[: len(data) // 2])
    place = find_place(copy, None)
    with pytest.raises(ArchiveError, match="run verify"):
        pack_series(place, "conversations-at", tmp_path / "pack", LATER)
    assert not (tmp_path / "pack" / "manifests").exists()


def test_a_whole_archive_cannot_pass_for_a_pack(mill_archive: Path) -> None:
    assert verify(mill_archive).levels[Level.TREES].checked == 1


def test_it_is_typed_as_archive(mill: Place, tmp_path: Path) -> None:
    where = ("--archive", str(mill.archive))
    clock = ("--clock", "2026-02-03T04:05:06Z")
    done = command("archive", "--series", "conversations", "--to", tmp_path / "p", *clock, *where)
    (warc,) = (tmp_path / "p/archive").iterdir()
    assert "-20260203040506-" in warc.name
    assert (done.code, done.err) == (0, "")
    assert done.lines[-1] == "verified: pass"
    assert "6 documents" in done.lines[0]
    refused = command("archive", "--series", "x y z", "--to", tmp_path / "q", *where)
    refused.assert_refused(24, "series 'x y z'")
    assert '"documents": 6' in (
        command("archive", "--series", "conv", "--to", tmp_path / "r", "--json", *where).out
    )
