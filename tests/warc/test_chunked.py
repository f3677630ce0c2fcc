"""The chunked transfer coding, held to Python's own reader of HTTP."""

import io
from http.client import HTTPResponse, IncompleteRead
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.warc.chunked import Chunks

PIECES = st.lists(st.binary(min_size=1, max_size=300), max_size=6)


class _Socket:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, *_: object) -> io.BytesIO:
        return io.BytesIO(self._data)


def by_python(coded: bytes) -> bytes:
    message = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + coded
    response = HTTPResponse(cast("Any", _Socket(message)))
    response.begin()
    try:
        return response.read()
    except IncompleteRead as error:
        return error.partial


def by_us(coded: bytes, step: int) -> tuple[bytes, bool]:
    chunks = Chunks()
    found = [chunks.add(coded[at : at + step]) for at in range(0, len(coded), step)]
    return b"".join(found), chunks.complete


def coded(pieces: list[bytes], extension: str, trailer: bytes, newline: bytes) -> bytes:
    made = [f"{len(one):x}{extension}".encode() + newline + one + newline for one in pieces]
    return b"".join([*made, b"0", newline, trailer, newline])


@given(
    pieces=PIECES,
    extension=st.sampled_from(["", ";a=b", "  "]),
    trailer=st.sampled_from([b"", b"Expires: never\r\n", b"A: b\r\nC: d\r\n"]),
    newline=st.sampled_from([b"\r\n", b"\n"]),
    step=st.integers(1, 400),
)
@settings(deadline=None, max_examples=150)
def test_any_chunks_in_any_pieces_are_decoded(
    pieces: list[bytes], extension: str, trailer: bytes, newline: bytes, step: int
) -> None:
    made = coded(pieces, extension, trailer, newline)
    assert by_us(made, step) == (b"".join(pieces), True)
    if newline == b"\r\n":  # it takes two bytes, whatever they are
        assert by_python(made) == b"".join(pieces)


@given(pieces=PIECES, cut=st.integers(0, 2000))
@settings(deadline=None, max_examples=100)
def test_what_is_cut_gives_its_beginning_and_is_not_complete(pieces: list[bytes], cut: int) -> None:
    made = coded(pieces, "", b"", b"\r\n")[:-1]
    decoded, complete = by_us(made[:cut], 7)
    assert b"".join(pieces).startswith(decoded)
    assert not complete
    assert decoded.startswith(by_python(made[:cut]))


@pytest.mark.parametrize(
    "wrong",
    [
        b"not chunked at all",
        b"\r\n4\r\nbody\r\n0\r\n\r\n",
        b"-4\r\nbody\r\n0\r\n\r\n",
        b"0x4\r\nbody\r\n0\r\n\r\n",
        b"4\r\nbody!\r\n0\r\n\r\n",
        b"6\r\nbody\r\n0\r\n\r\n",
        b"4\r\nbody\r\n0\r\n\r\nmore",
        b"4\r\nbody\r\n0\r\n\r\n\r\n",
        b"4" + b" " * 9000 + b"\r\nbody\r\n0\r\n\r\n",
        b"4;" + b"x" * 100_000,
        b"ffffffffffffffffffff\r\nbody\r\n0\r\n\r\n",
        b"",
    ],
)
def test_what_is_not_that_coding_is_not_complete(wrong: bytes) -> None:
    for step in (1, 3, len(wrong) + 1):
        decoded, complete = by_us(wrong, step)
        assert not complete
        assert len(decoded) <= 6
