"""Payloads of records made by hand: codings, cuts, revisits, damage, bounds."""

import base64
import gzip
import hashlib
import zlib
from collections.abc import Sequence
from pathlib import Path

import brotli
import pytest
from hypothesis import given as forall
from hypothesis import settings
from hypothesis import strategies as st

from pipeline.model import Finding
from pipeline.warc.payloads import Payload, WarcSource, coding, payloads, reading
from pipeline.warc.payloads.coding import decode
from pipeline.warc.payloads.message import fields_of, media_of, read_message, status_of
from pipeline.warc.record import RecordType
from tests.warc.payloads.making import HTML, URL, http, record

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def read(tmp_path: Path, *files: bytes) -> tuple[list[Payload], list[Finding]]:
    sources: list[WarcSource] = []
    for number, data in enumerate(files):
        path = tmp_path / f"{number}.warc"
        path.write_bytes(data)
        sources.append(WarcSource(name=path.name, where=path))
    found: list[Finding] = []
    return list(payloads(sources, found.append)), found


def codes(found: Sequence[Finding]) -> list[str]:
    return [finding.code for finding in found]


def bare_deflate(data: bytes) -> bytes:
    made = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return made.compress(data) + made.flush()


@pytest.mark.parametrize(
    ("names", "body"),
    [
        ("gzip", gzip.compress(HTML, mtime=0)),
        ("X-GZIP", gzip.compress(HTML[:9], mtime=0) + gzip.compress(HTML[9:], mtime=0)),
        ("gzip", gzip.compress(HTML, mtime=0) + b"rubbish"),
        ("deflate", zlib.compress(HTML)),
        ("deflate", bare_deflate(HTML)),
        ("br", brotli.compress(HTML)),
        ("gzip, br", brotli.compress(gzip.compress(HTML, mtime=0))),
        ("identity", HTML),
    ],
)
def test_codings_are_taken_off(tmp_path: Path, names: str, body: bytes) -> None:
    given, found = read(tmp_path, record("response", http(body, f"Content-Encoding: {names}")))
    assert [each.body for each in given] == [HTML]
    assert not found
    assert (given[0].status, given[0].media_type, given[0].charset) == (200, "text/html", "utf-8")
    assert (given[0].coded, given[0].cut) == ("", "")


@pytest.mark.parametrize("name", ["zstd", "gzip", "deflate", "br", "a, b, c, d, e", "brr, gzip"])
def test_what_cannot_be_taken_off_is_told_and_kept_raw(tmp_path: Path, name: str) -> None:
    given, found = read(tmp_path, record("response", http(HTML, f"Content-Encoding: {name}")))
    assert (given[0].body, given[0].coded) == (HTML, name)
    assert codes(found) == ["PAYLOAD-CODED"]
    assert (found[0].place.path, found[0].place.offset) == ("0.warc", 0)


