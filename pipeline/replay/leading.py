"""Where a capture leads: by its status and Location, or as a page that leads on by itself at once.

Sites on hosts that answer every file with 200 redirect by such pages, jekyll-redirect-from's among
them: for a reader they are redirects, and a script in them names the address on the live web.
"""

from typing import Final
from urllib.parse import urljoin

from pipeline.html.charset import charset_of, decode
from pipeline.html.refresh import parse_refresh
from pipeline.replay.message import Message
from pipeline.replay.tokens import ATTRIBUTE, END, TEXT, TOKEN, end_of_text, read, which_of
from pipeline.warc.payloads.message import media_of

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
LOOKED_AT: Final = 1 << 16
"""Bytes of a page in which its refresh must be. A later one is left to the browser."""

_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_NOT_RUN: Final = TEXT | {"noscript", "template"}


def target_of(message: Message) -> str:
    """Give where a capture leads, as an absolute URL; "" where it stays."""
    try:
        if message.status in REDIRECTS:
            where = message.said("Location")
            return urljoin(message.entry.url, where) if where else ""
        if message.media_type in _PAGES:
            return _page_target(message)
    except ValueError:
        pass  # no URL: it leads nowhere
    return ""


def is_page(message: Message) -> bool:
    """Tell of a capture that leads somewhere whether it is a page that does so."""
    return message.status not in REDIRECTS


def _page_target(message: Message) -> str:
    """Read a page's refresh. Raises ValueError."""
    body = message.decoded()
    if body is None or b"refresh" not in (begin := body[:LOOKED_AT]).lower():
        return ""
    charset = charset_of(begin, media_of(message.said("Content-Type"))[1] or None)
    base, content = refresh_of(decode(begin, charset.text))
    said = parse_refresh(content)
    if said is None or not said.is_at_once:
        return ""
    written = "".join(char for char in said.url if char not in "\t\n\r").strip()
    return urljoin(urljoin(message.entry.url, base), written)


def refresh_of(text: str) -> tuple[str, str]:
    """Find the base of a page and what its first refresh says that names a URL; "" without one."""
    base, at = "", 0
    while (found := TOKEN.search(text, at)) is not None:
        at = found.end()
        if found["name"] is None:
            continue
        fields, at = _fields(text, at)
        name = found["name"].lower()
        if found["close"]:
            continue
        if name in _NOT_RUN:
            at = end_of_text(text, at, name)
        elif name == "plaintext":
            break
        elif name == "base":
            base = base or fields.get("href", "").strip()
        elif name == "meta" and fields.get("http-equiv", "").strip().lower() == "refresh":
            content = fields.get("content", "")
            if parse_refresh(content) is not None:
                return base, content
    return base, ""


def _fields(text: str, at: int) -> tuple[dict[str, str], int]:
    """Read the attributes of a tag; the first of a name counts. Give where the tag ends, too."""
    fields: dict[str, str] = {}
    while (end := END.match(text, at)) is None:
        found = ATTRIBUTE.match(text, at)
        if found is None or found.end() == at:
            return {}, len(text)  # browsers drop a tag that does not end, with all that follows
        which = which_of(found)
        fields.setdefault(found["name"].lower(), read(found[which]) if which else "")
        at = found.end()
    return fields, end.end()
