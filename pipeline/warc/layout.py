"""How a record is laid out: warcio's part. This is the only module that imports it."""

from collections.abc import Iterator
from io import BytesIO
from typing import Final

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.warc.fields import Fields
from pipeline.warc.limits import PIECE
from pipeline.warc.member import MemberWriter

VERSION: Final = "WARC/1.1"


class _Layout(WARCWriter):  # type: ignore[misc] # warcio has no types
    """warcio's writer without digests of its own: it knows SHA-1 only, and ours are in the header.

    Clause 5.9 forbids a payload digest where there is no payload; warcio adds one to metadata.
    """

    def ensure_digest(self, record: object, block: object, payload: object) -> None:
        """Leave the header as it is."""

    def _iter_stream(self, stream: BytesIO) -> Iterator[memoryview]:
        """Give the block in pieces, none of them a copy; warcio copies it by 16 KiB."""
        block = memoryview(stream.getvalue())
        for start in range(0, len(block), PIECE):
            yield block[start : start + PIECE]

    def write_to(self, out: MemberWriter, record: ArcWarcRecord) -> None:
        """Write a record, each to a file of its own, as `write_record` does to one."""
        self._write_warc_record(out, record)


_LAYOUT: Final = _Layout(None, gzip=False)  # making one asks the system for the host's name


def lay_out(out: MemberWriter, header: Fields, block: bytes) -> None:
    """Write version line and header in one go, then the block and the two CRLF of clause 4."""
    record = ArcWarcRecord(
        "warc",
        "resource",  # the true type is in the header; of a revisit warcio would leave the block out
        StatusAndHeaders("", list(header), protocol=VERSION),
        BytesIO(block),
        None,  # HTTP messages too are raw bytes: warcio's parser does not give them back unchanged
        None,  # the media type is in the header, where there is a block to have one
        len(block),
    )
    _LAYOUT.write_to(out, record)
