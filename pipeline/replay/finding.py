"""Find what a request means among the captures, past redirects that lead onto themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipeline.errors import PipelineError
from pipeline.replay.errors import NotCapturedError, UntrueError
from pipeline.replay.holding import Holding
from pipeline.replay.leading import is_page, target_of
from pipeline.replay.message import Message
from pipeline.warc.surt import searchable

TRIES: Final = 8
HOPS_MOST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A capture and where it leads, "" where it stays.

    `is_restless` tells of a page that leads onto itself, at once and for ever: it is to be kept
    still.
    """

    message: Message
    target: str = ""
    is_restless: bool = False


def find(holding: Holding, url: str, at: datetime | None) -> Found:
    """Read the capture nearest to a moment. Raises NotCapturedError, UntrueError and more.

    One that leads on in a circle is refused: a browser would go round in it.
    """
    found = _nearest(holding, url, at)
    seen, here = {_place(found)}, found
    while here.target and len(seen) <= HOPS_MOST:
        try:
            here = _nearest(holding, here.target, at)
        except PipelineError:
            return found  # told to whoever gets there
        if _place(here) in seen:
            raise UntrueError(url, "it leads on in a circle, from redirect to redirect")
        seen.add(_place(here))
    if here.target:
        raise UntrueError(url, f"it leads on more than {HOPS_MOST} times")
    return found


def is_same(one: str, other: str) -> bool:
    """Tell whether nothing but what no look-up tells apart is different."""
    return searchable(one) == searchable(other) and _ending(one) == _ending(other)


def _nearest(holding: Holding, url: str, at: datetime | None) -> Found:
    """Read the nearest capture that does not lead onto itself.

    `http://x/` often says no more than that `https://x/` is meant, which has the same key: such a
    capture is passed over, since it would lead onto itself for ever.
    """
    passed: set[tuple[str, int]] = set()
    page: Message | None = None
    for _ in range(TRIES):
        try:
            entry = holding.nearest(url, at, passed)
        except NotCapturedError:
            if passed:
                break
            raise
        message = holding.read(entry)
        target = target_of(message)
        if not target or not is_same(target, url):
            return Found(message=message, target=target)
        if page is None and is_page(message):
            page = message
        passed.add((entry.filename, entry.offset))
    if page is not None:
        return Found(message=page, is_restless=True)
    raise UntrueError(url, "all its captures near this moment lead onto themselves")


def _place(found: Found) -> tuple[str, int]:
    return found.message.entry.filename, found.message.entry.offset


def _ending(url: str) -> bool:
    return url.partition("#")[0].partition("?")[0].endswith("/")
