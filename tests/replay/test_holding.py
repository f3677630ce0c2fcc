"""Captures are found by URL and time, and read only as what they are proved to be."""

import gzip
import hashlib
from pathlib import Path

import pytest

from pipeline.errors import NotVerifiableError
from pipeline.replay.errors import NotCapturedError, UntrueError
from pipeline.replay.holding import moment
from pipeline.replay.moments import parse_moment
from pipeline.replay.volume import Standing
from tests.replay.warcs import Crawl, held, http
from tests.warc.building import raw, sha1

PAGE = "https://a.example/page"
HTML = "Content-Type: text/html; charset=utf-8"


@pytest.fixture
def years(tmp_path: Path) -> Path:
    crawl = Crawl()
    for year in (2021, 2019, 2023):
        crawl.response(PAGE, f"<p>{year}".encode(), HTML, date=f"{year}-06-01T12:00:00Z")
    return crawl.write(tmp_path / "years.warc.gz")


def test_the_capture_nearest_to_a_moment_is_found(years: Path) -> None:
    asked = {"2019-01-01": 2019, "2020-05-30": 2019, "2020-06-03": 2021, "20990101": 2023}
    with held(years) as holding:
        for when, year in asked.items():
            found = holding.nearest(PAGE, parse_moment(when))
            assert holding.read(found).body == f"<p>{year}".encode()
        assert holding.nearest(PAGE, None).timestamp == "20230601120000"
        assert [moment(each).year for each in holding.captures(PAGE)] == [2019, 2021, 2023]


def test_a_url_is_found_however_it_is_written(years: Path) -> None:
    with held(years) as holding:
        for url in ("http://www.a.example:80/page", "https://A.example/page#part", f"{PAGE}/"):
            assert holding.nearest(url, None).url == PAGE
        for url in ("https://a.example/", "https://b.example/page", f"{PAGE}s", "page"):
            with pytest.raises(NotCapturedError):
                holding.nearest(url, None)
            assert holding.captures(url) == ()


def test_the_url_itself_goes_before_one_that_is_only_alike(tmp_path: Path) -> None:
    crawl = Crawl().response(PAGE, b"file", HTML, date="2020-01-01T00:00:00Z")
    crawl.response(f"{PAGE}/", b"folder", HTML, date="2024-01-01T00:00:00Z")
    with held(crawl.write(tmp_path / "a.warc.gz")) as holding:
        assert holding.read(holding.nearest(PAGE, None)).body == b"file"
        assert holding.read(holding.nearest(f"{PAGE}/", parse_moment("2020"))).body == b"folder"


@pytest.mark.parametrize("refers", [True, False])
@pytest.mark.parametrize(
    "digest", [lambda body: f"sha256:{hashlib.sha256(body).hexdigest()}", sha1]
)
def test_a_revisit_is_read_from_its_original(tmp_path: Path, digest, refers: bool) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001, FBT001
    body = b"<p>same"
    crawl = Crawl().response(PAGE, body, HTML, date="2020-01-01T00:00:00Z", digest=digest(body))
    crawl.response(PAGE, b"<p>other", HTML, date="2021-01-01T00:00:00Z")
    more = (
        ("WARC-Refers-To-Target-URI", PAGE),
        ("WARC-Refers-To-Date", "2020-01-01T00:00:00Z"),
    )
    head = http(b"", HTML, "X-Seen: again")
    crawl.revisit(PAGE, "2022-01-01T00:00:00Z", digest(body), *more * refers, block=head)
    with held(crawl.write(tmp_path / "a.warc.gz")) as holding:
        found = holding.read(holding.nearest(PAGE, None))
    assert (found.body, found.status, found.said("x-seen")) == (body, 200, "again")
    assert found.date.year == 2022
    assert found.original is not None
    assert moment(found.original).year == 2020


def test_a_revisit_without_its_original_is_not_made_up(tmp_path: Path) -> None:
    nowhere = f"sha256:{'0' * 64}"
    crawl = Crawl().response(PAGE, b"<p>other", HTML, date="2020-01-01T00:00:00Z")
    crawl.revisit(PAGE, "2022-01-01T00:00:00Z", nowhere)
    odd = (("WARC-Refers-To-Target-URI", PAGE), ("WARC-Refers-To-Date", "2019"))
    crawl.revisit(f"{PAGE}2", "2022-01-01T00:00:00Z", nowhere, *odd)
    with held(crawl.write(tmp_path / "a.warc.gz")) as holding:
        for url in (PAGE, f"{PAGE}2"):
            with pytest.raises(UntrueError, match="refers to is not in this archive"):
                holding.read(holding.nearest(url, None))


def test_a_payload_of_another_digest_is_told_and_not_given(tmp_path: Path) -> None:
    crawl = Crawl().response(PAGE, b"<p>forged", HTML, digest=f"sha256:{'0' * 64}")
    crawl.response("https://a.example/", b"<p>true", HTML)
    with held(crawl.write(tmp_path / "a.warc.gz")) as holding:
        with pytest.raises(UntrueError, match="warc-payload-digest"):
            holding.read(holding.nearest(PAGE, None))
        assert holding.read(holding.nearest("https://a.example/", None)).body == b"<p>true"
        assert (holding.survey.damaged, holding.survey.captures) == (1, 2)


