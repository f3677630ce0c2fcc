"""The fields of a front matter, one by one, each with a stable path: `faqs[2].answer`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# A front matter is bounded as text, but its aliases multiply: 100 of them, nested, can stand for
# more values than there are atoms, and an alias may contain itself.
MAX_VALUES = 20_000
MAX_DEPTH = 60
MAX_TEXT = 4 * 1024 * 1024

_BARE = re.compile(r"[^\s.\[\]\"]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value of the front matter, scalar or not.

    `path` names it; `pattern` is the path with `[]` for every index. `key` is the nearest key of a
    mapping in snake case. `siblings` is the mapping that holds that key. `listed` is True for an
    item of a list; `depth` is 1 for the values of the front matter itself.
    """

    path: str
    pattern: str
    key: str
    value: Any
    siblings: Mapping[str, Any]
    listed: bool
    depth: int


class TooLargeError(ValueError):
    """The front matter, aliases written out, passes a bound. Made into a finding by `normalise`."""


def fields(own: Mapping[str, Any]) -> tuple[Field, ...]:
    """List every value of a front matter, depth first, in file order.

    Raises TooLargeError before the memory is used.
    """
    found: list[Field] = []
    text = 0
    for field in _below(own):
        found.append(field)
        if isinstance(field.value, str):
            text += len(field.value)
        if len(found) > MAX_VALUES or field.depth > MAX_DEPTH or text > MAX_TEXT:
            raise TooLargeError
    return tuple(found)


def step(path: str, key: str) -> str:
    """Extend a path by a key, quoted where it is not a plain word."""
    word = (
        key if _BARE.fullmatch(key) else '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )
    return f"{path}.{word}" if path else word


def snake(key: str) -> str:
    """Fold a key for comparison with rules: `eventContent`, `event-content` → `event_content`."""
    return _CAMEL.sub("_", key).replace("-", "_").replace(" ", "_").lower()


def _below(own: Mapping[str, Any]) -> Iterator[Field]:
    # A stack instead of recursion: depth is the source's choice, not ours.
    stack = [_of_mapping(own, "", "", 1)]
    while stack:
        field = next(stack[-1], None)
        if field is None:
            stack.pop()
            continue
        yield field
        if isinstance(field.value, Mapping):
            stack.append(_of_mapping(field.value, field.path, field.pattern, field.depth + 1))
        elif isinstance(field.value, list | tuple):
            stack.append(_of_list(field))


def _of_mapping(mapping: Mapping[str, Any], path: str, pattern: str, depth: int) -> Iterator[Field]:
    for key, value in mapping.items():
        name = str(key)
        yield Field(
            path=step(path, name),
            pattern=step(pattern, name),
            key=snake(name),
            value=value,
            siblings=mapping,
            listed=False,
            depth=depth,
        )


def _of_list(field: Field) -> Iterator[Field]:
    for index, value in enumerate(field.value):
        yield Field(
            path=f"{field.path}[{index}]",
            pattern=f"{field.pattern}[]",
            key=field.key,
            value=value,
            siblings=field.siblings,
            listed=True,
            depth=field.depth + 1,
        )