@pytest.mark.parametrize(
    ("name", "bomb"),
    [
        ("gzip", gzip.compress(bytes(1 << 20), mtime=0)),
        ("gzip", gzip.compress(b"", mtime=0) + gzip.compress(bytes(1 << 20), mtime=0) * 2),
        ("deflate", zlib.compress(bytes(1 << 20))),
        ("br", brotli.compress(bytes(1 << 20))),
    ],
)
def test_bombs_stay_as_they_are(monkeypatch: pytest.MonkeyPatch, name: str, bomb: bytes) -> None:
    monkeypatch.setattr(coding, "DECODED_MOST", 100_000)
    done = decode(bomb, name)
    assert (done.data, done.left) == (bomb, name)
    assert "longer than" in done.why


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
def test_a_coding_that_ends_early_gives_what_is_there(name: str) -> None:
    whole = bytes(range(256)) * 2000
    made = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}[name](whole)
    done = decode(made[: len(made) // 2], name)
    assert done.cut
    assert whole.startswith(done.data)
    assert decode(b"", "gzip").data == b""


def test_chunks_are_joined_and_a_recorder_that_joined_them_is_believed(tmp_path: Path) -> None:
    chunked = b"5\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (HTML[:5], len(HTML) - 5, HTML[5:])
    coded = "Transfer-Encoding: chunked"
    given, found = read(
        tmp_path,
        record("response", http(chunked, coded))
        + record("response", http(HTML, coded), number=2)
        + record("response", http(chunked[:20], coded), number=3)
        + record("response", http(HTML, "Transfer-Encoding: zip"), number=4),
    )
    assert [each.body for each in given] == [HTML, HTML, HTML[:11], HTML]
    assert codes(found) == ["PAYLOAD-CUT", "PAYLOAD-CODED"]


def test_truncated_segmented_and_headless_records_are_told(tmp_path: Path) -> None:
    given, found = read(
        tmp_path,
        record("response", http(HTML), "WARC-Truncated: length")
        + record("response", http(HTML), "WARC-Segment-Number: 1", number=2)
        + record("response", b"HTTP/1.1 200 OK\r\n", number=3)
        + record("resource", HTML, number=4)
        + record("conversion", HTML, number=5)
        + record("metadata", HTML, number=6),
    )
    assert [(each.kind.value, each.cut) for each in given] == [
        ("response", "length"),
        ("resource", ""),
        ("conversion", ""),
    ]
    assert {"PAYLOAD-CUT", "PAYLOAD-SEGMENTED", "PAYLOAD-NOT-HTTP"} <= set(codes(found))


def test_a_payload_over_the_limit_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAYLOAD_MOST", 300)
    given, found = read(
        tmp_path, record("response", http(bytes(400))) + record("resource", HTML, number=2)
    )
    assert len(given) == 1
    assert codes(found) == ["PAYLOAD-LARGE"]


def test_a_digest_that_does_not_hold_is_damage_and_the_rest_is_given(tmp_path: Path) -> None:
    wrong = f"sha1:{'A' * 32}"
    body = record("response", http(HTML), f"WARC-Payload-Digest: {wrong}")
    block = record("response", http(HTML), f"WARC-Block-Digest: {wrong}", number=2)
    given, found = read(tmp_path, body + block + record("resource", HTML, number=3))
    assert [each.kind for each in given] == [RecordType.RESOURCE]
    assert codes(found) == ["warc-payload-digest", "warc-block-digest"]


def test_revisits_are_resolved_by_id_by_uri_and_date_and_by_digest(tmp_path: Path) -> None:
    digest = "WARC-Payload-Digest: sha1:" + base64.b32encode(hashlib.sha1(HTML).digest()).decode()  # noqa: S324
    profile = f"WARC-Profile: {IDENTICAL}"
    original = record("response", http(HTML), digest)
    by_id = "WARC-Refers-To: <urn:uuid:00000000-0000-0000-0000-000000000001>"
    by_uri = (f"WARC-Refers-To-Target-URI: {URL}", "WARC-Refers-To-Date: 2023-11-01T10:00:00Z")
    cut = "WARC-Truncated: length"
    revisits = (
        record("revisit", http(b""), profile, digest, cut, by_id, url=f"{URL}/2", number=2)
        + record("revisit", http(b""), profile, digest, cut, *by_uri, url=f"{URL}/3", number=3)
        + record("revisit", b"", profile, digest, url=f"{URL}/4", number=4)
        + record("revisit", http(b"", status=304), f"WARC-Profile: {NOT_MODIFIED}", number=5)
        + record("revisit", b"", profile, digest.replace("sha1:", "sha1:A")[:-1], number=6)
    )
    # The original comes last, in another file.
    given, found = read(tmp_path, revisits, original)
    assert [(each.date.day, each.url, each.body) for each in given] == [
        (1, URL, HTML),
        (2, f"{URL}/2", HTML),
        (3, f"{URL}/3", HTML),
        (4, f"{URL}/4", HTML),
        (5, URL, HTML),
    ]
    assert {each.status for each in given} == {200}
    assert all(each.original == given[0].spot for each in given[1:])
    assert "PAYLOAD-LOST" in codes(found)


def test_a_cut_file_gives_what_is_before_the_cut(tmp_path: Path) -> None:
    data = record("resource", HTML) + record("resource", HTML, number=2)
    given, found = read(tmp_path, data[:-30])
    assert [each.date.day for each in given] == [1]
    assert found
    given, found = read(tmp_path, b"", b"not a WARC file at all")
    assert not given
    assert len(found) >= 2


@settings(deadline=None, max_examples=60)
@forall(st.binary(max_size=300), st.text(max_size=30))
def test_no_message_and_no_header_is_a_crash(block: bytes, name: str) -> None:
    decode(block, name)
    fields_of(block)
    status_of(block)
    media_of(name)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    assert read_message(head + block, "application/http").status == 200
