"""ZipNum: a sorted index in gzip members of so many lines, and a short index that leads to them.

A reader fetches the short one (`.idx`), finds the one member where a URL must be, and fetches that.
"""

import io
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from pipeline.model import Sha256
from pipeline.warc.member import MemberWriter

LINES: Final = 1024
"""Lines in a member, as in the packages of the Webrecorder tools."""

FORMAT: Final = "cdxj-gzip-1.0"
META: Final = b"!meta "


def compress(lines: Iterable[bytes], filename: str) -> Iterator[tuple[bytes, bytes]]:
    """Give each member of the index called `filename`, with its line for the short one.

    The first comes with two lines: the short index begins by saying what it leads to.
    """
    head = META + b"0 " + json.dumps({"format": FORMAT, "filename": filename}).encode() + b"\n"
    offset = 0
    rest = iter(lines)
    while block := list(islice(rest, LINES)):
        member = _member(b"".join(block))
        place = {"offset": offset, "length": len(member), "digest": str(Sha256.of(member))}
        prefix = block[0].partition(b"{")[0].rstrip()
        yield member, head + prefix + b" " + json.dumps(place).encode() + b"\n"
        head = b""
        offset += len(member)


def _member(data: bytes) -> bytes:
    file = io.BytesIO()
    member = MemberWriter(file, _ignore, stored=False)
    member.write(data)
    member.close()
    return file.getvalue()


def _ignore(_: bytes | memoryview) -> None:
    """Nobody wants to see the uncompressed bytes."""
