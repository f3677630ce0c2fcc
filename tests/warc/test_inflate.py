"""zlib-ng refuses what zlib refuses, and gives the same bytes of the rest."""

import zlib
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.warc.inflate import GZIP, RAW, InflateError, crc32, inflating

MOST: Final = 1 << 16
TAIL: Final = b"what follows the data"
WORDS: Final = st.lists(st.sampled_from([b"mill", b"wheel ", b"\n", b"\0"]), max_size=60).map(
    b"".join
)


def by_zlib(data: bytes, form: int) -> tuple[bool, bytes, bytes] | None:
    inflate = zlib.decompressobj(form)
    try:
        out = inflate.decompress(data, MOST)
    except zlib.error:
        return None
    return inflate.eof, out, inflate.unused_data


def by_us(data: bytes, form: int) -> tuple[bool, bytes, bytes] | None:
    inflate = inflating(form)
    try:
        out = inflate.decompress(data, MOST)
    except InflateError:
        return None
    return inflate.eof, out, inflate.unused_data


def assert_alike(data: bytes) -> None:
    for form in (RAW, GZIP):
        assert by_us(data, form) == by_zlib(data, form)


@given(data=st.binary(max_size=80))
@settings(deadline=None, max_examples=500)
def test_of_any_bytes(data: bytes) -> None:
    assert_alike(data + TAIL)


@given(
    text=WORDS,
    level=st.sampled_from([0, 1, 6, 9]),
    form=st.sampled_from([RAW, GZIP]),
    flips=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 7)), max_size=3),
    cut=st.integers(0, 12),
)
@settings(deadline=None, max_examples=1000)
def test_of_damaged_streams(
    text: bytes, level: int, form: int, flips: list[tuple[int, int]], cut: int
) -> None:
    deflate = zlib.compressobj(level, zlib.DEFLATED, form)
    data = bytearray(deflate.compress(text) + deflate.flush())
    for place, bit in flips:
        data[place % len(data)] ^= 1 << bit
    assert_alike(bytes(data) + TAIL)
    assert_alike(bytes(data[: len(data) - cut]))


def test_every_bit_of_a_member() -> None:
    deflate = zlib.compressobj(6, zlib.DEFLATED, GZIP)
    data = deflate.compress(b"the wheel of the mill " * 20) + deflate.flush()
    for place in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        assert_alike(bytes(flipped))


@given(data=st.binary(), begun=st.integers(0, 0xFFFFFFFF))
def test_the_same_crc(data: bytes, begun: int) -> None:
    assert crc32(data, begun) == zlib.crc32(data, begun)
