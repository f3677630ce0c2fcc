"""A file's text in, what this room says about it out, through Jekyll's rules as in a real run."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.content.normalise import normalise
from pipeline.content.settings import Settings
from pipeline.content.values import Content
from pipeline.jekyll.config import parse_config
from pipeline.jekyll.item import Item
from pipeline.jekyll.rules import ReadOptions, Rules
from pipeline.model import FileMode, TreeEntry

CONFIG = b"""\
title: Tide mill
collections: {events: {}, people: {}, team_members: {}, staff: {}}
defaults: [{scope: {path: _staff}, values: {tags: [house]}}]
"""

ReadItem = Callable[..., Item]
Say = Callable[..., Content]


@pytest.fixture(scope="session")
def read_item() -> ReadItem:
    """`read_item(source, path)` gives what Jekyll makes of a file with these bytes."""
    rules = Rules(parse_config([("_config.yml", CONFIG)], ReadOptions()), ReadOptions())

    def read(source: str | bytes, path: str = "_events/open-day.md") -> Item:
        data = source.encode() if isinstance(source, str) else source
        entry = TreeEntry(path=path, mode=FileMode.REGULAR, oid="0" * 40)
        return rules.read(rules.place(entry), data)

    return read


@pytest.fixture(scope="session")
def say(read_item: ReadItem) -> Say:
    """`say(source, path, settings)` gives the content of a file with these bytes."""

    def content(
        source: str | bytes,
        path: str = "_events/open-day.md",
        settings: Settings | None = None,
    ) -> Content:
        data = source.encode() if isinstance(source, str) else source
        return normalise(read_item(data, path), data, settings or Settings())

    return content


@pytest.fixture(scope="session")
def need_ruby(need: Callable[[str], Path]) -> str:
    """Ruby with kramdown, as Jekyll brings it; or the test is skipped."""
    need("jekyll")
    return str(need("ruby"))
