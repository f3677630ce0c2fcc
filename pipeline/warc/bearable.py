"""Whether JSON can be borne, before it is read: evil JSON takes forty times its size in memory."""

import re
from itertools import islice
from typing import Final

VALUES_MOST: Final = 1_000_000
"""Texts, objects, lists and commas: the list of 60,000 files has as many, a long page a few."""

_UNASKED: Final = 1 << 18  # so few bytes bear nothing
_TOKEN: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[{,]', re.DOTALL)


def is_bearable(data: bytes) -> bool:
    """Tell whether JSON holds so few values that they may be read at once."""
    if len(data) <= _UNASKED:
        return True
    return sum(1 for _ in islice(_TOKEN.finditer(data), VALUES_MOST + 1)) <= VALUES_MOST
