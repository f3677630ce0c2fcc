"""Pack an archive as a WACZ, for browsers that replay and for auditors; check one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.errors import ArchiveError
from pipeline.jobs.ask import asked
from pipeline.jobs.extract_html import Rendered, as_read, extract_html
from pipeline.jobs.place import Place
from pipeline.jobs.sealing import SOFTWARE
from pipeline.model import Sha256
from pipeline.store.answers import Site
from pipeline.store.captured import CapturedPage, captured_pages
from pipeline.warc.check import digest_file
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.manifests import Filed, manifest_path, read_manifest, sequences
from pipeline.warc.payloads.message import media_of
from pipeline.warc.reader import read_record
from pipeline.warc.wacz.datapackage import About, Sign
from pipeline.warc.wacz.pages import Page
from pipeline.warc.wacz.writer import Packed, write_wacz

HOME = "/"

_Capture = tuple[str, datetime]
"""URL and moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wacz:
    """A package as written."""

    path: str
    size: int
    sha256: Sha256
    datapackage_sha256: Sha256 | None
    warc_files: int
    records: int
    captures: int
    pages: int
    signed: bool


def export_wacz(place: Place, path: Path, now: datetime, sign: Sign | None = None) -> Wacz:
    """Write all sealed WARC files and manifests of an archive as one package.

    `now` is the package's `created`. Raises ArchiveError where the archive is not what its
    manifests say or the file is there already, StorageErrors.
    """
    archive = place.archive
    filed = tuple(read_manifest(archive, number) for number in sequences(archive))
    if not filed:
        raise ArchiveError(str(archive), "there are no manifests; nothing is sealed here")
    with asked(place) as (connection, site):
        pages = tuple(captured_pages(connection, site))
    files = _files(archive, filed)
    texts = dict(_texts(archive, [page for page in pages if not page.text]))
    listed = (_page(page, texts) for page in pages)
    checked = write_wacz(path, _about(site, pages, now), files, listed, sign=sign)
    outside = checked.outside
    return Wacz(
        path=str(path),
        size=checked.size,
        sha256=checked.sha256,
        datapackage_sha256=outside.datapackage if outside else None,
        warc_files=sum(file.records is not None for file in filed[-1].manifest.files),
        records=checked.records,
        captures=checked.entries,
        pages=checked.pages,
        signed=bool(outside and outside.signed),
    )


def _files(archive: Path, filed: Sequence[Filed]) -> tuple[Packed, ...]:
    warcs = (
        Packed(source=archive / file.path, path=file.path, size=file.size, sha256=file.sha256)
        for file in filed[-1].manifest.files
        if file.records is not None
    )
    return (*warcs, *(_manifest(archive, each) for each in filed))


def _manifest(archive: Path, filed: Filed) -> Packed:
    """Pack a manifest too: it ties the package to the archive and its chain."""
    path = manifest_path(filed.manifest.sequence)
    size, _ = digest_file(archive / path)
    return Packed(source=archive / path, path=path, size=size, sha256=filed.sha256)


def _about(site: Site, pages: Sequence[CapturedPage], now: datetime) -> About:
    title = site.title or site.key
    what = f"{len({page.url for page in pages})} rendered pages, and the files behind them"
    if not pages:
        what = "the source files of the site; no rendered page was captured, so none is listed"
    home = max((page for page in pages if page.path == HOME), key=lambda p: p.at, default=None)
    return About(
        title=title,
        description=(
            f"The Jekyll site {title}: {what}. Source files and commits stand under their SWHIDs "
            "(ISO/IEC 18670)."
        ),
        software=SOFTWARE,
        created=now,
        main_page=(home.url, home.at) if home else None,
    )


def _page(page: CapturedPage, texts: Mapping[_Capture, str]) -> Page:
    text = page.text or texts.get((page.url, page.at))
    return Page(url=page.url, at=page.at, title=page.title, text=text)


def _texts(archive: Path, pages: Iterable[CapturedPage]) -> Iterator[tuple[_Capture, str]]:
    """Read the articles of pages that no source is known to say: lists, what plugins made."""
    for read in extract_html(_rendered(archive, page) for page in pages):
        if read.url and read.captured and read.page:
            yield (read.url, read.captured), read.page.text


def _rendered(archive: Path, page: CapturedPage) -> Rendered:
    path, offset, length = page.record
    try:
        record = read_record(archive / path, offset, length)
    except DamagedRecordError as error:
        raise ArchiveError(str(archive / path), str(error)) from error
    data, whole = as_read(record.block)
    _, charset = media_of(record.content_type or "")
    return Rendered(
        place=page.url,
        url=page.url,
        data=data,
        whole=whole,
        charset=charset or None,
        captured=page.at,
    )
