"""What follows from an answer: which URLs its bytes name, and what for. Pure."""

from dataclasses import dataclass
from typing import Final

from pipeline.html.requisites import links_of
from pipeline.html.sitemap import listed_in
from pipeline.html.stylesheet import urls_of_sheet
from pipeline.sources.crawl.body import body_of, charset_of, media_type_of
from pipeline.sources.crawl.message import field_of, status_of
from pipeline.sources.crawl.url import read_url
from pipeline.sources.crawl.values import Exchange, Role

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_OK: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """References as they are written; `base` is what they are relative to.

    `redirect` is where a redirect leads, `why` says why a list could not be read.
    """

    base: str
    redirect: str = ""
    pages: tuple[str, ...] = ()
    requisites: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    why: str = ""


def follow(exchange: Exchange, *, is_page: bool) -> Followed:
    """Read an answer as what it was asked for; `is_page`: links of HTML count."""
    url, response = exchange.wanted.url, exchange.answer.response
    status = status_of(response)
    location = field_of(response, "Location")
    if status in _REDIRECTS and location:
        # Fields are Latin-1 for Python; servers that do not escape write UTF-8.
        text = location.encode("latin-1").decode("utf-8", "replace")
        return Followed(base=url, redirect=text)
    if exchange.wanted.role is Role.LIST:
        return _of_list(url, response) if status == _OK else Followed(base=url)
    media_type = media_type_of(response)
    if media_type == "text/css":
        sheet = urls_of_sheet(body_of(response) or b"", charset_of(response))
        return Followed(base=url, requisites=sheet)
    if is_page and media_type in _HTML:
        return _of_page(url, response)
    return Followed(base=url)


def _of_list(url: str, response: bytes) -> Followed:
    listed = listed_in(body_of(response, unzip=True) or b"")
    return Followed(base=url, pages=listed.pages, lists=listed.lists, why=listed.why)


def _of_page(url: str, response: bytes) -> Followed:
    links = links_of(body_of(response) or b"", charset_of(response))
    base = read_url(links.base, url) if links.base else None
    return Followed(
        base=getattr(base, "url", url),
        pages=links.pages,
        requisites=links.requisites,
        lists=links.feeds,
    )
