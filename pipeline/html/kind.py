"""Whether bytes are a page of HTML: by what was said of them, else by how they begin."""

import re
from typing import Final

HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
UNKNOWN: Final = frozenset({"", "unknown/unknown", "application/unknown", "*/*"})
"""What browsers take for no word at all (WHATWG MIME Sniffing, section 7)."""

_LOOKED_AT: Final = 1445
_TAG: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?[\t\n\x0c\r ]*"
    rb"(?:<!--|<(?:!DOCTYPE HTML|HTML|HEAD|SCRIPT|IFRAME|H1|DIV|FONT|TABLE|A|STYLE|TITLE|B|"
    rb"BODY|BR|P)[ >])",
    re.IGNORECASE,
)


def is_html(media_type: str, body: bytes) -> bool:
    """Tell HTML from the rest; only where nothing is said the bytes are looked at."""
    if media_type in UNKNOWN:
        return _TAG.match(body[:_LOOKED_AT]) is not None
    return media_type in HTML
