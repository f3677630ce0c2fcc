"""What the frame and the start page tell, where there is much of it or it is odd."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from pipeline.jobs.replay import Wanted, open_replay
from pipeline.jobs.replay_serving import serving
from pipeline.jobs.verify import verify
from pipeline.jobs.verify_record import record_reports
from pipeline.replay import framing
from pipeline.replay.answer import Request
from pipeline.warc.signing.trust import Trust
from tests.replay.served import served
from tests.replay.warcs import Crawl

HTML = "Content-Type: text/html"
URL = "https://a.example/"
FIRST = datetime(2020, 1, 1, tzinfo=UTC)


def days(count: int) -> Crawl:
    crawl = Crawl()
    for number in range(count):
        date = (FIRST + timedelta(days=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
        crawl.response(URL, f"<p>{number}".encode(), HTML, date=date)
    return crawl


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [("20200101", "20200102", "20200229"), ("20200320", "20200210", "20200409")],
)
def test_the_captures_around_one_are_named(day: str, first: str, last: str, tmp_path: Path) -> None:
    with served(days(100).write(tmp_path / "a.warc.gz")) as server:
        text = server.ask(f"/{day}000000/{URL}").body.decode()
        assert "100 captures" in text
        assert text.count(f'000000/{URL}"') == framing.OTHERS_MOST - 1  # this one is no link
        for each in (first, last):
            assert f'href="/{each}000000/{URL}"' in text


def test_no_more_pages_are_listed_than_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(framing, "LISTED_MOST", 3)
    crawl = Crawl()
    for number in range(5):
        crawl.response(f"{URL}{number}", b"<p>A page", HTML)
    with served(crawl.write(tmp_path / "a.warc.gz")) as server:
        text = server.ask("/").body.decode()
        assert f"{URL}2" in text
        assert f"{URL}3" not in text


@pytest.mark.parametrize(
    ("url", "src"),
    [
        ("https://a.example/x?y", "http://20240101000000.a.example.localhost:PORT/x?y"),
        ("https://a.example?y", "http://20240101000000.a.example.localhost:PORT/?y"),
        ("https://a.example", "http://20240101000000.a.example.localhost:PORT/"),
        ("https://[::1]/x", "/20240101000000mp_/https://[::1]/x"),
        ("urn:a:b", "/20240101000000id_/urn:a:b"),
    ],
)
def test_each_capture_is_shown_where_it_can_be(url: str, src: str, tmp_path: Path) -> None:
    with served(Crawl().response(url, b"<p>", HTML).write(tmp_path / "a.warc.gz")) as server:
        text = server.ask(f"/20240101000000/{url}").body.decode()
        assert f'src="{src.replace("PORT", str(server.port))}"' in text


def test_what_is_outside_is_told_and_not_fetched(tmp_path: Path) -> None:
    with served(days(1).write(tmp_path / "a.warc.gz")) as server:
        answer = server.ask("/outside/https://c.example/<b>")
        assert answer.status == 404
        assert "https://c.example/&lt;b&gt;" in answer.body.decode()


def test_the_start_page_tells_when_the_archive_was_verified(
    quay_copy: Path, tmp_path: Path
) -> None:
    def told(now: datetime) -> tuple[str, str]:
        wanted = Wanted(trust=Trust(), cache=tmp_path / "cache")
        with open_replay(quay_copy, wanted) as opened, serving(opened, 0, now=now) as it:
            assert it.server.answering is not None
            host = {"host": f"localhost:{it.server.port}"}
            body = it.server.answering(Request(method="GET", target="/", headers=host)).body
        row = BeautifulSoup(body, "html.parser").find("dt", string="Fixity")
        assert row is not None
        state = row.find_next("span")
        assert isinstance(state, Tag)
        return str(state["class"][-1]), state.get_text()

    now = datetime(2026, 6, 1, tzinfo=UTC)
    assert told(now) == ("none", "no verification was recorded")
    record_reports((quay_copy,), None, None, (verify(quay_copy),), now)
    assert told(now) == ("good", "last verified as a whole on 2026-06-01: passed")
    assert told(now.replace(year=2027))[0] == "none"
