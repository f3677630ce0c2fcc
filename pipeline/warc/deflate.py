"""Deflate (RFC 1951) by zlib-ng, there and back: half the time of zlib, as small and as strict.

It is a fork of zlib with the same inflate. Of a million damaged streams it refused those that zlib
refused, and gave the same bytes of the others; ISA-L, quicker still, took some that zlib does not.
What it deflates is the same on every processor and in every version that `pyproject.toml` allows;
zlib itself differs more, since Linux distributions put others in its place.
"""

from typing import Final, Protocol

from zlib_ng import zlib_ng

RAW: Final = -zlib_ng.MAX_WBITS
"""Deflate alone, without a frame."""

SYNC: Final = zlib_ng.Z_SYNC_FLUSH

GZIP: Final = zlib_ng.MAX_WBITS | 16
"""One gzip member: CRC-32, ISIZE and the member's header are checked."""

InflateError: Final[type[Exception]] = zlib_ng.error  # type: ignore[assignment] # its stub says it is one
crc32: Final = zlib_ng.crc32


class Deflate(Protocol):
    """What takes bytes and gives them deflated, as `zlib.compressobj` does."""

    def compress(self, data: bytes | memoryview, /) -> bytes:
        """Deflate the next bytes."""

    def flush(self, mode: int = ..., /) -> bytes:
        """Give what is left, and end the data; with `Z_SYNC_FLUSH` end on a whole byte."""


class Inflate(Protocol):
    """What takes deflated bytes and gives them inflated, as `zlib.decompressobj` does."""

    @property
    def eof(self) -> bool:
        """Whether the end of the data was reached."""

    @property
    def unused_data(self) -> bytes:
        """What was given and lies after that end."""

    @property
    def unconsumed_tail(self) -> bytes:
        """What was given and not yet looked at, since the bound was reached."""

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes:
        """Inflate the next bytes, to no more than that many. Raises InflateError."""


def deflating(level: int) -> Deflate:
    """Begin to deflate data without a frame."""
    return zlib_ng.compressobj(level, zlib_ng.DEFLATED, RAW)


def packing(level: int) -> Deflate:
    """Begin to deflate data into one gzip member, without a time or a name in it."""
    return zlib_ng.compressobj(level, zlib_ng.DEFLATED, GZIP)


def inflating(form: int) -> Inflate:
    """Begin to inflate data of a form."""
    return zlib_ng.decompressobj(form)
