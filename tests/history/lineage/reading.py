"""A repository's history, through this project's own reader and rules, as lineage takes it."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from pipeline.content.normalise import normalise
from pipeline.content.settings import Settings
from pipeline.errors import PipelineError
from pipeline.history.graph import Graph
from pipeline.history.lineage.past import facts_of, line_up, lives
from pipeline.history.lineage.values import Facts, Life
from pipeline.history.versions import Span, Versions, trace
from pipeline.jekyll.config import parse_config
from pipeline.jekyll.frontmatter import has_yaml_header
from pipeline.jekyll.item import ItemKind
from pipeline.jekyll.rules import PUBLISHABLE, ReadOptions, Role, Rules
from pipeline.sources import Absent, open_source

SKIPPED = ("assets/", "_data/", "_includes/", "_layouts/", "_sass/", "node_modules/")
TEXTUAL = (".md", ".markdown", ".html", ".htm", ".textile")
LARGEST = 400_000
NO_CONFIG = b"title: none\n"


@dataclass(frozen=True, slots=True)
class Past:
    """What a history was read into."""

    graph: Graph
    lives: tuple[Life, ...]


def read_past(location: str) -> Past:
    with open_source(location) as source:
        history = source.history()
        versions = trace(history.graph, history.steps())
        wanted = {
            span.entry.oid: span.entry
            for span in versions.spans
            if span.path == "_config.yml" or _may_be_content(span.path)
        }
        blobs = {
            entry.oid: data
            for entry, data in source.read(wanted.values())
            if not isinstance(data, Absent)
        }
    return Past(history.graph, lives(versions, _reading(versions, blobs)))


def _may_be_content(path: str) -> bool:
    name = path.rpartition("/")[2]
    return not path.startswith(SKIPPED) and (
        path.endswith(TEXTUAL) or (path.startswith("_") and "." not in name)
    )


def _reading(
    versions: Versions, blobs: dict[str, bytes]
) -> Callable[[Span], tuple[str | None, Facts] | None]:
    """Read each file under the configuration of its time.

    A file in a folder that was no collection yet, or no more, is read as when it was one.
    """
    order = {oid: number for number, oid in enumerate(line_up(versions.graph))}
    configs = sorted(
        (order[span.since], blobs[span.entry.oid])
        for span in versions.spans
        if span.path == "_config.yml" and span.entry.oid in blobs
    ) or [(0, NO_CONFIG)]
    since = [each for each, _ in configs]

    def read(span: Span) -> tuple[str | None, Facts] | None:
        data = blobs.get(span.entry.oid, b"")
        if not _may_be_content(span.path) or not data or len(data) > LARGEST:
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
        return Rules(parse_config([("_config.yml", config)], options), options)
    except PipelineError:
        return Rules(parse_config([("_config.yml", NO_CONFIG)], options), options)
