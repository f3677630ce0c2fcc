"""What the server's own pages tell, as values; who writes them as HTML is above this room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from pipeline.replay.series import SeriesMark, SeriesView
from pipeline.replay.volume import Standing


class Worth(Enum):
    """What the date of a capture is worth."""

    ANSWER = "answer"
    FILE = "file"
    AGAIN = "again"
    MADE = "made"


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another capture of the same URL. `href` leads to it."""

    at: datetime
    href: str
    is_this: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Led:
    """The capture that led to another. `status` is None of a page that led on by itself."""

    url: str
    at: datetime
    status: int | None
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The frame around a capture. `src` is where it is shown, `raw` where its bytes are.

    `declared` is the digest that the record gives and that was computed again, "" without one;
    `sha256` that of the payload. `since` is when the bytes were first captured, of a revisit.
    `made` says how they were made today, of what is no capture.
    """

    url: str
    at: datetime
    asked: datetime | None
    title: str
    src: str
    raw: str
    captures: str
    worth: Worth
    since: datetime | None
    status: int | None
    media_type: str
    size: int
    declared: str
    sha256: str
    standing: Standing
    signed: str
    trusted: bool
    truncated: str
    others: tuple[Other, ...]
    count: int
    scripts: bool
    is_restless: bool
    led: Led | None
    record_id: str
    notes: tuple[str, ...]
    made: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why something is not shown. `framed`: the frame around it is there already."""

    title: str
    sentences: tuple[str, ...]
    url: str
    framed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Captures:
    """All captures of a URL."""

    url: str
    every: tuple[Other, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of the start page. `group` is its collection or host."""

    url: str
    at: datetime
    href: str
    title: str
    group: str
    snippet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The start page. `found` is None where nothing was searched for."""

    title: str
    kind: str
    path: str
    signed: str
    trusted: bool
    notes: tuple[str, ...]
    made: str
    fixity: str
    is_fixed: bool
    records: int
    captures: int
    revisits: int
    answers: int
    days: tuple[tuple[str, int], ...]
    hosts: tuple[tuple[str, int], ...]
    pages: tuple[Listed, ...]
    more: int
    series: tuple[SeriesMark, ...]
    words: str
    found: tuple[Listed, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as HTML. `styles` and `scripts` are digests that its policy allows, "" for none."""

    html: str
    styles: str
    scripts: str = ""


class Pages(Protocol):
    """Writes the server's own pages."""

    def frame(self, view: Frame) -> Page:
        """Write the frame around a capture."""
        ...

    def problem(self, view: Problem) -> Page:
        """Write why something is not shown."""
        ...

    def captures(self, view: Captures) -> Page:
        """Write the list of captures of a URL."""
        ...

    def start(self, view: Start) -> Page:
        """Write the start page."""
        ...

    def series(self, view: SeriesView) -> Page:
        """Write the page of a series."""
        ...

    def hop(self, src: str) -> Page:
        """Write the page by which a page leads its frame on; `src` is for a frame within it."""
        ...


class Shelfmarks(Protocol):
    """What is known of the pages of an archive beyond their captures."""

    def listed(self) -> Sequence[Listed]:
        """Give all pages, those of a group together."""
        ...

    def search(self, words: str) -> Sequence[Listed]:
        """Find pages by words in title and text."""
        ...

    def series(self) -> Sequence[SeriesMark]:
        """List what was published together."""
        ...

    def series_view(self, name: str) -> SeriesView:
        """Tell of one of them. Raises NotFoundError and other PipelineErrors."""
        ...
