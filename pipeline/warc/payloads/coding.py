"""Content codings taken off a body (RFC 9110, section 8.4.1), in bounded memory."""

import zlib
from dataclasses import dataclass
from typing import Final, Protocol

DECODED_MOST: Final = 1 << 26
"""The longest decoded body: 64 MiB. Deflate goes to 1032 to 1, brotli much further."""

CODINGS_MOST: Final = 4
_PIECE: Final = 1 << 16
_GZIP, _ZLIB, _RAW = 31, zlib.MAX_WBITS, -zlib.MAX_WBITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A body without its codings; `left` are those still on it, `why` why, `cut` if it ends early.

    Where a coding could not be taken off, `data` is what was there before it was tried.
    """

    data: bytes
    left: str = ""
    why: str = ""
    cut: bool = False


class CodingError(Exception):
    """The body is not in this coding, or too long without it."""


class _Inflating(Protocol):
    def __call__(self, body: bytes, /) -> tuple[bytes, bool]:
        """Give the decoded bytes, and whether they are whole. Raises CodingError."""


def decode(body: bytes, codings: str) -> Decoded:
    """Take off what a Content-Encoding header lists, the last one first."""
    names = [name.strip().lower() for name in codings.split(",")]
    names = [name for name in names if name not in {"", "identity"}]
    if len(names) > CODINGS_MOST:
        return Decoded(data=body, left=", ".join(names)[:80], why="too many codings")
    cut = False
    while names:
        try:
            data, whole = _KNOWN.get(names[-1], _unknown)(body)
        except CodingError as error:
            return Decoded(data=body, left=", ".join(names)[:80], why=str(error), cut=cut)
        body, cut = data, cut or not whole
        names.pop()
    return Decoded(data=body, cut=cut)


def _unknown(_: bytes) -> tuple[bytes, bool]:
    raise CodingError("it is not one that we know")


def _gunzip(body: bytes) -> tuple[bytes, bool]:
    """Inflate gzip members that follow one another (RFC 1952, section 2.2)."""
    pieces: list[bytes] = []
    room = DECODED_MOST
    rest = body
    while rest:
        try:
            piece, rest, whole = _inflated(rest, _GZIP, room)
        except zlib.error as error:
            if pieces:  # what follows the first member is no gzip: browsers stop there, too
                return b"".join(pieces), True
            raise CodingError("it is not in this coding") from error
        pieces.append(piece)
        room -= len(piece)
        if not whole:
            return b"".join(pieces), False
    return b"".join(pieces), bool(body)


def _deflate(body: bytes) -> tuple[bytes, bool]:
    """Inflate zlib's form, or the bare one that some servers send under the same name."""
    for bits in (_ZLIB, _RAW):
        try:
            data, _, whole = _inflated(body, bits, DECODED_MOST)
        except zlib.error:
            continue
        return data, whole
    raise CodingError("it is not in this coding")


def _inflated(body: bytes, bits: int, room: int) -> tuple[bytes, bytes, bool]:
    inflate = zlib.decompressobj(bits)
    data = inflate.decompress(body, room + 1)
    if len(data) > room:
        raise CodingError(f"it is longer than {DECODED_MOST} bytes without it")
    return data, inflate.unused_data, inflate.eof


def _brotli(body: bytes) -> tuple[bytes, bool]:
    import brotli  # noqa: PLC0415 - few files have it, and it takes time to load

    decompressor = brotli.Decompressor()
    pieces: list[bytes] = []
    room = DECODED_MOST
    try:
        given = body
        while not decompressor.is_finished():
            piece = decompressor.process(given, output_buffer_limit=_PIECE)
            given = b""
            pieces.append(piece)
            room -= len(piece)
            if room < 0:
                raise CodingError(f"it is longer than {DECODED_MOST} bytes without it")
            if not piece and decompressor.can_accept_more_data():
                return b"".join(pieces), False
    except brotli.error as error:
        raise CodingError("it is not in this coding") from error
    return b"".join(pieces), True


_KNOWN: Final[dict[str, _Inflating]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "br": _brotli,
}
