"""A crawl behaves: robots.txt, pace, scope, seeds, requisites, traps, bounds."""

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from pipeline.sources.crawl.crawl import Crawl
from pipeline.sources.crawl.values import Role
from pipeline.sources.crawl.wire import Wire
from tests.sources.crawl.servers import (
    HOST,
    QUICK,
    START,
    Watch,
    crawled,
    moved,
    plan_of,
    reply,
    serving,
)

CSS = "text/css"


def test_a_request_says_who_asks_and_wants_the_file_itself() -> None:
    with serving({"/": reply("<a href='/a b?q#f'>a</a>"), "/a%20b?q": reply("x")}) as server:
        found = crawled(plan_of(server.url))
    request = found.of("/a%20b?q").answer.request
    assert request == server.requests[-1]
    assert request.decode().split("\r\n") == [
        "GET /a%20b?q HTTP/1.1",
        f"Host: {HOST}:{server.port}",
        "User-Agent: test-robot/1",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Connection: close",
        "",
        "",
    ]
    assert found.of("/a%20b?q").answer.ip == HOST
    assert (found.of("b?q").wanted.hops, found.of("b?q").wanted.via) == ("L", server.url)


def test_what_a_page_needs_is_asked_for_wherever_it_is_and_no_page_elsewhere() -> None:
    sheet = reply("@font-face{src:url(f.woff2)} @import 'more.css';", media_type=CSS)
    others = {"/s.css": sheet, "/more.css": reply("a{b:url(/i.png)}", media_type=CSS)}
    with serving(others | {"/frame": reply("<a href=/deep>d</a>")}) as other:
        at = f"http://{HOST}:{other.port}"
        page = (
            f"<link rel=stylesheet href={at}/s.css><a href={at}/page>p</a><iframe src={at}/frame>"
            "</iframe><img srcset='a.png 1x, b.png 2x'><a href=mailto:a@b>m</a>"
            "<script src=j.js></script><img src=data:image/png;base64,AA>"
        )
        with serving(
            {"/": reply(page), "/j.js": reply("x", media_type="text/javascript")}
        ) as server:
            found = crawled(plan_of(server.url, ports=(other.port,)))
    assert set(other.asked) == {
        *("/robots.txt", "/s.css", "/more.css", "/f.woff2", "/i.png", "/frame"),
    }
    assert {"/a.png", "/b.png", "/j.js", "/sitemap.xml", "/feed.xml"} <= set(server.asked)
    assert found.of("/i.png").wanted.hops == "EEE"
    assert found.of("/f.woff2").wanted.role is Role.REQUISITE
    assert set(found.codes) == {"CRAWL-STATUS"}


def test_the_scope_is_the_folder_of_the_seed() -> None:
    inside = reply(
        "<a href=/docs/b>b</a><a href=/other>o</a><a href=c>c</a><a href=/docs/no/x>x</a>"
    )
    with serving({"/docs/a": inside, "/docs/b": reply("b"), "/docs/c": reply("c")}) as server:
        crawled(plan_of(f"{server.url}docs/a", exclude=("*/no/*",)))
    pages = {path for path in server.asked if not path.endswith((".xml", ".txt"))}
    assert pages == {"/docs/a", "/docs/b", "/docs/c"}
    assert "/docs/sitemap.xml" in server.asked


def test_sitemaps_and_feeds_name_pages_that_nothing_links_to() -> None:
    import gzip  # noqa: PLC0415 - here alone

    with serving(answers := {}) as server:  # type: ignore[var-annotated]
        url = server.url
        index = f"<sitemapindex><sitemap><loc>{url}m.xml.gz</loc></sitemap></sitemapindex>"
        urls = (
            f"<urlset><url><loc>{url}lonely</loc></url><url><loc>http://x.org/</loc></url></urlset>"
        )
        entry = f"<entry><link href='{url}news'/></entry>"
        feed = f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>"
        answers |= {
            "/": reply("<link rel=alternate type=application/rss+xml href=/rss>"),
            "/robots.txt": reply(f"User-agent: *\nSitemap: {url}index.xml\n"),
            "/index.xml": reply(index),
            "/m.xml.gz": reply(gzip.compress(urls.encode())),
            "/feed.xml": reply(feed),
            "/rss": reply(f"<rss><channel><item><link>{url}said</link></item></channel></rss>"),
            "/lonely": reply("l"),
            "/news": reply("n"),
            "/said": reply("s"),
        }
        found = crawled(plan_of(url))
    assert {"/lonely", "/news", "/said"} <= set(server.asked)
    assert found.of("/lonely").wanted.hops == "PPMM"
    assert not found.codes


