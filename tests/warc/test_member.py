import gzip
import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.warc.damage import GZIP_CHECK, GZIP_DATA, GZIP_HEADER, TRUNCATED, Rule
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.member import MemberReader, MemberWriter

FIXED = b"\x1f\x8b\x08%c\0\0\0\0\0\xff"


def written(pieces: list[bytes], *, stored: bool) -> bytes:
    out = BytesIO()
    seen: list[bytes | memoryview] = []
    member = MemberWriter(out, seen.append, stored=stored)
    for piece in pieces:
        member.write(piece)
    member.close()
    assert b"".join(seen) == b"".join(pieces)
    assert member.length == len(out.getvalue())
    return out.getvalue()


def read_all(data: bytes, offset: int = 0, size: int = 1 << 16) -> tuple[bytes, int | None]:
    member = MemberReader(BytesIO(data), offset)
    pieces = list(iter(lambda: member.read(size), b""))
    return b"".join(pieces), member.end


def framed(flags: int, extra: bytes, text: bytes = b"text") -> bytes:
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    body = deflate.compress(text) + deflate.flush()
    return FIXED % flags + extra + body + struct.pack("<II", zlib.crc32(text), len(text))


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=5), st.booleans(), st.integers(1, 90))
@settings(deadline=None, max_examples=100)
def test_a_member_is_gzip_and_comes_back(pieces: list[bytes], stored: bool, size: int) -> None:  # noqa: FBT001 - hypothesis
    data = written(pieces, stored=stored)
    assert gzip.decompress(data) == b"".join(pieces)
    assert read_all(b"before" + data + b"after", 6, size) == (b"".join(pieces), 6 + len(data))


def test_stored_bytes_lie_in_the_file_as_they_are() -> None:
    payload = bytes(range(256)) * 1000
    data = written([b"header " * 20, payload], stored=True)
    assert payload[:60000] in data
    assert b"header header" not in data
    assert gzip.decompress(data) == b"header " * 20 + payload


def test_the_frame_tells_neither_time_nor_system() -> None:
    assert written([b"x"], stored=False)[:10] == FIXED % 0


def test_a_member_of_another_tool_is_read(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "name.gz", "wb") as file:  # writes name and time
        file.write(b"text" * 100_000)
    data = (tmp_path / "name.gz").read_bytes()
    assert read_all(data) == (b"text" * 100_000, len(data))


def test_all_optional_header_parts_are_passed_over() -> None:
    extra = b"\x03\0abc" + b"name\0" + b"comment\0"
    head = FIXED % 0x1E + extra
    crc = struct.pack("<H", zlib.crc32(head) & 0xFFFF)
    assert read_all(framed(0x1E, extra + crc))[0] == b"text"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", TRUNCATED),
        (b"\x1f", TRUNCATED),
        (b"\x1f\x8b\x08\0", TRUNCATED),
        (b"WARC/1.1\r\n", GZIP_HEADER),
        (b"\x1f\x8b\x07\0\0\0\0\0\0\0", GZIP_HEADER),
        (framed(0x20, b""), GZIP_HEADER),
        (FIXED % 0x04 + b"\x05\0ab", TRUNCATED),
        (FIXED % 0x08 + b"abc", TRUNCATED),
        (FIXED % 0x08 + b"a" * 70_000 + b"\0", GZIP_HEADER),
        (framed(0x02, b"\0\0"), GZIP_CHECK),
        (framed(0, b"")[:-9], TRUNCATED),
        (framed(0, b"")[:-1], TRUNCATED),
        (framed(0, b"")[:-8] + b"\0" * 8, GZIP_CHECK),
        (framed(0, b"")[:-1] + b"\1", GZIP_CHECK),
        (FIXED % 0 + b"\x07" * 30, GZIP_DATA),
    ],
)
def test_every_kind_of_damage_has_its_rule(data: bytes, rule: Rule) -> None:
    with pytest.raises(DamagedRecordError) as caught:
        read_all(b"...." + data, 4)
    assert (caught.value.damage.rule, caught.value.damage.offset) == (rule, 4)
