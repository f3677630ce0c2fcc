"""None of many damaged files passes, and none of many valid files by other tools fails."""

import gzip
import io
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.audit.report import Level, Verdict
from pipeline.jobs.verify import verify
from pipeline.model import Severity
from pipeline.warc.check import check
from tests.warc.building import put
from tests.warc.damaged import damaged, every_type

VALID = sorted((Path(__file__).parent / "foreign" / "valid").iterdir())
PAGE = b"<!doctype html><title>Mill</title>"
DATE = "2024-05-06T07:08:09Z"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return damaged(tmp_path_factory.mktemp("corpus"))


def test_the_corpus_is_large_and_without_repetition(corpus: dict[str, bytes]) -> None:
    assert len(corpus) >= 150
    assert len(set(corpus.values())) == len(corpus)


def test_no_damaged_file_passes(corpus: dict[str, bytes], tmp_path: Path) -> None:
    passed = []
    for name, data in corpus.items():
        checked = check(put(tmp_path, data))
        if checked.sound:
            passed.append(name)
        assert all(0 <= damage.offset <= len(data) for damage in checked.damages), name
    assert passed == []


def test_verify_fails_what_the_check_finds(corpus: dict[str, bytes], tmp_path: Path) -> None:
    for name in list(corpus)[::10]:
        report = verify(put(tmp_path, corpus[name]))
        assert report.verdict is Verdict.FAIL, name
    assert verify(every_type(tmp_path)).verdict is Verdict.PASS


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_a_valid_file_by_another_tool_does_not_fail(path: Path) -> None:
    checked = check(path)
    assert [d for d in checked.damages if d.severity is Severity.ERROR] == []
    assert checked.records >= 4
    report = verify(path)
    assert report.levels[Level.RECORDS].verdict is Verdict.PASS
    assert report.verdict is Verdict.PASS


def by_warcio(version: str, *, packed: bool) -> bytes:
    """Let warcio write a record of each type that it knows."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed, warc_version=version)
    writer.write_record(writer.create_warcinfo_record("a.warc.gz", {"software": "warcio"}))
    said = [("Content-Type", "text/html")]
    dated = {"warc_headers_dict": {"WARC-Date": DATE}}
    uri = "https://mill.example/"
    status = StatusAndHeaders("200 OK", said, protocol="HTTP/1.1")
    page = writer.create_warc_record(
        uri, "response", payload=io.BytesIO(PAGE), http_headers=status, **dated
    )
    asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "mill.example")], is_http_request=True)
    request = writer.create_warc_record(uri, "request", http_headers=asked, **dated)
    writer.write_request_response_pair(request, page)
    digest = page.rec_headers.get_header("WARC-Payload-Digest")
    again = writer.create_revisit_record(
        f"{uri}copy", digest, uri, DATE, http_headers=status, warc_headers_dict={"WARC-Date": DATE}
    )
    writer.write_record(again)
    coded = StatusAndHeaders(
        "200 OK", [*said, ("Transfer-Encoding", "chunked")], protocol="HTTP/1.1"
    )
    body = b"4\r\nIt t\r\n5\r\nurns.\r\n0\r\n\r\n"
    for kind, payload, head in (
        ("response", body, coded),
        ("resource", b"It turns.", None),
        ("conversion", b"IT TURNS.", None),
        ("resource", gzip.compress(PAGE, mtime=0), None),
    ):
        record = writer.create_warc_record(
            f"{uri}{kind}",
            kind,
            payload=io.BytesIO(payload),
            http_headers=head,
            warc_content_type="" if head else "text/plain",
            **dated,
        )
        writer.write_record(record)
    return out.getvalue()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # warcio leaves its scratch files open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_what_warcio_writes_does_not_fail(
    version: str,
    packed: bool,  # noqa: FBT001 - a parameter of a test
    tmp_path: Path,
) -> None:
    checked = check(put(tmp_path, by_warcio(version, packed=packed)))
    assert [d for d in checked.damages if d.severity is Severity.ERROR] == []
    assert checked.records == 8


def test_a_uri_that_is_an_iri_is_told_where_others_wrote_it() -> None:
    (path,) = (path for path in VALID if path.name == "warcit-names.warc.gz")
    told = [d for d in check(path).damages if d.code == "warc-field-iri"]
    assert len(told) == 4
    assert {d.severity for d in told} == {Severity.WARNING}


def test_there_are_enough_valid_files() -> None:
    assert len(VALID) + 4 >= 21
