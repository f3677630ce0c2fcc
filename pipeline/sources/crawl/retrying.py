"""When to ask again, and how long to wait before (RFC 9110, sections 10.2.3 and 15)."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from pipeline.sources.crawl.message import field_of, status_of
from pipeline.sources.crawl.plan import Plan
from pipeline.sources.crawl.values import Exchange, Failure

_BUSY: Final = frozenset({429, 503})
_PASSING: Final = frozenset({Failure.CONNECT, Failure.SILENT})
_FACTOR: Final = 5.0
_DIGITS_MOST: Final = 9


def is_busy(exchange: Exchange) -> bool:
    """Tell whether the server asks us to come back later."""
    return exchange.answer.failure is None and status_of(exchange.answer.response) in _BUSY


def may_retry(exchange: Exchange, plan: Plan) -> bool:
    """Tell whether asking again could help, and may be done."""
    passing = is_busy(exchange) or exchange.answer.failure in _PASSING
    return passing and exchange.wanted.attempt < plan.bounds.retries


def wait_after(exchange: Exchange, plan: Plan) -> float:
    """Give the seconds to wait: what the server says, or longer each time; bounded."""
    said = _retry_after(exchange) if is_busy(exchange) else None
    grown = plan.delay * _FACTOR * 2**exchange.wanted.attempt
    return min(grown if said is None else max(said, plan.delay), plan.bounds.wait_seconds)


def asks_too_much(exchange: Exchange, plan: Plan) -> bool:
    """Tell whether the server wants us to wait longer than we do."""
    return is_busy(exchange) and (_retry_after(exchange) or 0.0) > plan.bounds.wait_seconds


def _retry_after(exchange: Exchange) -> float | None:
    """Read `Retry-After`: seconds, or a date."""
    text = field_of(exchange.answer.response, "Retry-After")
    if text.isascii() and text.isdigit():
        return float(text[:_DIGITS_MOST])
    try:
        moment = parsedate_to_datetime(text) if text else None
    except (ValueError, IndexError, OverflowError):
        return None
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, _between(exchange.at, aware))


def _between(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds()
