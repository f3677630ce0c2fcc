"""Seal a crawl: its journal as WARC files, by themselves or in a package with index and pages."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pipeline.jobs.crawl_journal import Journal
from pipeline.jobs.crawl_records import ExchangeRecords
from pipeline.jobs.extract_html import Rendered, as_read, extract_html
from pipeline.jobs.sealing import SOFTWARE
from pipeline.sources.crawl.body import body_of, media_type_of
from pipeline.sources.crawl.message import fields_of, status_of
from pipeline.sources.crawl.plan import Plan
from pipeline.sources.crawl.values import Exchange, Role
from pipeline.warc.durable import (
    open_path,
    refuse_renaming_over,
    storing,
    sync_folder,
    write_durably,
)
from pipeline.warc.info import WarcInfo
from pipeline.warc.limits import HEADER_MOST
from pipeline.warc.payloads.message import media_of
from pipeline.warc.record import SealedFile
from pipeline.warc.wacz.datapackage import About
from pipeline.warc.wacz.layout import ARCHIVE
from pipeline.warc.wacz.layout import SUFFIX as PACKAGE
from pipeline.warc.wacz.pages import Page
from pipeline.warc.wacz.writer import Packed, write_wacz
from pipeline.warc.writer import SUFFIX as WARC
from pipeline.warc.writer import WarcWriter

MOVING: Final = "moving"
"""Names the files beside the one that was asked for while they are moved there, a line each."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What was sealed: its files, the one that was asked for first, and all their records."""

    paths: tuple[Path, ...]
    records: int


def seal(path: Path, work: Path, journal: Journal, plan: Plan, segment: int) -> Sealed:
    """Write the file that was asked for, and others where a WARC file would pass `segment` bytes.

    What an earlier start of the same crawl was writing when it died is put away first.
    Raises StorageErrors, ArchiveError where the disk does not give back what was written.
    """
    name = path.name.removesuffix(PACKAGE).removesuffix(WARC)
    _put_away(path, work)
    sealed = tuple(_warcs(work, name, journal, plan, segment))
    records = sum(each.records for each in sealed)
    if path.suffix != PACKAGE:
        return Sealed(paths=_handed_over(path.parent, work, sealed), records=records)
    packed = [
        Packed(
            source=work / each.name,
            path=f"{ARCHIVE}{each.name}",
            size=each.size,
            sha256=each.sha256,
        )
        for each in sealed
    ]
    write_wacz(path, _about(journal, plan), packed, _pages(journal.exchanges()))
    for each in packed:
        with storing(each.source):
            each.source.unlink()
    return Sealed(paths=(path,), records=records)


def _put_away(path: Path, work: Path) -> None:
    """Remove what was sealed for the file that never came to be, also what was moved beside it."""
    moving = work / MOVING
    with storing(moving):
        moved = moving.read_text(encoding="ascii").splitlines() if moving.exists() else []
        beside = [path.parent / name for name in moved if not (work / name).exists()]
        for leftover in (open_path(path), *beside, *work.glob(f"*{WARC}*"), moving):
            leftover.unlink(missing_ok=True)


def _handed_over(folder: Path, work: Path, sealed: Sequence[SealedFile]) -> tuple[Path, ...]:
    """Move the files to where they were asked for; the first comes last, so all are there then."""
    paths = tuple(folder / each.name for each in sealed)
    for path in paths:
        refuse_renaming_over(path)
    if len(paths) > 1:
        names = "".join(f"{path.name}\n" for path in paths[1:])
        write_durably(work / MOVING, names.encode("ascii"))
    for path in reversed(paths):
        with storing(path):
            (work / path.name).rename(path)
            sync_folder(folder)
    with storing(work):
        (work / MOVING).unlink(missing_ok=True)
    return paths


def _warcs(
    work: Path, name: str, journal: Journal, plan: Plan, segment: int
) -> Iterator[SealedFile]:
    """Write the journal as WARC files, each of which can be understood without the others."""
    info = WarcInfo(
        software=SOFTWARE,
        is_part_of=name,
        description=f"crawl of {' '.join(plan.seeds)}",
        more=(
            ("robots", "obeyed: RFC 9309"),
            ("http-header-user-agent", plan.agent),
        ),
    )
    began = journal.began.replace(microsecond=0)
    exchanges = journal.exchanges()
    exchange = next(exchanges, None)
    for number in count(1):
        file = name if number == 1 else f"{name}-{number:06}"
        with WarcWriter(work, file, info, began) as writer:
            records = ExchangeRecords(writer)
            begun = writer.records
            while exchange is not None and (
                writer.records == begun or writer.has_room(_size(exchange), segment)
            ):
                records.write(exchange)
                exchange = next(exchanges, None)
            yield writer.seal()
        if exchange is None:
            return


def _size(exchange: Exchange) -> int:
    """Give what the records of an exchange may take, their headers included."""
    answer = exchange.answer
    certificate = answer.peer.certificate if answer.peer else b""
    parts = (answer.request, answer.interim, answer.response, certificate)
    return sum(len(part) + HEADER_MOST for part in parts)


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
    """Read the pages as `extract html` does: titles and articles, without what is around them."""
    for read in extract_html(map(_rendered, filter(is_page, exchanges))):
        title = read.page.title.text if read.page and read.page.title else None
        text = read.page.text if read.page else None
        if read.url and read.captured:
            yield Page(url=read.url, at=read.captured, title=title, text=text)


def _rendered(exchange: Exchange) -> Rendered:
    response = exchange.answer.response
    data, whole = as_read(body_of(response) or b"")
    types = fields_of(response, "Content-Type")
    return Rendered(
        place=exchange.wanted.url,
        url=exchange.wanted.url,
        data=data,
        whole=whole,
        charset=media_of(types[-1])[1] or None if types else None,
        captured=exchange.at.replace(microsecond=0),
    )
