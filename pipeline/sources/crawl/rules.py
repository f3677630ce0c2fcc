"""Which robots.txt to ask for before what, and what its answer says (RFC 9309, section 2.3.1)."""

from typing import Final

from pipeline.sources.crawl.body import body_of
from pipeline.sources.crawl.message import field_of, status_of
from pipeline.sources.crawl.plan import Plan
from pipeline.sources.crawl.retrying import asks_too_much, is_busy, may_retry
from pipeline.sources.crawl.robots import Robots
from pipeline.sources.crawl.url import Refused, Target, read_url
from pipeline.sources.crawl.values import PREREQUISITE, REDIRECT, Exchange, Failure, Role, Wanted

_REDIRECTS_MOST: Final = 5  # section 2.3.1.2
_OK: Final = 2
_MOVED: Final = 3
_ABSENT: Final = 4


class Rules:
    """The robots.txt of every origin: asked for once, with its redirects and its retries."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._robots = Robots(plan.agent)
        self._pending: dict[str, Wanted] = {}

    def wanted(self, target: Target, by: Wanted) -> Wanted | None:
        """Give the robots.txt that has to be asked for before this; None where it was."""
        if self._robots.knows(target.origin):
            return None
        return self._pending.get(target.origin) or Wanted(
            url=f"{target.origin}/robots.txt",
            role=Role.ROBOTS,
            hops=by.hops + PREREQUISITE,
            via=by.url,
            origin=target.origin,
            probe=True,
        )

    def allows(self, target: Target) -> bool:
        """Tell whether this may be asked for."""
        return self._robots.allows(target.origin, target.url)

    def is_away(self, target: Target) -> bool:
        """Tell whether nothing is allowed because the rules cannot be had."""
        return self._robots.is_away(target.origin)

    def delay(self, origin: str) -> float:
        """Give the seconds between requests that the origin asks for."""
        return self._robots.delay(origin)

    def take(self, exchange: Exchange) -> tuple[str, ...]:
        """Learn from the answer; give the sitemaps that it names."""
        wanted, answer = exchange.wanted, exchange.answer
        self._pending.pop(wanted.origin, None)
        if may_retry(exchange, self._plan) and not asks_too_much(exchange, self._plan):
            attempt = wanted.attempt + 1
            self._pending[wanted.origin] = _again(wanted, wanted.url, wanted.hops, attempt)
            return ()
        if answer.failure is not None:
            # What must not be touched is refused by itself, URL by URL.
            allowed = answer.failure is Failure.FORBIDDEN
            self._robots.take_none(wanted.origin, allowed=allowed)
            return ()
        kind = status_of(answer.response) // 100
        if kind == _MOVED and self._redirects(wanted, field_of(answer.response, "Location")):
            return ()
        if kind == _OK:
            return self._robots.take(wanted.origin, body_of(answer.response) or b"")
        # Too many redirects count as absent; 429 asks for less, not for all.
        is_absent = kind in {_MOVED, _ABSENT} and not is_busy(exchange)
        self._robots.take_none(wanted.origin, allowed=is_absent)
        return ()

    def _redirects(self, wanted: Wanted, location: str) -> bool:
        target = read_url(location, wanted.url) if location else None
        if target is None or isinstance(target, Refused) or wanted.redirects >= _REDIRECTS_MOST:
            return False
        self._pending[wanted.origin] = _again(wanted, target.url, wanted.hops + REDIRECT, 0)
        return True


def _again(wanted: Wanted, url: str, hops: str, attempt: int) -> Wanted:
    via = wanted.via if url == wanted.url else wanted.url
    return Wanted(
        url=url,
        role=Role.ROBOTS,
        hops=hops,
        via=via,
        origin=wanted.origin,
        attempt=attempt,
        probe=True,
    )
