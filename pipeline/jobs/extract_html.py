"""Read rendered pages, wherever they come from, one after the other.

Pages are held back for a moment, so that what they have in common with those that follow is known
when they are read; memory is bounded by that window.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.content.settings import Settings, parse_settings
from pipeline.errors import BadConfigError, UsageError
from pipeline.html.layout import Layout
from pipeline.html.page import Opened, open_page, read_opened
from pipeline.html.tree import MAX_BYTES
from pipeline.html.values import NO_SELECTORS, Page, Selectors
from pipeline.model import Finding, Place, Sha256
from pipeline.sources import DEFAULT_LIMITS, Absent, Limits
from pipeline.sources.location import printable
from pipeline.sources.plainfile import read_small
from pipeline.sources.rendered import public_path, read_rendered
from pipeline.warc.dates import to_warc_date
from pipeline.warc.uri import is_uri, under

VERSION = 1
WINDOW = 64  # pages
WINDOW_BYTES = 64 * 1024 * 1024
WINDOW_TAGS = 100_000  # of the pages that wait parsed: up to 1 KB for each
LEARNT_BYTES = 2 * 1024 * 1024  # a longer page is read, but nothing is learnt from it
SETTINGS_MOST = 1024 * 1024
_WEB = ("http://", "https://")
HTML = (".html", ".htm", ".xhtml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page before it is read: its URL, the label of its encoding, its bytes, and its place.

    `data` may be its beginning, as much of it as is read; then `whole` is size and digest of all.
    """

    place: str
    data: bytes
    url: str | None = None
    charset: str | None = None
    captured: datetime | None = None  # WARC-Date
    finding: Finding | None = None  # why there are no bytes
    whole: tuple[int, Sha256] | None = None

    @property
    def sha256(self) -> Sha256:
        """The digest of all its bytes."""
        return self.whole[1] if self.whole else Sha256.of(self.data)

    def opened(self) -> Opened:
        """Parse it."""
        return open_page(self.data, self.charset, self.whole[0] if self.whole else None)


def as_read(data: bytes) -> tuple[bytes, tuple[int, Sha256] | None]:
    """Let go of the bytes of a page that are not read; give what has to be known of the whole."""
    if len(data) <= MAX_BYTES:
        return data, None
    return data[:MAX_BYTES], (len(data), Sha256.of(data))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A page that was read. Without `page`, `finding` says why."""

    place: str
    url: str | None
    sha256: Sha256
    page: Page | None
    captured: datetime | None = None
    finding: Finding | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that was found, with the place of the page."""
        if self.page is None:
            return (self.finding,) if self.finding else ()
        where = Place(path=self.place)
        return tuple(replace(finding, place=where) for finding in self.page.findings)


def told(read: ReadPage) -> dict[str, Any]:
    """Give the JSON of a page: an interface, described by docs/extract-html.schema.json."""
    line: dict[str, Any] = {
        "version": VERSION,
        "place": read.place,
        "url": read.url,
        "sha256": read.sha256.hex,
        "captured": to_warc_date(read.captured) if read.captured else None,
    }
    if read.page is not None:
        page = asdict(read.page)
        del page["findings"]
        line |= page
    findings = [{"code": each.code, "message": each.message} for each in read.findings]
    return {key: _plain(value) for key, value in line.items()} | {"findings": findings}


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value.value if isinstance(value, Enum) else value


def settings_of_file(path: Path) -> Settings:
    """Read a `jekyll-archive.toml`. Raises BadConfigError."""
    shown = printable(str(path))
    try:
        return parse_settings(read_small(path, SETTINGS_MOST), shown)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        raise BadConfigError(shown, None, why or "not a plain file of 1 MB at most") from error


def pages_of_folder(
    folder: Path, address: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Rendered]:
    """Give the HTML files of a rendered folder, with their URLs if `address` says where it stands.

    Raises RenderedError, LimitError; UsageError for an address that is none.
    """
    if address is not None and not (is_uri(address) and address.startswith(_WEB)):
        raise UsageError(f"not an http or https address: {printable(address)}")
    for file in read_rendered(folder, limits):
        if isinstance(file.data, Absent):
            yield Rendered(place=file.path, data=b"", finding=file.finding)
        elif file.path.lower().endswith(HTML):
            url = under(address, public_path(file.path)[1:]) if address else None
            (data, whole), place = as_read(file.data), file.path
            del file  # a page may be larger than all that is made of it
            yield Rendered(place=place, data=data, url=url, whole=whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """A page in the window. What was parsed to learn from it is kept, within bounds."""

    page: Rendered
    opened: Opened | None = None
    tags: int = 0


def extract_html(
    pages: Iterable[Rendered], selectors: Selectors = NO_SELECTORS, *, markdown: bool = False
) -> Iterator[ReadPage]:
    """Read pages in their order. Raises BadSelectorError."""
    layout = Layout()
    read = partial(read_opened, layout=layout, selectors=selectors, markdown=markdown)
    waiting: deque[_Waiting] = deque()
    size = tags = 0
    for page in pages:
        opened = _learn(layout, page)
        held = _Waiting(page=page, opened=opened, tags=opened.tree.tags if opened else 0)
        if tags + held.tags > WINDOW_TAGS:
            held = _Waiting(page=page)
        waiting.append(held)
        size += len(page.data)
        tags += held.tags
        while len(waiting) > WINDOW or size > WINDOW_BYTES:
            first = waiting.popleft()
            size -= len(first.page.data)
            tags -= first.tags
            yield _read(first, read)
    while waiting:
        yield _read(waiting.popleft(), read)


def _learn(layout: Layout, page: Rendered) -> Opened | None:
    if page.finding is not None or len(page.data) > LEARNT_BYTES:
        return None
    opened = page.opened()
    layout.learn(opened.rows)
    return opened


def _read(waiting: _Waiting, read: Callable[..., Page]) -> ReadPage:
    rendered = waiting.page
    page = None
    if rendered.finding is None:
        opened = waiting.opened or rendered.opened()
        page = read(opened, url=rendered.url)
    return ReadPage(
        place=rendered.place,
        url=rendered.url,
        sha256=rendered.sha256,
        page=page,
        captured=rendered.captured,
        finding=rendered.finding,
    )
