"""In a real browser: pages are whole, and hostile ones reach nothing but themselves."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from pipeline.jobs.replay import Wanted
from pipeline.jobs.replay_choosing import Choice, choose
from pipeline.warc.signing.trust import Trust
from tests.conftest import Need
from tests.replay.hostile import BODIES, HEADERS, TRAP, filled
from tests.replay.leading import leading
from tests.replay.served import Served, answering, served
from tests.replay.warcs import Crawl

HTML = "Content-Type: text/html; charset=utf-8"
HOST = "https://bad.example"
TABS = 18


class Trap:
    """A server that must not be reached: it counts who comes."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.came: list[bytes] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.came.append(b"")  # also who says nothing has come
            with connection:
                connection.settimeout(0.2)
                with suppress(OSError):
                    self.came[-1] = connection.recv(200)

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    made = Trap()
    yield made
    made.close()


@pytest.fixture(scope="module")
def browser(need: Need, trap: Trap) -> Iterator[Browser]:
    rules = f"MAP trap.example 127.0.0.1:{trap.port}, MAP *.example 127.0.0.1:{trap.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=need("chromium"),
            args=["--no-sandbox", f"--host-resolver-rules={rules}"],
        )
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 800, "height": 600})
    context.set_default_timeout(10_000)
    yield context
    context.close()


def hostile(path: Path, home: str) -> Path:
    crawl = Crawl().response(f"{HOST}/sw.js", b"fetch('/admin')", "Content-Type: text/javascript")
    for number, body in enumerate(BODIES):
        fields = [filled(each, home) for each in HEADERS] if number % 2 else []
        page = filled(f"<!doctype html><title>{number}</title><body>{body}", home)
        crawl.response(f"{HOST}/{number}", page.encode(), HTML, *fields)
    for number, where in enumerate((f"{TRAP}/moved", "//trap.example/moved")):
        crawl.response(f"{HOST}/r{number}", b"", f"Location: {where}", status="302 Found")
    return crawl.write(path)


def test_hostile_pages_reach_nothing(context: BrowserContext, trap: Trap, tmp_path: Path) -> None:
    names = [*map(str, range(len(BODIES))), "r0", "r1"]
    with socket.create_server(("127.0.0.1", 0)) as free:
        guess = f"http://localhost:{free.getsockname()[1]}"
    with served(hostile(tmp_path / "bad.warc.gz", guess)) as server:
        for start in range(0, len(names), TABS):
            pages = [_framed(context, server, name) for name in names[start : start + TABS]]
            pages[-1].wait_for_load_state("load")
            for page in pages:
                page.mouse.click(400, 400)
            pages[0].wait_for_timeout(300)
            for page in pages:
                assert page.url.startswith(f"{server.home}/"), page.url
                assert all(_is_inside(frame.url, server) for frame in page.frames)
                kept = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
                assert page.evaluate(kept) == '[{},{},""]'
            for page in context.pages:
                page.close()
        assert context.service_workers == []
        assert all("bad.example" in each.get("domain", "") for each in context.cookies())
        own = f"localhost:{server.port}"
        assert not [target for host, target in server.asked if host == own and "admin" in target]
    # Chromium opens a connection for where a script leads to, before it asks the policy and closes
    # it without a word: of a request not one byte has left.
    assert b"".join(trap.came) == b""


def test_the_trap_works(context: BrowserContext, trap: Trap) -> None:
    before = len(trap.came)
    page = context.new_page()
    page.set_content(f"<img src='{TRAP}/control'>")
    page.wait_for_timeout(300)
    assert any(b"GET /control" in each for each in trap.came[before:])
    trap.came.clear()


def test_pages_hold_together(context: BrowserContext, tmp_path: Path) -> None:
    crawl = Crawl().response(
        "https://a.example/",
        b"<link rel=stylesheet href=https://cdn.example/s.css integrity=sha256-x>"
        b"<p id=p>A page</p><a href=https://www.a.example/next target=_blank>Next</a>"
        b"<script>p.textContent+=', with its script'</script><iframe src=/part></iframe>",
        HTML,
    )
    crawl.response("https://cdn.example/s.css", b"p{color:rgb(1,2,3)}", "Content-Type: text/css")
    crawl.response("https://a.example/next", b"<h1>Next page</h1>", HTML)
    crawl.response("https://a.example/part", b"<h2>A part</h2>", HTML)
    with served(crawl.write(tmp_path / "a.warc.gz")) as server:
        page = context.new_page()
        page.goto(f"http://a.example.localhost:{server.port}/")  # no frame: it is led to its own
        assert page.url == f"{server.home}/20240101000000/https://a.example/"
        inside = page.frame_locator("#page")
        assert inside.locator("#p").inner_text() == "A page, with its script"
        assert inside.locator("#p").evaluate("e => getComputedStyle(e).color") == "rgb(1, 2, 3)"
        assert inside.frame_locator("iframe").locator("h2").inner_text() == "A part"
        inside.locator("a").click()
        page.wait_for_url("**/next")
        assert page.url == f"{server.home}/20240101000000/https://a.example/next"
        assert inside.locator("h1").inner_text() == "Next page"
        assert page.locator(".url").inner_text() == "https://a.example/next"
        assert page.locator("#moved").is_hidden()


