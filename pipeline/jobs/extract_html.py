"""Read rendered pages, whatever way they come: a folder, or what any tool captured."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from pipeline.content.media import media_type
from pipeline.html.kind import is_html
from pipeline.html.layout import Layout
from pipeline.html.page import read_page
from pipeline.html.tree import parse
from pipeline.html.values import Page
from pipeline.jobs.foreign import captured
from pipeline.model import Finding
from pipeline.sources import DEFAULT_LIMITS, Absent, Limits
from pipeline.sources.rendered import read_rendered
from pipeline.warc.payloads import Spot

VERSION = 1
LEARNT_FROM = 300  # pages, from which the layout is learnt
_WHOLE = frozenset({None, 200})

Tell = Callable[[Finding], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFile:
    """The bytes of one page. `name` is its path in the folder, or its URL; `spot` its record."""

    name: str
    data: bytes
    url: str | None = None
    charset: str | None = None
    captured_at: datetime | None = None
    spot: Spot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLine:
    """One page and what it says. `path` is that in a folder, `record` that in a WARC file."""

    version: int
    path: str | None
    url: str | None
    captured_at: datetime | None
    record: Spot | None
    page: Page


def extract_html(location: Path, tell: Tell, limits: Limits = DEFAULT_LIMITS) -> Iterator[PageLine]:
    """Give what every page says, one after the other. Raises RenderedError, LimitError.

    The pages are read twice: first a part of them, to learn what the layout puts on all of them.
    """
    layout = Layout()
    for file in islice(page_files(location, _silently, limits), LEARNT_FROM):
        root = parse(file.data, file.charset).root
        if root is not None:
            layout.learn(root)
    for file in page_files(location, tell, limits):
        page = read_page(file.data, url=file.url, charset=file.charset, layout=layout)
        for finding in page.findings:
            tell(replace(finding, place=replace(finding.place, path=file.name)))
        yield PageLine(
            version=VERSION,
            path=None if file.spot else file.name,
            url=file.url,
            captured_at=file.captured_at,
            record=file.spot,
            page=page,
        )


def page_files(location: Path, tell: Tell, limits: Limits = DEFAULT_LIMITS) -> Iterator[PageFile]:
    """Give the HTML pages of a rendered folder, a WARC or a WACZ file. Raises RenderedError."""
    if location.is_file():
        yield from _of_captures(location, tell)
        return
    for file in read_rendered(location, limits):
        if isinstance(file.data, Absent):
            if file.finding:
                tell(file.finding)
        elif is_html(media_type(file.path).partition(";")[0], file.data):
            yield PageFile(name=file.path, data=file.data)


def _of_captures(location: Path, tell: Tell) -> Iterator[PageFile]:
    findings: list[Finding] = []
    with captured(location, findings) as payloads:
        for payload in payloads:
            while findings:
                tell(findings.pop(0))
            is_page = payload.url.lower().startswith(("http://", "https://"))
            if not is_page or payload.coded or payload.status not in _WHOLE:
                continue
            if is_html(payload.media_type, payload.body):
                yield PageFile(
                    name=payload.url,
                    data=payload.body,
                    url=payload.url,
                    charset=payload.charset or None,
                    captured_at=payload.date,
                    spot=payload.spot,
                )
    for finding in findings:
        tell(finding)


def _silently(_: Finding) -> None:
    """Say nothing: it is said when the pages are read for good."""
