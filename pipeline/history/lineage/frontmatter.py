"""What a front matter says that lineage wants to know: texts, links and people.

As `pipeline.content` finds them, but each distinct value is looked at once for a whole history, and
nothing is told of where it stands.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.content.codes import Code
from pipeline.content.fields import (
    MAX_DEPTH,
    MAX_VALUES,
    Field,
    TooLargeError,
    fields,
    snake,
)
from pipeline.content.mentions import mentions, people_fields
from pipeline.content.parts import is_text
from pipeline.content.settings import RULE_ONLY, Settings, TextFields
from pipeline.content.targets import is_image, leads_somewhere

_SHORT = 200  # characters of a value: what kind of value it is is remembered
_OUTSIDE = MAX_DEPTH + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Texts with their markup, targets of links as written, keys of people; each in file order."""

    texts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


class FrontReader:
    """Reads the front matters of one history."""

    def __init__(self, settings: Settings) -> None:
        """Prepare; `settings` say which fields hold text and people."""
        self._settings = settings
        self._roles = people_fields(settings)
        self._kinds: dict[tuple[str, str, str], tuple[bool, bool]] = {}
        self._people: dict[tuple[str, str], tuple[str, ...]] = {}

    def read(self, own: Mapping[str, Any], collection: str | None) -> Said:
        """Read one. A front matter that stands for too many values says nothing."""
        chosen = self._settings.text_of(collection)
        try:
            found = _walk(own) if chosen is RULE_ONLY else map(_plainly, fields(own))
        except TooLargeError:
            return Said()
        texts: list[str] = []
        links: list[str] = []
        people: list[str] = []
        inside = _OUTSIDE  # the depth of the last field with people
        for pattern, key, value, siblings, depth, listed in found:
            if depth <= inside:
                inside = _OUTSIDE
                if key in self._roles and not listed:
                    people += self._named(key, value)
                    inside = depth
            if isinstance(value, str):
                kind = self._kinds.get((collection or "", pattern, value))
                if kind is None:
                    field = _field(pattern, key, value, siblings, depth)
                    kind = self._kind(field, value, chosen, collection or "")
                if kind[0]:
                    texts.append(value)
                if kind[1]:
                    links.append(value.strip())
        return Said(texts=tuple(texts), links=tuple(links), people=tuple(people))

    def _kind(
        self, field: Field, value: str, chosen: TextFields, collection: str
    ) -> tuple[bool, bool]:
        """Tell whether a value is text, and whether it leads to something that is no image."""
        leads = leads_somewhere(field.key, value) and not is_image(value)
        kind = is_text(field, value, chosen), leads
        if len(value) < _SHORT:
            self._kinds[collection, field.pattern, value] = kind
        return kind

    def _named(self, key: str, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - YAML decides
        known = (key, repr(value))
        people = self._people.get(known)
        if people is None:
            field = _field(key, key, value, {}, 1)
            named = mentions([field], self._roles, {}, _nobody_listens)
            people = self._people[known] = tuple(mention.key for mention in named)
        return people


_Value = tuple[str, str, Any, Mapping[str, Any], int, bool]
"""Pattern, key, value, siblings, depth, listed: a field in little, many times a second."""


def _walk(own: Mapping[str, Any]) -> list[_Value]:
    """List every value, depth first, in file order, with its key for a pattern."""
    found: list[_Value] = []
    waiting = [iter(_of_mapping(own, 1))]
    while waiting:
        for each in waiting[-1]:
            found.append(each)
            if not isinstance(each[2], str) and (below := _below(each)):
                waiting.append(iter(below))
                break
        else:
            waiting.pop()
        if len(found) > MAX_VALUES or len(waiting) > MAX_DEPTH:
            raise TooLargeError
    return found


def _below(each: _Value) -> list[_Value]:
    _, key, value, siblings, depth, _ = each
    if isinstance(value, Mapping):
        return _of_mapping(value, depth + 1)
    if isinstance(value, list | tuple):
        return [(key, key, item, siblings, depth + 1, True) for item in value]
    return []


def _of_mapping(mapping: Mapping[str, Any], depth: int) -> list[_Value]:
    return [
        (key, key, value, mapping, depth, False)
        for key, value in ((_snake(str(name)), value) for name, value in mapping.items())
    ]


_snake = lru_cache(maxsize=1 << 12)(snake)


def _plainly(field: Field) -> _Value:
    return field.pattern, field.key, field.value, field.siblings, field.depth, field.listed


def _field(
    pattern: str,
    key: str,
    value: Any,  # noqa: ANN401 - YAML decides
    siblings: Mapping[str, Any],
    depth: int,
) -> Field:
    return Field(
        path=pattern,
        pattern=pattern,
        key=key,
        value=value,
        siblings=siblings,
        listed=False,
        depth=depth,
    )


def _nobody_listens(code: Code, message: str, path: str) -> None:
    """Findings about people are told when the version is catalogued."""
