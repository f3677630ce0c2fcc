"""What of a crawl a person should know, kept in bounded memory."""

from collections import Counter
from typing import Final

from pipeline.model import Finding
from pipeline.sources.crawl.codes import CrawlCode
from pipeline.sources.crawl.message import status_of
from pipeline.sources.crawl.retrying import is_busy
from pipeline.sources.crawl.values import Exchange, Failure, Role, Wanted

_EACH_MOST: Final = 1_000
_ERRORS: Final = 400
_OK: Final = 200
_TOLD_MOST: Final = 400


class Notes:
    """Collects findings; of one code a thousand are listed, the rest are counted."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], Finding] = {}
        self._counts: Counter[CrawlCode] = Counter()

    def add(self, code: CrawlCode, url: str, why: str) -> None:
        """Note something about a URL, once."""
        key = (code.code, url, why)
        if key in self._found:
            return
        self._counts[code] += 1
        if self._counts[code] <= _EACH_MOST:
            self._found[key] = code.at(url, why[:_TOLD_MOST])

    def findings(self) -> tuple[Finding, ...]:
        """Give what was noted."""
        more = (
            code.at(None, f"and {count - _EACH_MOST} more")
            for code, count in self._counts.items()
            if count > _EACH_MOST
        )
        return (*self._found.values(), *more)

    def note_answer(self, exchange: Exchange) -> None:
        """Note what is odd about the bytes that came."""
        answer, url = exchange.answer, exchange.wanted.url
        if answer.failure is not None:
            return
        if answer.truncated is not None:
            why = f"cut ({answer.truncated.value}): {answer.why or 'it did not end'}"
            self.add(CrawlCode.TRUNCATED, url, why)
        elif answer.why:
            self.add(CrawlCode.LENGTH, url, answer.why)

    def note_end(self, exchange: Exchange) -> None:
        """Note how it ended with a URL that will not be asked for again."""
        wanted, answer = exchange.wanted, exchange.answer
        status = status_of(answer.response) if answer.failure is None else 0
        if answer.failure is Failure.FORBIDDEN:
            self.add(CrawlCode.FORBIDDEN, wanted.url, answer.why + _of(wanted))
        elif answer.failure is not None:
            self.add(
                CrawlCode.FAILED, wanted.url, f"{answer.failure.value}: {answer.why}{_of(wanted)}"
            )
        elif is_busy(exchange):
            self.add(CrawlCode.BUSY, wanted.url, f"status {status}{_of(wanted)}")
        elif status >= _ERRORS and not wanted.probe:
            self.add(CrawlCode.STATUS, wanted.url, f"status {status}{_of(wanted)}")
        is_seed = not wanted.hops.strip("R") and wanted.role is Role.PAGE
        if is_seed and (status >= _ERRORS or status < _OK):
            why = answer.why or f"status {status}"
            self.add(CrawlCode.SEED, wanted.url, f"gave no page: {why}")

    def note_robots(self, wanted: Wanted, *, away: bool) -> None:
        """Note what robots.txt keeps us from."""
        if away:
            self.add(CrawlCode.ROBOTS_AWAY, wanted.url, f"not asked for{_of(wanted)}")
        else:
            self.add(CrawlCode.ROBOTS, wanted.url, f"disallowed{_of(wanted)}")
        if not wanted.hops.strip("R") and wanted.role is Role.PAGE:
            self.add(CrawlCode.SEED, wanted.url, "gave no page: robots.txt keeps us from it")

    def note_limit(self, why: str, left: int) -> None:
        """Note that the crawl ended before it was through."""
        self.add(CrawlCode.LIMIT, "", f"{why}; {left} URLs were not asked for")


def _of(wanted: Wanted) -> str:
    """Say who named it."""
    return f", named by {wanted.via}" if wanted.via else ""
