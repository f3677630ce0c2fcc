"""What is known of a capture beside its bytes, as the fields of clause 5 that say it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class Truncated(Enum):
    """Why a block is not the whole of what was there (clause 5.15)."""

    LENGTH = "length"
    TIME = "time"
    DISCONNECT = "disconnect"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """How a capture came about.

    Attributes:
        ip: the address that was asked, IPv4 or IPv6 (clause 5.10).
        truncated: why the block is cut, if it is known to be (clause 5.15).
        concurrent_to: ids, without angle brackets, of records of the same capture (clause 5.7);
            these have the same date (clause 5.4).
        identified_type: the payload's media type as found by looking at it, never what an HTTP
            header says (clause 5.19).
        extra: further fields, of the standard or our own.
    """

    ip: str | None = None
    truncated: Truncated | None = None
    concurrent_to: tuple[str, ...] = ()
    identified_type: str | None = None
    extra: tuple[tuple[str, str], ...] = ()

    def fields(self) -> Iterator[tuple[str, str]]:
        """Give the fields that say it."""
        for record in self.concurrent_to:
            yield "WARC-Concurrent-To", f"<{record}>"
        if self.ip is not None:
            yield "WARC-IP-Address", self.ip
        if self.truncated is not None:
            yield "WARC-Truncated", self.truncated.value
        if self.identified_type is not None:
            yield "WARC-Identified-Payload-Type", self.identified_type
        yield from self.extra


PLAIN = Circumstances()
"""Nothing is known beside the bytes."""
