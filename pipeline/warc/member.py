"""One gzip member (RFC 1952) written, and one inflated with every check made by us.

zlib's own gzip mode checks the same, but after an error it no longer says where the next member
begins; and its header names the operating system. So deflate is zlib-ng's and the frame is ours.
"""

import struct
from collections.abc import Callable
from typing import BinaryIO, Final

from pipeline.warc.damage import GZIP_CHECK, GZIP_DATA, GZIP_HEADER, TRUNCATED, Damage, Rule
from pipeline.warc.deflate import RAW, SYNC, InflateError, crc32, deflating, inflating
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.limits import CHUNK, FIRST_CHUNK, HEADER_MOST

MAGIC: Final = b"\x1f\x8b\x08"
LEVEL: Final = 4
"""A quarter less time than 6, text 6 % larger: of a site with pictures half a per cent."""
_HEADER: Final = MAGIC + b"\x00" + b"\x00" * 4 + b"\x00\xff"  # no mtime, unknown system
_FHCRC, _FEXTRA, _FNAME, _FCOMMENT, _RESERVED = 0x02, 0x04, 0x08, 0x10, 0xE0
_BLOCK_MOST: Final = 0xFFFF  # RFC 1951 section 3.2.4

Tap = Callable[[bytes | memoryview], object]


class MemberWriter:
    """The file that warcio writes one record to.

    The record's header, kept as `head`, is always deflated; with `stored`, what follows goes into
    stored blocks.
    """

    def __init__(self, file: BinaryIO, tap: Tap, *, stored: bool) -> None:
        self._file, self._tap, self._stored = file, tap, stored
        self._deflate = deflating(LEVEL)
        self._crc = self._size = 0
        self.head = b""
        self.length = file.write(_HEADER)

    def write(self, data: bytes | memoryview) -> None:
        """Take the next bytes; the first call is the record's header."""
        if not self._size:
            self.head = bytes(data)
        if self._stored and self._size:
            self._store(data)
        else:
            self._put(self._deflate.compress(data))
            if self._stored:  # end on a byte, so that stored blocks can follow
                self._put(self._deflate.flush(SYNC))
        self._crc = crc32(data, self._crc)
        self._size += len(data)
        self._tap(data)

    def flush(self) -> None:
        """Do nothing: the member ends with `close`."""

    def close(self) -> None:
        """Write the end of the member."""
        end = b"\x01\x00\x00\xff\xff" if self._stored else self._deflate.flush()
        self._put(end + struct.pack("<II", self._crc, self._size & 0xFFFFFFFF))

    def _store(self, data: bytes | memoryview) -> None:
        pieces: list[bytes | memoryview] = []
        for start in range(0, len(data), _BLOCK_MOST):
            piece = data[start : start + _BLOCK_MOST]
            pieces += struct.pack("<BHH", 0, len(piece), len(piece) ^ 0xFFFF), piece
        self._put(b"".join(pieces))

    def _put(self, data: bytes) -> None:
        self.length += self._file.write(data)


class MemberReader:
    """Inflates the member at `offset`.

    At its end the checks are made and `end` is known; if they do not hold, damaged data may have
    been read past the true end.
    """

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self._file, self._offset = file, offset
        self.end: int | None = None
        self.holds = False
        self.inflated = 0
        self._crc = 0
        self._chunk = FIRST_CHUNK
        self._inflate = inflating(RAW)
        file.seek(offset)
        self._skip_header()

    def read(self, size: int) -> bytes:
        """Give up to `size` bytes, b"" at the end. Raises DamagedRecordError."""
        data = b"" if self._inflate.eof else self._inflate_more(size)
        self._crc = crc32(data, self._crc)
        self.inflated += len(data)
        if not data and self.end is None:
            self._check_trailer()
        return data

    def _inflate_more(self, size: int) -> bytes:
        try:
            data = self._inflate.decompress(self._inflate.unconsumed_tail, size)
            while not data and not self._inflate.eof:
                piece = self._file.read(self._chunk)
                self._chunk = CHUNK
                if not piece:
                    raise self._damaged(TRUNCATED, "the file ends within a gzip member")
                data = self._inflate.decompress(piece, size)
        except InflateError as error:
            raise self._damaged(GZIP_DATA, f"the data cannot be inflated ({error})") from error
        return data

    def _check_trailer(self) -> None:
        unused = len(self._inflate.unused_data)
        at = self._file.seek(self._file.tell() - unused)
        trailer = self._file.read(8)
        if len(trailer) < 8:  # noqa: PLR2004 - CRC-32 and ISIZE, four bytes each
            raise self._damaged(TRUNCATED, "the file ends within a gzip member")
        self.end = at + len(trailer)
        crc, size = struct.unpack("<II", trailer)
        if crc != self._crc or size != self.inflated & 0xFFFFFFFF:
            raise self._damaged(GZIP_CHECK, "CRC-32 or size of the gzip member is wrong")
        self.holds = True

    def _skip_header(self) -> None:
        fixed = self._file.read(len(_HEADER))
        if not MAGIC.startswith(fixed[:3]) and not fixed.startswith(MAGIC):
            raise self._damaged(GZIP_HEADER, "no gzip member begins here")
        if len(fixed) < len(_HEADER):
            raise self._damaged(TRUNCATED, "the file ends within a gzip header")
        flags = fixed[3]
        if flags & _RESERVED:
            raise self._damaged(GZIP_HEADER, "a reserved flag is set in the gzip header")
        head = fixed
        if flags & _FEXTRA:
            size = self._header_bytes(2)
            head += size + self._header_bytes(int.from_bytes(size, "little"))
        for flag in (_FNAME, _FCOMMENT):
            if flags & flag:
                head += self._header_text()
        if flags & _FHCRC:
            given = int.from_bytes(self._header_bytes(2), "little")
            if given != crc32(head) & 0xFFFF:
                raise self._damaged(GZIP_CHECK, "the CRC of the gzip header is wrong")

    def _header_bytes(self, size: int) -> bytes:
        data = self._file.read(size)
        if len(data) < size:
            raise self._damaged(TRUNCATED, "the file ends within a gzip header")
        return data

    def _header_text(self) -> bytes:
        text = bytearray()
        while not text.endswith(b"\0"):
            if len(text) > HEADER_MOST:
                raise self._damaged(GZIP_HEADER, "a name in the gzip header does not end")
            text += self._header_bytes(1)
        return bytes(text)

    def _damaged(self, rule: Rule, message: str) -> DamagedRecordError:
        return DamagedRecordError(Damage(rule=rule, offset=self._offset, message=message))
