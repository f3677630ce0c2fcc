"""Pages that lead on by themselves at once are redirects, and none leads round for ever."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.html.refresh import parse_refresh
from pipeline.replay.leading import refresh_of
from tests.replay.leading import leading
from tests.replay.served import Served, header, served
from tests.replay.warcs import Crawl

HTML = "Content-Type: text/html; charset=utf-8"
AT = "20240101000000"
A = "https://a.example"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    crawl = Crawl().response(f"{A}/new/", b"<h1>New", HTML)
    crawl.response(f"{A}/old.html", leading(f"{A}/new/"), HTML)
    crawl.response(f"{A}/older.html", leading("/old.html"), HTML)
    crawl.response(f"{A}/away.html", leading("https://c.example/x"), HTML)
    crawl.response(f"{A}/self.html", leading(f"{A}/self.html"), HTML)
    crawl.response(f"{A}/one", leading("/two"), HTML)
    crawl.response(f"{A}/two", b"", "Location: /one", status="302 Found")
    for number in range(25):
        crawl.response(f"{A}/far{number}", leading(f"/far{number + 1}"), HTML)
    crawl.response("http://a.example/secure", leading(f"{A}/secure"), HTML)
    crawl.response(f"{A}/secure", b"<h1>Secure", HTML, date="2024-01-01T00:00:01Z")
    crawl.response(f"{A}/latin", "<meta http-equiv=refresh content=0;/\xfc>".encode("latin-1"),
                   "Content-Type: text/html; charset=iso-8859-1")  # fmt: skip
    crawl.response(f"{A}/none", b"<meta http-equiv=refresh content=0;http://[>", HTML)
    crawl.response(f"{A}/late", b"<meta http-equiv=refresh content='5;url=/new/'>", HTML)
    crawl.response(f"{A}/text", leading("/new/"), "Content-Type: text/plain")
    crawl.response(f"{A}/packed", b"<meta http-equiv=refresh content=0;/new/>", HTML,
                   "Content-Encoding: compress")  # fmt: skip
    path = crawl.write(tmp_path_factory.mktemp("leading") / "a.warc.gz")
    with served(path) as found:
        yield found


def inside(server: Served, target: str) -> str:
    answer = server.ask(target, f"{AT}.a.example.localhost")
    return f"{answer.status} {header(answer, 'Location') or answer.body.decode('latin-1')}"


def test_a_page_that_leads_on_at_once_is_a_redirect(server: Served) -> None:
    at = f"http://{AT}.a.example.localhost:{server.port}"
    assert inside(server, "/old.html") == f"302 {at}/new/"
    assert inside(server, "/older.html") == f"302 {at}/old.html"
    assert inside(server, "/away.html") == f"302 {server.home}/outside/https://c.example/x"
    assert inside(server, "/secure") == "200 <h1>Secure"
    assert inside(server, "/latin") == f"302 {at}/%C3%BC"
    for stays in ("/late", "/none", "/text", "/packed"):
        assert inside(server, stays).startswith("200 ")
    under = server.ask(f"/{AT}mp_/{A}/old.html")
    assert header(under, "Location") == f"{server.home}/{AT}mp_/{A}/new/"


def test_its_untouched_bytes_are_untouched(server: Served) -> None:
    assert server.ask(f"/{AT}id_/{A}/old.html").body == leading(f"{A}/new/")


def test_the_frame_tells_what_led_here(server: Served) -> None:
    moved = header(server.ask(f"/{AT}/{A}/older.html"), "Location")
    assert moved == f"/led/{AT}/https%3A%2F%2Fa.example%2Folder.html/{AT}/{A}/old.html"
    led = header(server.ask(moved), "Location")
    text = server.ask(led).body.decode()
    assert f'Led here by <b class="url">{A}/old.html</b>' in text
    assert "<code>meta refresh</code>" in text
    assert f'href="/{AT}id_/{A}/old.html"' in text
    nearest = led.replace(f"/{AT}/https://", "/20230101000000/https://")
    assert header(server.ask(nearest), "Location") == led
    away = server.ask(header(server.ask(f"/{AT}/{A}/away.html"), "Location"))
    assert away.status == 404
    assert b"<code>https://c.example/x</code>" in away.body


def test_one_that_leads_onto_itself_is_kept_still(server: Served) -> None:
    answer = server.ask("/self.html", f"{AT}.a.example.localhost")
    assert answer.status == 200
    assert header(answer, "Content-Security-Policy").endswith("sandbox allow-same-origin")
    assert b"It is kept still here" in server.ask(f"/{AT}/{A}/self.html").body


def test_none_leads_round(server: Served) -> None:
    for name in ("one", "two"):
        assert "leads on in a circle" in inside(server, f"/{name}")
        assert b"leads on in a circle" in server.ask(f"/{AT}/{A}/{name}").body
    assert "more than 20 times" in inside(server, "/far0")
    assert inside(server, "/far10").startswith("302 ")


@pytest.mark.parametrize(
    ("content", "url", "at_once"),
    [
        ("0; url=/a", "/a", True),
        ("0;URL = '/a'b", "/a", True),
        (' 0.9 , "/a', "/a", True),
        ("00 /a", "/a", True),
        (".5;url", "url", True),
        ("10;url=/a", "/a", False),
        ("0;/a?'b", "/a?'b", True),
    ],
)
def test_a_refresh_is_read_as_browsers_do(content: str, url: str, at_once: bool) -> None:  # noqa: FBT001
    said = parse_refresh(content)
    assert said is not None
    assert (said.url, said.is_at_once) == (url, at_once)


@pytest.mark.parametrize("content", ["", "0", "5;", "0;url=", "0;url=''", "a;url=/b", "0url=/a"])
def test_what_names_no_url_is_none(content: str) -> None:
    assert parse_refresh(content) is None


META = "<meta content=0;/a http-equiv=refresh>"


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        (META, ("", "0;/a")),
        (f"<base href=/b/><base href=/c/>{META}", ("/b/", "0;/a")),
        (f"<meta http-equiv=refresh content=0>{META}", ("", "0;/a")),
        (f"<meta http-equiv=refresh content='1;/b'>{META}", ("", "1;/b")),
        *((text, ("", "")) for text in (
            f"<!-- {META} -->", f"<script>'{META}'</script>", f"<noscript>{META}</noscript>",
            f"<template>{META}</template>", f"<plaintext>{META}", f"<a href='{META}",
            "</meta http-equiv=refresh content=0;/a>", "<meta name=refresh content=0;/a>",
        )),
    ],
)  # fmt: skip
def test_the_first_that_counts_is_found(markup: str, found: tuple[str, str]) -> None:
    assert refresh_of(markup) == found


@settings(deadline=None, max_examples=100)
@given(st.text(alphabet="<>/='\"!- ametrfshconu;0.,\n", max_size=80))
def test_whatever_is_written_is_read(markup: str) -> None:
    refresh_of(f"{markup}{META}")
    parse_refresh(markup)
