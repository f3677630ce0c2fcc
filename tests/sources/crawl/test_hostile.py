"""Hostile servers: each is bounded and told of, what came is kept, and the crawl goes on."""

import gzip
import socket
import struct
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import replace

import pytest

from pipeline.sources.crawl.crawl import Crawl
from pipeline.sources.crawl.plan import Plan
from pipeline.sources.crawl.values import Answer, Exchange, Failure, Role, Wanted
from pipeline.sources.crawl.wire import Wire
from pipeline.warc.circumstances import Truncated
from tests.sources.crawl.servers import (
    HOST,
    QUICK,
    START,
    Answers,
    Crawling,
    Serve,
    Watch,
    crawled,
    moved,
    plan_of,
    reply,
    serving,
)

CUT_SHORT = "CRAWL-TRUNCATED"
GOOD = reply("<p>good")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def dripping(piece: bytes, pause: float, start: bytes = b"") -> Serve:
    """Send the same again and again, with a pause."""

    def serve(connection: socket.socket) -> None:
        connection.sendall(start)
        with suppress(OSError):
            for _ in range(1_000):
                connection.sendall(piece)
                time.sleep(pause)

    return serve


def endless(piece: bytes, start: bytes = b"") -> Serve:
    """Send the same as fast as it is taken, far more than is wanted."""

    def serve(connection: socket.socket) -> None:
        connection.sendall(start)
        with suppress(OSError):
            for _ in range(100_000_000 // len(piece)):
                connection.sendall(piece)

    return serve


def reset(start: bytes) -> Serve:
    """Send something, then end the connection with RST."""

    def serve(connection: socket.socket) -> None:
        connection.sendall(start)
        time.sleep(0.05)
        linger = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    return serve


def silence(connection: socket.socket) -> None:
    """Say nothing, and wait for the other side to go."""
    with suppress(OSError):
        connection.recv(1)


#: How each begins to answer for `/odd`: what it does, how the response is cut, the finding.
CUT: dict[str, tuple[bytes | Serve, Truncated | None, str]] = {
    "a body in drops": (dripping(b"x", 0.05, HEAD + b"\r\n"), Truncated.TIME, CUT_SHORT),
    "a header in drops": (dripping(b"A: b\r\n", 0.05, HEAD), Truncated.TIME, CUT_SHORT),
    "silence in the body": (
        HEAD + b"Content-Length: 9\r\n\r\nx",
        Truncated.DISCONNECT,
        CUT_SHORT,
    ),
    "no end of the body": (endless(b"x" * 9999, HEAD + b"\r\n"), Truncated.LENGTH, CUT_SHORT),
    "no end of the header": (
        endless(b"A: " + b"b" * 9000 + b"\r\n", HEAD),
        Truncated.LENGTH,
        CUT_SHORT,
    ),
    "a header of one line": (endless(b"b" * 9000, HEAD + b"A: "), Truncated.LENGTH, CUT_SHORT),
    "no end of chunks": (
        endless(b"1\r\nx\r\n" * 999, HEAD + b"Transfer-Encoding: chunked\r\n\r\n"),
        Truncated.LENGTH,
        CUT_SHORT,
    ),
    "a chunk without end": (
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nfffffffffff\r\nabc",
        Truncated.DISCONNECT,
        CUT_SHORT,
    ),
    "a chunk whose size has no end": (
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 9000,
        None,
        "CRAWL-LENGTH",
    ),
    "a trailer without end": (
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"A: b\r\n" * 12_000,
        None,
        "CRAWL-LENGTH",
    ),
    "chunks that do not end with a line": (
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n0\r\n\r\n",
        None,
        "CRAWL-LENGTH",
    ),
    "a length that is too great": (
        HEAD + b"Content-Length: 99999999999999999999\r\n\r\nx",
        Truncated.DISCONNECT,
        CUT_SHORT,
    ),
    "a length that is too small": (HEAD + b"Content-Length: 1\r\n\r\nxyz", None, "CRAWL-LENGTH"),
    "two lengths": (
        HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxyz",
        None,
        "CRAWL-LENGTH",
    ),
    "a length that is no number": (HEAD + b"Content-Length: -1\r\n\r\nxyz", None, "CRAWL-LENGTH"),
    "length and chunks": (
        HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        None,
        "CRAWL-LENGTH",
    ),
    "a reset": (reset(HEAD + b"Content-Length: 9\r\n\r\nx"), Truncated.DISCONNECT, CUT_SHORT),
    "too many interim responses": (
        b"HTTP/1.1 103 Early Hints\r\n\r\n" * 20 + HEAD + b"\r\n",
        None,
        "",
    ),
}  # fmt: skip


def two_pages(odd: bytes | Serve) -> Crawling:
    """Crawl a page that names something odd, and a good page after it."""
    answers: Answers = {
        "/": reply("<a href=/odd>o</a><a href=/good>g</a>"),
        "/odd": odd,
        "/good": GOOD,
    }
    with serving(answers) as server:
        found = crawled(plan_of(server.url))
    assert found.of("/good").answer.response == GOOD
    return found


@pytest.mark.parametrize("name", CUT)
def test_an_odd_response_is_bounded_kept_and_told(name: str) -> None:
    odd, truncated, code = CUT[name]
    found = two_pages(odd)
    answer = found.of("/odd").answer
    assert (answer.truncated, answer.failure) == (truncated, None)
    assert set(found.codes) == ({code} if code else set())
    assert 0 < len(answer.response) <= QUICK.file_bytes
    assert answer.response.startswith(b"HTTP/1.1 ")


def test_what_follows_a_response_is_no_part_of_it() -> None:
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: b\r\n\r\n"
    assert two_pages(chunked + b"HTTP/1.1 200").of("/odd").answer.response == chunked
    empty = b"HTTP/1.1 204 No Content\r\n\r\n"
    assert two_pages(empty + b"more").of("/odd").answer.response == empty
    bare = b"HTTP/1.0 200\n\nto the end"
    assert two_pages(bare).of("/odd").answer.response == bare


def test_interim_responses_are_kept_apart() -> None:
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    answer = two_pages(interim + GOOD).of("/odd").answer
    assert (answer.interim, answer.response) == (interim, GOOD)


@pytest.mark.parametrize(
    ("odd", "failure"),
    [
        (b"ICY 200 OK\r\n\r\n", Failure.NOT_HTTP),
        (b"<html>HTTP/0.9", Failure.NOT_HTTP),
        (b"HTTP/1.1 abc\r\n\r\n", Failure.NOT_HTTP),
        (b"HTTP/1.1 2000 OK\r\n\r\n", Failure.NOT_HTTP),
        (b"", Failure.SILENT),
        (silence, Failure.SILENT),
        (reset(b""), Failure.SILENT),
    ],
)
def test_no_response_is_a_failure(odd: bytes | Serve, failure: Failure) -> None:
    found = two_pages(odd)
    assert found.of("/odd").answer.failure is failure
    assert set(found.codes) == {"CRAWL-FAILED"}
    assert found.of("/odd").answer.request.startswith(b"GET /odd HTTP/1.1\r\n")


def test_a_bomb_is_kept_small_and_looked_into_only_so_far() -> None:
    page = b"<a href=/inside>i</a>" + b" " * 50_000_000
    bomb = gzip.compress(gzip.compress(page, 9), 9)
    fields = ("Content-Encoding: gzip, gzip",)
    start = time.process_time()
    found = two_pages(reply(bomb, fields=fields))
    assert found.of("/inside").wanted.via.endswith("/odd")
    assert len(found.of("/odd").answer.response) < 5_000
    many = two_pages(reply(bomb, fields=("Content-Encoding: gzip, gzip, gzip, gzip",)))
    assert not [one for one in many.exchanges if one.wanted.url.endswith("/inside")]
    assert time.process_time() - start < 60


@pytest.mark.parametrize("raw", [silence, dripping(b"\x16", 0.05), dripping(b"nonsense", 0.5)])
def test_tls_that_does_not_come_about_is_a_failure(raw: Serve) -> None:
    with ExitStack() as stack:
        secure = stack.enter_context(serving({}, raw=raw))
        page = f"<img src=https://{HOST}:{secure.port}/a.png><a href=/good>g</a>"
        server = stack.enter_context(serving({"/": reply(page), "/good": GOOD}))
        found = crawled(plan_of(server.url, ports=(secure.port,)))
    assert found.exchanges[-1].answer.response == GOOD
    failed = [one.answer for one in found.exchanges if one.answer.failure is Failure.TLS]
    assert failed
    assert not any(answer.request for answer in failed)
    assert "CRAWL-ROBOTS-AWAY" in found.codes


#: Where a redirect or a page must not lead. `{trap}` is a server that counts what reaches it.
FORBIDDEN = [
    *("file:///etc/passwd", "gopher://127.0.0.1:{trap}/", "ftp://127.0.0.1:{trap}/"),
    *("http://169.254.169.254/latest/meta-data/", "http://[::ffff:127.0.0.1]:{trap}/"),
    *("http://[64:ff9b::7f00:1]:{trap}/", "http://[::127.0.0.1]:{trap}/", "http://127.1:{trap}/"),
    *("http://0x7f.1:{trap}/", "http://2130706433:{trap}/", "http://0177.0.0.1:{trap}/"),
    *("http://127.0.0.1:{trap}/", "http://localhost:{trap}/", "http://a.localhost.:{trap}/"),
    *("http://user@127.0.0.1:{trap}/", "http://rebind.example:{trap}/", "http://10.0.0.1/"),
    *("http://0.0.0.0:{trap}/", "http://127\u30020\u30020\u30021:{trap}/", "http://[::1]:{trap}/"),
    *("//127.0.0.1:{trap}/", "http:\\\\127.0.0.1:{trap}\\", "http://trap.example:{trap}/"),
    "http://mapped.example:{trap}/",
]


def resolve(host: str, port: int) -> tuple[str, ...]:
    """Give addresses that nobody may connect to, the trap's among them."""
    assert port
    answers = {"trap.example": (HOST, "::1"), "mapped.example": (f"::ffff:{HOST}",)}
    return answers.get(host, ("10.0.0.1", "169.254.169.254"))


def page_of(way: str, where: list[str]) -> tuple[str, bytes]:
    """Name those addresses in a way; give the path that does, and its answer."""
    tags = {
        "image": "<img src='{}'>",
        "style": "<style>@import '{}';</style>",
        "frame": "<iframe src='{}'></iframe>",
    }
    if way == "sitemap":
        locs = "".join(f"<sitemap><loc>{each}</loc></sitemap>" for each in where)
        return "sitemap.xml", reply(f"<sitemapindex>{locs}</sitemapindex>", media_type="a/xml")
    if way == "robots":
        return "robots.txt", reply("".join(f"Sitemap: {each}\n" for each in where))
    return "", reply("".join(tags[way].format(each) for each in where))


@pytest.mark.parametrize("way", ["image", "style", "frame", "sitemap", "robots"])
@pytest.mark.parametrize("seen", ["http://site.example/", "https://site.example/"])
def test_not_a_byte_reaches_a_forbidden_address(way: str, seen: str) -> None:
    """A public site, as it was captured before, names them all; the trap's port may be asked."""
    with serving({}) as trap:
        where = [each.replace("{trap}", str(trap.port)) for each in FORBIDDEN]
        plan = plan_of(seen, loopback=False, ports=(trap.port,))
        crawl = Crawl(plan, Wire(plan, resolve), Watch().clock)
        path, answer = page_of(way, where)
        role = Role.ROBOTS if way == "robots" else Role.LIST if way == "sitemap" else Role.PAGE
        for name, response in (("robots.txt", reply("")), (path, answer)):
            is_robots = name == "robots.txt"
            wanted = Wanted(
                url=seen + name,
                role=Role.ROBOTS if is_robots else role,
                origin=seen[:-1] if is_robots else "",
            )
            came = Answer(request=b"GET", response=response, ip="8.8.8.8")
            crawl.take(Exchange(wanted=wanted, at=START, seconds=0, answer=came))
        exchanges = tuple(crawl.exchanges())
        redirect_all(crawl, plan, where)
    assert (trap.met, trap.received) == (0, 0)
    assert {one.answer.failure for one in exchanges} == {Failure.FORBIDDEN}
    assert {(one.answer.request, one.answer.ip) for one in exchanges} == {(b"", "")}
    assert "CRAWL-FORBIDDEN" in {finding.code for finding in crawl.findings}


def redirect_all(crawl: Crawl, plan: Plan, where: list[str]) -> None:
    """Let an image redirect to each of them; the crawl asks for nothing that it may not."""
    for number, to in enumerate(where):
        url = f"{plan.seeds[0]}r{number}"
        wanted = Wanted(url=url, role=Role.REQUISITE, hops="E", via=plan.seeds[0])
        came = Answer(request=b"GET", response=moved(to), ip="8.8.8.8")
        crawl.take(Exchange(wanted=wanted, at=START, seconds=0, answer=came))
    for one in crawl.exchanges():
        assert one.answer.failure is Failure.FORBIDDEN


def test_other_ports_are_forbidden_and_the_crawl_goes_on() -> None:
    with serving({}) as trap:
        where = [each.replace("{trap}", str(trap.port)) for each in FORBIDDEN]
        links = "".join(
            f"<a href=/r{number}>r</a><img src=/i{number}>" for number in range(len(where))
        )
        answers: dict[str, bytes | Serve] = {
            "/": reply(links + "<a href=/good>g</a>"),
            "/good": GOOD,
        }
        for number, to in enumerate(where):
            answers |= {f"/r{number}": moved(to), f"/i{number}": moved(to)}
        with serving(answers) as server:
            found = crawled(plan_of(server.url), resolve)
    assert (trap.met, trap.received) == (0, 0)
    assert {"/good", f"/r{len(where) - 1}", f"/i{len(where) - 1}"} <= set(server.asked)
    assert {"CRAWL-FORBIDDEN", "CRAWL-OUTSIDE"} == set(found.codes)


def test_an_answer_that_changes_between_two_looks_leads_nowhere() -> None:
    """A name is resolved once a request, and only what was checked is connected to."""
    looks: list[str] = []

    def rebinding(host: str, port: int) -> tuple[str, ...]:
        looks.append(f"{host}:{port}")
        return (HOST,) if len(looks) % 2 else ("10.0.0.1",)

    with serving(
        {"/": reply("<a href=/a>a</a><a href=/b>b</a>"), "/a": GOOD, "/b": GOOD}
    ) as server:
        seed = f"http://rebind.example:{server.port}/"
        found = crawled(plan_of(seed), rebinding)
    assert len(looks) == len(found.exchanges)
    assert {one.answer.ip for one in found.exchanges} == {HOST, ""}
    for one in found.exchanges:
        assert bool(one.answer.ip) is (one.answer.failure is None)
    assert f"Host: rebind.example:{server.port}\r\n".encode() in server.requests[0]


def test_of_several_addresses_only_those_that_may_be_asked_are() -> None:
    def mixed(_: str, __: int) -> tuple[str, ...]:
        return ("10.0.0.1", "169.254.169.254", HOST)

    with serving({"/": GOOD}) as server:
        found = crawled(plan_of(f"http://mixed.example:{server.port}/"), mixed)
    assert found.of("/").answer.ip == HOST


def test_a_name_that_nobody_knows_or_tells_in_time_is_a_failure() -> None:
    def lost(host: str, _: int) -> tuple[str, ...]:
        if host == "slow.example":
            threading.Event().wait(2)
        if host == "odd.example":
            "\udc80".encode()
        if host == "gone.example":
            raise socket.gaierror(-2, "Name or service not known")
        return ()

    names = ("slow", "odd", "gone", "none")
    page = "".join(f"<img src=http://{name}.example/a.png>" for name in names)
    with serving({"/": reply(page)}) as server:
        bounds = replace(QUICK, connect_seconds=0.2)
        found = crawled(plan_of(server.url, bounds=bounds), lost)
    failed = {one.answer.why for one in found.exchanges if one.answer.failure is Failure.NAME}
    assert any("in time" in why for why in failed)
    assert any("not known" in why for why in failed)
    assert any("no address" in why for why in failed)
    assert len(failed) == len(names)


def test_a_host_that_never_answers_is_given_up() -> None:
    with socket.create_server((HOST, 0)) as closed:
        port = closed.getsockname()[1]
    images = "".join(f"<img src=http://dead.example:{port}/{n}.png>" for n in range(20))

    def here(_: str, __: int) -> tuple[str, ...]:
        return (HOST,)

    with serving({"/": reply(images)}) as server:
        found = crawled(plan_of(server.url, ports=(port,)), here)
    tried = [one for one in found.exchanges if one.answer.failure is Failure.CONNECT]
    assert 0 < len(tried) < 10
    assert len(found.exchanges) < 20
    assert len(
        found.codes["CRAWL-ROBOTS-AWAY" if "CRAWL-ROBOTS-AWAY" in found.codes else "CRAWL-FAILED"]
    )


def test_a_host_that_breaks_off_each_time_is_given_up() -> None:
    links = "".join(f"<a href=/{number}>n</a>" for number in range(20))
    with serving({"/": reply(links)} | {f"/{number}": b"" for number in range(20)}) as server:
        found = crawled(plan_of(server.url))
    assert len([path for path in server.asked if path[1:].isdigit()]) == 5
    said = found.codes["CRAWL-FAILED"]
    assert len(said) == 20
    assert len([each for each in said if "failed 5 times in a row" in each]) == 18
    assert found.crawl.left == 0
