"""Where a link leads inside the site: from what is written to a URL of the site, there or not."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

# Not evaluated: only these prefixes, which every Jekyll site uses for its own address.
_LIQUID_ADDRESS = re.compile(
    r"\{\{-?\s*(?:site\.(?:url|baseurl)|'/?'\s*\|\s*(?:relative|absolute)_url)\s*-?\}\}"
)
_LIQUID_FILTER = re.compile(
    r"\{\{-?\s*['\"](?P<path>[^'\"{}]*)['\"]\s*\|\s*(?:relative_url|absolute_url)\s*-?\}\}"
)
_ENDINGS = ("index.html", ".html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A URL of the site, relative to its address; `exists` is True where the site publishes it."""

    url: str
    exists: bool


class SiteUrls:
    """All URLs of a site, found again as web servers do: with and without `.html` or slash."""

    def __init__(self, urls: Iterable[str], public_url: str | None) -> None:
        """Take URLs relative to the site's address, and that address, if any."""
        self._known = {folded(url): url for url in sorted(set(urls), reverse=True)}
        address = urlsplit(public_url or "")
        self._host = (address.hostname or "").removeprefix("www.")
        self._base = address.path.rstrip("/")

    def lead(self, target: str, page_url: str) -> Destination | None:
        """Follow a link from a page. None: it leads elsewhere, into the page, or cannot be told."""
        written = _LIQUID_FILTER.sub(lambda found: found["path"], target.strip())
        written = _LIQUID_ADDRESS.sub("", written)
        if not written or written.startswith("#") or "{{" in written or "{%" in written:
            return None
        parts = _split(written)
        if parts is None or not self._is_ours(parts):
            return None
        path = parts.path if parts.netloc else _join(page_url, parts.path)
        if self._base and (path + "/").startswith(self._base + "/"):
            path = path[len(self._base) :]
        path = unquote(path) or "/"
        if not path.startswith("/"):
            return None
        known = self._known.get(folded(path))
        return Destination(url=known or path, exists=known is not None)

    def _is_ours(self, parts: SplitResult) -> bool:
        if parts.scheme not in {"", "http", "https"}:
            return False
        if not parts.netloc:
            return not parts.scheme and bool(parts.path)
        return bool(self._host) and (parts.hostname or "").removeprefix("www.") == self._host


def _split(target: str) -> SplitResult | None:
    try:
        parts = urlsplit(target)
        _ = parts.hostname
    except ValueError:  # "http://[" and its like: a link that leads nowhere
        return None
    return parts


def _join(page_url: str, path: str) -> str:
    try:
        return urlsplit(urljoin(page_url, path)).path
    except ValueError:
        return ""


def folded(url: str) -> str:
    """Give a URL without what servers pass over: `index.html`, `.html`, a slash at the end."""
    path = unquote(url)
    for ending in _ENDINGS:
        path = path.removesuffix(ending)
    return path.rstrip("/") or "/"
