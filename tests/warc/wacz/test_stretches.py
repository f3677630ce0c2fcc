"""The WARC files of a package as stretches of it."""

import json
from pathlib import Path

import pytest

from pipeline.errors import NotVerifiableError
from pipeline.model import Sha256
from pipeline.warc.reader import opened
from pipeline.warc.wacz import stretches as module
from pipeline.warc.wacz.stretches import inflate, stretches
from tests.warc.wacz.packages import (
    DATAPACKAGE,
    PAGES,
    WARC,
    members,
    patched,
    write_package,
    zipped,
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return write_package(tmp_path)[0]


def changed(package: Path, **files: bytes | None) -> Path:
    """Put other files in the place of some, None for no file."""
    names = {"listed": DATAPACKAGE, "pages": PAGES, "warc": WARC}
    found = members(package) | {names[name]: data for name, data in files.items()}
    kept = {name: data for name, data in found.items() if data is not None}
    return zipped(package.with_name("changed.wacz"), kept)


def test_a_stretch_is_the_file(package: Path) -> None:
    found = stretches(package)
    inside = members(package)
    (warc,) = found.warcs
    assert (warc.name, warc.deflated) == (WARC, False)
    assert warc.sha256 == Sha256.of(inside[WARC])
    with opened(warc.where) as file:
        assert file.read() == inside[WARC]
    assert found.pages == inside[PAGES]


def test_one_that_is_deflated_is_written_out(package: Path, tmp_path: Path) -> None:
    path = zipped(tmp_path / "z.wacz", members(package), frozenset({WARC}))
    (warc,) = stretches(path).warcs
    assert warc.deflated
    inflate(path, WARC, tmp_path / "out.warc")
    assert (tmp_path / "out.warc").read_bytes() == members(package)[WARC]


@pytest.mark.parametrize(
    "listed",
    [
        None,
        b"no JSON",
        b"[]",
        b"{}",
        b'{"resources": {}}',
        b'{"resources": [1, {"path": 1}, {"path": "archive/tiny.warc.gz", "hash": "md5:0"}]}',
        b'{"resources": [{"path": "archive/tiny.warc.gz", "hash": "sha256:0"}]}',
        b'{"resources": [{"path": "archive/other.warc.gz", "hash": "sha256:0"}]}',
    ],
)
def test_a_list_that_says_nothing_vouches_for_nothing(package: Path, listed: bytes | None) -> None:
    found = stretches(changed(package, listed=listed, pages=None))
    assert [(each.name, each.sha256) for each in found.warcs] == [(WARC, None)]
    assert (found.title, found.main_page, found.pages) == ("", "", b"")


def test_what_the_list_says_of_the_whole_is_given(package: Path) -> None:
    said = json.loads(members(package)[DATAPACKAGE])
    said |= {"title": "A title", "mainPageUrl": "https://example.org/"}
    found = stretches(changed(package, listed=json.dumps(said).encode()))
    assert (found.title, found.main_page) == ("A title", "https://example.org/")


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotVerifiableError, match=r"none\.wacz"):
        stretches(tmp_path / "none.wacz")
    (tmp_path / "text.wacz").write_bytes(b"no zip file")
    with pytest.raises(NotVerifiableError, match=r"text\.wacz"):
        stretches(tmp_path / "text.wacz")


def test_a_list_with_another_checksum_is_refused(package: Path) -> None:
    data = members(package)[PAGES]
    path = patched(package, data, data[:-2] + b"x\n", last=False)
    with pytest.raises(NotVerifiableError, match="CRC-32"):
        stretches(path)


def test_a_list_of_pages_that_is_too_large_is_refused(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAGES_MOST", 10)
    with pytest.raises(NotVerifiableError, match="10 can be read"):
        stretches(package)


def test_what_cannot_be_inflated_is_told(package: Path, tmp_path: Path) -> None:
    deflated = zipped(tmp_path / "z.wacz", members(package), frozenset({WARC}))
    where = stretches(deflated).warcs[0].where.offset
    data = bytearray(deflated.read_bytes())
    data[where + 9] ^= 0xFF
    deflated.write_bytes(data)
    out = tmp_path / "out.warc"
    with pytest.raises(NotVerifiableError, match="cannot be read"):
        inflate(deflated, WARC, out)
    with pytest.raises(NotVerifiableError):
        inflate(package, WARC, tmp_path / "no folder" / "out.warc")
    (tmp_path / "cut.wacz").write_bytes(package.read_bytes()[:-40])
    with pytest.raises(NotVerifiableError, match="cannot be read"):
        inflate(tmp_path / "cut.wacz", WARC, out)
