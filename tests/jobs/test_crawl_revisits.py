"""A payload that comes twice in a crawl is kept once, and whoever reads the file gets it twice."""

import gzip
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipeline.audit.report import Level, Verdict
from pipeline.jobs.captured_pages import pages_of_captures
from pipeline.jobs.crawl import Crawled, crawl
from pipeline.jobs.foreign import captured
from pipeline.jobs.verify import verify
from pipeline.model import Sha256
from pipeline.warc.dates import to_warc_date
from pipeline.warc.fields import first
from pipeline.warc.reader import walk
from pipeline.warc.record import Record, RecordType
from pipeline.warc.recordwriter import payload_digest
from pipeline.warc.wacz.check import check_wacz
from tests.archives import archive, rows, write_files
from tests.jobs.test_crawl import plan
from tests.replay.warcs import held
from tests.sources.crawl.servers import Answers, Watch, reply, serving

SAME = b"<title>The sluice</title><p>The gate is stuck."
ZIPPED = gzip.compress(SAME, mtime=0)
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    + f"{len(SAME):x}\r\n".encode() + SAME + b"\r\n0\r\n\r\n"
)  # fmt: skip
LINKED = (
    "a", "b", "chunked", "coded", "coded-too", "raw", "lost", "lost-too", "none", "none-too", "cut",
)  # fmt: skip
SITE: Answers = {
    "/robots.txt": reply("no robots", "404 Not Found"),
    "/sitemap.xml": reply("no map", "404 Not Found"),
    "/feed.xml": reply("no feed", "404 Not Found"),
    "/": reply("".join(f"<a href=/{name}>x</a>" for name in LINKED)),
    "/a": reply(SAME, fields=("X-Number: 1",)),
    "/b": reply(SAME, media_type="text/html; charset=utf-8", fields=("X-Number: 2",)),
    "/chunked": CHUNKED,
    "/coded": reply(ZIPPED, fields=("Content-Encoding: gzip",)),
    "/coded-too": reply(ZIPPED, fields=("content-encoding:  GZIP",)),
    "/raw": reply(ZIPPED, media_type="application/octet-stream"),
    "/lost": reply("lost", "404 Not Found"),
    "/lost-too": reply("lost", "410 Gone"),
    "/none": reply(),
    "/none-too": reply(),
    "/cut": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99\r\n\r\n" + SAME,
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path, Crawled]:
    path = tmp_path_factory.mktemp("crawl") / "quay.warc.gz"
    with serving(SITE) as server:
        done = crawl(plan(server), path, clock=Watch().clock)
    return server.url, path, done


def answers(url: str, path: Path) -> dict[str, Record]:
    kinds = {RecordType.RESPONSE, RecordType.REVISIT}
    found = [one for one in walk(path) if isinstance(one, Record) and one.type in kinds]
    return {(one.target_uri or "").removeprefix(url): one for one in found}


def test_it_is_a_revisit_that_names_its_original(crawled: tuple[str, Path, Crawled]) -> None:
    url, path, done = crawled
    found = answers(url, path)
    again = {name for name, one in found.items() if one.type is RecordType.REVISIT}
    assert again == {"b", "chunked", "coded-too", "lost-too"}
    one, original = found["b"], found["a"]
    assert one.block == SITE["/b"][: -len(SAME)]  # type: ignore[index]
    said = {
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To": f"<{original.record_id}>",
        "WARC-Refers-To-Target-URI": f"{url}a",
        "WARC-Refers-To-Date": to_warc_date(original.date),
        "WARC-Payload-Digest": str(Sha256.of(SAME)),
        "WARC-Truncated": "length",
        "WARC-IP-Address": "127.0.0.1",
    }
    assert {name: first(one.headers, name) for name in said} == said
    assert first(found["cut"].headers, "WARC-Truncated") == "disconnect"
    assert done.verdict is Verdict.PASS
    revisits = verify(path).levels[Level.REVISITS]
    assert (revisits.verdict, revisits.checked) == (Verdict.PASS, 4)


