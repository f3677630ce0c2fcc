"""Packages by other tools: valid ones pass and give their pages, damaged ones fail."""

import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from pipeline.audit.report import Level, Verdict
from pipeline.jobs.verify import verify
from pipeline.model import Finding, Severity
from pipeline.warc.payloads import WarcSource, payloads
from pipeline.warc.wacz.check import check_wacz
from pipeline.warc.wacz.stretches import stretches

HERE = Path(__file__).parents[1] / "foreign" / "packages"
VALID = sorted((HERE / "valid").iterdir())
SHIPPED = Path(__file__).parents[3] / "pipeline" / "sample" / "rendered.zip"
BROKEN = {
    "py-wacz-no-pages.wacz": {"wacz-pages-missing"},
    "js-wacz.wacz": {"wacz-file-hash"},
}
FLIPS = 12  # in each member
each_valid = pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)


@each_valid
def test_a_valid_package_by_another_tool_does_not_fail(path: Path) -> None:
    checked = check_wacz(path)
    assert [found for found in checked.findings if found.severity is Severity.ERROR] == []
    assert checked.entries >= 5
    assert checked.pages >= 1
    report = verify(path)
    for level in (Level.PACKAGE, Level.INDEX, Level.RECORDS, Level.PAYLOADS):
        assert report.levels[level].verdict is Verdict.PASS, level
    assert report.verdict is Verdict.PASS


@each_valid
def test_its_pages_are_those_of_the_site(path: Path) -> None:
    found: list[Finding] = []
    files = [WarcSource(name=each.name, where=each.where) for each in stretches(path).warcs]
    given = [each for each in payloads(files, found.append) if each.status in {None, 200}]
    came = {
        unquote(urlsplit(each.url).path).lstrip("/"): each.body
        for each in given
        if each.url.startswith("http") and each.media_type == "text/html"
    }
    with zipfile.ZipFile(SHIPPED) as shipped:
        site = {name: shipped.read(name) for name in shipped.namelist()}
    assert len(came) >= 3
    for name, body in came.items():
        whole = f"{name}index.html" if not name or name.endswith("/") else name
        assert body == site[whole], name
    posted = {"PAYLOAD-ASKED"} if "archiveweb" in path.name else set()
    assert {finding.code for finding in found} - {"PAYLOAD-FORM"} == posted


@pytest.mark.parametrize("name", BROKEN)
def test_a_package_that_breaks_the_standard_fails_for_that_alone(name: str) -> None:
    errors = {
        found.code
        for found in check_wacz(HERE / "broken" / name).findings
        if found.severity is Severity.ERROR
    }
    assert errors == BROKEN[name]
    assert set(BROKEN) == {path.name for path in (HERE / "broken").iterdir()}


@each_valid
def test_no_flipped_bit_in_a_member_passes(path: Path, tmp_path: Path) -> None:
    whole = path.read_bytes()
    flipped = tmp_path / path.name
    with zipfile.ZipFile(path) as archive:
        sizes = {info.filename: info.compress_size for info in archive.infolist()}
        starts = {info.filename: info.header_offset for info in archive.infolist()}
    for name, size in sizes.items():
        head = whole[starts[name] : starts[name] + 30]
        begin = starts[name] + 30 + int.from_bytes(head[26:28], "little")
        begin += int.from_bytes(head[28:30], "little")
        for at in range(begin, begin + size, max(1, size // FLIPS)):
            data = bytearray(whole)
            data[at] ^= 1 << (at % 8)
            flipped.write_bytes(data)
            assert not check_wacz(flipped).sound, (name, at)


def test_a_signature_by_archiveweb_page_holds() -> None:
    signed = [path for path in VALID if "signed" in path.name]
    assert len(signed) == 2
    for path in signed:
        assert verify(path).levels[Level.SIGNATURES].verdict is Verdict.PASS


def test_there_are_twenty_valid_files_by_other_tools() -> None:
    assert len(VALID) >= 12
    assert len(VALID) + len(list((HERE.parent / "valid").iterdir())) >= 30
