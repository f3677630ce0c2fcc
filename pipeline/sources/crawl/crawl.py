"""The crawl itself: what to ask next, and what to make of what came.

All that it knows follows from the exchanges that it was shown. So an interrupted crawl goes on by
being shown again what came before (`take`), and asks for none of it a second time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Final

from pipeline.model import Finding
from pipeline.sources.crawl.codes import CrawlCode
from pipeline.sources.crawl.following import Followed, follow
from pipeline.sources.crawl.frontier import Frontier
from pipeline.sources.crawl.noting import Notes
from pipeline.sources.crawl.plan import Plan
from pipeline.sources.crawl.retrying import asks_too_much, is_busy, may_retry, wait_after
from pipeline.sources.crawl.rules import Rules
from pipeline.sources.crawl.scope import Scope
from pipeline.sources.crawl.url import Refused, Target, read_url
from pipeline.sources.crawl.values import (
    EMBED,
    LINK,
    LISTED,
    PREREQUISITE,
    REDIRECT,
    Exchange,
    Failure,
    Role,
    Wanted,
)
from pipeline.sources.crawl.wire import Wire

_FAILURES_MOST: Final = 5
_LISTS_MOST: Final = 3
_USUAL: Final = ("sitemap.xml", "feed.xml")
_SILENT: Final = frozenset(
    {"data", "javascript", "mailto", "about", "blob", "tel", "sms", "callto"}
)
"""Schemes of what is no address of a file: nothing is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The time, and waiting for it: parameters, so that nobody has to wait in a test."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], object] = sleep