def test_request_and_metadata_belong_to_the_revisit(crawled: tuple[str, Path, Crawled]) -> None:
    url, path, _ = crawled
    revisit = answers(url, path)["b"].record_id
    beside = [
        one.type
        for one in walk(path)
        if isinstance(one, Record) and first(one.headers, "WARC-Concurrent-To") == f"<{revisit}>"
    ]
    assert beside == [RecordType.REQUEST, RecordType.METADATA]


def test_payloads_pages_and_replay_have_it_whole(crawled: tuple[str, Path, Crawled]) -> None:
    url, path, _ = crawled
    with captured(path, []) as found:
        bodies = {each.url.removeprefix(url): (each.status, each.body) for each in found}
    same = {"a", "b", "chunked", "coded", "coded-too", "cut"}
    assert {name for name, (status, body) in bodies.items() if body == SAME} == same
    assert (bodies["lost"], bodies["lost-too"]) == ((404, b"lost"), (410, b"lost"))
    assert bodies["raw"] == (200, ZIPPED)
    read = [each for each in pages_of_captures(path) if each.data == SAME]
    assert {each.url for each in read} == {f"{url}{name}" for name in same}
    assert {each.charset for each in read if each.url == f"{url}b"} == {"utf-8"}
    with held(path) as holding:
        for name in same - {"coded", "coded-too"}:
            assert holding.read(holding.nearest(f"{url}{name}", None)).body == SAME
        fields = dict(holding.read(holding.nearest(f"{url}b", None)).headers)
        assert fields["X-Number"] == "2"


def test_a_run_takes_it_as_a_page_of_its_own(
    crawled: tuple[str, Path, Crawled], tmp_path: Path
) -> None:
    url, path, _ = crawled
    site = write_files(tmp_path / "site", {"_config.yml": f"title: x\nurl: {url.rstrip('/')}\n"})
    archive(site, tmp_path / "quay", rendered=path)
    table = rows(tmp_path / "quay")
    urls = {row["id"]: row["url"] for row in table["urls"]}
    pages = {urls[row["url_id"]] for row in table["pages"] if row["title"] == "The sluice"}
    assert pages >= {"/a", "/b", "/chunked", "/coded", "/coded-too"}
    assert verify(tmp_path / "quay").exit_code == 0


def test_other_tools_agree(crawled: tuple[str, Path, Crawled]) -> None:
    url, path, _ = crawled
    ids, refers = {}, []
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests=True):
            record.content_stream().read()
            assert record.digest_checker.passed is not False
            if record.rec_type == "response":
                ids[record.rec_headers["WARC-Record-ID"]] = record.rec_headers["WARC-Target-URI"]
            elif record.rec_type == "revisit":
                refers.append(ids[record.rec_headers["WARC-Refers-To"]])
                assert record.http_headers.get_statuscode() in {"200", "410"}
    assert sorted(refers) == sorted(f"{url}{name}" for name in ("a", "a", "coded", "lost"))


def test_a_package_lists_the_page_of_a_revisit(tmp_path: Path) -> None:
    with serving(SITE) as server:
        done = crawl(plan(server), tmp_path / "quay.wacz", clock=Watch().clock)
    checked = check_wacz(tmp_path / "quay.wacz")
    assert (checked.findings, checked.pages) == ((), done.pages)
    assert done.verdict is Verdict.PASS
    with held(tmp_path / "quay.wacz") as holding:
        assert holding.read(holding.nearest(f"{server.url}b", None)).body == SAME


@pytest.mark.parametrize(
    "message",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n",
        CHUNKED[:-9],
        CHUNKED.replace(b"chunked", b"gzip, chunked"),
    ],
)
def test_what_nobody_can_digest_is_never_the_same(message: bytes) -> None:
    assert payload_digest(message) is None
    assert payload_digest(CHUNKED) == Sha256.of(SAME)
