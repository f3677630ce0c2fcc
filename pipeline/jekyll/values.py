"""What Ruby does with values of any type: arrays, union, flatten, and its TypeErrors.

Sources: utils.rb (`pluralized_array_from_hash`) and document.rb (`merge_categories!`,
`populate_*`).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.jekyll.ruby_text import inspect, to_s

_SPACE = re.compile(r"[ \t\r\n\f\v]+")


class RubyTypeError(TypeError):
    """Ruby raises here: Jekyll stops reading this document and keeps what it has."""


def words(text: str) -> list[str]:
    """`String#split`: at ASCII white space only, so that a no-break space stays within a word."""
    return [word for word in _SPACE.split(text) if word]


def flatten(values: Sequence[Any]) -> list[Any]:
    """`Array#flatten`."""
    flat: list[Any] = []
    for value in values:
        if isinstance(value, list | tuple):
            flat.extend(flatten(value))
        else:
            flat.append(value)
    return flat


def _identity(value: Any) -> tuple[str, str]:  # noqa: ANN401 - YAML decides
    """Two values are one for Ruby's `eql?` when both type and content agree."""
    return type(value).__name__, inspect(value)


def unique(values: Sequence[Any]) -> list[Any]:
    """`Array#uniq`, which does not take 1, 1.0, true and "1" for the same."""
    seen: dict[tuple[str, str], Any] = {}
    for value in values:
        seen.setdefault(_identity(value), value)
    return list(seen.values())


def union(first: Sequence[Any], second: Any) -> list[Any]:  # noqa: ANN401 - YAML decides
    """`first | second`. Raises RubyTypeError unless `second` is an array."""
    if not isinstance(second, list | tuple):
        raise RubyTypeError(f"categories cannot be {inspect(second)}")
    seen: dict[tuple[str, str], Any] = {}
    for value in (*first, *second):
        seen.setdefault(_identity(value), value)
    return list(seen.values())


def united(present: Any, given: Any) -> Any:  # noqa: ANN401 - YAML decides
    """`merge_categories!`: what there is and what is given, if there is an array already."""
    return union(present, given) if isinstance(present, list) else given


def array(value: Any) -> list[Any]:  # noqa: ANN401 - YAML decides
    """`Array(value)`."""
    if value is None:
        return []
    if isinstance(value, Mapping):
        return [[key, item] for key, item in value.items()]
    return list(value) if isinstance(value, list | tuple) else [value]


def pluralized(data: Mapping[str, Any], singular: str, plural: str) -> list[Any]:
    """`pluralized_array_from_hash`: the singular key wins; a plural string is split."""
    value = data.get(singular)
    if value in (None, False):
        value = data.get(plural)
        if isinstance(value, str):
            value = words(value)
        elif not isinstance(value, list | tuple):
            value = None
    return [item for item in flatten([value]) if item is not None]


def categories(data: Mapping[str, Any]) -> list[Any]:
    """`populate_categories`, without the union that `merge_categories!` makes of it."""
    found = array(data.get("categories")) + pluralized(data, "category", "categories")
    return unique([to_s(item) for item in found])
