"""Files that are small and want to be large: an error code, in little memory and little time."""

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.measuring import MEMORY, measured
from tests.warc.building import basic, info_record, members, raw

MEBI = 1 << 20


def deflated(pieces: Iterator[bytes]) -> bytes:
    """Compress much in a member that is one thousandth of it."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*map(deflate.compress, pieces), deflate.flush()])


def zeros(count: int) -> Iterator[bytes]:
    yield raw([*basic("resource"), ("Content-Length", str(count * MEBI))])[:-4]
    for _ in range(count):
        yield bytes(MEBI)
    yield b"\r\n\r\n"


def a_block_of_zeros() -> bytes:
    return members(info_record()) + deflated(zeros(1200))


def many_blocks_of_zeros() -> bytes:
    return members(info_record()) + deflated(zeros(100)) * 30


def a_line_without_end() -> bytes:
    return deflated(b"WARC/1.1\r\nX: " if n == 0 else b"a" * MEBI for n in range(500))


def lines_without_end() -> bytes:
    lines = b"X: y\r\n" * (MEBI // 6)
    return deflated(b"WARC/1.1\r\n" if n == 0 else lines for n in range(500))


def a_million_fields() -> bytes:
    fields = [b"WARC/1.1\r\n", b"X: y\r\n" * 1_000_000, b"\r\n"]
    return members(info_record()) + deflated(iter(fields))


def fields_just_short_of_the_bound() -> bytes:
    one = raw([*basic("metadata"), *[("X", "y" * 25)] * 1_990])
    return members(info_record()) + deflated(one for _ in range(5000))


def records_without_number() -> bytes:
    one = raw(basic("metadata"))
    return members(info_record()) + deflated(one * 1000 for _ in range(7000))


def lines_without_end_not_compressed() -> bytes:
    return b"WARC/1.1\r\n" + b"X: y\r\n" * 10_000_000


def of_http(block: bytes) -> bytes:
    fields = [*basic("response"), ("Content-Type", "application/http;msgtype=response")]
    record = raw([*fields, ("WARC-Payload-Digest", "sha256:" + "00" * 32)], block)
    return members(info_record()) + deflated(iter([record]))


def chunks_without_number() -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return of_http(head + b"1\r\na\r\n" * 1_500_000 + b"0\r\n\r\n")


def a_header_of_http_without_end() -> bytes:
    return of_http(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 3_000_000)


def a_name_of_a_gzip_member_without_end() -> bytes:
    return b"\x1f\x8b\x08\x08" + bytes(6) + b"a" * (50 * MEBI)


def beginnings_of_members() -> bytes:
    return members(info_record()) + b"\x1f\x8b\x08\x00" * 2_000_000


def beginnings_of_records() -> bytes:
    return info_record() + b"WARC/1.1\r\n" * 1_000_000


BOMBS = (
    *(a_block_of_zeros, many_blocks_of_zeros, a_line_without_end, lines_without_end),
    *(a_million_fields, fields_just_short_of_the_bound, records_without_number),
    *(lines_without_end_not_compressed, chunks_without_number, a_header_of_http_without_end),
    *(a_name_of_a_gzip_member_without_end, beginnings_of_members, beginnings_of_records),
)


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_an_error_in_little_memory_and_time(
    bomb: Callable[[], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "bomb.warc.gz"
    path.write_bytes(bomb())
    code, memory, said = measured("verify", path)
    assert code == 1, said[-500:]
    assert b"Traceback" not in said
    assert memory <= MEMORY, memory


def test_what_is_compressed_within_a_block_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "deep.warc.gz"
    path.write_bytes(members(info_record(), raw(basic("resource"), deflated(zeros(500)))))
    code, memory, _ = measured("verify", path)
    assert code in {0, 3}
    assert memory <= MEMORY
