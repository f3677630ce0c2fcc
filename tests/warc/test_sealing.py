"""A file has its name only when it is whole and durable; else there is no file."""

import gzip
import os
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest

from pipeline.errors import ArchiveError, DiskFullError, NotWritableError
from pipeline.warc.durable import storing
from pipeline.warc.errors import InvalidRecordError
from pipeline.warc.member import MemberWriter
from pipeline.warc.reader import walk
from pipeline.warc.record import Record
from pipeline.warc.writer import WarcWriter
from tests.warc.building import INFO, NOW, small

URI = "https://example.org/"


def test_nothing_is_left_of_a_file_that_was_not_sealed(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "left", INFO, NOW) as warc:
        warc.resource(uri=URI, payload=b"x", media_type="text/plain", date=NOW)
        assert [path.name for path in tmp_path.glob("*.open")] == ["left.warc.gz.open"]
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ArchiveError, match="not open"):
        warc.seal()


def test_a_warcinfo_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(InvalidRecordError, match="no time zone"),
        WarcWriter(tmp_path, "x", INFO, datetime(2024, 1, 1)),  # noqa: DTZ001 - this is the case
    ):
        pass
    assert list(tmp_path.iterdir()) == []


def test_sealed_files_and_leftovers_are_never_replaced(tmp_path: Path) -> None:
    small(tmp_path)
    before = (tmp_path / "small.warc.gz").read_bytes()
    with pytest.raises(ArchiveError, match="never change"):
        small(tmp_path)
    (tmp_path / "crashed.warc.gz.open").write_bytes(b"half")
    with pytest.raises(ArchiveError, match="recover"):
        small(tmp_path, "crashed")
    assert (tmp_path / "small.warc.gz").read_bytes() == before
    assert (tmp_path / "crashed.warc.gz.open").read_bytes() == b"half"


def test_a_name_taken_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "race", INFO, NOW) as warc:
        (tmp_path / "race.warc.gz").write_bytes(b"other")
        with pytest.raises(ArchiveError, match="another run"):
            warc.seal()
    assert [path.name for path in tmp_path.iterdir()] == ["race.warc.gz"]
    assert (tmp_path / "race.warc.gz").read_bytes() == b"other"


def damage_last_byte(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"\xee")


def drop_last_record(path: Path) -> None:
    found = list(walk(path))[-1]
    assert isinstance(found, Record)
    path.write_bytes(path.read_bytes()[: found.offset])


def rewrite_a_header(path: Path) -> None:
    """Say other things in the last header, so that length, checks and digests still hold."""
    (last,) = [each for each in walk(path) if isinstance(each, Record) and each.target_uri]
    before = path.read_bytes()
    head, blank, block = gzip.decompress(before[last.offset :]).partition(b"\r\n\r\n")
    assert b": image/png" in head
    for subtype in (b"gif", b"jpg", b"jxl", b"bmp", b"pgn"):
        member = BytesIO()
        writer = MemberWriter(member, len, stored=True)
        writer.write(head.replace(b": image/png", b": image/" + subtype) + blank)
        writer.write(block.removesuffix(b"\r\n\r\n"))
        writer.write(b"\r\n\r\n")
        writer.close()
        if writer.length == last.length:
            path.write_bytes(before[: last.offset] + member.getvalue())
            return
    raise AssertionError("none of them is as long")


@pytest.mark.parametrize("harm", [damage_last_byte, drop_last_record, rewrite_a_header])
def test_a_file_that_the_disk_gives_back_differently_is_not_sealed(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    with WarcWriter(tmp_path, "disk", INFO, NOW) as warc:
        warc.resource(uri=URI, payload=os.urandom(9000), media_type="image/png", date=NOW)
        assert warc._file is not None
        warc._file.flush()
        harm(tmp_path / "disk.warc.gz.open")
        with pytest.raises(ArchiveError, match="not sealed"):
            warc.seal()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a b", "a\n", "é", "a" * 300])
def test_a_name_that_is_more_than_a_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidRecordError, match="file name"):
        WarcWriter(tmp_path, name, INFO, NOW)


def test_a_folder_that_is_not_there_cannot_be_written(tmp_path: Path) -> None:
    with (
        pytest.raises(NotWritableError, match=r"x\.warc\.gz: cannot be written"),
        WarcWriter(tmp_path / "absent", "x", INFO, NOW),
    ):
        pass


def test_a_full_disk_is_told_as_one() -> None:
    with pytest.raises(DiskFullError, match="no space left"), storing(Path("x")):
        Path("/dev/full").write_bytes(b"x")
