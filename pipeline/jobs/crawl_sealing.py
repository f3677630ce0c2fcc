"""Seal a crawl: its journal as one WARC file, by itself or in a package with index and pages."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pipeline.html.title import page_title
from pipeline.jobs.crawl_journal import Journal
from pipeline.jobs.crawl_records import ExchangeRecords
from pipeline.jobs.sealing import SOFTWARE
from pipeline.sources.crawl.body import body_of, media_type_of
from pipeline.sources.crawl.message import status_of
from pipeline.sources.crawl.plan import Plan
from pipeline.sources.crawl.values import Exchange, Role
from pipeline.warc.durable import open_path, storing
from pipeline.warc.info import WarcInfo
from pipeline.warc.record import SealedFile
from pipeline.warc.wacz.datapackage import About
from pipeline.warc.wacz.layout import ARCHIVE
from pipeline.warc.wacz.layout import SUFFIX as PACKAGE
from pipeline.warc.wacz.pages import Page
from pipeline.warc.wacz.writer import Packed, write_wacz
from pipeline.warc.writer import SUFFIX as WARC
from pipeline.warc.writer import WarcWriter

_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_OK: Final = 200


def is_page(exchange: Exchange) -> bool:
    """Tell whether this gave a page: HTML, with status 200."""
    response = exchange.answer.response
    return (
        exchange.answer.failure is None
        and exchange.wanted.role in {Role.PAGE, Role.REQUISITE}
        and status_of(response) == _OK
        and media_type_of(response) in _HTML
    )


def seal(path: Path, work: Path, journal: Journal, plan: Plan) -> int:
    """Write the file that was asked for; give how many records it has.

    Files that an earlier start of the same crawl was writing when it died are put away first.
    Raises StorageErrors, ArchiveError where the disk does not give back what was written.
    """
    name = path.name.removesuffix(PACKAGE).removesuffix(WARC)
    inner = work / f"{name}{WARC}"
    for leftover in (open_path(path), open_path(inner), inner):
        with storing(leftover):
            leftover.unlink(missing_ok=True)
    if path.suffix != PACKAGE:
        return _warc(path.parent, name, journal, plan).records
    sealed = _warc(work, name, journal, plan)
    packed = Packed(
        source=inner, path=f"{ARCHIVE}{inner.name}", size=sealed.size, sha256=sealed.sha256
    )
    write_wacz(path, _about(journal, plan), [packed], _pages(journal.exchanges()))
    with storing(inner):
        inner.unlink()
    return sealed.records


def _warc(folder: Path, name: str, journal: Journal, plan: Plan) -> SealedFile:
    info = WarcInfo(
        software=SOFTWARE,
        is_part_of=name,
        description=f"crawl of {' '.join(plan.seeds)}",
        more=(
            ("robots", "obeyed: RFC 9309"),
            ("http-header-user-agent", plan.agent),
        ),
    )
    with WarcWriter(folder, name, info, journal.began.replace(microsecond=0)) as writer:
        records = ExchangeRecords(writer)
        for exchange in journal.exchanges():
            records.write(exchange)
        return writer.seal()


def _about(journal: Journal, plan: Plan) -> About:
    pages = (each for each in journal.exchanges() if is_page(each))
    first = next(((each.wanted.url, each.at.replace(microsecond=0)) for each in pages), None)
    host = urlsplit(plan.seeds[0]).hostname or ""
    return About(
        title=host,
        description=f"Crawl of {' '.join(plan.seeds)}: every request and response as it went by.",
        software=SOFTWARE,
        created=journal.began,
        main_page=first,
    )


def _pages(exchanges: Iterable[Exchange]) -> Iterator[Page]:
    for exchange in filter(is_page, exchanges):
        title = page_title(body_of(exchange.answer.response) or b"")
        at = exchange.at.replace(microsecond=0)
        yield Page(url=exchange.wanted.url, at=at, title=title, text=None)