def test_robots_txt_is_obeyed_and_read_once_an_origin() -> None:
    robots = "User-agent: test-robot\nDisallow: /no\nCrawl-delay: 7\n\nUser-agent: *\nDisallow: /\n"
    page = reply("<a href=/no/a>a</a><img src=/no.png><a href=/yes>y</a>")
    with serving({"/robots.txt": reply(robots), "/": page, "/yes": reply("y")}) as server:
        found = crawled(plan_of(server.url))
    assert server.asked.count("/robots.txt") == 1
    assert not [path for path in server.asked if path.startswith("/no")]
    assert len(found.codes["CRAWL-ROBOTS"]) == 2
    assert set(found.watch.slept) == {7.0}


def test_robots_txt_that_cannot_be_had_keeps_us_out() -> None:
    with serving({"/robots.txt": reply(status="500 Oops"), "/": reply("x")}) as server:
        found = crawled(plan_of(server.url))
    assert set(server.asked) == {"/robots.txt"}
    assert set(found.codes) == {"CRAWL-ROBOTS-AWAY", "CRAWL-SEED"}


@pytest.mark.parametrize("times", [3, 9])
def test_redirects_of_robots_txt_are_followed_five_times(times: int) -> None:
    answers = {f"/r{n}": moved(f"/r{n + 1}") for n in range(1, times)}
    answers |= {"/robots.txt": moved("/r1"), f"/r{times}": reply("User-agent: *\nDisallow: /a\n")}
    with serving(answers | {"/": reply("<a href=/a>a</a>"), "/a": reply("a")}) as server:
        crawled(plan_of(server.url))
    assert ("/a" in server.asked) is (times == 9)
    assert len([path for path in server.asked if path.startswith("/r")]) == min(times, 5) + 1


def test_a_host_is_left_alone_between_two_requests() -> None:
    with serving({"/": reply("<a href=a>a</a>"), "/a": reply("a")}) as server:
        found = crawled(plan_of(server.url, delay=2.5))
    assert found.watch.slept == [2.5] * (len(server.asked) - 1)


@pytest.mark.parametrize(
    ("said", "waited"),
    [
        ("30", [30.0, 30.0, 30.0]),
        (format_datetime(START + timedelta(seconds=60)), [60.0, 5.0, 5.0]),
        ("Mon, 99 Nonsense", [5.0, 10.0, 20.0]),
        ("", [5.0, 10.0, 20.0]),
    ],
)
@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_a_busy_server_is_asked_again_when_it_says(
    said: str, waited: list[float], status: str
) -> None:
    fields = (f"Retry-After: {said}",) if said else ()
    busy = reply(status=status, fields=fields)
    with serving({"/": reply("<a href=/a>a</a>"), "/a": busy}) as server:
        found = crawled(plan_of(server.url, delay=1.0))
    assert server.asked.count("/a") == 4
    long = [slept for slept in found.watch.slept if slept > 1]
    if not said.endswith(("GMT", "-0000", "+0000")):
        assert long == waited
    assert set(found.codes) == {"CRAWL-BUSY"}


def test_a_server_that_wants_too_long_is_not_asked_again() -> None:
    busy = reply(status="503 No", fields=("Retry-After: 99999",))
    with serving({"/": reply("<a href=/a>a</a><a href=/b>b</a>"), "/a": busy}) as server:
        found = crawled(plan_of(server.url))
    assert server.asked.count("/a") == 1
    assert max(found.watch.slept) == QUICK.wait_seconds


