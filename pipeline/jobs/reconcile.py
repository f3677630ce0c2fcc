"""Hold the newest rendering of an archive against its source: `reconcile`."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import etree

from pipeline.errors import NotFoundError, NotVerifiableError, RenderedError, UsageError
from pipeline.html.kind import is_html
from pipeline.html.layout import Layout
from pipeline.html.page import PageReader, open_page
from pipeline.html.requisites import links_of
from pipeline.html.tree import parse
from pipeline.jobs.ask import asked
from pipeline.jobs.foreign import captured
from pipeline.jobs.place import Place
from pipeline.jobs.progress import Progress, silent
from pipeline.jobs.rebuild import Rebuild, rebuilt
from pipeline.jobs.reconcile_described import reconcile_described
from pipeline.jobs.reconcile_source import read_source
from pipeline.jobs.rendering import NO_HOST
from pipeline.jobs.then import stands
from pipeline.model import Finding, Severity, Sha256
from pipeline.reconciliation.codes import ReconcileCode
from pipeline.reconciliation.reconcile import Known, Reconciler, Taken
from pipeline.reconciliation.values import Reconciliation
from pipeline.sources import Absent, AbsentKind
from pipeline.store.rendering import RenderedFile, rendered_files
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.manifest import FOREIGN
from pipeline.warc.reader import read_record

NO_RENDERING = "add one: `jekyll-archive run SOURCE --rendered FOLDER`, a WARC or a WACZ file"
LEARNT_FROM = 300  # pages, from which the layout is learnt
_UNSEEN = ("title", "script", "style", "template", "noscript")


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A page of the rendering: its path within the site, and where its bytes are."""

    path: str
    file: RenderedFile


def reconcile(place: Place, *, render: bool = False, progress: Progress = silent) -> Reconciliation:
    """Compare each page with its document. With `render` the commit is built again, too.

    Where pages are described and none is archived, by an import, the catalogue is all there is.
    Raises NotFoundError where no page was ever read, NoJekyllError and BuildFailedError.
    """
    with asked(place) as (connection, site):
        files = rendered_files(connection, site)
        address = site.url or NO_HOST.format(site=site.key)
        within = [(path, file) for file in files if (path := path_of(file.url, address))]
        pages = [_File(path=path, file=file) for path, file in within if _is_page(file)]
        if not pages:
            described = reconcile_described(connection, site)
            if described is not None:
                return _without_building(described, place, wanted=render)
            raise NotFoundError("rendered page in", str(place.archive), NO_RENDERING)
        built_at = max(page.file.at for page in pages)
        source = stands(connection, site, place.archive)
        read = read_source(connection, site, source, built_at)
    unread = list(read.findings)
    known = Known(
        site=site.key,
        title=site.title,
        revision=site.revision,
        public_url=address,
        rendered_at=built_at,
        sources=read.sides,
        statics=read.statics,
        generated=read.generated,
        pages=[page.path for page in pages],
        captured=[path for path, _ in within],
        others=_of_others(place.archive, unread),
    )
    reader = PageReader(layout=_learn(place.archive, pages), selectors=read.selectors)
    reconciler = Reconciler(known)
    with rebuilt(place, built_at, progress, wanted=render) as again:
        _take_all(place.archive, pages, reader, reconciler, again, progress)
        return reconciler.finish((*unread, *again.finish()), again.by)


def _without_building(found: Reconciliation, place: Place, *, wanted: bool) -> Reconciliation:
    if wanted:
        why = "no page of the rendering is archived, so there is nothing to hold a build against"
        raise UsageError(f"{place.archive}: {why}; leave --render out")
    return found


def _take_all(
    folder: Path,
    pages: list[_File],
    reader: PageReader,
    reconciler: Reconciler,
    again: Rebuild,
    progress: Progress,
) -> None:
    """Read the pages one by one."""
    for number, each in enumerate(pages):
        progress("comparing", number, len(pages))
        data = _bytes(folder, each.file)
        if isinstance(data, Absent):
            reconciler.unreadable(each.path, f"the page {data.reason}")
            continue
        charset = _charset(each.file)
        page = reader.read(data, each.file.url, charset)
        reconciler.take(
            Taken(
                path=each.path,
                page=page,
                links=links_of(data, charset),
                text=visible_text(data, charset),
            )
        )
        again.compare(each.path, data, page, reader)


def path_of(url: str, address: str) -> str:
    """Give the path of a capture within the site, decoded; empty for what is not the site's."""
    base = urlsplit(address).path.rstrip("/")
    parts = urlsplit(url)
    path = unquote(parts.path) or "/"
    if not f"{path}/".startswith(f"{unquote(base)}/"):
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return (path[len(unquote(base)) :] or "/") + query


def visible_text(data: bytes, charset: str | None) -> str:
    """Give all text of a page, chrome and all, but not what a browser never shows."""
    root = parse(data, charset).root
    if root is None:
        return ""
    etree.strip_elements(root, *_UNSEEN, etree.Comment, with_tail=False)
    return " ".join(root.itertext())


def _is_page(file: RenderedFile) -> bool:
    media = file.media_type.partition(";")[0].strip().lower()
    return is_html(media, b"")


def _charset(file: RenderedFile) -> str | None:
    _, mark, label = file.media_type.partition("charset=")
    return label.strip() if mark else None


def _bytes(folder: Path, file: RenderedFile) -> bytes | Absent:
    try:
        block = read_record(folder / file.warc_path, file.offset, file.length).block
    except (DamagedRecordError, NotVerifiableError) as error:
        return Absent(kind=AbsentKind.DAMAGED, reason=f"cannot be read: {error}")
    if Sha256.of(block) != file.sha256:
        return Absent(kind=AbsentKind.DAMAGED, reason="has other bytes in the archive")
    return block


def _learn(folder: Path, pages: Iterable[_File]) -> Layout:
    """Learn what the layout puts on all pages from some of them."""
    layout = Layout()
    for page in list(pages)[:LEARNT_FROM]:
        data = _bytes(folder, page.file)
        if isinstance(data, bytes):
            layout.learn(open_page(data, _charset(page.file)).rows)
    return layout


def _of_others(folder: Path, findings: list[Finding]) -> frozenset[str]:
    """List what captures of other tools, kept whole, hold of other hosts; tell what is unread."""
    found: set[str] = set()
    unread: list[Finding] = []
    for file in sorted((folder / FOREIGN).glob("*")):
        try:
            with captured(file, unread) as payloads:
                found.update(payload.url for payload in payloads)
        except RenderedError as error:
            findings.append(ReconcileCode.UNREADABLE.at(f"{FOREIGN}/{file.name}", str(error)))
    findings += [each for each in unread if each.severity is Severity.ERROR]
    return frozenset(found)
