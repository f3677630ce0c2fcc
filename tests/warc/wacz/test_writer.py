"""A package is the same bytes for the same input, durable, and refused where it could not be."""

import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.errors import ArchiveError
from pipeline.model import Sha256
from pipeline.warc.errors import InvalidRecordError
from pipeline.warc.wacz.check import check_wacz
from pipeline.warc.wacz.datapackage import About, created_text
from pipeline.warc.wacz.writer import write_wacz
from tests.warc.wacz.packages import (
    ABOUT,
    DATAPACKAGE,
    DIGEST,
    HOME,
    NOW,
    PAGES,
    WARC,
    members,
    packed,
    pages,
    write_package,
    write_warc,
)

SAYS = About(title="A", description="B", software="jekyll-archive 0", created=NOW)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    one, _ = write_package(tmp_path, "one.wacz")
    two, _ = write_package(tmp_path, "two.wacz")
    assert one.read_bytes() == two.read_bytes()
    assert not list(tmp_path.glob("*.open"))


def test_everything_is_stored_and_listed(tmp_path: Path) -> None:
    path, checked = write_package(tmp_path)
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
    assert {info.compress_type for info in infos} == {zipfile.ZIP_STORED}
    assert {info.date_time for info in infos} == {(2024, 5, 6, 7, 8, 8)}
    found = members(path)
    said = json.loads(found[DATAPACKAGE])
    assert [each["path"] for each in said["resources"]] == list(found)[:-2]
    for each in said["resources"]:
        data = found[each["path"]]
        assert (each["hash"], each["bytes"]) == (str(Sha256.of(data)), len(data))
    assert said["mainPageUrl"] == HOME
    assert checked.outside is not None
    assert checked.outside.datapackage == Sha256.of(found[DATAPACKAGE])
    digest = {"path": DATAPACKAGE, "hash": str(checked.outside.datapackage)}
    assert json.loads(found[DIGEST]) == digest


def test_pages_stand_in_their_order_in_clean_text(tmp_path: Path) -> None:
    path, _ = write_package(tmp_path)
    head, home, about = map(json.loads, members(path)[PAGES].splitlines())
    assert head["format"] == "json-pages-1.0"
    assert (home["url"], home["title"], home["text"]) == (HOME, "Home ?", "Home")
    assert (about["url"], about["ts"]) == (ABOUT, "2024-05-06T07:08:09Z")
    assert not {"title", "text"} & about.keys()


def test_who_signs_is_given_the_digest_and_the_time(tmp_path: Path) -> None:
    def sign(digest: Sha256, created: datetime) -> Mapping[str, object]:
        return {"hash": str(digest), "created": created_text(created)}

    path, checked = write_package(tmp_path, sign=sign)
    signed = json.loads(members(path)[DIGEST])["signedData"]
    assert signed == {
        "hash": str(Sha256.of(members(path)[DATAPACKAGE])),
        "created": json.loads(members(path)[DATAPACKAGE])["created"],
    }
    assert checked.outside is not None
    assert checked.outside.signed == signed


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    path, _ = write_package(tmp_path)
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match="exists already"):
        write_package(tmp_path)
    assert path.read_bytes() == before


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    warc = packed(write_warc(tmp_path), WARC)
    with pytest.raises(InvalidRecordError, match="does not end with"):
        write_wacz(tmp_path / "a.zip", SAYS, [warc], ())
    with pytest.raises(InvalidRecordError, match="no WARC file"):
        write_wacz(tmp_path / "a.wacz", SAYS, [], ())
    with pytest.raises(InvalidRecordError, match=r"is no \.warc\.gz"):
        write_wacz(tmp_path / "a.wacz", SAYS, [packed(warc.source, "archive/a.warc")], ())
    assert not list(tmp_path.glob("a*"))


def test_a_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    warc = packed(write_warc(tmp_path), WARC)
    note = tmp_path / "note"
    note.write_bytes(b"a")
    noted = packed(note, "manifests/1.txt")
    note.write_bytes(b"b")
    with pytest.raises(ArchiveError, match="not what its manifest says"):
        write_wacz(tmp_path / "a.wacz", SAYS, [warc, noted], ())
    warc.source.write_bytes(warc.source.read_bytes()[:-9])
    with pytest.raises(ArchiveError, match="run verify"):
        write_wacz(tmp_path / "a.wacz", SAYS, [warc], ())
    warc.source.unlink()
    with pytest.raises(ArchiveError, match=r"tiny\.warc\.gz.*run verify"):
        write_wacz(tmp_path / "a.wacz", SAYS, [warc], ())
    files = [packed(write_warc(tmp_path), WARC), replace(noted, source=tmp_path / "gone")]
    with pytest.raises(ArchiveError, match=r"gone.*run verify"):
        write_wacz(tmp_path / "a.wacz", SAYS, files, ())
    assert not list(tmp_path.glob("a*"))


def test_pages_that_the_archive_does_not_hold_are_not_sealed(tmp_path: Path) -> None:
    warc = packed(write_warc(tmp_path), WARC)
    later = [
        type(page)(url=page.url, at=NOW + timedelta(1), title=None, text=None) for page in pages()
    ]
    with pytest.raises(ArchiveError, match="not sealed"):
        write_wacz(tmp_path / "a.wacz", SAYS, [warc], later)
    assert not list(tmp_path.glob("a*"))


def test_packages_of_any_time_can_be_written(tmp_path: Path) -> None:
    warc = packed(write_warc(tmp_path), WARC)
    for year in (1969, 2200):
        about = About(
            title="A", description="B", software="jekyll-archive 0", created=NOW.replace(year=year)
        )
        path = tmp_path / f"{year}.wacz"
        write_wacz(path, about, [warc], ())
        assert check_wacz(path).sound
