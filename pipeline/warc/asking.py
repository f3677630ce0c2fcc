"""By which method a response was asked for: what answers a POST is not what GET would give.

A request says it, and stands beside its response: before it (Wget) or after it (warcio, Browsertrix
Crawler), one naming the other in WARC-Concurrent-To (ISO 28500:2017 5.7).
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from pipeline.warc.damage import Damage
from pipeline.warc.record import RecordType
from pipeline.warc.scan import Scanned

Found = Scanned | Damage
Asked = tuple[Found, str]

_ANSWERS: Final = frozenset({RecordType.RESPONSE, RecordType.REVISIT})
_METHOD: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}) ")
_BESIDE_MOST: Final = 8
"""Records after a response among which its request is looked for, and requests before it."""


def with_methods(records: Iterable[Found]) -> Iterator[Asked]:
    """Give each record in its order, with the method that it answers to; "" for all but responses.

    A response whose request is not near answers to GET, as far as anybody can say. `records` keep
    their blocks; a request whose block was too long to be kept has a body, as a POST.
    """
    before: deque[Scanned] = deque(maxlen=_BESIDE_MOST)
    held: list[Found] = []
    for found in records:
        is_request = isinstance(found, Scanned) and found.type is RecordType.REQUEST
        is_answer = isinstance(found, Scanned) and found.type in _ANSWERS
        if held and (is_answer or len(held) > _BESIDE_MOST):
            yield from _judged(held, before)
            held = []
        if isinstance(found, Scanned) and is_request:
            before.append(found)
        if held or is_answer:
            held.append(found)
        else:
            yield found, ""
    yield from _judged(held, before)


def _judged(held: list[Found], requests: Iterable[Scanned]) -> Iterator[Asked]:
    """Give a response and what follows it."""
    for place, found in enumerate(held):
        if place or not isinstance(found, Scanned):
            yield found, ""
            continue
        own = [_method(each) for each in requests if _belongs(each, found)]
        yield found, own[-1] if own else "GET"


def _belongs(request: Scanned, response: Scanned) -> bool:
    asked, answered = _concurrent(request), _concurrent(response)
    if asked or answered:
        return response.record_id in asked or request.record_id in answered
    return _place(request) == _place(response)


def _concurrent(found: Scanned) -> set[str]:
    named = zip(found.names, found.fields, strict=True)
    return {value.strip("<>") for name, (_, value) in named if name == "warc-concurrent-to"}


def _place(found: Scanned) -> tuple[str | None, str | None]:
    return found.target_uri, found.word("WARC-Date")


def _method(request: Scanned) -> str:
    if request.block is None:
        return "POST"
    match = _METHOD.match(request.block)
    return match[1].decode().upper() if match else "GET"
