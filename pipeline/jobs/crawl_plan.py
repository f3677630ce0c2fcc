"""Make the plan of a crawl of what a person typed."""

import re
from dataclasses import dataclass
from typing import Final

from pipeline import __version__
from pipeline.errors import UsageError
from pipeline.sources.crawl.plan import Bounds, Plan
from pipeline.sources.crawl.url import Refused, read_url

AGENT: Final = f"jekyll-archive/{__version__}"
_AGENT: Final = re.compile(r"[A-Za-z][A-Za-z_-]*[ -~]*")
"""A product token, as RFC 9309 (2.2.1) has it, and what else is printed on a keyboard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed. `agent` None is our own name."""

    urls: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    delay: float = 1.0
    ports: tuple[int, ...] = ()
    loopback: bool = False
    agent: str | None = None


def plan_of(asked: Asked, bounds: Bounds) -> Plan:
    """Make the plan; seeds get their one spelling. Raises UsageError."""
    seeds = []
    for url in asked.urls:
        target = read_url(url)
        if isinstance(target, Refused):
            raise UsageError(f"{url}: not a URL to begin with: {target.why}")
        seeds.append(target.url)
    agent = asked.agent or AGENT
    if not _AGENT.fullmatch(agent):
        raise UsageError(f"--user-agent {agent!r} does not begin with a name of letters, - and _")
    return Plan(
        seeds=tuple(dict.fromkeys(seeds)),
        agent=agent,
        exclude=asked.exclude,
        delay=asked.delay,
        ports=asked.ports,
        loopback=asked.loopback,
        bounds=bounds,
    )
