"""The files that common plugins add: redirects, feeds, sitemap, pagination.

Sources: jekyll-redirect-from 0.16 (generator.rb, redirect_page.rb), jekyll-feed 0.17
(generator.rb), jekyll-sitemap 1.4 (jekyll-sitemap.rb), jekyll-paginate 1.1 (pager.rb,
pagination.rb).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pipeline.jekyll.item import Item, ItemKind
from pipeline.jekyll.placement import POSTS
from pipeline.jekyll.ruby_text import dirname, to_s
from pipeline.jekyll.site import Site
from pipeline.jekyll.url import destination, permalink_ext, sanitize

_BUNDLE = "github-pages"


class GeneratedKind(Enum):
    """Which plugin adds a file."""

    REDIRECT = "redirect"
    REDIRECT_LIST = "redirect list"
    FEED = "feed"
    SITEMAP = "sitemap"
    ROBOTS = "robots"
    PAGINATION = "pagination"


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """One file without a source. It is made for `source`, a redirect leads to `target`."""

    kind: GeneratedKind
    url: str
    destination: str
    source: str = ""
    target: str = ""


def generated_urls(site: Site, items: Sequence[Item]) -> tuple[Generated, ...]:
    """List what the site's plugins add, in the order of their generators."""
    plugins = site.config.plugins
    found: list[Generated] = []
    if site.redirects:
        found.extend(_redirects(site, items))
    if plugins & {"jekyll-feed", _BUNDLE}:
        found.extend(_feeds(site, items))
    if plugins & {"jekyll-sitemap", _BUNDLE}:
        found.extend(_sitemap(items))
    if plugins & {"jekyll-paginate", _BUNDLE} and site.config.raw.get("paginate") is not None:
        found.extend(_pages(site, items))
    return tuple(found)


def _page(kind: GeneratedKind, url: str, ext: str, source: str = "", target: str = "") -> Generated:
    clean = sanitize(url)
    where = destination(clean, permalink_ext(url) or ext, page=True)
    return Generated(kind=kind, url=clean, destination=where, source=source, target=target)


def _redirects(site: Site, items: Iterable[Item]) -> Iterator[Generated]:
    published = [item for item in items if not item.left_out and item.kind is not ItemKind.STATIC]
    for item in published:
        if item.kind is ItemKind.DOCUMENT and not item.written:
            continue
        for start in item.redirect_from:
            url = start if start.startswith("/") else f"/{start}"
            yield _page(GeneratedKind.REDIRECT, url, ".html", item.path, item.url or "")
    settings = site.config.raw.get("redirect_from")
    listed = not isinstance(settings, Mapping) or settings.get("json") is not False
    if listed and not any(item.path == "redirects.json" for item in items):
        yield _page(GeneratedKind.REDIRECT_LIST, "/redirects.json", ".json")


def _feeds(site: Site, items: Sequence[Item]) -> Iterator[Generated]:
    settings = site.config.raw.get("feed")
    settings = settings if isinstance(settings, Mapping) else {}
    paths = {f"/{item.path}" for item in items}
    for name, metadata in _feed_collections(settings).items():
        prefix = "/feed" if name == POSTS else f"/feed/{name}"
        categories = metadata.get("categories")
        names = categories if isinstance(categories, list) else []
        urls = [f"{prefix}/{to_s(category)}.xml" for category in names]
        urls.append(to_s(metadata.get("path") or f"{prefix}.xml"))
        for url in (f"/{url.removeprefix('/')}" for url in urls):
            if url not in paths:
                yield _page(GeneratedKind.FEED, url, ".xml")
    if settings.get("tags"):
        yield from _tag_feeds(settings["tags"], items, paths)


def _feed_collections(settings: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    given = settings.get("collections")
    if isinstance(given, list):
        found: dict[str, dict[str, Any]] = {to_s(name): {} for name in given}
    elif isinstance(given, Mapping):
        found = {
            name: dict(meta) if isinstance(meta, Mapping) else {} for name, meta in given.items()
        }
    else:
        found = {}
    posts = found.setdefault(POSTS, {})
    for key in ("path", "categories"):
        posts[key] = posts.get(key) or settings.get(key)
    return found


def _tag_feeds(settings: Any, items: Iterable[Item], paths: set[str]) -> Iterator[Generated]:  # noqa: ANN401
    settings = settings if isinstance(settings, Mapping) else {}
    posts = [item for item in items if item.collection == POSTS and not item.left_out]
    tags = dict.fromkeys(to_s(tag) for item in posts for tag in item.tags)
    wanted = settings.get("only") or list(tags)
    unwanted = {to_s(tag) for tag in settings.get("except") or ()}
    folder = to_s(settings.get("path") or "/feed/by_tag/")
    for tag in (to_s(tag) for tag in wanted):
        url = f"{folder}{tag}.xml"
        if tag not in unwanted and not re.search("[^a-zA-Z0-9_]", tag) and url not in paths:
            yield _page(GeneratedKind.FEED, url, ".xml")


def _sitemap(items: Sequence[Item]) -> Iterator[Generated]:
    urls = {item.url for item in items if item.kind is not ItemKind.DOCUMENT and not item.left_out}
    if "/sitemap.xml" not in urls:
        yield _page(GeneratedKind.SITEMAP, "/sitemap.xml", ".xml")
    if "/robots.txt" not in urls:
        yield _page(GeneratedKind.ROBOTS, "/robots.txt", ".txt")


def _pages(site: Site, items: Sequence[Item]) -> Iterator[Generated]:
    per_page = site.config.raw["paginate"]
    pattern = site.config.text("paginate_path")
    if not isinstance(per_page, int) or per_page < 1 or ":num" not in pattern:
        return
    template = _template_page(items, pattern)
    if template is None:
        return
    posts = [
        item
        for item in items
        if item.collection == POSTS and not item.left_out and not item.front_matter.get("hidden")
    ]
    for number in range(2, -(-len(posts) // per_page) + 1):
        url = "/" + pattern.replace(":num", str(number), 1).lstrip("/") + "/"
        yield _page(GeneratedKind.PAGINATION, url, ".html", template.path)


def _template_page(items: Iterable[Item], pattern: str) -> Item | None:
    """Find the longest `index.html` in a folder above the pages (`Pager.pagination_candidate?`)."""
    above = dirname("/" + pattern.lstrip("/"))
    candidates = [
        item
        for item in items
        if item.kind is ItemKind.PAGE
        and not item.left_out
        and item.path.rpartition("/")[2] == "index.html"
        and f"{above.rstrip('/')}/".startswith(f"{dirname('/' + item.path).rstrip('/')}/")
    ]
    return max(candidates, key=lambda item: len(item.path), default=None)