def test_what_is_told_follows_a_page_that_leads_on_by_itself(
    context: BrowserContext, tmp_path: Path
) -> None:
    crawl = Crawl().response("https://a.example/", b"<script>location='/next'</script>", HTML)
    crawl.response("https://a.example/next", b"<h1>Next page</h1>", HTML)
    with served(crawl.write(tmp_path / "a.warc.gz")) as server:
        page = context.new_page()
        page.goto(f"{server.home}/2024/https://a.example/")
        page.wait_for_url("**/next")
        assert page.locator(".url").inner_text() == "https://a.example/next"
        assert page.frame_locator("#page").locator("h1").inner_text() == "Next page"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_page_that_redirects_leads_to_what_was_captured(
    context: BrowserContext, trap: Trap, tmp_path: Path, *, scripts: bool
) -> None:
    to = "https://a.example/new/"
    crawl = Crawl().response(to, b"<h1>New page</h1><a href=/older.html>Older</a>", HTML)
    crawl.response("https://a.example/old.html", leading(to), HTML)
    crawl.response("https://a.example/older.html", leading("https://a.example/old.html"), HTML)
    crawl.response("https://a.example/self.html", leading("https://a.example/self.html"), HTML)
    crawl.response("https://a.example/part", b"<iframe src=/old.html></iframe>", HTML)
    with served(crawl.write(tmp_path / "a.warc.gz"), scripts=scripts) as server:
        page = context.new_page()
        page.goto(f"{server.home}/2024/https://a.example/old.html")
        inside = page.frame_locator("#page")
        assert inside.locator("h1").inner_text() == "New page"
        assert page.locator(".url").all_inner_texts() == [to, "https://a.example/old.html"]
        inside.locator("a").click()
        if scripts:
            page.wait_for_url("**old.html/*/**")
            inside.locator("a").wait_for()
        else:
            page.locator("#moved").wait_for()
        assert page.locator("#moved").is_hidden() is scripts
        assert inside.locator("h1").inner_text() == "New page"
        page.goto(f"{server.home}/2024/https://a.example/part")
        assert inside.frame_locator("iframe").locator("h1").inner_text() == "New page"
        page.goto(f"{server.home}/2024/https://a.example/self.html")
        assert inside.locator("a").inner_text() == "Follow if nothing happens."
        count = len(server.asked)
        page.wait_for_timeout(300)
        assert len(server.asked) <= count + 1  # its icon
    assert trap.came == []


def test_own_pages_are_for_every_width_and_every_key(
    context: BrowserContext, mill_archive: Path, tmp_path: Path
) -> None:
    (tmp_path / "mill").symlink_to(mill_archive)
    with served(tmp_path / "mill") as server:
        page = context.new_page()
        page.set_viewport_size({"width": 360, "height": 640})
        for target in ("/", "/2026/https://tidemill.example/visit/"):
            page.goto(server.home + target)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 360, target
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.className") == "skip"
        page.goto(f"{server.home}/")
        page.get_by_label("Words in titles and texts").fill("eels")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="What do eels know about data").first.click()
        assert page.url.endswith("/stories/what-do-eels-know-about-data/")


def test_a_rendering_says_above_each_page_that_it_is_no_capture(
    context: BrowserContext, mill_archive: Path, tmp_path: Path
) -> None:
    asked = Choice(
        what="closed-for-the-winter",
        archive=mill_archive,
        at="2024-02-01",
        render=True,
        source=None,
        now=datetime(2026, 11, 23, 9, tzinfo=UTC),
    )
    wanted = Wanted(trust=Trust(), cache=tmp_path)
    with choose(asked, wanted) as chosen, answering(chosen.opened) as server:
        page = context.new_page()
        page.goto(f"{server.home}/{chosen.begin}")
        assert page.locator(".made").inner_text() == chosen.opened.made
        assert page.locator(".state").inner_text() == "not a capture: no digest of then"
        inside = page.frame_locator("#page")
        assert "Closed for the winter" in inside.locator("body").inner_text()
        inside.get_by_role("link", name="Journal").first.click()
        page.wait_for_url("**/journal/")
        assert page.locator(".made").is_visible()


def _framed(context: BrowserContext, server: Served, name: str) -> Page:
    page = context.new_page()
    page.goto(f"{server.home}/2024/{HOST}/{name}", wait_until="commit")
    return page


def _is_inside(url: str, server: Served) -> bool:
    ours = (server.home, f"http://20240101000000.bad.example.localhost:{server.port}/")
    return url.startswith((*ours, "about:", "chrome-error:"))
