"""What the server answers: captured pages in their origins, its own pages, and refusals."""

import gzip
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from tests.replay.hostile import HEADERS, filled
from tests.replay.served import Served, header, served
from tests.replay.warcs import Crawl

HTML = "Content-Type: text/html; charset=utf-8"
PAGE = b"<p>A page with <a href=https://b.example/x?a=1&amp;b=2>a link</a> and <a href=/c>one</a>"
NEW = "2024-01-01T00:00:00Z"
OLD = "2019-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    crawl = Crawl().response("https://a.example/", PAGE, HTML, *(filled(h, "") for h in HEADERS))
    crawl.response("https://a.example/", b"<p>Old", HTML, date=OLD)
    crawl.response("https://b.example/x?a=1&b=2", b"<p>B", HTML)
    crawl.response("https://a.example/folder/", b"<p>Folder", HTML)
    crawl.response("https://a.example/data", bytes(range(100)), "Content-Type: x/y")
    crawl.response("https://a.example/moved", b"", "Location: /folder/", status="301 Moved")
    crawl.response("https://a.example/away", b"", "Location: http://c.example/", status="302 Found")
    crawl.response("https://a.example/script", b"", "Location: javascript:a()", status="302 Found")
    crawl.response("https://a.example/mail", b"", "Location: mailto:a@b", status="302 Found")
    crawl.response("http://a.example/self", b"", "Location: https://a.example/self", status="301 M")
    crawl.response("https://a.example/self", b"<p>Itself", HTML, date="2024-01-01T00:00:01Z")
    crawl.response("https://a.example/loop", b"", "Location: /loop", status="302 Found")
    crawl.response("https://a.example/forged", b"<p>Forged", HTML, digest=f"sha256:{'0' * 64}")
    crawl.response("https://a.example/none", b"<p>No digest", HTML, digest="")
    crawl.response("https://a.example/missing", b"<p>Gone", HTML, status="404 Not Found")
    crawl.response("https://a.example/not-modified", b"", status="304 Not Modified")
    packed = gzip.compress(b"<a href=//b.example/>B</a>", mtime=0)
    crawl.response("https://a.example/gz", packed, HTML, "Content-Encoding: gzip")
    packed = brotli.compress(gzip.compress(b"<a href=//b.example/>B</a>"))
    stacked = ("Content-Encoding: gzip", "Content-Encoding: br")
    crawl.response("https://a.example/brotli", packed, HTML, *stacked)
    packed = gzip.compress(b"p{}", mtime=0)
    crawl.response("https://a.example/style", packed, "Content-Encoding: gzip")
    crawl.response("https://a.example/br", b"\x0b\x02", HTML, "Content-Encoding: br")
    crawl.response("https://a.example/wide", "<a href=https://b.example>".encode("utf-16"), HTML)
    crawl.response("https://a_b.example:8080/p", b"<p>Port", HTML)
    crawl.response("https://[::1]/p", b"<a href=/q>Six</a><img src=https://[::1]/i>", HTML)
    crawl.response(
        "https://a.example/f.woff", b"f", "Access-Control-Allow-Origin: https://a.example"
    )
    same = f"sha256:{hashlib.sha256(PAGE).hexdigest()}"
    crawl.revisit("https://a.example/", "2025-01-01T00:00:00Z", same)
    path = crawl.write(tmp_path_factory.mktemp("replay") / "a.warc.gz")
    with served(path) as found:
        yield found


def inside(server: Served, target: str, host: str = "20240101000000.a.example", **more: str) -> str:
    answer = server.ask(target, f"{host}.localhost", **more)
    return f"{answer.status} {header(answer, 'Location') or answer.body.decode('latin-1')}"