class Crawl:
    """One crawl of one plan. `exchanges` asks; `take` is shown what an earlier start had asked."""

    def __init__(self, plan: Plan, wire: Wire, clock: Clock) -> None:
        self._plan, self._wire, self._clock = plan, wire, clock
        self._bounds = plan.bounds
        self._start = clock.now()
        self._scope, self._notes = Scope(plan), Notes()
        self._frontier = Frontier(self._start, plan.bounds.found)
        self._rules = Rules(plan)
        self._failures: dict[str, int] = {}
        self._redirects: dict[str, str] = {}
        self.asked = 0
        self.bytes = 0
        for seed in plan.seeds:
            self._begin_at(seed)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a person should know of what came so far."""
        return self._notes.findings()

    @property
    def left(self) -> int:
        """How many URLs are known and not asked for."""
        return len(self._frontier)

    def exchanges(self) -> Iterator[Exchange]:
        """Ask for one URL after the other, and learn from each answer when the next is wanted."""
        while (wanted := self._next()) is not None:
            target = _read(wanted.url)
            at = self._clock.now()
            answer = self._wire.ask(target, self._seconds_left())
            seconds = (self._clock.now() - at).total_seconds()
            exchange = Exchange(wanted=wanted, at=at, seconds=max(0.0, seconds), answer=answer)
            yield exchange
            self.take(exchange)

    def take(self, exchange: Exchange) -> None:
        """Learn from an exchange."""
        wanted, answer = exchange.wanted, exchange.answer
        target = _read(wanted.url)
        self.asked += 1
        self.bytes += len(answer.response)
        self._rest(target, exchange)
        self._notes.note_answer(exchange)
        if wanted.role is Role.ROBOTS:
            for sitemap in self._rules.take(exchange):
                self._add(sitemap, wanted.origin, wanted, Role.LIST, PREREQUISITE)
            return
        self._frontier.remove(target.host, wanted)
        if self._retries(target, exchange):
            return
        self._notes.note_end(exchange)
        if answer.failure is None:
            is_page = wanted.role is Role.PAGE or self._scope.holds(target)
            self._follow(exchange, target, follow(exchange, is_page=is_page))

    # What to ask next

    def _next(self) -> Wanted | None:
        """Choose what to ask, and wait until it may be asked; None at the end."""
        while (first := self._frontier.first()) is not None:
            ready, wanted = first
            target = _read(wanted.url)
            if self._why_end() or not self._wait(ready):
                self._notes.note_limit(self._why_end() or "the time is over", self.left)
                return None
            if self._wire.why_forbidden(target):
                self._frontier.remove(target.host, wanted)
                return wanted
            robots = self._rules.wanted(target, wanted)
            if robots is not None:
                if self._wait(self._frontier.ready(_read(robots.url).host)):
                    return robots
                self._notes.note_limit("the time is over", self.left)
                return None
            self._frontier.remove(target.host, wanted)
            if self._rules.allows(target):
                return wanted
            self._notes.note_robots(wanted, away=self._rules.is_away(target))
        if self._frontier.overflowed:
            why = f"only {self._bounds.found} URLs are kept in mind"
            self._notes.note_limit(why, self._frontier.overflowed)
        return None

    def _why_end(self) -> str:
        """Say which bound of the whole is reached, if one is."""
        if self.asked >= self._bounds.pages:
            return f"{self._bounds.pages} URLs were asked for"
        if self.bytes >= self._bounds.bytes:
            return f"{self._bounds.bytes} bytes came in"
        if self._seconds_left() <= 0:
            return f"{self._bounds.seconds:.0f} seconds are over"
        return ""

    def _seconds_left(self) -> float:
        return self._bounds.seconds - (self._clock.now() - self._start).total_seconds()

    def _wait(self, until: datetime) -> bool:
        """Wait; False where the time of the crawl is over before."""
        seconds = (until - self._clock.now()).total_seconds()
        if seconds >= self._seconds_left():
            return False
        if seconds > 0:
            self._clock.sleep(seconds)
        return True

    # What to make of an answer

    def _rest(self, target: Target, exchange: Exchange) -> None:
        """Leave the host alone for as long as manners, robots.txt or the server want."""
        # Never later than now: a clock may have been set back since an earlier start.
        ended = min(exchange.at + timedelta(seconds=exchange.seconds), self._clock.now())
        seconds = max(self._plan.delay, self._rules.delay(target.origin))
        if exchange.answer.failure is Failure.FORBIDDEN:
            return
        if may_retry(exchange, self._plan) or is_busy(exchange):
            seconds = max(seconds, wait_after(exchange, self._plan))
        self._frontier.rest(target.host, ended, seconds)

    def _retries(self, target: Target, exchange: Exchange) -> bool:
        """Put back what may be asked again; give up hosts that never answer."""
        wanted, failed = exchange.wanted, exchange.answer.failure
        unanswered = failed not in {None, Failure.FORBIDDEN, Failure.NOT_HTTP}
        failures = self._failures.get(target.host, 0) + 1 if unanswered else 0
        self._failures[target.host] = failures
        if failures >= _FAILURES_MOST:
            for dropped in self._frontier.drop(target.host):
                why = f"not asked for: {target.host} failed {failures} times in a row"
                self._notes.add(CrawlCode.FAILED, dropped.url, why)
            return False
        if not may_retry(exchange, self._plan) or asks_too_much(exchange, self._plan):
            return False
        self._frontier.put_back(target.host, replace(wanted, attempt=wanted.attempt + 1))
        return True

    def _follow(self, exchange: Exchange, target: Target, followed: Followed) -> None:
        wanted = exchange.wanted
        if followed.redirect:
            self._redirect(wanted, target, followed.redirect)
        if followed.why and not wanted.probe:
            self._notes.add(CrawlCode.LIST, wanted.url, followed.why)
        hop = LISTED if wanted.role is Role.LIST else LINK
        for each in followed.requisites if wanted.embeds < self._bounds.embeds else ():
            self._add(each, followed.base, wanted, Role.REQUISITE, EMBED)
        for each in followed.lists if wanted.hops.count(LISTED) < _LISTS_MOST else ():
            self._add(each, followed.base, wanted, Role.LIST, LISTED)
        for each in followed.pages:
            self._add(each, followed.base, wanted, Role.PAGE, hop)

    def _redirect(self, wanted: Wanted, source: Target, text: str) -> None:
        target = read_url(text, wanted.url)
        if isinstance(target, Refused):
            self._notes.add(
                CrawlCode.FORBIDDEN, wanted.url, f"redirects to {target.text}: {target.why}"
            )
            return
        self._redirects[wanted.url] = target.url
        if wanted.redirects >= self._bounds.redirects:
            why = f"redirects to {target.url}, the {wanted.redirects + 1}th in a row"
            self._notes.add(CrawlCode.REDIRECT, wanted.url, why)
        elif self._is_circle(wanted.url):
            self._notes.add(CrawlCode.REDIRECT, wanted.url, f"redirects in a circle: {target.url}")
        else:
            self._follow_redirect(wanted, source, target)

    def _follow_redirect(self, wanted: Wanted, source: Target, target: Target) -> None:
        is_seed = not wanted.hops.strip(REDIRECT)
        if is_seed and wanted.role is Role.PAGE and self._scope.is_same_site(source, target):
            self._scope.widen(target)
        if wanted.role is Role.PAGE and not self._scope.holds(target):
            code = CrawlCode.SEED if is_seed else CrawlCode.OUTSIDE
            self._notes.add(code, wanted.url, f"redirects to {target.url}, outside of this crawl")
            return
        self._put(target, wanted, wanted.role, REDIRECT)

    def _is_circle(self, url: str) -> bool:
        at = self._redirects.get(url, "")
        for _ in range(self._bounds.redirects + 1):
            if at == url:
                return True
            at = self._redirects.get(at, "")
        return False

    # What goes into the queue

    def _begin_at(self, seed: str) -> None:
        target = _read(seed)
        self._frontier.add(target.host, Wanted(url=target.url, role=Role.PAGE))
        folder = target.path.partition("?")[0].rpartition("/")[0]
        for place in dict.fromkeys(("", folder)):
            for name in _USUAL:
                url = f"{target.origin}{place}/{name}"
                self._frontier.add(
                    target.host, Wanted(url=url, role=Role.LIST, hops="", probe=True)
                )

    def _add(self, text: str, base: str, via: Wanted, role: Role, hop: str) -> None:
        """Take a reference as it is written, if it is one that belongs to the crawl."""
        target = read_url(text, base)
        if isinstance(target, Refused):
            self._note_refused(target, via, role)
        elif (
            role is Role.REQUISITE
            or hop == PREREQUISITE
            or (role is Role.LIST and self._scope.has_host(target))
            or self._scope.holds(target)
        ):
            self._put(target, via, role, hop)

    def _note_refused(self, refused: Refused, via: Wanted, role: Role) -> None:
        if refused.scheme in _SILENT:
            return
        if role is not Role.PAGE and refused.scheme not in {"", "http", "https"}:
            self._notes.add(CrawlCode.FORBIDDEN, via.url, f"names {refused.text}: {refused.why}")
        elif refused.scheme in {"", "http", "https"}:
            self._notes.add(CrawlCode.URL, via.url, f"names {refused.text}: {refused.why}")

    def _put(self, target: Target, via: Wanted, role: Role, hop: str) -> None:
        wanted = Wanted(
            url=target.url,
            role=role,
            hops=via.hops + hop,
            via=via.url,
            probe=via.probe and hop == REDIRECT,
        )
        if self._frontier.has(target.url) or self._scope.excludes(target):
            return
        if wanted.depth > self._bounds.depth and role is Role.PAGE:
            self._notes.add(
                CrawlCode.LIMIT, target.url, f"more than {self._bounds.depth} links away"
            )
            return
        trap = self._scope.why_trap(target, named=hop == LISTED, page=role is Role.PAGE)
        if trap:
            self._notes.add(CrawlCode.TRAP, target.url, trap)
            return
        self._frontier.add(target.host, wanted)


def _read(url: str) -> Target:
    """Read a URL that was read before."""
    target = read_url(url)
    assert not isinstance(target, Refused), url  # noqa: S101 - for the type checker
    return target
