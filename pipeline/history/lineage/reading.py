"""What each version said, read under the configuration of its time: what lineage takes."""

from bisect import bisect_right
from collections.abc import Callable
from functools import lru_cache

from pipeline.content.normalise import normalise
from pipeline.content.settings import Settings
from pipeline.errors import PipelineError
from pipeline.history.lineage.past import Read, facts_of, line_up
from pipeline.history.lineage.values import Facts
from pipeline.history.versions import Span, Versions
from pipeline.jekyll.config import parse_config
from pipeline.jekyll.frontmatter import has_yaml_header
from pipeline.jekyll.item import ItemKind
from pipeline.jekyll.rules import PUBLISHABLE, ReadOptions, Role, Rules

CONFIG = "_config.yml"
LARGEST = 400_000
NO_CONFIG = b"title: none\n"

_SKIPPED = ("assets/", "_data/", "_includes/", "_layouts/", "_sass/", "node_modules/")
_TEXTUAL = (".md", ".markdown", ".html", ".htm", ".textile")


def matters(path: str) -> bool:
    """Tell whether lineage needs the bytes of a path: a document, a page, the configuration."""
    name = path.rpartition("/")[2]
    textual = path.endswith(_TEXTUAL) or (path.startswith("_") and "." not in name)
    return path == CONFIG or (textual and not path.startswith(_SKIPPED))


def reader(versions: Versions, content: Callable[[Span], bytes]) -> Read:
    """Give the function that reads a span's file. `content` gives its bytes, empty for none.

    A file in a folder that was no collection yet, or no more, is read as when it was one.
    """
    order = {oid: number for number, oid in enumerate(line_up(versions.graph))}
    configs = sorted(
        (order[span.since], content(span)) for span in versions.spans if span.path == CONFIG
    ) or [(0, NO_CONFIG)]
    since = [each for each, _ in configs]

    def read(span: Span) -> tuple[str | None, Facts] | None:
        data = content(span) if matters(span.path) and span.path != CONFIG else b""
        if not data or len(data) > LARGEST:
            return None
        here = max(0, bisect_right(since, order[span.since]) - 1)
        near = sorted(range(len(configs)), key=lambda each: (abs(each - here), each))
        tried = dict.fromkeys(configs[each][1] for each in near)
        found = (_facts(span, data, config) for config in tried)
        return next((each for each in found if each), None) or _unpublished(span, data)

    return read


def _facts(span: Span, data: bytes, config: bytes) -> tuple[str | None, Facts] | None:
    rules = _rules(config)
    placement = rules.place(span.entry)
    document = placement.collection or placement.role in {Role.PAGE, Role.CANDIDATE}
    if placement.role not in PUBLISHABLE or not document:
        return None
    item = rules.read(placement, data)
    if item.kind is ItemKind.STATIC and item.collection is None:
        return None
    return item.collection, facts_of(item, normalise(item, data, Settings()), data)


def _unpublished(span: Span, data: bytes) -> tuple[str | None, Facts] | None:
    """A file in a folder of documents that Jekyll passes over, as a post without an extension."""
    folder = span.path.partition("/")[0]
    if not folder.startswith("_") or not has_yaml_header(data):
        return None
    return folder[1:], Facts(source=data)


@lru_cache(maxsize=64)
def _rules(config: bytes) -> Rules:
    options = ReadOptions()
    try:
        return Rules(parse_config([(CONFIG, config)], options), options)
    except PipelineError:
        return Rules(parse_config([(CONFIG, NO_CONFIG)], options), options)
