"""Find what a request means among the captures, past redirects that lead onto themselves."""

from datetime import datetime
from typing import Final

from pipeline.replay.errors import NotCapturedError, UntrueError
from pipeline.replay.holding import Holding
from pipeline.replay.message import Message
from pipeline.replay.rendition import target_of
from pipeline.warc.surt import searchable

_TRIES: Final = 8


def find(holding: Holding, url: str, at: datetime | None) -> Message:
    """Read the capture nearest to a moment. Raises NotCapturedError, UntrueError and more.

    `http://x/` often says no more than that `https://x/` is meant, which has the same key: such a
    capture is passed over, since it would lead onto itself for ever.
    """
    passed: set[tuple[str, int]] = set()
    for _ in range(_TRIES):
        try:
            entry = holding.nearest(url, at, passed)
        except NotCapturedError:
            if passed:
                break
            raise
        message = holding.read(entry)
        target = target_of(message)
        if not target or not _same(target, url):
            return message
        passed.add((entry.filename, entry.offset))
    raise UntrueError(url, "all its captures near this moment lead onto themselves")


def _same(one: str, other: str) -> bool:
    """Tell whether nothing but what no look-up tells apart is different."""
    return searchable(one) == searchable(other) and _ending(one) == _ending(other)


def _ending(url: str) -> bool:
    return url.partition("#")[0].partition("?")[0].endswith("/")
