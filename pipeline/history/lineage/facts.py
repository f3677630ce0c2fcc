"""From what Jekyll makes of a file to what lineage wants to know of it, cheaply and in little room.

The states of a file repeat each other, so what they share (lines, passages, values of the front
matter) is kept and looked at once. The body is not parsed; see `passages`.
"""

from pipeline.content.normalise import title_of
from pipeline.content.parts import body_format
from pipeline.content.settings import Settings
from pipeline.history.lineage.frontmatter import FrontReader
from pipeline.history.lineage.gitlike import lines
from pipeline.history.lineage.passages import passages
from pipeline.history.lineage.values import Facts
from pipeline.jekyll.item import Item, ItemKind

LARGEST = 400_000  # bytes of a file; of a larger one, that much is looked at


class Taker:
    """Takes the facts of the states of one history."""

    def __init__(self, settings: Settings) -> None:
        """Prepare; `settings` say which fields hold text and people."""
        self._front = FrontReader(settings)
        self._lines: dict[bytes, bytes] = {}
        self._texts: dict[str, str] = {}
        self._tuples: dict[tuple[str, ...], tuple[str, ...]] = {}

    def take(self, item: Item, data: bytes) -> Facts:
        """Take from a state what lineage wants to know. `data` is the whole file."""
        data = data[:LARGEST]
        said = self._front.read(item.own, item.collection)
        text = (*self._body(item, data), *said.passages)
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

    def _passages(self, text: str) -> tuple[str, ...]:
        found = passages(text)
        return tuple(map(self._texts.setdefault, found, found))

    def _source(self, data: bytes) -> tuple[bytes, ...]:
        found = lines(data)
        return tuple(map(self._lines.setdefault, found, found))

    def _shared(self, values: tuple[str, ...]) -> tuple[str, ...]:
        return self._tuples.setdefault(values, values) if values else ()