def test_links_lead_to_captured_origins_and_all_else_stays(server: Served) -> None:
    b = f"http://20240101000000.b.example.localhost:{server.port}/x?a=1&amp;b=2"
    expected = PAGE.decode().replace("https://b.example/x?a=1&amp;b=2", f'"{b}"')
    assert inside(server, "/") == f"200 {expected}"
    assert inside(server, "/x?a=1&b=2", "20240101000000.b.example") == "200 <p>B"
    assert inside(server, "/", "20190101000000.a.example") == "200 <p>Old"
    assert inside(server, "/folder/", "a.example") == "200 <p>Folder"
    assert inside(server, "/folder/", "www.a.example") == "200 <p>Folder"


def test_untouched_bytes_are_untouched(server: Served) -> None:
    holding = server.opened.holding
    for host in ("a.example/", "a.example/gz", "a.example/wide", "b.example/x?a=1&b=2"):
        message = holding.read(holding.nearest(f"https://{host}", None))
        answer = server.ask(f"/2026id_/https://{host}")
        assert answer.body == message.body
        assert header(answer, "Content-Security-Policy") == "default-src 'none'; sandbox"


def test_only_listed_fields_of_a_header_pass(server: Served) -> None:
    for target, host in (
        ("/", "20240101000000.a.example.localhost"),
        ("/2024mp_/https://a.example/", "localhost"),
        ("/2024id_/https://a.example/", "localhost"),
    ):
        said = "\n".join(f"{k}: {v}" for k, v in server.ask(target, host).fields)
        assert "trap.example" not in said
        assert "stolen" not in said
        names = {k.lower() for k, _ in server.ask(target, host).fields}
        assert names.isdisjoint({
            "set-cookie", "refresh", "clear-site-data", "service-worker-allowed", "alt-svc",
            "strict-transport-security", "x-frame-options", "report-to", "nel", "sourcemap",
        })  # fmt: skip
        assert said.count("ontent-Security-Policy") == 1


def test_redirects_lead_within_and_outside_is_told(server: Served) -> None:
    at = f"http://20240101000000.a.example.localhost:{server.port}"
    assert inside(server, "/moved") == f"301 {at}/folder/"
    assert inside(server, "/away") == f"302 {server.home}/outside/http://c.example/"
    assert inside(server, "/self") == "200 <p>Itself"
    assert inside(server, "/folder") == f"302 {at}/folder/"
    assert inside(server, "/loop").startswith("502 https://a.example/loop: not shown")
    assert inside(server, "/script") == f"302 {server.home}/outside/javascript:a()"
    assert inside(server, "/mail") == f"302 {server.home}/outside/mailto:a@b"
    outside = server.ask("/outside/https://c.example/<b>")
    assert outside.status == 404
    assert b"Outside the archive" in outside.body
    assert b"<b>" not in outside.body


def test_the_entry_of_a_host_with_a_blank_can_be_read(tmp_path: Path) -> None:
    crawl = Crawl().response("http://a b.example/x", b"<p>Blank", HTML)
    with served(crawl.write(tmp_path / "a.warc.gz")) as server:
        found = server.ask("/20240101000000id_/http://a b.example/x")
        assert found.status == 502  # it was a traceback: the line of the index had a blank too many
        assert b"WARC-Target-URI" in found.body, found.body


def test_what_is_forged_or_missing_is_told_and_not_shown(server: Served) -> None:
    assert inside(server, "/forged").startswith("502 https://a.example/forged: not shown: ")
    assert inside(server, "/nothing").startswith("404 ")
    framed = server.ask("/20240101000000/https://a.example/forged")
    assert framed.status == 502
    assert b"Forged" not in framed.body
    assert b"warc-payload-digest" in framed.body
    page = server.ask(
        "/nothing", "a.example.localhost", Sec_Fetch_Dest="iframe", Referer=f"{server.home}/"
    )
    assert page.status == 404
    assert b"Not in this archive" in page.body


def test_archived_states_are_given_as_far_as_they_can_be(server: Served) -> None:
    assert inside(server, "/missing") == "404 <p>Gone"
    assert inside(server, "/not-modified") == "200 "


