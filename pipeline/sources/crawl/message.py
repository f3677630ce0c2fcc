"""How long an HTTP response is (RFC 9112, section 6), told while its bytes come in.

Nothing is taken off or mended: the bytes are kept as they came, and only their end is looked for.
"""

import re
from enum import Enum, auto
from typing import Final

from pipeline.warc.circumstances import Truncated
from pipeline.warc.http import head_of
from pipeline.warc.limits import HEADER_MOST

_STATUS: Final = re.compile(rb"HTTP/[0-9](?:\.[0-9])?[ \t]+([0-9]{3})(?![0-9])")
_FIELD: Final = re.compile(rb"^([^\s:]+)[ \t]*:[ \t]*([^\r\n]*)", re.MULTILINE)
_BEGINNING: Final = b"HTTP/"
_INTERIM_MOST: Final = 10
_LINE_MOST: Final = 8192
_CHUNK_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\n]*)?\r?\Z")
_SWITCHED: Final = 101
_NO_CONTENT: Final = frozenset({204, 304})


def status_of(message: bytes) -> int:
    """Give the status of a response, 0 where it has none."""
    found = _STATUS.match(message)
    return int(found[1]) if found else 0


def field_of(message: bytes, name: str) -> str:
    """Give the first value of a field in the header of a message, empty where it has none."""
    return next(iter(fields_of(message, name)), "")


def fields_of(message: bytes, name: str) -> list[str]:
    """Give all values of a field in the header of a message, as Latin-1."""
    head = head_of(message) or message[:HEADER_MOST]
    wanted = name.lower().encode("ascii")
    found = (match for match in _FIELD.finditer(head) if match[1].lower() == wanted)
    return [match[2].decode("latin-1").strip() for match in found]


class _Framing(Enum):
    HEAD = auto()
    LENGTH = auto()
    CHUNKS = auto()
    CLOSE = auto()


class Reception:
    """Takes the bytes of an answer as they come; `done` once the response is whole or too large."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._data = bytearray()
        self._framing = _Framing.HEAD
        self._end = 0
        self._chunks = 0
        self.interim = b""
        self._interims = 0
        self.done = False
        self.truncated: Truncated | None = None
        self.why = ""

    @property
    def response(self) -> bytes:
        """What belongs to the response."""
        return bytes(self._data)

    @property
    def is_http(self) -> bool:
        """Whether it begins like a response."""
        return _STATUS.match(self._data) is not None

    @property
    def _is_long(self) -> bool:
        return len(self._data) > HEADER_MOST

    def add(self, piece: bytes) -> None:
        """Take the next bytes."""
        self._data += piece
        begins = len(self._data) - len(piece) < len(_BEGINNING)
        if self._framing is _Framing.HEAD and (begins or b"\n" in piece or self._is_long):
            self._look_for_head()
        if self._framing is _Framing.CHUNKS and not self.done:
            self._follow_chunks()
        if self._framing is _Framing.LENGTH and len(self._data) >= self._end:
            self._finish(self._end)
        if not self.done and len(self._data) > self._most:
            del self._data[self._most :]
            self.done, self.truncated = True, Truncated.LENGTH
            self.why = f"more than {self._most} bytes"

    def end(self, why: Truncated) -> None:
        """Say that no more bytes come: the other side is gone, or the time is over."""
        whole = self._framing is _Framing.CLOSE and why is Truncated.DISCONNECT
        if not self.done and not whole:
            self.truncated = why
            if self._framing is _Framing.LENGTH:
                self.why = self.why or f"{self._end - len(self._data)} bytes are missing"
        self.done = True

    def _finish(self, end: int) -> None:
        over = len(self._data) - end
        if over:
            del self._data[end:]
            self.why = self.why or "more came than the header announced; what follows was left out"
        self.done = True

    def _look_for_head(self) -> None:
        while self._framing is _Framing.HEAD and not self.done:
            if self._data[: len(_BEGINNING)] != _BEGINNING[: len(self._data)]:
                self.done = True  # whatever this is, it is not a response
                return
            head = head_of(bytes(self._data[: HEADER_MOST + 4]))
            if head is None or len(head) > HEADER_MOST:
                if len(self._data) > HEADER_MOST:
                    del self._data[HEADER_MOST:]
                    self.done, self.truncated = True, Truncated.LENGTH
                    self.why = f"a header of more than {HEADER_MOST} bytes"
                return
            status = status_of(head)
            if status // 100 == 1 and status != _SWITCHED and self._interims < _INTERIM_MOST:
                self._interims += 1
                self.interim += head
                del self._data[: len(head)]
                if not self._data:
                    return
            else:
                self._frame(head, status)

    def _frame(self, head: bytes, status: int) -> None:
        """Choose how the end is found (RFC 9112, section 6.3)."""
        lengths = {each.strip() for each in ",".join(fields_of(head, "Content-Length")).split(",")}
        lengths.discard("")
        codings = ",".join(fields_of(head, "Transfer-Encoding")).lower()
        self._framing = _Framing.CLOSE
        if status in _NO_CONTENT:
            self._framing, self._end = _Framing.LENGTH, len(head)
        elif codings:
            if lengths:
                self.why = "both Transfer-Encoding and Content-Length; the former holds"
            if codings.rpartition(",")[2].strip() == "chunked":
                self._framing, self._chunks = _Framing.CHUNKS, len(head)
        elif len(lengths) == 1 and (length := next(iter(lengths))).isascii() and length.isdigit():
            digits = length.lstrip("0") or "0"
            self._end = len(head) + (int(digits) if len(digits) <= 18 else 10**18)  # noqa: PLR2004
            self._framing = _Framing.LENGTH
        elif lengths:
            self.why = "no valid Content-Length; read until the other side closed"

    def _follow_chunks(self) -> None:
        """Go from chunk to chunk as far as they are there."""
        while (found := self._data.find(b"\n", self._chunks)) >= 0:
            line = bytes(self._data[self._chunks : min(found, self._chunks + _LINE_MOST)])
            size = _CHUNK_SIZE.match(line)
            if size is None:
                self._lose_chunks()
                return
            if not int(size[1], 16):
                self._end_chunks(found + 1)
                return
            after = found + 1 + int(size[1], 16)
            tail = bytes(self._data[after : after + 2])
            if tail[:1] == b"\n" or tail == b"\r\n":
                self._chunks = after + (1 if tail[:1] == b"\n" else 2)
            elif tail in {b"", b"\r"}:
                return
            else:
                self._lose_chunks()
                return
        if len(self._data) - self._chunks > _LINE_MOST:
            self._lose_chunks()

    def _end_chunks(self, start: int) -> None:
        """Look for the end of the trailer."""
        position = start
        while (found := self._data.find(b"\n", position)) >= 0:
            line = bytes(self._data[position:found])
            position = found + 1
            if line in {b"", b"\r"}:
                self._finish(position)
                return
        if len(self._data) - start > HEADER_MOST:
            self._lose_chunks()

    def _lose_chunks(self) -> None:
        self._framing = _Framing.CLOSE
        self.why = "its chunks are broken; read until the other side closed"