def test_codings_come_off_as_they_should(tmp_path: Path) -> None:
    packed = gzip.compress(b"<p>packed", mtime=0)
    chunked = b"5\r\n<p>in\r\n7\r\n pieces\r\n0\r\n\r\n"
    crawl = Crawl().response(f"{PAGE}1", packed, HTML, "Content-Encoding: gzip")
    crawl.response(
        f"{PAGE}2", chunked, HTML, "Transfer-Encoding: chunked", digest=sha1(b"<p>in pieces")
    )
    crawl.response(f"{PAGE}3", b"x", HTML, "Content-Encoding: br")
    crawl.response(f"{PAGE}4", packed[:-9], HTML, "Content-Encoding: gzip")
    with held(crawl.write(tmp_path / "a.warc.gz")) as holding:
        one, two, three, four = (
            holding.read(holding.nearest(f"{PAGE}{n}", None)) for n in (1, 2, 3, 4)
        )
    assert (one.body, one.decoded()) == (packed, b"<p>packed")
    assert (two.body, two.decoded()) == (b"<p>in pieces",) * 2
    assert three.decoded() is four.decoded() is None


def test_what_was_cut_gives_what_is_whole(years: Path) -> None:
    data = years.read_bytes()
    years.write_bytes(data[:-20])
    with held(years) as holding:
        assert [moment(each).year for each in holding.captures(PAGE)] == [2019, 2021]
        (damage,) = holding.survey.damages
    at = data.rindex(bytes.fromhex("1f8b08"))
    assert damage == f"years.warc.gz:byte {at}: the file ends within a gzip member"


def test_an_index_is_made_once_and_again_when_the_file_changes(years: Path) -> None:
    cache = years.parent / "cache"
    with held(years):
        made = {path: path.stat().st_ino for path in cache.iterdir()}
    with held(years) as holding:
        assert {path: path.stat().st_ino for path in cache.iterdir()} == made
        assert holding.survey.days == (("20190601", 1), ("20210601", 1), ("20230601", 1))
        assert holding.survey.hosts == (("a.example", 3),)
    next(iter(cache.glob("*.json"))).write_text("[]")
    with held(years) as holding:
        assert holding.survey.captures == 3
    Crawl().response(PAGE, b"new", HTML).write(years)
    with held(years) as holding:
        assert [holding.read(each).body for each in holding.captures(PAGE)] == [b"new"]


def test_an_index_that_lies_is_found_out(years: Path) -> None:
    with held(years):
        lines = next(iter((years.parent / "cache").glob("*.cdxj")))
    text = lines.read_bytes().splitlines(keepends=True)
    lines.write_bytes(b"".join(line.replace(b"20190601", b"20180601") for line in text))
    with held(years) as holding, pytest.raises(UntrueError, match="leads to another record"):
        holding.read(holding.captures(PAGE)[0])


def test_an_archive_folder_is_held_to_its_manifest(quay_copy: Path) -> None:
    about = "https://quay.example/about.html"
    with held(quay_copy) as holding:
        found = holding.nearest(about, None)
        assert holding.standing(found) is Standing.SEALED
        assert b"Two wheels" in holding.read(found).body
    warc = next(quay_copy.glob("archive/*"))
    extra = b"WARC-Type: resource\r\n"
    forged = raw(
        [
            ("WARC-Type", "resource"),
            ("WARC-Record-ID", "<urn:uuid:00000000-0000-4000-8000-000000000000>"),
            ("WARC-Target-URI", about),
            ("WARC-Date", "2030-01-01T00:00:00Z"),
            ("Content-Type", "text/html"),
        ],
        b"Nine wheels" + extra,
    )
    with warc.open("ab") as file:
        file.write(gzip.compress(forged))
    with held(quay_copy) as holding, pytest.raises(UntrueError, match="changed after"):
        holding.read(holding.nearest(about, None))
    with held(quay_copy, damaged_too=True) as holding:
        found = holding.nearest(about, None)
        assert holding.standing(found) is Standing.CHANGED
        assert holding.read(found).body.startswith(b"Nine wheels")


@pytest.mark.parametrize(
    "data",
    [b"", b"<html>", b"PK\x03\x04", gzip.compress(b"WARC/1.1\r\n", mtime=0), b"WARC/1.1\r\n\r\n"],
)
def test_what_holds_no_capture_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data)
    with pytest.raises(NotVerifiableError), held(path):
        pass


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(NotVerifiableError), held(path):
            pass


@pytest.mark.parametrize("is_before", [True, False])
def test_what_answers_a_post_is_no_page(tmp_path: Path, is_before: bool) -> None:  # noqa: FBT001
    asked = b"POST /page HTTP/1.1\r\nContent-Length: 3\r\n\r\na=1"
    date = "2024-05-01T00:00:00Z"
    request = (
        ("WARC-Type", "request"),
        ("WARC-Target-URI", PAGE),
        ("WARC-Date", date),
        ("Content-Type", "application/http; msgtype=request"),
    )
    crawl = Crawl().response(PAGE, b"<p>got", HTML, date="2024-01-01T00:00:00Z")
    if is_before:
        crawl.record(asked, *request)
    crawl.response(PAGE, b"<p>posted", HTML, date=date)
    if not is_before:
        crawl.record(asked, *request)
    with held(crawl.write(tmp_path / "a.warc.gz")) as holding:
        assert holding.read(holding.nearest(PAGE, None)).body == b"<p>got"
        assert len(holding.captures(PAGE)) == 1
        assert holding.survey.answers == 1


def test_a_post_by_wget_is_shown_to_nobody(tmp_path: Path) -> None:
    name = "wget-post.warc.gz"
    recorded = Path(__file__).parents[1] / "warc/foreign/valid" / name
    (tmp_path / name).write_bytes(recorded.read_bytes())
    with (
        held(tmp_path / name) as holding,
        pytest.raises(NotCapturedError),
    ):
        holding.nearest("http://127.0.0.2:8765/wheel.html", None)
