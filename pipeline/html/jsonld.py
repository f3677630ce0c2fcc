"""JSON-LD blocks of a page, as far as they speak of the page itself."""

import json
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from pipeline.html.wording import word_set

MAX_BLOCK = 1024 * 1024
MAX_NODES = 1000
_ARTICLES = word_set(
    "Article BlogPosting NewsArticle TechArticle ScholarlyArticle Report Event Recipe HowTo"
)
_PAGES = word_set("WebPage ItemPage AboutPage CollectionPage FAQPage ProfilePage Person")


def read_blocks(blocks: list[str]) -> tuple[Mapping[str, Any], int]:
    """Give the node that describes the page (empty where there is none) and how many are broken."""
    nodes: list[Mapping[str, Any]] = []
    broken = 0
    for block in blocks:
        try:
            value = json.loads(block[: MAX_BLOCK + 1], strict=False)
        except (ValueError, RecursionError):
            broken += 1
            continue
        nodes += _nodes(value)
    return max(nodes[:MAX_NODES], key=_rank, default={}), broken


def _nodes(value: object) -> Iterator[Mapping[str, Any]]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            graph = each.get("@graph")
            yield from (
                (node for node in graph if isinstance(node, dict))
                if isinstance(graph, list)
                else (each,)
            )


def _rank(node: Mapping[str, Any]) -> int:
    kind = node.get("@type")
    kinds = {k for k in (kind if isinstance(kind, list) else [kind]) if isinstance(k, str)}
    return 3 if kinds & _ARTICLES else 2 if kinds & _PAGES else 1 if "WebSite" in kinds else 0


def texts(value: object, *keys: str) -> list[str]:
    """Give the strings of a value: itself, those of a list, or a node's first of these keys."""
    found: list[str] = []
    for each in value[:MAX_NODES] if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            each = next((each[key] for key in keys if isinstance(each.get(key), str)), None)  # noqa: PLW2901
        if isinstance(each, str) and each.strip():
            found.append(unescape(each))  # jekyll-seo-tag writes `&amp;` into its JSON
    return found
