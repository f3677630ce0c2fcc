"""Where in the file each field of the front matter stands, and how it was written.

`pipeline.jekyll` gives typed values; YAML's events still know lines and the text before typing
(`10:30`, not 630). Events, not nodes: libyaml composes nodes by recursion in C.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import yaml

from pipeline.content.fields import step
from pipeline.jekyll.item import Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A value as written: its line in the file (from 1); the text of a scalar, None for others.

    `plain` is True without quotes and block signs, where YAML guesses the type.
    """

    line: int
    text: str | None = None
    plain: bool = False


@dataclass(slots=True)
class _Open:
    """A mapping or sequence being read, and which of its values comes next."""

    path: str
    mapping: bool
    key: str | None = None
    at_key: bool = True
    index: int = -1

    def next_path(self, event: yaml.NodeEvent) -> str | None:
        """Take the next node; give its path, or None where it is a key."""
        if not self.mapping:
            self.index += 1
            return f"{self.path}[{self.index}]"
        self.at_key = not self.at_key
        if self.at_key:
            return step(self.path, self.key or "")
        self.key = event.value if isinstance(event, yaml.ScalarEvent) else ""
        return None


def written(item: Item, data: bytes) -> Mapping[str, Written]:
    """Map the path of each field (as `fields.py` names it) to where and how it was written.

    Empty where the front matter was not read. Behind a mistake in YAML nothing is known; what an
    alias stands for is known where it was anchored.
    """
    if not item.own or item.split is None:
        return {}
    start, end = item.split.yaml_start, item.split.yaml_end
    first = data.count(b"\n", 0, start) + 1
    found: dict[str, Written] = {}
    try:
        for path, event in _values(data[start:end]):
            found[path] = _written(event, first)
    except yaml.YAMLError:
        return found
    return found


def _values(text: bytes) -> Iterator[tuple[str, yaml.NodeEvent]]:
    stack: list[_Open] = []
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.NodeEvent):
            path = stack[-1].next_path(event) if stack else ""
            if path:
                yield path, event
            if isinstance(event, yaml.CollectionStartEvent):
                stack.append(_Open(path or "", isinstance(event, yaml.MappingStartEvent)))
        elif isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
        elif isinstance(event, yaml.DocumentEndEvent):
            return  # Jekyll reads one


def _written(event: yaml.NodeEvent, first: int) -> Written:
    line = first + (event.start_mark.line if event.start_mark else 0)
    if not isinstance(event, yaml.ScalarEvent):
        return Written(line=line)
    return Written(line=line, text=event.value, plain=not event.style)
