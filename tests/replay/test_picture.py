"""The picture of a page, on the start page: its own, captured, and what its digest says."""

import hashlib
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pipeline.replay.picture import PAGE_MOST, PICTURE_MOST
from tests.replay.served import Served, header, served
from tests.replay.warcs import Crawl

HTML = "Content-Type: text/html; charset=utf-8"
PNG = "Content-Type: image/png"
HOST = "https://a.example"
STAMP = "20240101000000"


def png(red: int) -> bytes:
    """Draw a picture of one colour, 60 by 40."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    rows = (b"\0" + bytes((red, 90, 120)) * 60) * 40
    header = struct.pack(">IIBBBBB", 60, 40, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def page(image: str = "", body: str = "") -> bytes:
    said = f'<meta property="og:image" content="{image}">' if image else ""
    return f"<title>A page</title>{said}<img src=/logo.png><main>{body}</main>".encode()


WHOLE = {  # page: which of the pictures is its own, None for none
    "/": (page("/site.png"), "site"),
    "/own": (page("/own.png"), "own"),
    "/site-wide": (page("/site.png"), None),
    "/site-wide-and-own": (page("/site.png", "<img src=shown.png>"), "shown"),
    "/forged": (page("/forged.png"), None),
    "/forged-and-own": (page("/forged.png", '<img src="/shown.png">'), "shown"),
    "/small": (page(body="<img src=/own.png width=16 height=16><img src=/shown.png>"), "shown"),
    "/drawn": (page("/drawn.svg"), None),
    "/moved": (page("/moved.png"), None),
    "/packed": (page("/packed.png"), None),
    "/large": (page("/large.png"), None),
    "/gone": (page("/gone.png"), None),
    "/script": (page("javascript:alert(1)", "<img src='data:image/png,'><img src='//[x/'>"), None),
    "/without": (page(), None),
    "/unmarked": (b"<header><img src=/logo.png></header><div><img src=/shown.png></div>", "shown"),
    "/chrome": (b"<nav><img src=/logo.png></nav><footer><img src=/own.png></footer>", None),
    "/icons": (page(body="<img src=/i.svg>" * 99 + "<img src=/shown.png>"), "shown"),
    "/long": (page("/own.png") + b" " * PAGE_MOST, None),
    "/empty": (b"", None),
}
PICTURES = {name: png(number * 60) for number, name in enumerate(("site", "own", "shown", "logo"))}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    crawl = Crawl()
    for where, (body, _) in WHOLE.items():
        crawl.response(f"{HOST}{where}", body, HTML)
    for name, data in PICTURES.items():
        crawl.response(f"{HOST}/{name}.png", data, PNG)
    crawl.response(f"{HOST}/forged.png", png(1), PNG, digest=f"sha256:{'0' * 64}")
    crawl.response(f"{HOST}/drawn.svg", b"<svg onload=alert(1) />", "Content-Type: image/svg+xml")
    crawl.response(f"{HOST}/moved.png", b"", "Location: /own.png", status="302 Found")
    crawl.response(f"{HOST}/packed.png", b"", PNG, "Content-Encoding: gzip")
    crawl.response(f"{HOST}/large.png", b"\0" * (PICTURE_MOST + 1), PNG)
    crawl.response("https://b.example/page", page("https://a.example/own.png"), HTML)
    with served(crawl.write(tmp_path_factory.mktemp("pictures") / "a.warc.gz")) as found:
        yield found


@pytest.mark.parametrize("where", WHOLE)
def test_a_page_has_its_own_picture_or_none(server: Served, where: str) -> None:
    name = WHOLE[where][1]
    for _ in range(2):  # what the home page says is kept
        answer = server.ask(f"/picture/{STAMP}/{HOST}{where}")
        expected = (200, PICTURES[name]) if name else (404, answer.body)
        assert (answer.status, answer.body) == expected


def test_it_is_proved_and_does_nothing(server: Served) -> None:
    answer = server.ask(f"/picture/{STAMP}/{HOST}/own")
    assert header(answer, "Content-Type") == "image/png"
    assert header(answer, "Content-Security-Policy") == "default-src 'none'; sandbox"
    assert header(answer, "ETag") == f'"{hashlib.sha256(answer.body).hexdigest()}"'
    assert server.ask(f"/picture/{STAMP}/https://b.example/page").body == PICTURES["own"]
    assert server.ask(f"/picture/{STAMP}/{HOST}/nothing").status == 404
    assert server.ask(f"/picture/{STAMP}/{HOST}/own.png").status == 404
    assert server.ask(f"/picture/99999999999999/{HOST}/own").status == 400


def test_pages_with_a_picture_show_it_and_the_others_leave_no_hole(
    chromium: Browser, server: Served
) -> None:
    context = chromium.new_context(viewport={"width": 800, "height": 2000})
    tab = context.new_page()
    tab.goto(f"{server.home}/")
    pictures = tab.locator(".pages img")
    expect(pictures).to_have_count(1 + sum(name is not None for _, name in WHOLE.values()))
    for each in pictures.all():
        assert each.evaluate("e => e.decode().then(() => e.naturalWidth)") == 60
        assert (each.get_attribute("alt") or "").startswith("Picture of https://")
    context.close()


def test_pictures_wait_until_they_are_in_sight(chromium: Browser, tmp_path: Path) -> None:
    crawl = Crawl()
    for number in range(300):
        crawl.response(f"{HOST}/{number}", page(), HTML)
    with served(crawl.write(tmp_path / "a.warc.gz")) as server:
        context = chromium.new_context(viewport={"width": 800, "height": 600})
        context.new_page().goto(f"{server.home}/")
        asked = [target for _, target in server.asked if target.startswith("/picture/")]
        assert len(asked) < 300
        context.close()
