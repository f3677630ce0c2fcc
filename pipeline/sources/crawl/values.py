"""What a crawl speaks in: what is wanted, and what became of the asking."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from pipeline.warc.circumstances import Truncated

LINK: Final = "L"
EMBED: Final = "E"
REDIRECT: Final = "R"
PREREQUISITE: Final = "P"
LISTED: Final = "M"


class Role(Enum):
    """What a URL is asked for as."""

    PAGE = "page"
    REQUISITE = "requisite"
    LIST = "list"
    ROBOTS = "robots"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A URL to ask for.

    Attributes:
        url: in its one spelling.
        role: what it is asked for as.
        hops: how it was come to, a letter a step from the seed: `L` a link, `E` a requisite, `R` a
            redirect, `P` a robots.txt, `M` a list of pages (`hopsFromSeed` of ISO 28500, 6.6).
        via: where it was found, empty for a seed.
        origin: of robots.txt, the origin whose rules it holds, whatever it redirects to.
        attempt: how often it was asked for before.
        probe: nobody named it; it is where such a file usually lies.
    """

    url: str
    role: Role
    hops: str = ""
    via: str = ""
    origin: str = ""
    attempt: int = 0
    probe: bool = False

    @property
    def depth(self) -> int:
        """How many links it is away from the seed."""
        return self.hops.count(LINK) + self.hops.count(LISTED)

    @property
    def redirects(self) -> int:
        """How many redirects led here, one after the other."""
        return len(self.hops) - len(self.hops.rstrip(REDIRECT))

    @property
    def embeds(self) -> int:
        """How many requisites led here from a page, each needing the next."""
        return self.hops.replace(REDIRECT, "").rpartition(LINK)[2].count(EMBED)


class Failure(Enum):
    """Why there is no answer that HTTP knows."""

    FORBIDDEN = "forbidden"
    NAME = "name not found"
    CONNECT = "not connected"
    TLS = "no TLS"
    SILENT = "no answer"
    NOT_HTTP = "not HTTP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Who answered under TLS: protocol, cipher, the certificate in DER."""

    version: str
    cipher: str
    certificate: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The bytes of both sides, as they went over the wire, and what is known of them.

    Attributes:
        request: what was sent; empty where nothing was.
        response: what came, from the status line of the final response to its end.
        interim: what came before it: responses with a status of 1xx.
        ip: the address that was connected to; empty where none was.
        truncated: why the response is cut, if it is.
        peer: who it was, under TLS.
        failure: why there is no response, None where there is one.
        why: one sentence about what failed, or what is odd about the response's length.
    """

    request: bytes = b""
    response: bytes = b""
    interim: bytes = b""
    ip: str = ""
    truncated: Truncated | None = None
    peer: Peer | None = None
    failure: Failure | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One asking: what was wanted, when it began, how long it took, what came."""

    wanted: Wanted
    at: datetime
    seconds: float
    answer: Answer
