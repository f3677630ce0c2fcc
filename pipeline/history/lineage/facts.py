"""From what Jekyll makes of a file to what lineage wants to know of it, cheaply and in little room.

The states of a file repeat each other, so what they share (lines, passages, values of the front
matter) is kept and looked at once. The body is not parsed; see `passages`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.content.codes import Code
from pipeline.content.fields import Field, TooLargeError, fields
from pipeline.content.mentions import mentions, people_fields
from pipeline.content.normalise import title_of
from pipeline.content.parts import body_format, is_text
from pipeline.content.settings import Settings
from pipeline.content.targets import is_image, leads_somewhere
from pipeline.history.lineage.gitlike import lines
from pipeline.history.lineage.passages import passages
from pipeline.history.lineage.values import Facts
from pipeline.jekyll.item import Item, ItemKind

LARGEST = 400_000  # bytes of a file; of a larger one, that much is looked at
_SHORT = 200  # characters of a value: whether it holds text or leads somewhere is remembered


@dataclass(frozen=True, slots=True)
class _Said:
    """What the front matter says, beside what Jekyll reads there."""

    texts: tuple[str, ...]
    links: tuple[str, ...]
    people: tuple[str, ...]


class Taker:
    """Takes the facts of the states of one history."""

    def __init__(self, settings: Settings) -> None:
        """Prepare; `settings` say which fields hold text and people."""
        self._settings = settings
        self._roles = people_fields(settings)
        self._lines: dict[bytes, bytes] = {}
        self._texts: dict[str, str] = {}
        self._tuples: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._kinds: dict[tuple[str, str, str], tuple[bool, bool]] = {}
        self._people: dict[tuple[tuple[str, str], ...], tuple[str, ...]] = {}

    def take(self, item: Item, data: bytes) -> Facts:
        """Take from a state what lineage wants to know. `data` is the whole file."""
        data = data[:LARGEST]
        said = self._said(item)
        text = (*self._body(item, data), *said.texts)
        title, _ = title_of(item)
        if not text and not title:
            text = self._passages(data.decode("utf-8", "replace"))
        return Facts(
            title=title,
            slug=item.slug,
            day=item.date.date() if item.date else None,
            url=item.url,
            redirect_from=item.redirect_from,
            links=self._shared(said.links),
            people=self._shared(said.people),
            text=self._shared(text),
            source=self._source(data),
        )

    def unread(self, data: bytes) -> Facts:
        """Take the facts of a file that Jekyll never read: its text is all of it."""
        data = data[:LARGEST]
        text = self._passages(data.decode("utf-8", "replace"))
        return Facts(text=text, source=self._source(data))

    def _body(self, item: Item, data: bytes) -> tuple[str, ...]:
        if item.kind is ItemKind.STATIC:
            return self._passages(data.decode("utf-8", "replace"))
        if item.split is None or body_format(item.path) is None:
            return ()
        return self._passages(data[item.split.body_start :].decode("utf-8", "replace"))

    def _said(self, item: Item) -> _Said:
        try:
            found = fields(item.own)
        except TooLargeError:
            found = ()
        texts: list[str] = []
        links: list[str] = []
        chosen = self._settings.text_of(item.collection)
        for field in found:
            value = field.value
            if not isinstance(value, str):
                continue
            key = (field.pattern, value, item.collection or "")
            kinds = self._kinds.get(key)
            if kinds is None:
                kinds = is_text(field, value, chosen), leads_somewhere(field.key, value)
                if len(value) < _SHORT:
                    self._kinds[key] = kinds
            if kinds[0]:
                texts += self._passages(value)
            if kinds[1] and not is_image(value):
                links.append(value.strip())
        return _Said(tuple(texts), tuple(links), self._named(found))

    def _named(self, found: Iterable[Field]) -> tuple[str, ...]:
        naming = [field for field in found if field.key in self._roles and not field.listed]
        if not naming:
            return ()
        key = tuple((field.path, repr(field.value)) for field in naming)
        people = self._people.get(key)
        if people is None:
            named = mentions(naming, self._roles, {}, _nobody_listens)
            people = self._people[key] = tuple(mention.key for mention in named)
        return people

    def _passages(self, text: str) -> tuple[str, ...]:
        known = self._texts
        return tuple([known.setdefault(passage, passage) for passage in passages(text)])

    def _source(self, data: bytes) -> tuple[bytes, ...]:
        known = self._lines
        return tuple([known.setdefault(line, line) for line in lines(data)])

    def _shared(self, values: tuple[str, ...]) -> tuple[str, ...]:
        return self._tuples.setdefault(values, values) if values else ()


def _nobody_listens(code: Code, message: str, path: str) -> None:
    """Findings about people are told when the version is catalogued."""
