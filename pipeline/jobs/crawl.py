"""Crawl: ask a live site for its pages, and seal what came as WARC files or one package.

While the crawl goes on its exchanges lie in a journal beside the file, `FILE.crawl`; when it ends
they are written as records, sealed and verified, and the journal is removed. Nothing has the name
that was asked for before it is whole.
"""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pipeline.audit.report import Report, Verdict, worst
from pipeline.errors import UnreachableError, UsageError
from pipeline.jobs.crawl_journal import NAME, Journal
from pipeline.jobs.crawl_sealing import is_page, seal
from pipeline.jobs.lock import LOCK, locked
from pipeline.jobs.progress import Progress, silent
from pipeline.jobs.verify import verify
from pipeline.model import Finding, Severity, Sha256
from pipeline.sources.crawl.crawl import Clock, Crawl
from pipeline.sources.crawl.message import status_of
from pipeline.sources.crawl.plan import Plan
from pipeline.sources.crawl.url import Refused, read_url
from pipeline.sources.crawl.values import Exchange
from pipeline.sources.crawl.wire import Resolve, Wire, system_resolver
from pipeline.warc.check import digest_file
from pipeline.warc.durable import refuse_renaming_over, storing
from pipeline.warc.limits import SEGMENT_MOST
from pipeline.warc.wacz.layout import SUFFIX as PACKAGE
from pipeline.warc.writer import SUFFIX as WARC

WORK: Final = ".crawl"
_STAGE: Final = "crawling"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawledFile:
    """A file that a crawl left."""

    path: str
    size: int
    sha256: Sha256
    verified: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """The end of a crawl: the file that was asked for, and those that go on where it was full.

    asked = answered + failed. `answers` counts them by status, `failures` by what failed; `pages`
    are HTML with status 200; `resumed` were asked for by an earlier start; `left` were known and
    not asked for.
    """

    files: tuple[CrawledFile, ...]
    records: int
    asked: int
    answers: dict[str, int]
    failures: dict[str, int]
    pages: int
    bytes: int
    resumed: int
    left: int
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of what verifying its files came to."""
        return worst(file.verified.verdict for file in self.files)

    @property
    def exit_code(self) -> int:
        """1 where a finding is an error or a file does not verify, else 0."""
        grave = any(finding.severity is Severity.ERROR for finding in self.findings)
        return int(grave or self.verdict is Verdict.FAIL)


@dataclass(slots=True, kw_only=True)
class _Tally:
    """Counts exchanges as they come."""

    answers: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    resumed: int = 0
    why: str = ""

    def take(self, exchange: Exchange) -> None:
        answer = exchange.answer
        if answer.failure is not None:
            self.failures[answer.failure.value] += 1
            self.why = self.why or answer.why
        else:
            self.answers[str(status_of(answer.response))] += 1
            self.pages += is_page(exchange)


def crawl(
    plan: Plan,
    path: Path,
    *,
    clock: Clock | None = None,
    resolve: Resolve = system_resolver,
    segment: int = SEGMENT_MOST,
    progress: Progress = silent,
) -> Crawled:
    """Crawl into a new file, `.warc.gz` or `.wacz`; go on where an earlier start was interrupted.

    A WARC file that would pass `segment` bytes goes on in others, `NAME-000002.warc.gz` and so on.

    Raises UsageError for what cannot be asked, UnreachableError where nothing at all came,
    StorageErrors.
    """
    clock = clock or Clock()
    wire = Wire(plan, resolve)
    _refuse(plan, path, wire)
    work = path.with_name(path.name + WORK)
    with locked(work):
        refuse_renaming_over(path)
        crawling, tally = Crawl(plan, wire, clock), _Tally()
        with Journal(work, plan, clock.now()) as journal:
            _go(crawling, journal, tally, progress)
            sealed = seal(path, work, journal, plan, segment) if tally.answers else None
        with storing(work):
            (work / NAME).unlink()
    with suppress(OSError):  # an empty folder that stays does no harm
        (work / LOCK).unlink(missing_ok=True)
        work.rmdir()
    if sealed is None:
        raise UnreachableError(plan.seeds[0], tally.why or "nothing may be asked for")
    return Crawled(
        files=tuple(_file(each) for each in sealed.paths),
        records=sealed.records,
        asked=crawling.asked,
        answers=dict(sorted(tally.answers.items())),
        failures=dict(sorted(tally.failures.items())),
        pages=tally.pages,
        bytes=crawling.bytes,
        resumed=tally.resumed,
        left=crawling.left,
        findings=crawling.findings,
    )


def _file(path: Path) -> CrawledFile:
    size, digest = digest_file(path)
    return CrawledFile(path=str(path), size=size, sha256=digest, verified=verify(path))


def _refuse(plan: Plan, path: Path, wire: Wire) -> None:
    """Refuse what could only fail later."""
    if not path.name.endswith((WARC, PACKAGE)):
        raise UsageError(f"{path}: the name of the file has to end with {WARC} or {PACKAGE}")
    for seed in plan.seeds:
        target = read_url(seed)
        forbidden = target.why if isinstance(target, Refused) else wire.why_forbidden(target)
        if forbidden:
            raise UnreachableError(seed, f"{forbidden}; see --allow-loopback and --port")


def _go(crawling: Crawl, journal: Journal, tally: _Tally, progress: Progress) -> None:
    """Show the crawl what came before, then let it ask; each answer is durable before the next."""
    for exchange in journal.exchanges():
        crawling.take(exchange)
        tally.take(exchange)
        tally.resumed += 1
    for exchange in crawling.exchanges():
        journal.append(exchange)
        tally.take(exchange)
        progress(_STAGE, crawling.asked + 1, crawling.asked + 1 + crawling.left)
