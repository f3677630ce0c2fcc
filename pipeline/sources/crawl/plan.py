"""What a crawl is asked to do, and how much of it it may."""

from dataclasses import dataclass
from typing import Final

_MEBI: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far a crawl goes before it stops by itself.

    Attributes:
        pages: how many URLs are asked for, requisites and all.
        bytes: how much may come in, all answers together.
        file_bytes: how much of one answer is taken.
        depth: how many links a page may be away from the seed.
        seconds: how long the whole may take, from this start of it.
        connect_seconds: how long a name or a connection may take.
        silent_seconds: how long the other side may say nothing.
        answer_seconds: how long one answer may take.
        redirects: how many redirects are followed, one after the other.
        embeds: how many requisites may need each other: page, style sheet, style sheet, font.
        retries: how often a URL is asked for again.
        wait_seconds: the longest that a server may ask us to wait.
        alike: how many URLs may differ in nothing but digits, or in nothing but their query.
        found: how many URLs are kept in mind.
    """

    pages: int = 10_000
    bytes: int = 800 * _MEBI
    file_bytes: int = 100 * _MEBI
    depth: int = 30
    seconds: float = 6 * 3600
    connect_seconds: float = 20
    silent_seconds: float = 30
    answer_seconds: float = 300
    redirects: int = 8
    embeds: int = 4
    retries: int = 3
    wait_seconds: float = 300
    alike: int = 500
    found: int = 500_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to ask for: seeds in their one spelling, the scope around them, manners.

    Attributes:
        seeds: where to begin; pages are in scope on these hosts, under these paths.
        exclude: patterns with `*` and `?` of URLs that are never asked for.
        delay: seconds between two requests to a host, at least.
        ports: further ports that may be connected to, beside 80, 443 and those of the seeds.
        loopback: whether this machine itself may be asked.
        agent: what we call ourselves.
    """

    seeds: tuple[str, ...]
    agent: str
    exclude: tuple[str, ...] = ()
    delay: float = 1.0
    ports: tuple[int, ...] = ()
    loopback: bool = False
    bounds: Bounds = Bounds()
