"""The same site recorded by five tools gives the same pages as its folder."""

import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from pipeline.model import Finding
from pipeline.warc.payloads import Payload, WarcSource, payloads
from pipeline.warc.record import RecordType
from pipeline.warc.wacz.stretches import stretches

SITE = Path(__file__).with_name("site")
FOREIGN = Path(__file__).parents[1] / "foreign"
SHIPPED = Path(__file__).parents[3] / "pipeline" / "sample" / "rendered.zip"


def read(path: Path) -> tuple[list[Payload], list[Finding]]:
    found: list[Finding] = []
    files = [WarcSource(name=path.name, where=path)]
    if path.suffix == ".wacz":
        files = [WarcSource(name=each.name, where=each.where) for each in stretches(path).warcs]
    return list(payloads(files, found.append)), found


def pages(given: list[Payload]) -> dict[str, bytes]:
    return {
        unquote(urlsplit(each.url).path): each.body
        for each in given
        if each.url.startswith("http") and each.media_type == "text/html"
    }


@pytest.mark.parametrize("path", sorted(SITE.glob("*.wa*")), ids=lambda path: path.name)
def test_every_tool_gives_the_pages_of_the_folder(path: Path) -> None:
    given, found = read(path)
    with zipfile.ZipFile(SHIPPED) as shipped:
        folder = {f"/{name}": shipped.read(name) for name in shipped.namelist()}
    expected = {
        name.removesuffix("index.html") if name.endswith("/index.html") else name: data
        for name, data in folder.items()
        if name.endswith(".html")
    }
    came = pages(given)
    assert {url: came.get(url) for url in expected} == expected
    assert came.keys() - expected.keys() <= folder.keys()  # warcit has /index.html, too
    assert {each.status for each in given if each.kind is RecordType.RESPONSE} <= {200, 404}
    assert {each.charset for each in given if each.media_type == "text/html"} <= {"", "utf-8"}
    assert {finding.code for finding in found} <= {"PAYLOAD-FORM"}


@pytest.mark.parametrize("path", sorted(FOREIGN.rglob("*.warc*")), ids=lambda path: path.name)
def test_what_is_whole_is_given_and_the_rest_is_told(path: Path) -> None:
    given, found = read(path)
    assert given
    assert all(each.coded == each.cut == "" for each in given)
    said = [finding.code for finding in found if finding.code != "PAYLOAD-ASKED"]
    assert bool(said) == (path.parent.name == "broken")
    assert (len(found) > len(said)) == ("post" in path.name)
    for each in given:
        if each.kind is RecordType.REVISIT:
            assert each.original is not None
            assert each.original != each.spot
            assert each.body