def test_codings_that_cannot_be_read_are_left_alone(server: Served) -> None:
    b = f"http://20240101000000.b.example.localhost:{server.port}/"
    assert inside(server, "/gz") == f'200 <a href="{b}">B</a>'
    assert inside(server, "/brotli") == f'200 <a href="{b}">B</a>'
    style = server.ask("/style", "a.example.localhost")
    assert (style.body, header(style, "Content-Encoding")) == (b"p{}", "")
    answer = server.ask("/br", "a.example.localhost")
    assert (answer.body, header(answer, "Content-Encoding")) == (b"\x0b\x02", "br")
    wide = server.ask("/wide", "a.example.localhost").body
    assert wide == "<a href=https://b.example>".encode("utf-16")
    assert header(server.ask("/f.woff", "a.example.localhost"), "Access-Control-Allow-Origin")


@pytest.mark.parametrize(
    ("wanted", "status", "where", "body"),
    [
        ("bytes=0-9", 206, "bytes 0-9/100", bytes(range(10))),
        ("bytes=90-", 206, "bytes 90-99/100", bytes(range(90, 100))),
        ("bytes=-5", 206, "bytes 95-99/100", bytes(range(95, 100))),
        ("bytes=95-200", 206, "bytes 95-99/100", bytes(range(95, 100))),
        ("bytes=100-", 416, "bytes */100", b""),
        ("bytes=-0", 416, "bytes */100", b""),
        ("bytes=5-2", 416, "bytes */100", b""),
        ("bytes=0-1,5-6", 200, "", bytes(range(100))),
        ("lines=1", 200, "", bytes(range(100))),
    ],
)
def test_parts_can_be_asked_for(
    server: Served, wanted: str, status: int, where: str, body: bytes
) -> None:
    answer = server.ask("/data", "a.example.localhost", Range=wanted)
    assert (answer.status, header(answer, "Content-Range")) == (status, where)
    assert answer.body == body


def test_what_a_browser_has_is_not_sent_again(server: Served) -> None:
    tag = header(server.ask("/data", "a.example.localhost"), "ETag")
    again = server.ask("/data", "a.example.localhost", If_None_Match=f'"x", {tag}')
    assert (again.status, again.body) == (304, b"")
    other = server.ask("/data", "a.example.localhost", Range="bytes=0-1", If_Range='"x"')
    assert other.status == 200


def test_hosts_that_can_have_no_origin_are_under_a_path(server: Served) -> None:
    assert inside(server, "/p", "a_b.example--8080") == "200 <p>Port"
    answer = server.ask("/20240101000000mp_/https://[::1]/p")
    home = f"{server.home}/20240101000000mp_/https://[::1]"
    assert (
        answer.body.decode()
        == f'<a href="{home[len(server.home) :]}/q">Six</a><img src="{home}/i">'
    )
    policy = header(answer, "Content-Security-Policy")
    assert "sandbox allow-scripts allow-forms" in policy
    assert "allow-same-origin" not in policy


def test_a_time_gate_leads_to_the_nearest(server: Served) -> None:
    url = "https://a.example/"
    asked = {"Thu, 01 Jan 1970 00:00:00 GMT": "2019", "Mon, 01 Jan 2024 00:00:01 GMT": "2024"}
    for when, year in {**asked, "": "2025"}.items():
        answer = server.ask(f"/timegate/{url}", Accept_Datetime=when)
        assert header(answer, "Location") == f"{server.home}/{year}0101000000mp_/{url}"
        assert (answer.status, header(answer, "Vary")) == (302, "accept-datetime")
        assert 'rel="original"' in header(answer, "Link")
    assert server.ask(f"/timegate/{url}", Accept_Datetime="soon").status == 400
    memento = server.ask(f"/20240101000000mp_/{url}")
    assert header(memento, "Memento-Datetime") == "Mon, 01 Jan 2024 00:00:00 GMT"
    rels = re.findall(r'rel="([^"]+)"', header(memento, "Link"))
    assert rels[:3] == ["original", "timegate", "timemap"]
    assert rels[3:] == ["first prev memento", "memento", "last next memento"]


