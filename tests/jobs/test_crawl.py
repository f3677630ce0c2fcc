"""Crawls as a job: one sealed file that verifies, the pages of the site, and crashes on the way."""

import json
import shutil
import signal
import socket
import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipeline.audit.report import Verdict
from pipeline.errors import ArchiveError, BusyError, UnreachableError, UsageError
from pipeline.jobs.crawl import crawl
from pipeline.jobs.crawl_journal import Journal
from pipeline.jobs.crawl_plan import Asked, plan_of
from pipeline.jobs.lock import locked
from pipeline.jobs.verify import verify
from pipeline.sample import SITE_URL, unpack_rendered
from pipeline.sources.crawl.plan import Bounds, Plan
from pipeline.warc.fields import every, first, parse_fields
from pipeline.warc.reader import walk
from pipeline.warc.record import Record, RecordType
from pipeline.warc.wacz.check import check_wacz
from tests.cli.command import argv, command, environment, facts
from tests.conftest import Need
from tests.sources.crawl.servers import Answers, Serve, Server, Watch, reply, serving
from tests.sources.crawl.test_hostile import CUT
from tests.sources.server import Certificate
from tests.warc.wacz.packages import members

QUICK = Bounds(connect_seconds=5, silent_seconds=0.3, answer_seconds=0.6)
TYPES = {".html": "text/html", ".css": "text/css", ".xml": "text/xml", ".txt": "text/plain"}


def plan(server: Server, bounds: Bounds = QUICK, path: str = "") -> Plan:
    asked = Asked(urls=(f"{server.url}{path}",), delay=0, loopback=True)
    return plan_of(asked, bounds)


