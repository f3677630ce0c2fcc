"""Every finding of a crawl has a site that yields it, and no other."""

from dataclasses import dataclass, field, replace

import pytest

from pipeline.sources.crawl.codes import CrawlCode
from tests.sources.crawl.servers import QUICK, Answers, crawled, moved, plan_of, reply, serving

LINK = reply("<a href=/a>a</a>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """What a server answers, what of the bounds is other than usual, where the finding is."""

    answers: Answers
    bounds: dict[str, int] = field(default_factory=dict)
    place: str | None = "/a"
    also: frozenset[CrawlCode] = frozenset()


BROKEN = {
    CrawlCode.BUSY: Broken(answers={"/": LINK, "/a": reply(status="503 Busy")}),
    CrawlCode.FAILED: Broken(answers={"/": LINK, "/a": b""}),
    CrawlCode.FORBIDDEN: Broken(answers={"/": reply("<img src=file:///a>")}, place="/"),
    CrawlCode.LENGTH: Broken(
        answers={"/": LINK, "/a": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore"}
    ),
    CrawlCode.LIMIT: Broken(answers={"/": LINK, "/a": LINK}, bounds={"depth": 0}),
    CrawlCode.LIST: Broken(
        answers={
            "/": reply("<link rel=alternate type=application/rss+xml href=/a>"),
            "/a": reply("x"),
        }
    ),
    CrawlCode.OUTSIDE: Broken(answers={"/": LINK, "/a": moved("http://other.example/")}),
    CrawlCode.REDIRECT: Broken(answers={"/": LINK, "/a": moved("/a")}),
    CrawlCode.ROBOTS: Broken(
        answers={"/": LINK, "/robots.txt": reply("User-agent: *\nDisallow: /a\n")}
    ),
    CrawlCode.ROBOTS_AWAY: Broken(
        answers={"/robots.txt": reply(status="500 No")},
        place="/sitemap.xml",
        also=frozenset({CrawlCode.SEED}),
    ),
    CrawlCode.SEED: Broken(answers={"/": moved("http://other.example/")}, place="/"),
    CrawlCode.STATUS: Broken(answers={"/": LINK, "/a": reply(status="410 Gone")}),
    CrawlCode.TRAP: Broken(answers={"/": reply("<a href=/a/a/a/a>a</a>")}, place="/a/a/a/a"),
    CrawlCode.TRUNCATED: Broken(
        answers={"/": LINK, "/a": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"}
    ),
    CrawlCode.URL: Broken(answers={"/": reply("<a href=http://0x7f.1/>a</a>")}, place="/"),
}


@pytest.mark.parametrize("code", CrawlCode)
def test_a_broken_site_yields_its_code_and_no_other(code: CrawlCode) -> None:
    broken = BROKEN[code]
    with serving(broken.answers) as server:
        bounds = replace(QUICK, **broken.bounds)
        found = crawled(plan_of(server.url, bounds=bounds)).crawl.findings
    assert {finding.code for finding in found} == {code.code, *(each.code for each in broken.also)}
    place = next(finding.place.path for finding in found if finding.code == code.code)
    assert (place or "").endswith(broken.place or "")
    assert {finding.severity for finding in found if finding.code == code.code} == {code.severity}


def test_no_more_than_a_thousand_of_a_code_are_listed() -> None:
    links = "".join(f"<a href=http://0x7f.{number}/>a</a>" for number in range(1_200))
    with serving({"/": reply(links)}) as server:
        found = crawled(plan_of(server.url)).crawl.findings
    assert len(found) == 1_001
    assert found[-1].message == "and 200 more"
