"""zlib-ng refuses what zlib refuses, and gives the same bytes of the rest.

What it deflates zlib inflates; and it deflates to the same bytes wherever these tests are run.
"""

import hashlib
import zlib
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.warc.deflate import GZIP, RAW, InflateError, crc32, deflating, inflating
from pipeline.warc.member import LEVEL

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


@given(pieces=st.lists(WORDS | st.binary(), max_size=5), level=st.integers(0, 9))
def test_what_is_deflated_comes_back(pieces: list[bytes], level: int) -> None:
    deflate = deflating(level)
    data = b"".join(map(deflate.compress, pieces)) + deflate.flush()
    assert zlib.decompress(data, RAW) == b"".join(pieces)


def test_the_same_bytes_on_every_machine() -> None:
    words = [hashlib.sha256(b"%d" % number).hexdigest()[: 2 + number % 7] for number in range(900)]
    text = " ".join(words[number * number % 887] for number in range(60_000)).encode()
    deflate = deflating(LEVEL)
    data = deflate.compress(text) + deflate.flush()
    expected = "12db090f5ee9f1a939fddfc3271005fdde507dc22590cd35c4133a751624fd86"
    assert (len(text), len(data), hashlib.sha256(data).hexdigest()) == (352_237, 7207, expected)
