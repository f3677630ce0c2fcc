"""What a front matter says that lineage wants to know: texts, links and people.

As `pipeline.content` finds them, but each distinct entry is looked at once for a whole history, and
nothing is told of where it stands.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from pipeline.content.codes import Code
from pipeline.content.fields import (
    MAX_DEPTH,
    MAX_TEXT,
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
from pipeline.history.lineage.passages import passages

_OUTSIDE = MAX_DEPTH + 1
_MOST = 4_000_000  # characters of all entries that are kept, about
_LEAST = 100  # what the shortest entry counts for

_Value = tuple[str, str, Any, Mapping[str, Any], int, bool]
"""Pattern, key, value, siblings, depth, listed: a field in little, many times a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Passages of the texts, targets of links as written, keys of people; each in file order."""

    passages: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


_NOTHING = Said()


class _Entry(NamedTuple):
    """One entry of a front matter: what it says, how many values it stands for, their characters.

    It holds the value itself, so that nothing else gets its identity while this is kept.
    """

    value: Any
    said: Said
    values: int
    size: int


class FrontReader:
    """Reads the front matters of one history.

    What the entries say does not depend on each other, and the states of a file share those that
    were not edited (see `pipeline.jekyll.entries`): so each is looked at once.
    """

    def __init__(self, settings: Settings) -> None:
        """Prepare; `settings` say which fields hold text and people."""
        self._settings = settings
        self._roles = people_fields(settings)
        self._entries: dict[tuple[str | None, str, int], _Entry] = {}
        self._size = 0
        self._people: dict[tuple[str, str], tuple[str, ...]] = {}

    def read(self, own: Mapping[str, Any], collection: str | None) -> Said:
        """Read one. A front matter that stands for too many values says nothing."""
        values = size = 0
        texts: list[str] = []
        links: list[str] = []
        people: list[str] = []
        for name, value in own.items():
            entry = self._entries.get((collection, name, id(value)))
            if entry is None:
                entry = self._look(name, value, collection)
            _, said, more, longer = entry
            values += more
            size += longer
            if values > MAX_VALUES or size > MAX_TEXT:
                return _NOTHING
            texts += said.passages
            links += said.links
            people += said.people
        return Said(passages=tuple(texts), links=tuple(links), people=tuple(people))

    def _look(self, name: str, value: Any, collection: str | None) -> _Entry:  # noqa: ANN401
        """Look at an entry, and keep what it says."""
        chosen = self._settings.text_of(collection)
        entry = _Entry(value, _NOTHING, MAX_VALUES + 1, 0)
        with suppress(TooLargeError):
            own = {name: value}
            found = _walk(own) if chosen is RULE_ONLY else [*map(_plainly, fields(own))]
            size = sum(len(each[2]) for each in found if isinstance(each[2], str))
            entry = _Entry(value, self._said(found, chosen), len(found), size)
        self._size += entry.size + _LEAST
        if self._size > _MOST:
            self._entries, self._size = {}, 0
        self._entries[collection, name, id(value)] = entry
        return entry

    def _said(self, found: Sequence[_Value], chosen: TextFields) -> Said:
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
                leads = leads_somewhere(key, value)
                if leads and not is_image(value):
                    links.append(value.strip())
                if leads and chosen is RULE_ONLY:  # by rule, what leads somewhere is no text
                    continue
                if is_text(_field(pattern, key, value, siblings, depth), value, chosen):
                    texts += passages(value)
        if not (texts or links or people):
            return _NOTHING
        return Said(passages=tuple(texts), links=tuple(links), people=tuple(people))

    def _named(self, key: str, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - YAML decides
        known = (key, repr(value))
        people = self._people.get(known)
        if people is None:
            field = _field(key, key, value, {}, 1)
            named = mentions([field], self._roles, {}, _nobody_listens)
            people = self._people[known] = tuple(mention.key for mention in named)
        return people


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
