"""Small sites out of texts: paths and contents in, items out."""

from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.jekyll.config import parse_config
from pipeline.jekyll.item import Item
from pipeline.jekyll.options import ReadOptions
from pipeline.jekyll.outcome import Outcome
from pipeline.jekyll.placement import Placement
from pipeline.jekyll.rules import PUBLISHABLE, Rules
from pipeline.model import FileMode, TreeEntry


def entry(path: str, mode: FileMode = FileMode.REGULAR) -> TreeEntry:
    """Make a tree entry."""
    return TreeEntry(path=path, mode=mode, oid="0" * 40)


def rules_of(config: str, paths: Iterable[str] = (), **options: Any) -> Rules:  # noqa: ANN401 - passed on
    """Make the rules of a site from the text of its configuration."""
    chosen = ReadOptions(**options)
    return Rules(parse_config([("_config.yml", config.encode())], chosen), chosen, paths)


def place(path: str, config: str = "") -> Placement:
    """Place one path under a configuration."""
    return rules_of(config).place(entry(path))


def outcome_of(files: Mapping[str, str | bytes], config: str = "", **options: Any) -> Outcome:  # noqa: ANN401
    """Read a whole small site."""
    rules = rules_of(config, **options)
    items = []
    for path, content in sorted(files.items()):
        placement = rules.place(entry(path))
        if placement.role in PUBLISHABLE:
            data = content.encode() if isinstance(content, str) else content
            items.append(rules.read(placement, data))
    return rules.finish(items)


def item_of(path: str, content: str | bytes, config: str = "", **options: Any) -> Item:  # noqa: ANN401
    """Read one file."""
    (item,) = outcome_of({path: content}, config, **options).items
    return item