def test_a_time_map_lists_all(server: Served) -> None:
    answer = server.ask("/timemap/link/https://a.example/")
    assert header(answer, "Content-Type") == "application/link-format"
    lines = answer.body.decode().splitlines()
    assert lines[0] == '<https://a.example/>; rel="original",'
    assert [re.findall(r'rel="([^"]+)"', line)[0] for line in lines[3:]] == [
        "first memento",
        "memento",
        "last memento",
    ]
    assert server.ask("/timemap/link/https://a.example/nothing").status == 404


def test_the_frame_tells_what_is_known(server: Served) -> None:
    asked = server.ask("/2024/https://a.example/")
    assert header(asked, "Location") == "/20240101000000/https://a.example/"
    text = server.ask("/20240101000000/https://a.example/").body.decode()
    assert "digest holds" in text
    assert "3 captures" in text
    assert f'src="http://20240101000000.a.example.localhost:{server.port}/"' in text
    again = server.ask("/20250101000000/https://a.example/").body.decode()
    assert "The same bytes were met again" in again
    assert "1 January 2024, 00:00 UTC" in again
    none = server.ask("/20240101000000/https://a.example/none").body.decode()
    assert "no digest to check" in none
    moved = server.ask("/20240101000000/https://a.example/moved")
    before = "/led/20240101000000/https%3A%2F%2Fa.example%2Fmoved"
    assert header(moved, "Location") == f"{before}/20240101000000/https://a.example/folder/"
    led = server.ask(header(moved, "Location")).body.decode()
    assert "an answer with status 301" in led
    for lie in (
        before.replace("moved", "data"),
        before.replace("2024", "2020"),
        "/led/99999999999999/a",
    ):
        assert b"Led here" not in server.ask(f"{lie}/20240101000000/https://a.example/folder/").body
    newest = server.ask("/https://a.example/")
    assert header(newest, "Location") == "/20250101000000/https://a.example/"


def test_pages_are_led_to_their_frame_and_back(server: Served) -> None:
    top = server.ask("/", "a.example.localhost", Sec_Fetch_Dest="document")
    assert header(top, "Location") == f"{server.home}/20250101000000/https://a.example/"
    for host, target in (
        ("a.example.localhost", "/"),
        ("localhost", "/2024mp_/https://a.example/"),
    ):
        led = server.ask(target, host, Sec_Fetch_Dest="iframe")
        assert "/hop/" in header(led, "Location")
        shown = server.ask(target, host, Sec_Fetch_Dest="iframe", Referer=f"{server.home}/")
        assert shown.status == 200
    assert server.ask("/hop/20240101000000/https://a.example/").status == 200


def test_the_start_page_tells_what_is_in_it(server: Served) -> None:
    text = server.ask("/").body.decode()
    for words in (
        "nobody signed it",
        "January",
        "a.example: ",
        "a.warc.gz",
        "damage at 1 place, first a.warc.gz:byte",
    ):
        assert words in text, words
    found = server.ask("/?q=folder").body.decode()
    assert "1 page with these words" in found
    assert "0 pages with these words" in server.ask("/?q=zebra").body.decode()
    assert "with these words" not in server.ask("/?q=").body.decode()
    listed = server.ask("/captures/https://a.example/").body.decode()
    assert listed.count("<li>") == 3
    led = server.ask("/go?url=a.example/&at=2019-05-05")
    assert header(led, "Location") == "/20190505120000/https://a.example/"
    led = server.ask("/go?url=https://a.example/")
    assert header(led, "Location") == "/20250101000000/https://a.example/"
    assert server.ask("/go?url=a.example&at=soon").status == 400
    assert server.ask("/99999999/https://a.example/").status == 400
    assert server.ask("/nowhere").status == 404


def test_who_asks_otherwise_is_refused(server: Served) -> None:
    assert server.ask("/", "rebound.example").status == 421
    assert server.ask("/", "never.example.localhost").status == 421
    assert server.ask("/", method="POST").status == 405
    worker = server.ask("/data", "a.example.localhost", Service_Worker="script")
    assert worker.status == 403
