"""What `<meta http-equiv=refresh content=…>` says (HTML Standard, 4.2.5.3 and 7.4.2.5)."""

import re
from dataclasses import dataclass
from typing import Final

# Quantifiers are possessive: nothing is looked at twice.
_REFRESH: Final = re.compile(
    r"(?P<before>[\t\n\f\r ]*+(?:(?P<whole>[0-9]++)|(?=\.))[0-9.]*+"
    r"(?:[\t\n\f\r ]++[;,]?+|[;,])[\t\n\f\r ]*+(?:url[\t\n\f\r ]*+=[\t\n\f\r ]*+)?+)"
    r"(?:\"(?P<double>[^\"]*+)|'(?P<single>[^']*+)|(?P<bare>.*+))",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """Where a page leads by itself, as it is written, and what stands before that.

    `is_at_once` tells that it waits for no whole second.
    """

    url: str
    before: str
    is_at_once: bool


def parse_refresh(content: str) -> Refresh | None:
    """Read the value of `content`; None where it names no URL, so that the page loads itself."""
    found = _REFRESH.match(content)
    if found is None:
        return None
    url = next(each for each in found.group("double", "single", "bare") if each is not None)
    url = url.strip("\t\n\f\r ")
    is_at_once = not (found["whole"] or "").strip("0")
    return Refresh(url=url, before=found["before"], is_at_once=is_at_once) if url else None
