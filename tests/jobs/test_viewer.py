"""What others make shows our packages, page for page: pywb and ReplayWeb.page."""

import json
import socket
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import html
from playwright.sync_api import Browser, expect

from pipeline.errors import NoViewerError, UsageError, ViewerFailedError
from pipeline.jobs.place import find_place
from pipeline.jobs.viewer import Viewer, installed, viewing
from pipeline.jobs.viewer_webpage import VARIABLE
from pipeline.jobs.wacz import export_wacz
from pipeline.replay.opening import Kind, Named, name
from tests.archives import LATER
from tests.replay.warcs import Crawl, held

VISIT = "https://tidemill.example/visit/"
FETCH = """async (urls) => {
  const texts = {};
  for (const url of urls) texts[url] = await (await fetch(url)).text();
  return texts;
}"""
ITEM = "document.querySelector('replay-app-main').shadowRoot.querySelector('wr-item').item"


@pytest.fixture(scope="module")
def package(mill_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("viewed") / "mill.wacz"
    export_wacz(find_place(mill_archive, None), path, LATER)
    return path


@pytest.fixture(scope="module")
def pages(package: Path) -> dict[str, bytes]:
    """Every page of the sample: its moment and URL, and its bytes as they are proved."""
    lines = name(package, package.parent).pages.splitlines()
    urls = [said["url"] for line in lines if "url" in (said := json.loads(line))]
    with held(package) as holding:
        entries = [holding.nearest(url, None) for url in urls]
        return {f"{each.timestamp}mp_/{each.url}": holding.read(each).body for each in entries}


@pytest.fixture
def _pywb(pywb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(pywb))


@pytest.fixture
def _webpage(webpage: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(webpage))


def text_of(page: bytes | str) -> str:
    """Give what a page says, without scripts and styles: those are the viewer's business."""
    tree = html.document_fromstring(page if isinstance(page, bytes) else page.encode())
    for each in tree.xpath("//script | //style | //comment()"):
        each.drop_tree()
    return " ".join(tree.text_content().split())


def got(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=20) as answer:  # noqa: S310 - our own address
        return bytes(answer.read())


@pytest.mark.usefixtures("_pywb")
def test_pywb_shows_the_same_pages(package: Path, pages: dict[str, bytes]) -> None:
    named = name(package, package.parent)
    with viewing(Viewer.PYWB, named, 0, "", LATER) as running:
        assert len(pages) == 40
        for where, body in pages.items():
            assert got(running.address + where.replace("mp_/", "id_/", 1)) == body, where
            assert text_of(got(running.address + where)) == text_of(body), where
        port = urlsplit(running.address).port
        assert port is not None
        with pytest.raises(UsageError, match=f"port {port} cannot be used"):
            viewing(Viewer.PYWB, named, port, "", LATER).__enter__()
    with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
        probe.connect(("127.0.0.1", port))


@pytest.mark.usefixtures("_pywb")
def test_pywb_begins_with_a_page_of_a_folder(mill_archive: Path) -> None:
    named = name(mill_archive, mill_archive)
    begin = f"20260102030405/{VISIT}"
    with viewing(Viewer.PYWB, named, 0, begin, LATER) as running:
        assert running.address.endswith(f"/archive/{begin}")
        assert b"replay_iframe" in got(running.address)
        assert b"the causeway is wet" in got(running.address.replace("/https", "mp_/https"))


@pytest.mark.usefixtures("_pywb")
def test_what_pywb_does_not_take_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    path.write_bytes(b"no package")
    named = Named(path=path, kind=Kind.PACKAGE, title="a", volumes=())
    with (
        pytest.raises(ViewerFailedError, match=r"^pywb does not show it: .*zip"),
        viewing(Viewer.PYWB, named, 0, "", LATER),
    ):
        pass


@pytest.mark.usefixtures("_webpage")
def test_replaywebpage_shows_the_same_pages(
    chromium: Browser, package: Path, pages: dict[str, bytes]
) -> None:
    hosts: set[str | None] = set()
    context = chromium.new_context()
    context.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    with viewing(Viewer.REPLAYWEBPAGE, name(package, package.parent), 0, "", LATER) as running:
        page = context.new_page()
        page.goto(running.address)
        listed = page.locator("wr-page-entry")
        expect(listed).to_have_count(len(pages), timeout=30_000)

        prefix = f"/w/{page.evaluate(ITEM)}/"
        texts = page.evaluate(FETCH, [prefix + where for where in pages])
        for where, body in pages.items():
            assert text_of(texts[prefix + where]) == text_of(body), where

        page.get_by_placeholder("Search by Page URL, Title, or Text").fill("causeway")
        expect(listed).to_have_count(1, timeout=30_000)
        listed.get_by_role("link").first.click()
        shown = page.frame_locator("wr-coll-replay iframe, iframe[name]").first
        expect(shown.locator("h1")).to_have_text("Visit", timeout=30_000)
    context.close()
    assert hosts == {"localhost"}


@pytest.mark.usefixtures("_webpage")
def test_replaywebpage_begins_with_a_page(chromium: Browser, tmp_path: Path) -> None:
    crawl = Crawl().response("https://a.example/", b"<h1>New</h1>", "Content-Type: text/html")
    crawl.response(
        "https://a.example/",
        b"<h1>Old</h1>",
        "Content-Type: text/html",
        date="2019-01-01T00:00:00Z",
    )
    path = crawl.write(tmp_path / "a.warc.gz")
    begin = "20190101000000/https://a.example/"
    context = chromium.new_context()
    with viewing(Viewer.REPLAYWEBPAGE, name(path, tmp_path), 0, begin, LATER) as running:
        page = context.new_page()
        page.goto(running.address)
        shown = page.frame_locator("iframe[name]").first
        expect(shown.locator("h1")).to_have_text("Old", timeout=30_000)
    context.close()


@pytest.mark.usefixtures("_pywb")
def test_that_it_ended_by_itself_is_told(
    package: Path, pywb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wb-manager").symlink_to(pywb / "wb-manager")
    server = tmp_path / "wayback"
    server.write_text("#!/bin/sh\necho out of breath >&2\nexit 3\n")
    server.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with (
        pytest.raises(ViewerFailedError, match="out of breath"),
        viewing(Viewer.PYWB, name(package, tmp_path), 0, "", LATER),
    ):
        pass


def test_what_is_not_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(NoViewerError, match="pip install pywb"):
        installed(Viewer.PYWB)
    with pytest.raises(NoViewerError, match="npm pack replaywebpage"):
        installed(Viewer.REPLAYWEBPAGE)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    with pytest.raises(NoViewerError, match=r"has no ui\.js"):
        installed(Viewer.REPLAYWEBPAGE)
