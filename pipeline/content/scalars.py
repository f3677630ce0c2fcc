"""Where in the file each field of the front matter stands, and how it was written.

`pipeline.jekyll` gives typed values; YAML's own node graph still knows lines and the text before
typing (`10:30`, not 630). It is only read when the front matter was read before, so the bounds on
size, depth and aliases that are checked there hold here.
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


def written(item: Item, data: bytes) -> Mapping[str, Written]:
    """Map the path of each field (as `fields.py` names it) to where and how it was written.

    Empty where there is no front matter or YAML does not give a mapping.
    """
    if not item.own or item.split is None:
        return {}
    start, end = item.split.yaml_start, item.split.yaml_end
    first = data.count(b"\n", 0, start) + 1
    try:
        root = yaml.compose(data[start:end], Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return {}
    return dict(_nodes(root, first)) if isinstance(root, yaml.MappingNode) else {}


def _nodes(root: yaml.MappingNode, first: int) -> Iterator[tuple[str, Written]]:
    # An alias is the anchored node again: it is named where it was anchored, and not followed
    # twice, so the work is bounded by the text.
    seen: set[int] = set()
    stack: list[tuple[str, yaml.Node]] = [("", root)]
    while stack:
        path, node = stack.pop()
        if path:
            yield path, _written(node, first)
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            below = [(step(path, k.value), v) for k, v in node.value if _is_scalar(k)]
        elif isinstance(node, yaml.SequenceNode):
            below = [(f"{path}[{index}]", item) for index, item in enumerate(node.value)]
        else:
            continue
        stack.extend(reversed(below))


def _written(node: yaml.Node, first: int) -> Written:
    line = first + node.start_mark.line
    if not isinstance(node, yaml.ScalarNode):
        return Written(line=line)
    return Written(line=line, text=node.value, plain=not node.style)


def _is_scalar(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode)
