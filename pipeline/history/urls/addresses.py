"""At which URL each state of a file stood on the branch, from which commit until which.

    book = AddressBook(versions, configurations)
    book.note(entry, configured, item)                  # each state, once, as it is read anyway
    for entry in book.unread(): book.read(entry, data)  # the few that must be read once more
    book.addresses()                                    # in the order in which states first stood

A URL changes with the file and with the configuration. A file is read again only under those
configurations that differ in something its own item depends on (`Rules.basis_of`).

Posts that only `limit_posts` leaves out count as published.
"""

from bisect import bisect_right
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from enum import Enum

from pipeline.history.urls.configurations import BRANCH, Configurations, Configured
from pipeline.history.versions import Versions
from pipeline.jekyll.item import Item, ItemKind
from pipeline.jekyll.rules import PUBLISHABLE, Placement, Role
from pipeline.model import TreeEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A state of a file at a URL, in an unbroken stretch of the branch.

    `written` is False where Jekyll reads the file and writes nothing. `destination` is the path in
    the rendered site, empty for none. `until` is the first commit at which this held no more; None:
    it holds.
    """

    entry: TreeEntry
    url: str
    destination: str
    written: bool
    since: str
    until: str | None


@dataclass(frozen=True, slots=True)
class _Published:
    """What an address needs of an item."""

    url: str
    destination: str
    written: bool


class _Nothing(Enum):
    """Why a state has no address: Jekyll gives it none, or it has yet to be read."""

    UNPUBLISHED = "unpublished"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class _Placed:
    """A path under the rules of one configuration."""

    configured: Configured
    placement: Placement

    @property
    def can_be_static(self) -> bool:
        """Whether the file's bytes decide what it is; a post needs no front matter."""
        return self.placement.role is not Role.DOCUMENT

    def basis(self, *, static: bool) -> Hashable:
        return self.configured.rules.basis_of(self.placement, static=static)


class AddressBook:
    """The addresses of all states that ever stood on the branch."""

    def __init__(self, versions: Versions, configurations: Configurations) -> None:
        """Find when each state stood, and under which configurations."""
        self._branch = versions.graph.branch
        places = {oid: number for number, oid in enumerate(self._branch)}
        self._stood: dict[TreeEntry, list[tuple[int, int]]] = {}
        for span in versions.spans:
            if span.line == BRANCH:
                until = places[span.until] if span.until else len(places)
                self._stood.setdefault(span.entry, []).append((places[span.since], until))
        self._eras = configurations.eras()
        self._starts = [era.since for era in self._eras]
        self._places: dict[tuple[int, str, int], _Placed | None] = {}
        self._bases: dict[tuple[int, str, int, bool], Hashable] = {}
        self._static: dict[TreeEntry, bool] = {}
        self._items: dict[tuple[TreeEntry, Hashable], _Published | _Nothing] = {}

    def note(self, entry: TreeEntry, configured: Configured, item: Item) -> None:
        """Take what reading a state gave, under any configuration of the history."""
        self._keep(entry, _Placed(configured, configured.rules.place(entry)), item)

    def unread(self) -> tuple[TreeEntry, ...]:
        """List the states of which more must be known than was noted."""
        return tuple(entry for entry in self._stood if next(self._missing(entry), None))

    def read(self, entry: TreeEntry, data: bytes) -> None:
        """Read a state under each configuration for which its item is not known."""
        for placed in self._missing(entry):
            self._keep(entry, placed, placed.configured.rules.read(placed.placement, data))

    def addresses(self) -> Iterator[Address]:
        """Give every address. A state that could not be read has none."""
        for entry, spans in self._stood.items():
            for since, until in spans:
                yield from self._addresses(entry, since, until)

    def _addresses(self, entry: TreeEntry, since: int, until: int) -> Iterator[Address]:
        stretches: list[tuple[int, int, _Published]] = []
        for number, start, end in self._within(since, until):
            published = self._look_up(entry, number)
            if not isinstance(published, _Published):
                continue
            if stretches and stretches[-1][1:] == (start, published):
                start = stretches.pop()[0]  # noqa: PLW2901 - the stretch before goes on
            stretches.append((start, end, published))
        for start, end, published in stretches:
            yield Address(
                entry=entry,
                url=published.url,
                destination=published.destination,
                written=published.written,
                since=self._branch[start],
                until=self._branch[end] if end < len(self._branch) else None,
            )

    def _missing(self, entry: TreeEntry) -> Iterator[_Placed]:
        """Find eras, one for each basis if each is read at once, in which a state is not known."""
        for since, until in self._stood[entry]:
            for number, _, _ in self._within(since, until):
                placed = self._place(entry, number)
                if placed and self._known(entry, number, placed) is _Nothing.UNKNOWN:
                    yield placed

    def _within(self, since: int, until: int) -> Iterator[tuple[int, int, int]]:
        """Cut a stretch of the branch by eras."""
        number = bisect_right(self._starts, since) - 1
        while since < until:
            end = min(until, self._eras[number].until)
            yield number, since, end
            number, since = number + 1, end

    def _look_up(self, entry: TreeEntry, number: int) -> _Published | _Nothing:
        """Say where a state is published in an era, as far as it is known."""
        placed = self._place(entry, number)
        return self._known(entry, number, placed) if placed else _Nothing.UNPUBLISHED

    def _known(self, entry: TreeEntry, number: int, placed: _Placed) -> _Published | _Nothing:
        static = placed.can_be_static and self._static.get(entry)
        if static is None:
            return _Nothing.UNKNOWN
        key = (entry, self._basis(entry, number, placed, static=static))
        if static and key not in self._items:  # whose bytes say nothing
            self._keep(entry, placed, placed.configured.rules.read(placed.placement, b""))
        return self._items.get(key, _Nothing.UNKNOWN)

    def _keep(self, entry: TreeEntry, placed: _Placed, item: Item) -> None:
        static = item.kind is ItemKind.STATIC
        if placed.can_be_static:
            self._static[entry] = static
        published = (
            _Nothing.UNPUBLISHED
            if item.url is None
            else _Published(item.url, item.destination or "", item.written)
        )
        self._items[entry, placed.basis(static=static)] = published

    def _place(self, entry: TreeEntry, number: int) -> _Placed | None:
        """Place a path in an era; None where it is nothing that Jekyll publishes."""
        key = (number, entry.path, int(entry.mode))  # an Enum is slow to hash
        if key not in self._places:
            configured = self._eras[number].configured
            placed = _Placed(configured, configured.rules.place(entry)) if configured else None
            fits = placed is not None and placed.placement.role in PUBLISHABLE
            self._places[key] = placed if fits else None
        return self._places[key]

    def _basis(self, entry: TreeEntry, number: int, placed: _Placed, *, static: bool) -> Hashable:
        key = (number, entry.path, int(entry.mode), static)
        if key not in self._bases:
            self._bases[key] = placed.basis(static=static)
        return self._bases[key]
