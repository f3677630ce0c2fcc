"""What a record says as an HTTP message, and what of it can be shown."""

import gzip
import hashlib
import zlib
from pathlib import Path

import brotli
import pytest

from pipeline.replay.message import Message, agrees, parse_head
from pipeline.warc.payloads import coding as codings
from tests.replay.warcs import Crawl, held

URL = "https://a.example/"
SHA256 = f"sha256:{hashlib.sha256(b'body').hexdigest()}"


def read(crawl: Crawl, folder: Path, url: str = URL) -> Message:
    with held(crawl.write(folder / "a.warc.gz")) as holding:
        return holding.read(holding.nearest(url, None))


def coded(body: bytes, coding: str, folder: Path) -> bytes | None:
    crawl = Crawl().response(URL, body, f"Content-Encoding: {coding}")
    return read(crawl, folder).decoded()


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("identity", b"body"),
        ("GZIP ", gzip.compress(b"body", mtime=0)),
        ("x-gzip", gzip.compress(b"body", mtime=0)),
        ("deflate", zlib.compress(b"body")),
        ("deflate", zlib.compress(b"body", wbits=-15)),
        ("br", brotli.compress(b"body")),
        ("gzip, br", brotli.compress(gzip.compress(b"body", mtime=0))),
        ("deflate\r\nContent-Encoding: gzip", gzip.compress(zlib.compress(b"body"), mtime=0)),
    ],
)
def test_a_content_coding_is_taken_off(coding: str, body: bytes, tmp_path: Path) -> None:
    assert coded(body, coding, tmp_path) == b"body"


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", b"body"),
        ("gzip", gzip.compress(b"body", mtime=0)[:-4]),
        ("deflate", b"\xff\xff"),
        ("zstd", b"body"),
        ("gzip, gzip", b"body"),
        ("zstd, gzip", gzip.compress(b"body", mtime=0)),
        ("gzip, gzip, gzip, gzip, gzip", b"body"),
        ("br", brotli.compress(b"body" * 99)[:-2]),
    ],
)
def test_one_that_cannot_be_is_told(coding: str, body: bytes, tmp_path: Path) -> None:
    assert coded(body, coding, tmp_path) is None


def test_a_body_that_swells_is_not_taken_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codings, "DECODED_MOST", 1_000)
    assert coded(gzip.compress(b"a" * 1_000), "gzip", tmp_path) == b"a" * 1_000
    assert coded(gzip.compress(b"a" * 100_000), "gzip", tmp_path) is None
    assert coded(brotli.compress(b"a" * 100_000), "br", tmp_path) is None


def test_chunks_are_put_together(tmp_path: Path) -> None:
    chunked = "Transfer-Encoding: Chunked"
    crawl = Crawl().response(URL, b"4\r\nbody\r\n0\r\n\r\n", chunked, digest=SHA256)
    assert read(crawl, tmp_path).body == b"body"
    cut = Crawl().response(URL, b"4\r\nbo", chunked)
    assert read(cut, tmp_path).body == b"4\r\nbo"
    other = Crawl().response(URL, b"body", "Transfer-Encoding: gzip")
    assert read(other, tmp_path).body == b"body"


def test_a_header_is_read_as_far_as_it_is_one() -> None:
    head = (
        b"HTTP/1.1 200 OK\r\n folded onto nothing\r\nA: b\r\n\tc \r\n  \r\nno field\r\n"
        b": nameless\r\nD:\r\nE : \xe9:f\nA: again\r\n\r\n"
    )
    assert parse_head(head) == (("A", "b c"), ("D", ""), ("E", "\xe9:f"), ("A", "again"))
    assert parse_head(b"") == ()


def test_the_media_type_is_without_its_parameters(tmp_path: Path) -> None:
    crawl = Crawl().response(URL, b"", "content-type: Text/HTML ; charset=x", "Content-Type: a/b")
    found = read(crawl, tmp_path)
    assert (found.media_type, found.said("CONTENT-TYPE")) == ("text/html", "Text/HTML ; charset=x")
    assert found.said("Location") == ""


def resource(*fields: tuple[str, str]) -> Crawl:
    named = (("WARC-Target-URI", URL), ("WARC-Date", "2024-01-01T00:00:00Z"))
    return Crawl().record(b"body", ("WARC-Type", "resource"), *named, *fields)


def test_a_file_has_the_type_that_its_record_gives(tmp_path: Path) -> None:
    found = read(resource(("Content-Type", "image/png")), tmp_path)
    assert (found.status, found.media_type, found.body) == (None, "image/png", b"body")
    assert read(resource(), tmp_path).headers == ()


def test_the_digest_is_one_that_can_be_computed(tmp_path: Path) -> None:
    block = ("WARC-Block-Digest", SHA256)
    assert read(resource(block), tmp_path).declared == SHA256
    unknown = ("WARC-Payload-Digest", "sphinx:0123")
    assert read(resource(unknown), tmp_path).declared == ""
    found = read(resource(unknown, block), tmp_path)
    assert found.declared == SHA256
    assert agrees(found, SHA256)
    assert not agrees(found, f"sha256:{'0' * 64}")
    assert not agrees(found, "sphinx:0123")


def test_what_was_cut_when_captured_is_told(tmp_path: Path) -> None:
    assert read(resource(("WARC-Truncated", "length")), tmp_path).truncated == "length"
