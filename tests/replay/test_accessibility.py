"""axe-core looks at every page of the server's own: in light and dark, wide and narrow."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.replay.served import Served, served
from tests.replay.warcs import Crawl

HTML = "Content-Type: text/html; charset=utf-8"
RUN = "axe.run(document, {iframes: false}).then(told => told.violations)"
WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 360, "height": 640}
HOST = "https://a.example"
CRAWLED = {
    "start page": "/",
    "search results": "/?q=folder",
    "no results": "/?q=zebra",
    "frame": f"/20240101000000/{HOST}/",
    "frame of a revisit": f"/20250101000000/{HOST}/",
    "frame without a digest": f"/20240101000000/{HOST}/none",
    "digest mismatch": f"/20240101000000/{HOST}/forged",
    "not in the archive": f"/{HOST}/nothing",
    "outside the archive": "/outside/https://c.example/",
    "no such page": "/nowhere",
    "captures": f"/captures/{HOST}/",
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    crawl = Crawl()
    page = b"<title>A page</title><p>A page"
    for year in range(2019, 2025):
        for month in range(1, 13, 2 if year % 2 else 11):
            crawl.response(f"{HOST}/", page, HTML, date=f"{year}-{month:02}-01T00:00:00Z")
    crawl.response(f"{HOST}/folder/", b"<p>Folder", HTML)
    crawl.response(f"{HOST}/forged", b"<p>Forged", HTML, digest=f"sha256:{'0' * 64}")
    crawl.response(f"{HOST}/none", b"<p>No digest", HTML, digest="")
    for number in range(12):
        host = f"https://a-host-with-a-very-long-name-indeed-{number}.example"
        crawl.response(
            f"{host}/{'long/' * 40}", page, HTML, date=f"2025-01-{number + 1:02}T00:00:00Z"
        )
    with served(crawl.write(tmp_path_factory.mktemp("axe") / "a.warc.gz")) as found:
        yield found


@pytest.fixture(params=[("light", WIDE), ("dark", NARROW)], ids=["light-wide", "dark-narrow"])
def context(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """Let axe-core run in spite of the pages' own policy."""
    scheme, size = request.param
    context = chromium.new_context(bypass_csp=True, color_scheme=scheme, viewport=size)
    context.set_default_timeout(10_000)
    yield context
    context.close()


def faults(page: Page) -> list[str]:
    """Say what axe-core finds, with all that is folded unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(RUN)
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:200]}: {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]


def test_pages_of_a_crawl(context: BrowserContext, crawled: Served) -> None:
    page = context.new_page()
    for name, target in CRAWLED.items():
        page.goto(crawled.home + target)
        assert faults(page) == [], name


def test_pages_of_an_archive(context: BrowserContext, mill_archive: Path, tmp_path: Path) -> None:
    (tmp_path / "mill").symlink_to(mill_archive)
    with served(tmp_path / "mill") as server:
        page = context.new_page()
        for target in ("/", "/?q=eels", "/series/wheel", "/2026/https://tidemill.example/visit/"):
            page.goto(server.home + target)
            assert faults(page) == [], target


def test_what_is_not_labelled_is_found(context: BrowserContext, crawled: Served) -> None:
    page = context.new_page()
    page.goto(f"{crawled.home}/")
    page.evaluate("document.querySelector('label[for=q]').remove()")
    assert [each for each in faults(page) if each.startswith('label (critical): <input id="q"')]
    page.goto(f"{crawled.home}{CRAWLED['frame']}")
    page.evaluate("document.querySelector('iframe').title = ''")
    assert any(each.startswith("frame-title (serious)") for each in faults(page))
    page.add_style_tag(content=".state { color: #888 !important; background: #999 }")
    assert any(each.startswith("color-contrast (serious)") for each in faults(page))
