"""DER (X.690), as little of it as time stamps need: strict, one level at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

BOOLEAN, INTEGER, OCTETS, NULL, OID = 0x01, 0x02, 0x04, 0x05, 0x06
UTF8, GENERALIZED_TIME, SEQUENCE, SET = 0x0C, 0x18, 0x30, 0x31
_TIME: Final = re.compile(r"(\d{14})(?:\.(\d{0,5}[1-9]))?Z", re.ASCII)
_LONG, _OWN_TAG = 0x80, 0x1F
_LENGTH_MOST: Final = 4
_NUMBER_MOST: Final = 128  # bytes: RFC 5280 bears serial numbers of 20, and a nonce is no longer
_SELF: Final = 40  # the first two numbers of an object identifier share a byte


class DerError(ValueError):
    """The bytes are not DER, or not of the type that is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A tag, what it holds, and all of its bytes as they were read."""

    tag: int
    content: bytes = field(repr=False)
    raw: bytes = field(repr=False)

    def expect(self, tag: int) -> "Node":
        """Give itself. Raises DerError where it is of another type."""
        if self.tag != tag:
            raise DerError(f"type {tag:#04x} should be here, not {self.tag:#04x}")
        return self

    def children(self, tag: int = SEQUENCE) -> "Nodes":
        """Read what is in a sequence, a set or an explicit tag."""
        return Nodes(tuple(_split(self.expect(tag).content)))

    def only(self, tag: int) -> "Node":
        """Give the one thing that an explicit tag or a set of one holds."""
        inside = self.children(tag)
        one = inside.take()
        inside.end()
        return one

    def integer(self) -> int:
        """Read an integer, written as short as it can be."""
        data = self.expect(INTEGER).content
        if len(data) > _NUMBER_MOST:
            raise DerError("an integer that is too long")
        needless = len(data) > 1 and data[0] in {0, 0xFF} and (data[0] ^ data[1]) < _LONG
        if not data or needless:
            raise DerError("an integer is not written as short as it can be")
        return int.from_bytes(data, signed=True)

    def oid(self) -> str:
        """Read an object identifier in its dotted form."""
        data = self.expect(OID).content
        if not data or data[-1] & _LONG:
            raise DerError("an object identifier is cut")
        if len(data) > _NUMBER_MOST:
            raise DerError("an object identifier that is too long")
        numbers, value = [], 0
        for place, byte in enumerate(data):
            if value == 0 and byte == _LONG:
                raise DerError(f"an object identifier is padded at byte {place}")
            value = value << 7 | byte & ~_LONG
            if not byte & _LONG:
                numbers.append(value)
                value = 0
        first = min(numbers[0] // _SELF, 2)
        return ".".join(map(str, (first, numbers[0] - first * _SELF, *numbers[1:])))

    def moment(self) -> datetime:
        """Read a GeneralizedTime in UTC (RFC 3161 section 2.4.2); a leap second is refused."""
        found = _TIME.fullmatch(self.expect(GENERALIZED_TIME).content.decode("ascii", "replace"))
        if found is None:
            raise DerError("a time is not written as it has to be")
        try:
            whole = datetime.strptime(found[1] + "+0000", "%Y%m%d%H%M%S%z").astimezone(UTC)
        except ValueError as error:
            raise DerError("there is no such time") from error
        return whole.replace(microsecond=int((found[2] or "0").ljust(6, "0")))


class Nodes:
    """The parts of a sequence, taken one by one."""

    def __init__(self, nodes: tuple[Node, ...]) -> None:
        self._nodes, self._at = nodes, 0

    def __iter__(self) -> Iterator[Node]:
        while self._at < len(self._nodes):
            yield self.take()

    def take(self) -> Node:
        """Take the next part. Raises DerError where there is none."""
        if self._at >= len(self._nodes):
            raise DerError("a part is missing")
        self._at += 1
        return self._nodes[self._at - 1]

    def optional(self, tag: int) -> Node | None:
        """Take the next part if it is of this type."""
        more = self._at < len(self._nodes)
        return self.take() if more and self._nodes[self._at].tag == tag else None

    def end(self) -> None:
        """Raise DerError where there is more."""
        if self._at < len(self._nodes):
            raise DerError("there is more than there should be")


def read(data: bytes) -> Node:
    """Read one value that fills the bytes. Raises DerError."""
    nodes = Nodes(tuple(_split(data)))
    node = nodes.take()
    nodes.end()
    return node


def _split(data: bytes) -> Iterator[Node]:
    at = 0
    while at < len(data):
        start = at
        if data[at] & _OWN_TAG == _OWN_TAG:
            raise DerError("a tag of more than one byte")
        if at + 1 >= len(data):
            raise DerError("it ends in a tag")
        length, at = data[at + 1], at + 2
        if length & _LONG:
            size = length & ~_LONG
            length = int.from_bytes(data[at : at + size])
            at += size
            if not 0 < size <= _LENGTH_MOST or length < _LONG or length >> (8 * size - 8) == 0:
                raise DerError("a length is not written as DER has it")
        if at + length > len(data):
            raise DerError("it ends too early")
        yield Node(tag=data[start], content=data[at : at + length], raw=data[start : at + length])
        at += length


def wrap(tag: int, *parts: bytes) -> bytes:
    """Write a value of this type that holds these parts."""
    content = b"".join(parts)
    size = len(content)
    if size < _LONG:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, _LONG | len(length))) + length + content


def write_integer(value: int) -> bytes:
    """Write an integer that is not negative."""
    return wrap(INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def write_oid(dotted: str) -> bytes:
    """Write an object identifier. Raises DerError where it is none."""
    if not re.fullmatch(r"[0-2](\.(0|[1-9]\d{0,37})){1,64}", dotted, re.ASCII):
        raise DerError(f"not an object identifier: {dotted!r}")
    first, second, *rest = map(int, dotted.split("."))
    return wrap(OID, *map(_base128, (first * _SELF + second, *rest)))


def _base128(number: int) -> bytes:
    groups = [number & ~_LONG & 0xFF]
    while number := number >> 7:
        groups.append(number & 0x7F | _LONG)
    return bytes(reversed(groups))
