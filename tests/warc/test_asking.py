"""A response is paired with the request beside it, which says the method."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from pipeline.warc.asking import with_methods
from pipeline.warc.reader import scan
from pipeline.warc.scan import Scanned
from tests.warc.payloads.making import HTML, http, record

GET, POST = b"GET /a HTTP/1.1\r\n\r\n", b"POST /a HTTP/1.1\r\n\r\na=1"
ANSWER = http(HTML)


def named(number: int) -> str:
    return f"WARC-Concurrent-To: <urn:uuid:00000000-0000-0000-0000-{number:012}>"


def methods(tmp_path: Path, *records: bytes, keep: int = 1 << 16) -> list[str]:
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(records))
    given = list(with_methods(scan(path, keep=keep)))
    offsets = [found.offset for found, _ in given]
    assert offsets == sorted(offsets)
    assert len(given) == len(records)
    return [method for found, method in given if isinstance(found, Scanned) and method]


def after(block: bytes, number: int = 1) -> bytes:
    return record("request", block, named(number), number=number + 1)


@pytest.mark.parametrize(("block", "method"), [(GET, "GET"), (POST, "POST"), (b"?", "GET")])
def test_a_request_stands_after_its_response_or_before_it(
    block: bytes, method: str, tmp_path: Path
) -> None:
    answer = record("response", ANSWER, number=1)
    assert methods(tmp_path, answer, after(block)) == [method]
    before = record("request", block, number=2)
    assert methods(tmp_path, before, record("response", ANSWER, named(2))) == [method]
    # neither names the other: then URI and date are the same
    assert methods(tmp_path, record("request", block), record("response", ANSWER)) == [method]


def test_a_request_that_is_another_s_says_nothing(tmp_path: Path) -> None:
    first, second = record("response", ANSWER, number=1), record("response", ANSWER, number=3)
    assert methods(tmp_path, first, after(POST, 1), second, after(GET, 3)) == ["POST", "GET"]
    assert methods(tmp_path, first, second, after(POST, 3)) == ["GET", "POST"]
    assert methods(tmp_path, record("request", POST, number=5), first) == ["GET"]
    assert methods(tmp_path, first) == ["GET"]


def test_a_body_too_long_to_be_kept_is_no_get(tmp_path: Path) -> None:
    answer = record("response", ANSWER, number=1)
    assert methods(tmp_path, answer, after(POST + b"9" * 100), keep=80) == ["POST"]


def test_a_request_far_away_is_not_looked_for(tmp_path: Path) -> None:
    def beside(count: int) -> Iterable[bytes]:
        return (record("metadata", b"via: a", named(1), number=n + 9) for n in range(count))

    answer = record("response", ANSWER, number=1)
    assert methods(tmp_path, answer, *beside(7), after(POST)) == ["POST"]
    assert methods(tmp_path, answer, *beside(20), after(POST)) == ["GET"]
