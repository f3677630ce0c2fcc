"""What the page of a series tells, as values: its documents as first published, and as they are."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesMark:
    """A series in one line; `documents` counts the landing document too."""

    name: str
    title: str
    published: datetime | None
    documents: int
    gone: int

    @property
    def href(self) -> str:
        """Where its page is."""
        return series_address(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The capture nearest to a moment, and how many days after it that is (or before: below 0)."""

    at: datetime
    href: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A document in one state. `url` is "" where it was not published, `why` why it is unreadable.

    `people` are names by role. `source` leads to the file's record, "" where none is held; `build`
    is the command that builds the page as it stood.
    """

    at: datetime | None
    title: str
    url: str
    date: str
    words: int
    people: tuple[tuple[str, tuple[str, ...]], ...]
    why: str
    capture: Nearest | None
    source: str
    build: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A URL that a document had, since when until when (None: still), and what it is today."""

    url: str
    periods: tuple[tuple[datetime | None, datetime | None], ...]
    today: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A document then and now, or, where it is `gone`, as it stood last. `lost` are people."""

    landing: bool
    gone: bool
    then: State
    now: State
    lost: tuple[str, ...]
    addresses: tuple[Address, ...]
    changed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesView:
    """A series. `lost`: whom none of its documents names today, and where they still are named."""

    archive: str
    mark: SeriesMark
    reason: str
    lost: tuple[tuple[str, tuple[str, ...]], ...]
    members: tuple[Member, ...]


def series_address(name: str) -> str:
    """Give the address of the page of a series, below the server's own."""
    return f"/series/{quote(name, safe='', errors='surrogateescape')}"