def files(folder: Path) -> dict[str, bytes]:
    """Give the files of a rendered site by the paths that a static host serves them under."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            path = f"/{file.relative_to(folder).as_posix()}"
            found[quote(path.removesuffix("index.html"))] = file.read_bytes()
    return found


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("rendered") / "_site"
    unpack_rendered(folder)
    return files(folder)


@contextmanager
def hosted(site: dict[str, bytes]) -> Iterator[Server]:
    """Serve a site as its host does, under the address that its own pages and lists name."""
    answers: dict[str, bytes] = {}
    with serving(answers) as server:
        for path, data in site.items():
            here = data.replace(SITE_URL.encode(), server.url.rstrip("/").encode())
            media = TYPES.get(Path(path).suffix or ".html", "application/octet-stream")
            answers[path] = reply(here, media_type=media)
        yield server


def records(path: Path) -> list[Record]:
    return [one for one in walk(path) if isinstance(one, Record)]


def pages(path: Path, server: Server) -> dict[str, bytes]:
    """Read the bodies of a WARC with warcio, by path; the port is no part of a page."""
    found = {}
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response" and record.http_headers.get_statuscode() == "200":
                url = record.rec_headers.get_header("WARC-Target-URI")
                body = record.content_stream().read()
                here = server.url.rstrip("/")
                found[url.removeprefix(here)] = body.replace(here.encode(), SITE_URL.encode())
    return found


def test_a_crawl_of_the_sample_gives_its_pages(mill: dict[str, bytes], tmp_path: Path) -> None:
    with hosted(mill) as server:
        done = crawl(plan(server), tmp_path / "mill.warc.gz", clock=Watch().clock)
        found = pages(tmp_path / "mill.warc.gz", server)
    is_html = {path for path in mill if path.endswith(("/", ".html"))} - {"/404.html"}
    # What only old links lead to, elsewhere: nothing of today's site names it.
    old = {path for path in is_html if b'http-equiv="refresh"' in mill[path]}
    assert old < is_html
    assert is_html - old <= set(found)
    assert {path: found[path] for path in found} == {path: mill[path] for path in found}
    assert done.verdict is Verdict.PASS
    assert verify(tmp_path / "mill.warc.gz").exit_code == 0
    assert done.asked == sum(done.answers.values()) + sum(done.failures.values())
    assert (done.pages, done.resumed, done.left) == (len(is_html & set(found)), 0, 0)
    assert max(Counter(server.asked).values()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mill.warc.gz"]


def test_a_package_has_index_and_pages(mill: dict[str, bytes], tmp_path: Path) -> None:
    with hosted(mill) as server:
        done = crawl(plan(server), tmp_path / "mill.wacz", clock=Watch().clock)
    checked = check_wacz(tmp_path / "mill.wacz")
    assert checked.pages == done.pages
    assert checked.findings == ()
    pages = members(tmp_path / "mill.wacz")["pages/pages.jsonl"].splitlines()[1:]
    said = {each["url"]: each for each in map(json.loads, pages)}
    lease = said[f"{server.url}stories/the-lease-of-the-sea/"]
    assert lease["title"] == "The lease of the sea"
    assert len(lease["text"].split()) == 130
    assert not any("cookie" in each.get("text", "") for each in said.values())
    assert done.verdict is Verdict.PASS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mill.wacz"]


ODD: Answers = {
    "/": reply("<a href=/moved>m</a><a href=/cut>c</a><a href=/nonsense>n</a><a href=/hint>h</a>"),
    "/moved": reply(status="301 Moved", fields=("Location: /there",)),
    "/there": reply("there"),
    "/cut": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ncut",
    "/nonsense": b"nonsense",
    "/hint": b"HTTP/1.1 103 Early\r\n\r\n" + reply("hint"),
}


def test_records_say_what_went_by(tmp_path: Path) -> None:
    with serving(ODD) as server:
        done = crawl(plan(server), tmp_path / "odd.warc.gz", clock=Watch().clock)
    by: dict[str, list[Record]] = {}
    for record in records(tmp_path / "odd.warc.gz"):
        by.setdefault((record.target_uri or "").removeprefix(server.url), []).append(record)
    response, request, metadata = by["moved"]
    assert [response.type, request.type, metadata.type] == [
        *(RecordType.RESPONSE, RecordType.REQUEST, RecordType.METADATA),
    ]
    assert response.block == ODD["/moved"]
    assert request.block in server.requests
    for one in (response, request):
        assert first(one.headers, "WARC-IP-Address") == "127.0.0.1"
    for one in (request, metadata):
        assert every(one.headers, "WARC-Concurrent-To") == (f"<{response.record_id}>",)
    said = dict(parse_fields(metadata.block or b""))
    assert (said["via"], said["hopsFromSeed"], said["asked-as"]) == (server.url, "L", "page")
    assert dict(parse_fields(by["there"][2].block or b""))["hopsFromSeed"] == "LR"
    assert first(by["cut"][0].headers, "WARC-Truncated") == "disconnect"
    request, raw, metadata = by["nonsense"]
    assert (request.type, raw.block) == (RecordType.REQUEST, b"nonsense")
    assert dict(parse_fields(metadata.block or b""))["failure"] == "not HTTP"
    assert by["hint"][2].block == b"HTTP/1.1 103 Early\r\n\r\n"
    assert done.failures == {"not HTTP": 1}
    assert done.verdict is Verdict.PASS


def test_whatever_a_server_sends_is_a_file_that_verifies(tmp_path: Path) -> None:
    odd = {f"/odd{number}": each[0] for number, each in enumerate(CUT.values())}
    links = "".join(f"<a href={path}>o</a>" for path in odd)
    with serving({"/": reply(links), **odd}) as server:
        bounds = Bounds(silent_seconds=0.3, answer_seconds=0.3, file_bytes=200_000)
        done = crawl(plan(server, bounds), tmp_path / "odd.warc.gz", clock=Watch().clock)
    assert done.verdict is Verdict.PASS
    assert (done.answers["200"], done.failures) == (len(CUT), {})
    cut = {first(one.headers, "WARC-Truncated") for one in records(tmp_path / "odd.warc.gz")}
    assert cut == {None, "time", "length", "disconnect"}


def test_who_answered_under_tls_is_kept(
    need: Need, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Certificate.make(need("openssl"), tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, made.key)
    with serving({"/": reply("<a href=/a>a</a>"), "/a": reply("a")}, context=context) as server:
        asked = Asked(urls=(f"https://localhost:{server.port}/",), delay=0, loopback=True)
        with pytest.raises(UnreachableError, match="certificate"):
            crawl(plan_of(asked, QUICK), tmp_path / "no.warc.gz", clock=Watch().clock)
        monkeypatch.setenv("SSL_CERT_FILE", str(made.certificate))
        crawl(plan_of(asked, QUICK), tmp_path / "tls.warc.gz", clock=Watch().clock)
    found = records(tmp_path / "tls.warc.gz")
    (kept,) = [one for one in found if one.content_type == "application/pkix-cert"]
    assert kept.block == ssl.PEM_cert_to_DER_cert(made.certificate.read_text())
    said = [dict(parse_fields(r.block or b"")) for r in found if r.type is RecordType.METADATA]
    assert {each.get("tls-version") for each in said} - {None} == {"TLSv1.3"}
    assert f"sha256:{kept.block_sha256.hex}" in {each.get("tls-certificate") for each in said}
    assert not (tmp_path / "no.warc.gz.crawl").exists()


CHAIN: dict[str, bytes] = {
    f"/{number}": reply(f"<a href=/{number + 1}>next</a><img src=/i{number}>")
    for number in range(12)
} | {"/": reply("<a href=/0>0</a>")}


@pytest.mark.parametrize("after", [1, 4, 9, 20])
def test_killed_it_goes_on_and_asks_nothing_twice(after: int, tmp_path: Path) -> None:
    hold, reached = threading.Event(), threading.Event()
    answers: dict[str, bytes | Serve] = dict(CHAIN)

    def stall(_: socket.socket) -> None:
        reached.set()
        hold.wait(20)

    with serving(answers) as server:
        whole = crawl(plan(server), tmp_path / "whole.warc.gz", clock=Watch().clock)
        order = list(server.asked)
        server.asked.clear()
        last = order[after]
        answers[last] = stall
        words = ("crawl", server.url, "--to", tmp_path / "cut.warc.gz", "--delay", "0")
        killed = subprocess.Popen(argv(*words, "--allow-loopback"), env=environment())
        assert reached.wait(20)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        hold.set()
        answers[last] = CHAIN.get(last, reply("no", "404 Not Found"))
        done = crawl(plan(server), tmp_path / "cut.warc.gz", clock=Watch().clock)
    assert done.resumed == after
    assert Counter(server.asked) == Counter(order) + Counter([last])
    assert (done.answers, done.pages, done.records) == (whole.answers, whole.pages, whole.records)
    urls = [sorted(str(one.target_uri) for one in records(tmp_path / name)) for name in
            ("whole.warc.gz", "cut.warc.gz")]  # fmt: skip
    assert urls[0] == urls[1]
    assert done.verdict is Verdict.PASS


def interrupted(server: Server, path: Path, after: int) -> None:
    """Crawl until so many URLs were asked for, and stop as Ctrl-C does."""
    seen = 0

    def stop(stage: str, done: int, total: int) -> None:
        nonlocal seen
        seen += 1
        assert (stage, done) == ("crawling", seen)
        assert total >= done
        if seen == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        crawl(plan(server), path, clock=Watch().clock, progress=stop)


def test_what_a_crash_tore_off_is_asked_for_again(tmp_path: Path) -> None:
    with serving(CHAIN) as server:
        whole = crawl(plan(server), tmp_path / "whole.warc.gz", clock=Watch().clock)
        interrupted(server, tmp_path / "torn.warc.gz", 6)
        journal = tmp_path / "torn.warc.gz.crawl" / "journal"
        data = journal.read_bytes()
        for length in range(0, len(data), 173):
            target = tmp_path / f"{length}.warc.gz"
            folder = tmp_path / f"{length}.warc.gz.crawl"
            folder.mkdir()
            (folder / "journal").write_bytes(data[:length])
            done = crawl(plan(server), target, clock=Watch().clock)
            assert done.resumed <= 6
            assert (done.answers, done.asked) == (whole.answers, whole.asked)
            assert not folder.exists()


def test_a_crash_while_sealing_is_made_good(tmp_path: Path) -> None:
    with serving(CHAIN) as server:
        for name in ("a.warc.gz", "a.wacz"):
            interrupted(server, tmp_path / name, len(CHAIN) * 2 + 3)
            (tmp_path / f"{name}.open").write_bytes(b"half")
            work = tmp_path / f"{name}.crawl"
            (work / "a.warc.gz").write_bytes(b"half")
            done = crawl(plan(server), tmp_path / name, clock=Watch().clock)
            assert done.resumed == done.asked == len(CHAIN) * 2 + 3
            assert done.verdict is Verdict.PASS
            assert not (tmp_path / f"{name}.open").exists()


def test_the_same_exchanges_give_the_same_bytes(tmp_path: Path) -> None:
    with serving(CHAIN) as server:
        interrupted(server, tmp_path / "a.warc.gz", 27)
        (tmp_path / "b").mkdir()
        shutil.copytree(tmp_path / "a.warc.gz.crawl", tmp_path / "b" / "a.warc.gz.crawl")
        ended = Bounds(pages=27)
        one = crawl(plan(server, ended), tmp_path / "a.warc.gz", clock=Watch().clock)
        two = crawl(plan(server, ended), tmp_path / "b" / "a.warc.gz", clock=Watch().clock)
    assert [file.sha256 for file in one.files] == [file.sha256 for file in two.files]


def test_another_crawl_does_not_go_on_with_this_one(tmp_path: Path) -> None:
    with serving(CHAIN) as server:
        interrupted(server, tmp_path / "a.warc.gz", 3)
        with pytest.raises(UsageError, match="another crawl"):
            crawl(plan(server, path="3"), tmp_path / "a.warc.gz", clock=Watch().clock)
        with locked(tmp_path / "a.warc.gz.crawl"), pytest.raises(BusyError):
            crawl(plan(server), tmp_path / "a.warc.gz", clock=Watch().clock)
        assert crawl(plan(server), tmp_path / "a.warc.gz", clock=Watch().clock).resumed == 3
        with pytest.raises(ArchiveError):
            crawl(plan(server), tmp_path / "a.warc.gz", clock=Watch().clock)


def test_a_journal_that_is_not_one_begins_anew(tmp_path: Path) -> None:
    folder = tmp_path / "a.warc.gz.crawl"
    folder.mkdir()
    for data in (b"[]\n", b"{}\n", b"\xff\n", b'{"said": {}, "sizes": [], "sha256": ""}\n'):
        (folder / "journal").write_bytes(data)
        asked = Asked(urls=("http://a.example/",))
        with Journal(folder, plan_of(asked, QUICK), Watch().now()) as journal:
            assert list(journal.exchanges()) == []


def test_nothing_that_came_is_no_archive(tmp_path: Path) -> None:
    with serving({}, raw=lambda _: None) as server, pytest.raises(UnreachableError):
        crawl(plan(server), tmp_path / "a.warc.gz", clock=Watch().clock)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def chain() -> Iterator[Server]:
    with serving(CHAIN) as server:
        yield server


def typed(server: Server, *more: str | Path) -> tuple[str | Path, ...]:
    return ("crawl", server.url, "--delay", "0", "--allow-loopback", *more)


def test_a_person_sees_what_came_of_it(chain: Server, tmp_path: Path) -> None:
    ran = command(*typed(chain, "--to", tmp_path / "a.warc.gz", "--max-urls", "9"))
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[0].startswith("9 URLs asked for: 9 answers (")
    assert "known URLs were not asked for" in ran.out
    assert "verified: pass" in ran.out
    assert "warning CRAWL-LIMIT (1)" in ran.out
    told = facts(command(*typed(chain, "--to", tmp_path / "b.wacz", "--json")))
    assert (told["verified"], told["pages"]) == ("pass", 13)
    assert told["asked"] == sum(told["answers"].values())


def test_a_crawl_that_was_interrupted_says_how_much_is_kept(chain: Server, tmp_path: Path) -> None:
    interrupted(chain, tmp_path / "a.warc.gz", 5)
    ran = command(*typed(chain, "--to", tmp_path / "a.warc.gz"))
    assert "5 of them were asked for by an earlier start, and not again" in ran.lines


def test_a_seed_that_gives_no_page_is_an_error(chain: Server, tmp_path: Path) -> None:
    words = ("crawl", f"{chain.url}nothing", "--to", tmp_path / "a.warc.gz", "--allow-loopback")
    ran = command(*words, "--delay", "0")
    assert ran.code == 1
    assert "error CRAWL-SEED (1)" in ran.out


REFUSED = {
    "loopback": (16, ("http://127.0.0.1/",), "loopback"),
    "a name of this machine": (16, ("http://localhost/",), "this machine"),
    "another port": (2, ("http://127.0.0.1:99999/",), "not a URL"),
    "another scheme": (2, ("file:///etc/passwd",), "not of http"),
    "no URL": (2, ("example.org",), "not a URL to begin with"),
    "a name of no robot": (2, ("http://a.example/", "--user-agent", "\nx"), "--user-agent"),
    "a name of no file": (2, ("http://a.example/", "--to", "a.txt"), ".warc.gz"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_crawled_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    code, words, said = REFUSED[name]
    to = () if "--to" in words else ("--to", tmp_path / "a.warc.gz")
    command("crawl", *words, *to).assert_refused(code, said)
    assert list(tmp_path.iterdir()) == []
