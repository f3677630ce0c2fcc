"""Build the commit of a rendering again, and hold its pages against what comes out."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline.html.page import PageReader
from pipeline.html.values import Page
from pipeline.jekyll.serving import places_of
from pipeline.jobs.place import Place
from pipeline.jobs.progress import Progress
from pipeline.jobs.render import RenderOptions, render
from pipeline.model import Finding, Severity
from pipeline.reconciliation.codes import ReconcileCode
from pipeline.reconciliation.rebuilding import differences


@dataclass(slots=True)
class Rebuild:
    """A rendering of our own, by path; without a folder nothing is compared."""

    folder: Path | None = None
    by: str = ""
    findings: list[Finding] = field(default_factory=list)
    _met: set[str] = field(default_factory=set)

    def compare(self, path: str, data: bytes, page: Page, reader: PageReader) -> None:
        """Hold one page against our own."""
        if self.folder is None:
            return
        names = [place.lstrip("/") for place in places_of(path.partition("?")[0])]
        name = next((each for each in names if (self.folder / each).is_file()), None)
        if name is None:
            message = f"Jekyll {self.by} makes no page here of the commit"
            self.findings.append(ReconcileCode.REBUILT_MISSING.at(path, message))
            return
        self._met.add(name)
        own = (self.folder / name).read_bytes()
        if own == data:
            return
        told = differences(page, reader.read(own, None))
        if told:
            self.findings.append(ReconcileCode.REBUILT_DIFFERS.at(path, told))

    def finish(self) -> tuple[Finding, ...]:
        """Give all findings; pages of ours that the rendering does not have come last."""
        if self.folder is not None:
            pages = (path.relative_to(self.folder) for path in self.folder.rglob("*.html"))
            for path in sorted(map(str, pages)):
                if path not in self._met:
                    message = f"Jekyll {self.by} makes this page of the commit"
                    self.findings.append(ReconcileCode.REBUILT_MISSING.at(f"/{path}", message))
        return tuple(self.findings)


@contextmanager
def rebuilt(place: Place, at: datetime, progress: Progress, *, wanted: bool) -> Iterator[Rebuild]:
    """Build the newest snapshot as on the day of the rendering. Raises BuildErrors."""
    if not wanted:
        yield Rebuild()
        return
    with tempfile.TemporaryDirectory(prefix="jekyll-archive-") as scratch:
        folder = Path(scratch) / "site"
        options = RenderOptions(source=str(place.archive), folder=folder, now=at, clock=at)
        done = render(options, progress)
        lost = [each for each in done.findings if each.severity is Severity.ERROR]
        yield Rebuild(folder=folder, by=done.jekyll, findings=lost)