def test_redirects_are_kept_each_and_followed() -> None:
    answers = {
        "/": reply("<a href=/1>1</a><a href=/loop>l</a><a href=/r0>r</a><a href=/out>o</a>"),
        "/1": moved("/2", "301 Moved"),
        "/2": moved("3", "308 Moved"),
        "/3": reply("three"),
        "/loop": moved("/pool"),
        "/pool": moved("/loop"),
        "/out": moved("http://other.example/"),
    } | {f"/r{number}": moved(f"/r{number + 1}") for number in range(20)}
    with serving(answers) as server:
        found = crawled(plan_of(server.url))
    assert found.of("/3").wanted.hops == "LRR"
    assert server.asked.count("/loop") == server.asked.count("/pool") == 1
    assert "/r8" in server.asked
    assert "/r9" not in server.asked
    assert set(found.codes) == {"CRAWL-REDIRECT", "CRAWL-OUTSIDE"}


def test_a_seed_may_move_to_www_and_nowhere_else() -> None:
    with serving(answers := {"/": reply("<a href=/a>a</a>"), "/a": reply("a")}) as server:

        def resolve(_: str, __: int) -> tuple[str, ...]:
            return (HOST,)

        with serving({"/": moved(f"http://www.site.example:{server.port}/")}) as first:
            seed = f"http://site.example:{first.port}/"
            found = crawled(plan_of(seed, ports=(server.port,)), resolve)
        assert answers
        assert not found.codes
        with serving({"/": moved(server.url)}) as first:
            away = crawled(plan_of(f"http://site.example:{first.port}/"), resolve)
    assert found.of("/a").wanted.hops == "RL"
    assert set(away.codes) == {"CRAWL-SEED"}


def test_traps_are_bounded() -> None:
    def page(path: str) -> bytes:
        day = int(path.rpartition("/")[2] or 0)
        return reply(
            f"<a href=/cal/{day + 1}>n</a><a href=/f?{day}>f</a><a href={path}/x/x/x/x>x</a>"
        )

    answers = {f"/cal/{day}": page(f"/cal/{day}") for day in range(100)}
    answers |= {f"/f?{day}": reply("f") for day in range(100)}
    with serving(
        answers | {"/": reply(f"<a href=/cal/0>c</a><a href=/{'a/' * 40}>d</a>")}
    ) as server:
        found = crawled(plan_of(server.url, bounds=replace(QUICK, alike=10)))
    assert len([path for path in server.asked if path.startswith("/cal")]) == 10
    assert len([path for path in server.asked if path.startswith("/f?")]) == 10
    assert set(found.codes) == {"CRAWL-TRAP"}
    assert any("40 parts" in said for said in found.codes["CRAWL-TRAP"])


@pytest.mark.parametrize(
    "bound",
    [{"pages": 5}, {"bytes": 400}, {"depth": 2}, {"seconds": 9.0}, {"found": 6}],
)
def test_a_crawl_ends_at_its_bounds_and_says_so(bound: dict[str, float]) -> None:
    answers = {f"/{n}": reply(f"<a href=/{n + 1}>n</a><a href=/x{n}>x</a>") for n in range(40)}
    with serving(answers | {"/": reply("<a href=/0>0</a>")}) as server:
        bounds = replace(QUICK, **bound)  # type: ignore[arg-type]
        found = crawled(plan_of(server.url, delay=1.0, bounds=bounds))
    assert "CRAWL-LIMIT" in found.codes
    assert len(server.asked) < 12


def test_a_crawl_that_is_shown_what_came_asks_for_the_rest_alone() -> None:
    answers = {f"/{n}": reply(f"<a href=/{n + 1}>n</a><img src=/i{n}>") for n in range(9)}
    answers |= {
        "/": reply("<a href=/0>0</a>"),
        "/robots.txt": moved("/robots"),
        "/i3": moved("/i4"),
    }
    answers["/i5"] = reply(status="503 Busy", fields=("Retry-After: 1",))
    with serving(answers) as server:
        plan = plan_of(server.url)
        whole = crawled(plan)
        for cut in range(0, len(whole.exchanges), 3):
            server.asked.clear()
            watch = Watch()
            crawl = Crawl(plan, Wire(plan), watch.clock)
            for exchange in whole.exchanges[:cut]:
                crawl.take(exchange)
            rest = tuple(crawl.exchanges())
            got = [one.wanted for one in (*whole.exchanges[:cut], *rest)]
            key = [(one.url, one.attempt) for one in got]
            assert sorted(key) == sorted((e.wanted.url, e.wanted.attempt) for e in whole.exchanges)
            assert len(server.asked) == len(rest)
            assert {f.code for f in crawl.findings} == set(whole.codes)
