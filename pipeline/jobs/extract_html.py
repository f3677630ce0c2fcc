"""Read rendered pages, wherever they come from, one after the other.

Pages are held back for a moment, so that what they have in common with those that follow is known
when they are read; memory is bounded by that window.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

from pipeline.html.layout import Layout
from pipeline.html.page import read_page
from pipeline.html.tree import parse
from pipeline.html.values import Page
from pipeline.model import Finding, Place, Sha256
from pipeline.sources import DEFAULT_LIMITS, Absent, Limits
from pipeline.sources.rendered import read_rendered

VERSION = 1
WINDOW = 64  # pages
WINDOW_BYTES = 64 * 1024 * 1024
LEARNT_BYTES = 2 * 1024 * 1024  # a longer page is read, but nothing is learnt from it
HTML = (".html", ".htm", ".xhtml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A page before it is read: its URL, the label of its encoding, its bytes, and its place."""

    place: str
    data: bytes
    url: str | None = None
    charset: str | None = None
    finding: Finding | None = None  # why there are no bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """A page that was read. Without `page`, `finding` says why."""

    place: str
    url: str | None
    sha256: Sha256
    page: Page | None
    finding: Finding | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that was found, with the place of the page."""
        if self.page is None:
            return (self.finding,) if self.finding else ()
        where = Place(path=self.place)
        return tuple(replace(finding, place=where) for finding in self.page.findings)


def told(read: ReadPage) -> dict[str, Any]:
    """Give the JSON of a page: an interface, whose `version` changes with it."""
    line: dict[str, Any] = {
        "version": VERSION,
        "place": read.place,
        "url": read.url,
        "sha256": read.sha256.hex,
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


def pages_of_folder(folder: Path, limits: Limits = DEFAULT_LIMITS) -> Iterator[Rendered]:
    """Give the HTML files of a rendered folder. Raises RenderedError, LimitError."""
    for file in read_rendered(folder, limits):
        if isinstance(file.data, Absent):
            yield Rendered(place=file.path, data=b"", finding=file.finding)
        elif file.path.lower().endswith(HTML):
            yield Rendered(place=file.path, data=file.data)


def extract_html(pages: Iterable[Rendered]) -> Iterator[ReadPage]:
    """Read pages in their order."""
    layout = Layout()
    waiting: deque[Rendered] = deque()
    size = 0
    for page in pages:
        _learn(layout, page)
        waiting.append(page)
        size += len(page.data)
        while len(waiting) > WINDOW or size > WINDOW_BYTES:
            first = waiting.popleft()
            size -= len(first.data)
            yield _read(first, layout)
    while waiting:
        yield _read(waiting.popleft(), layout)


def _learn(layout: Layout, page: Rendered) -> None:
    if page.finding is None and len(page.data) <= LEARNT_BYTES:
        root = parse(page.data, page.charset).root
        if root is not None:
            layout.learn(root)


def _read(rendered: Rendered, layout: Layout) -> ReadPage:
    page = None
    if rendered.finding is None:
        page = read_page(rendered.data, url=rendered.url, charset=rendered.charset, layout=layout)
    return ReadPage(
        place=rendered.place,
        url=rendered.url,
        sha256=Sha256.of(rendered.data),
        page=page,
        finding=rendered.finding,
    )
