"""What a style sheet needs: `url()` and `@import`, as CSS Syntax Level 3 reads them."""

from collections.abc import Iterator
from typing import Any, Final

import tinycss2

SHEET_MOST: Final = 2 * 1024 * 1024
"""Bytes of one style sheet that are looked at."""

_ATTRIBUTE_MOST: Final = 64 * 1024
_DEPTH: Final = 50
_URLS_MOST: Final = 20_000
_TAKES_STRINGS: Final = frozenset({"image-set", "-webkit-image-set"})


def urls_of_sheet(data: bytes, charset: str | None = None) -> tuple[str, ...]:
    """Give what a style sheet names, in its order; `charset` is the protocol's, if it said one."""
    if _is_too_deep(data[:SHEET_MOST]):
        return ()
    rules, _ = tinycss2.parse_stylesheet_bytes(data[:SHEET_MOST], protocol_encoding=charset)
    return _first(_of_nodes(rules, 0))


def urls_of_style(text: str) -> tuple[str, ...]:
    """Give what the text of a `style` element names."""
    return urls_of_sheet(text.encode("utf-8", "replace"), "utf-8")


def urls_of_attribute(text: str) -> tuple[str, ...]:
    """Give what a `style` attribute names."""
    text = text[:_ATTRIBUTE_MOST]
    if "url" not in text.lower() or _is_too_deep(text.encode("utf-8", "replace")):
        return ()
    return _first(_of_nodes(tinycss2.parse_component_value_list(text), 0))


def _is_too_deep(data: bytes) -> bool:
    """Tell whether blocks could be nested deeper than the parser's own recursion allows.

    Brackets are counted without regard to strings and comments: what is refused for that is odd.
    """
    depth = deepest = 0
    for char in data:
        if char in b"([{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in b")]}":
            depth = max(0, depth - 1)
    return deepest > 2 * _DEPTH


def _first(found: Iterator[str]) -> tuple[str, ...]:
    urls: dict[str, None] = {}
    for url in found:
        if len(urls) >= _URLS_MOST:
            break
        if url.strip():
            urls.setdefault(url)
    return tuple(urls)


def _of_nodes(nodes: Any, depth: int, *, strings: bool = False) -> Iterator[str]:  # noqa: ANN401 - the nodes have no types
    """Walk nodes; `strings` says that a plain string here is a URL."""
    if depth > _DEPTH:
        return
    for node in nodes or ():
        kind = node.type
        if kind == "url" or (kind == "string" and strings):
            yield node.value
        elif kind == "function":
            is_url = node.lower_name == "url" or node.lower_name in _TAKES_STRINGS
            yield from _of_nodes(node.arguments, depth + 1, strings=is_url)
        elif kind in {"() block", "[] block", "{} block"}:
            yield from _of_nodes(node.content, depth + 1)
        elif kind == "at-rule":
            yield from _of_at_rule(node, depth)
        elif kind == "qualified-rule":
            yield from _of_nodes(node.prelude, depth + 1)
            yield from _of_nodes(node.content, depth + 1)


def _of_at_rule(node: Any, depth: int) -> Iterator[str]:  # noqa: ANN401 - as above
    name = node.lower_at_keyword
    if name == "namespace":  # a name that looks like an address
        return
    yield from _of_nodes(node.prelude, depth + 1, strings=name == "import")
    yield from _of_nodes(node.content, depth + 1)
