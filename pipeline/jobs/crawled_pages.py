"""The pages of a live site: crawled into a scratch file, and read like anybody's captures."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.jobs.captured_pages import pages_of_captures
from pipeline.jobs.crawl import crawl
from pipeline.jobs.crawl_plan import Asked, plan_of
from pipeline.jobs.extract_html import Rendered
from pipeline.jobs.progress import Progress, silent
from pipeline.model import Finding
from pipeline.sources.crawl.crawl import Clock
from pipeline.sources.crawl.plan import Bounds

_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawledPages:
    """The pages of a crawl, each at its URL, and what was found on the way."""

    pages: Iterator[Rendered]
    findings: tuple[Finding, ...]


def is_web(source: str) -> bool:
    """Tell whether a source is to be asked for over HTTP."""
    return source.lower().startswith(_WEB)


@contextmanager
def pages_of_crawl(
    asked: Asked, bounds: Bounds, *, clock: Clock | None = None, progress: Progress = silent
) -> Iterator[CrawledPages]:
    """Crawl, and give the HTML pages; nothing is left of it afterwards.

    Raises UsageError for what is no URL, UnreachableError, StorageErrors.
    """
    plan = plan_of(asked, bounds)
    with tempfile.TemporaryDirectory(prefix="jekyll-archive-") as scratch:
        file = Path(scratch) / "crawl.warc.gz"
        done = crawl(plan, file, clock=clock, progress=progress)
        # A place in a file that nobody will ever see says nothing: the URL is the place.
        pages = (
            replace(page, place=page.url or page.place)
            for each in done.files
            for page in pages_of_captures(Path(each.path))
        )
        found = (finding for each in done.files for finding in each.verified.findings)
        yield CrawledPages(pages=pages, findings=(*done.findings, *found))
