"""Responses, requests, their revisits, and conversions: what the writer makes of them."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ArchiveError
from pipeline.model import Sha256
from pipeline.warc.check import check
from pipeline.warc.circumstances import PLAIN, Circumstances, Truncated
from pipeline.warc.errors import InvalidRecordError
from pipeline.warc.fields import every, first
from pipeline.warc.reader import walk
from pipeline.warc.record import Capture, Record, RecordType
from pipeline.warc.revisit import PROFILES
from pipeline.warc.writer import WarcWriter
from tests.warc.building import CHUNKED, HTTP, INFO, NOW, original

URI = "https://example.org/page"
ASKED = b"GET /page HTTP/1.1\r\nHost: example.org\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
ZIPPED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"body", mtime=0)
PLACE = Circumstances(ip="2001:db8::1", identified_type="text/plain")


def read(folder: Path) -> list[Record]:
    """Read all records but the warcinfo; none has any finding."""
    path = folder / "web.warc.gz"
    assert check(path).damages == ()
    return [one for one in walk(path) if isinstance(one, Record)][1:]


def one_response(folder: Path, message: bytes, about: Circumstances = PLAIN) -> Record:
    with WarcWriter(folder, "web", INFO, NOW) as warc:
        capture = warc.response(uri=URI, message=message, date=NOW, about=about)
        warc.seal()
    (record,) = read(folder)
    assert record.payload_sha256 == capture.payload_sha256 or capture.payload_sha256 is None
    return record


@pytest.mark.parametrize(
    ("message", "payload"),
    [
        (HTTP, b"body"),
        (CHUNKED, b"body"),  # clause 5.9: the entity-body, without the transfer coding
        (ZIPPED, gzip.compress(b"body", mtime=0)),  # a content coding is part of it
        (HEAD, b""),
        (HEAD.replace(b"\r", b""), b""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n4\r\nbody", b"4\r\nbody"),
    ],
)
def test_a_response_is_kept_as_it_came(tmp_path: Path, message: bytes, payload: bytes) -> None:
    record = one_response(tmp_path, message, PLACE)
    assert (record.type, record.block) == (RecordType.RESPONSE, message)
    assert record.content_type == "application/http;msgtype=response"
    assert first(record.headers, "WARC-Payload-Digest") == str(Sha256.of(payload))
    assert first(record.headers, "WARC-Block-Digest") == str(Sha256.of(message))
    assert first(record.headers, "WARC-IP-Address") == "2001:db8::1"
    assert first(record.headers, "WARC-Identified-Payload-Type") == "text/plain"
    assert first(record.headers, "WARC-Truncated") is None


@pytest.mark.parametrize(
    "message",
    [CHUNKED[:-9], CHUNKED.replace(b": chunked", b": gzip, chunked"), CHUNKED + b"more"],
)
def test_a_payload_that_nobody_can_tell_has_no_digest(tmp_path: Path, message: bytes) -> None:
    assert first(one_response(tmp_path, message).headers, "WARC-Payload-Digest") is None


@pytest.mark.parametrize("why", Truncated)
def test_a_truncated_payload_ends_where_its_block_does(tmp_path: Path, why: Truncated) -> None:
    record = one_response(tmp_path, CHUNKED[:-8], Circumstances(truncated=why))
    assert first(record.headers, "WARC-Truncated") == why.value
    assert first(record.headers, "Content-Length") == str(len(CHUNKED) - 8)
    assert first(record.headers, "WARC-Payload-Digest") == str(Sha256.of(b"bod"))


def test_a_header_that_does_not_end_is_a_truncated_message(tmp_path: Path) -> None:
    with pytest.raises(InvalidRecordError, match="truncated"):
        one_response(tmp_path, HEAD[:-2])
    assert one_response(tmp_path, HEAD[:-2], Circumstances(truncated=Truncated.TIME)).block


def exchange(folder: Path) -> tuple[Capture, Capture]:
    with WarcWriter(folder, "web", INFO, NOW) as warc:
        answer = warc.response(uri=URI, message=HTTP, date=NOW, about=PLACE)
        about = Circumstances(ip="2001:db8::1", concurrent_to=(answer.record_id,))
        asked = warc.request(uri=URI, message=ASKED, date=NOW, about=about)
        warc.metadata(uri=URI, fields=[("via", URI)], date=NOW, concurrent_to=answer.record_id)
        warc.seal()
    return answer, asked


def test_a_request_is_kept_beside_its_response(tmp_path: Path) -> None:
    answer, asked = exchange(tmp_path)
    response, request, metadata = read(tmp_path)
    assert [one.record_id for one in (response, request)] == [answer.record_id, asked.record_id]
    assert (request.type, request.block) == (RecordType.REQUEST, ASKED)
    assert request.content_type == "application/http;msgtype=request"
    assert request.payload_sha256 == Sha256.of(b"")
    for one in (request, metadata):
        assert every(one.headers, "WARC-Concurrent-To") == (f"<{answer.record_id}>",)
    assert len({one.date for one in (response, request, metadata)}) == 1  # clause 5.4


def test_a_revisit_keeps_the_header_and_says_what_it_left_out(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "web", INFO, NOW) as warc:
        first_time = warc.response(uri=URI, message=CHUNKED, date=NOW)
        warc.revisit(uri=f"{URI}2", original=original(first_time), date=NOW, head=HEAD, about=PLACE)
        warc.revisit(uri=f"{URI}3", original=original(first_time), date=NOW)
        warc.not_modified(
            uri=URI,
            original=original(first_time),
            date=NOW,
            head=b"HTTP/1.1 304 Not Modified\r\n\r\n",
        )
        warc.seal()
    _, again, bare, same = read(tmp_path)
    assert (again.type, again.block) == (RecordType.REVISIT, HEAD)
    assert again.content_type == "application/http;msgtype=response"
    said = {name: first(again.headers, name) for name in ("WARC-Truncated", "WARC-Profile")}
    assert said == {"WARC-Truncated": "length", "WARC-Profile": PROFILES[0]}
    assert first(again.headers, "WARC-Payload-Digest") == str(Sha256.of(b"body"))
    assert first(again.headers, "WARC-IP-Address") == "2001:db8::1"
    assert (bare.block, bare.content_type) == (b"", None)
    assert first(bare.headers, "WARC-Truncated") is None
    assert first(same.headers, "WARC-Profile") == PROFILES[2]
    assert same.block.startswith(b"HTTP/1.1 304")
    for one in (again, bare, same):
        assert first(one.headers, "WARC-Refers-To") == f"<{first_time.record_id}>"
        assert first(one.headers, "WARC-Refers-To-Target-URI") == URI


def test_a_conversion_names_what_it_was_made_of(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "web", INFO, NOW) as warc:
        page = warc.resource(uri=URI, payload=b"<p>a", media_type="text/html", date=NOW)
        text = warc.conversion(of=page, payload=b"a", media_type="text/plain", date=NOW)
        warc.conversion(of=text, payload=b"A", media_type="text/plain", date=NOW)
        warc.seal()
    _, one, two = read(tmp_path)
    for record, source in ((one, page), (two, text)):
        assert record.type is RecordType.CONVERSION
        assert record.target_uri == URI
        assert every(record.headers, "WARC-Refers-To") == (f"<{source.record_id}>",)
        assert record.payload_sha256 == record.block_sha256


REFUSED: dict[str, dict[str, Any]] = {
    "no HTTP": {"message": b"<!doctype html>"},
    "no HTTP either": {"message": b"ICY 200 OK\r\n\r\n"},
    "another scheme": {"uri": "ftp://example.org/"},
    "no URI": {"uri": "https://example.org/a b"},
    "a line more in the URI": {"uri": "https://example.org/\r\nWARC-Type: x"},
    "an address that is none": {"about": Circumstances(ip="example.org")},
    "a line more in the address": {"about": Circumstances(ip="::1\r\nX: y")},
    "an id with angle brackets": {"about": Circumstances(concurrent_to=("<urn:x:y>",))},
    "a line more in an id": {"about": Circumstances(concurrent_to=("urn:x:y>\r\nX: <z",))},
    "a media type that is none": {"about": Circumstances(identified_type="html")},
    "a field of a revisit": {"about": Circumstances(extra=(("WARC-Profile", PROFILES[0]),))},
    "a field of ours": {"about": Circumstances(extra=(("WARC-Payload-Digest", "sha1:a"),))},
    "a second address": {"about": Circumstances(ip="::1", extra=(("warc-ip-address", "::2"),))},
    "a line more": {"about": Circumstances(extra=(("X", "y\nZ: a"),))},
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_standard_does_not_allow_is_refused(name: str, tmp_path: Path) -> None:
    given: dict[str, Any] = {"uri": URI, "message": HTTP, "date": NOW} | REFUSED[name]
    with WarcWriter(tmp_path, "web", INFO, NOW) as warc:
        with pytest.raises(InvalidRecordError):
            warc.response(**given)
        with pytest.raises(InvalidRecordError):
            warc.request(**given | {"message": given["message"].replace(HTTP, ASKED)})
        assert (warc.records, warc.seal().records) == (1, 1)


@pytest.mark.parametrize("head", [HTTP, HEAD[:-2], b"GET / HTTP/1.1\r\n\r\n"])
def test_the_block_of_a_revisit_is_an_http_header(head: bytes, tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "web", INFO, NOW) as warc:
        one = original(warc.response(uri=URI, message=HTTP, date=NOW))
        for method in (warc.revisit, warc.not_modified):
            with pytest.raises(InvalidRecordError, match="HTTP header"):
                method(uri=URI, original=one, date=NOW, head=head)
        late = Circumstances(truncated=Truncated.TIME)
        with pytest.raises(InvalidRecordError, match="WARC-Truncated"):
            warc.revisit(uri=URI, original=one, date=NOW, head=HEAD, about=late)


def test_nothing_is_converted_that_has_no_target(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "web", INFO, NOW) as warc:
        about = warc.metadata(uri="a:b", fields=[("a", "b")], date=NOW)
        none = replace_uri(about)
        with pytest.raises(InvalidRecordError, match="none"):
            warc.conversion(of=none, payload=b"", media_type="text/plain", date=NOW)


def replace_uri(capture: Capture) -> Capture:
    values = {name: getattr(capture, name) for name in Capture.__dataclass_fields__}
    return Capture(**values | {"target_uri": None})


@given(body=st.binary(max_size=3000), newline=st.sampled_from([b"\r\n", b"\n"]))
@settings(deadline=None, max_examples=40)
def test_any_message_comes_back(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, newline: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    message = newline.join([b"HTTP/1.1 200 OK", b"A: b", b"", b""]) + body
    record = one_response(folder, message)
    assert (record.block, record.payload_sha256) == (message, Sha256.of(body))


def test_a_digest_that_is_not_the_payloads_is_found_before_the_file_has_a_name(
    tmp_path: Path,
) -> None:
    with WarcWriter(tmp_path, "web", INFO, NOW) as warc:
        wrong = Sha256.of(b"other")
        warc.resource(uri=URI, payload=b"a", media_type="text/plain", date=NOW, digest=wrong)
        with pytest.raises(ArchiveError, match="not sealed"):
            warc.seal()
    assert list(tmp_path.iterdir()) == []
