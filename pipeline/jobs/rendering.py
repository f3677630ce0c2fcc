"""Read a rendered site: each file is captured under its public URL and tied to its source."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.audit.run_codes import RunCode
from pipeline.content.media import media_type
from pipeline.errors import RenderedError
from pipeline.html.kind import is_html
from pipeline.html.title import page_title
from pipeline.jobs.foreign import ForeignFile, OwnSite, captured, destinations, foreign_file
from pipeline.jobs.reading import ReadFile
from pipeline.jobs.recording import OCTETS, Anchor, Recorder
from pipeline.jobs.summary import Counts, Fate, count
from pipeline.model import Finding, Sha256
from pipeline.sources import Absent, AbsentKind, Limits
from pipeline.sources.rendered import public_path, read_rendered
from pipeline.store.describe import Describer
from pipeline.store.holdings import Holdings, keep_page, knows_page
from pipeline.warc.fields import one_line
from pipeline.warc.payloads import Payload
from pipeline.warc.uri import to_uri, under

HTML = "text/html"
CHARSET = re.compile(r"[a-z0-9._:+-]{1,40}")
#: RFC 2606: a name that never is anybody's, for a site that does not say its own address.
NO_HOST = "http://{site}.invalid"
NO_ADDRESS = RunCode.RENDERED_NO_ADDRESS.at(
    "_config.yml",
    "the site does not say its address: set `url` here, or [site] url in the settings",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What came of a rendered folder."""

    counts: Counts
    pages: int
    findings: tuple[Finding, ...]
    foreign: ForeignFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """Where captures and pages go, and what they are tied to.

    Without `archives` pages are described alone, as an import does it: a file that is no page has
    no place in the catalogue but its record, so it is passed over.
    """

    recorder: Recorder
    describer: Describer
    holdings: Holdings
    anchor: Anchor
    sources: Mapping[str, ReadFile]
    titles: tuple[str, ...] = ()  # the site's own selectors of a page's title
    archives: bool = True

    def fate(self, *, is_new: bool, is_new_page: bool) -> Fate:
        """Say what became of a file: is it, or for an import the page that it is, new here."""
        return Fate.STORED if (is_new if self.archives else is_new_page) else Fate.SKIPPED


def capture_rendering(
    folder: Path, address: str | None, site: str, shelves: Shelves, limits: Limits
) -> Rendering:
    """Capture every file of a folder, or take what a WARC or WACZ file has of the site.

    Raises RenderedError where it is neither.
    """
    if folder.is_file():
        return _take_captures(folder, address, shelves)
    base = address or NO_HOST.format(site=site)
    findings = [] if address else [NO_ADDRESS]
    fates: list[tuple[str, Fate]] = []
    pages = 0
    for file in read_rendered(folder, limits):
        if isinstance(file.data, Absent):
            lost = Fate.ABSENT if file.data.kind is AbsentKind.OUTSIDE else Fate.FAILED
            fates.append(("rendered", lost))
            findings += [file.finding] if file.finding else []
            continue
        fates.append(("rendered", _capture(file.path, file.data, base, shelves)))
        pages += media_type(file.path).startswith(HTML)
    total = count(fates).get("rendered", Counts())
    findings += _not_archived(folder.name, pages, total, shelves)
    return Rendering(counts=total, pages=pages, findings=tuple(findings))


def _take_captures(source: Path, address: str | None, shelves: Shelves) -> Rendering:
    """Record the payloads of the site's own captures again, each at the moment of its capture."""
    findings: list[Finding] = []
    fates: list[tuple[str, Fate]] = []
    site, pages = OwnSite(address), 0
    kept = foreign_file(source)
    with captured(source, findings) as found:
        for payload in found:
            path = site.path_of(payload)
            if path is None:
                continue
            if payload.coded or payload.cut:  # told where it was read
                fates.append(("rendered", Fate.FAILED))
                continue
            fates.append(("rendered", _take(payload, path, kept, shelves)))
            pages += is_html(payload.media_type, payload.body)
    if not fates:
        raise RenderedError(str(source), "it has no capture of a page or file of this site")
    findings += site.findings(source.name)
    total = count(fates).get("rendered", Counts())
    findings += _not_archived(source.name, pages, total, shelves)
    return Rendering(counts=total, pages=pages, findings=tuple(findings), foreign=kept)


def _not_archived(name: str, pages: int, total: Counts, shelves: Shelves) -> Iterator[Finding]:
    if not shelves.archives:
        others = total.stored + total.skipped - pages
        message = (
            f"the bytes of the rendering are not archived: its {pages} pages are described in the"
            f" catalogue, its {others} other files passed over; `run --rendered` archives them all"
        )
        yield RunCode.RENDERED_NOT_ARCHIVED.at(name, message)


def _take(payload: Payload, path: str, kept: ForeignFile, shelves: Shelves) -> Fate:
    places = destinations(path)
    found = next((place for place in places if place in shelves.sources), "")
    source = shelves.sources[found] if found else None
    known = source.item.url if source and source.item and "?" not in path else None
    url_id = shelves.describer.url(known or path)
    digest = Sha256.of(payload.body)
    is_page = is_html(payload.media_type, payload.body)
    is_new_page = is_page and not knows_page(shelves.describer.intake, url_id, digest)
    if is_page:
        version_id = shelves.describer.version_of(source.file_id) if source else None
        keep_page(
            shelves.describer.intake,
            url_id,
            version_id,
            path=(found or places[0]).lstrip("/"),
            title=page_title(
                payload.body, charset=payload.charset or None, selectors=shelves.titles
            ),
            sha256=digest,
        )
    is_new = (url_id, digest, payload.date) not in shelves.holdings.moments
    fate = shelves.fate(is_new=is_new, is_new_page=is_new_page)
    if not is_new or not shelves.archives:
        return fate
    address = to_uri(payload.url)
    media = payload.media_type or (HTML if is_page else OCTETS)
    if payload.charset and media.startswith("text/") and CHARSET.fullmatch(payload.charset):
        media = f"{media}; charset={payload.charset}"
    record = shelves.recorder.captured(address, media, payload.body, url_id, payload.date)
    if record is not None:
        fields = (
            *_captured_in(payload, kept),
            *(_provenance(source, shelves.anchor) if source else ()),
        )
        shelves.recorder.provenance(address, record, fields, url_id)
    return fate


def _captured_in(payload: Payload, kept: ForeignFile) -> Iterator[tuple[str, str]]:
    """Say which record of which file the payload was taken from, without its codings."""
    yield "captured-in", kept.path
    if payload.spot.file != kept.source.name:
        yield "captured-in-member", one_line(payload.spot.file)
    yield "captured-at-offset", str(payload.spot.offset)
    yield "captured-record", one_line(payload.spot.record_id)
    yield "captured-type", payload.kind.value
    if payload.status is not None:
        yield "captured-status", str(payload.status)
    yield "captured-payload", str(payload.sha256)
    if payload.original is not None:
        yield "captured-payload-in-record", one_line(payload.original.record_id)


def _capture(path: str, data: bytes, base: str, shelves: Shelves) -> Fate:
    source = shelves.sources.get("/" + path)
    address = under(base, public_path(path).removeprefix("/"))
    # A page is known by the URL that Jekyll gives its source, others by what a browser asks for.
    known = source.item.url if source and source.item else None
    url_id = shelves.describer.url(known or address.removeprefix(to_uri(base).rstrip("/")))
    digest = Sha256.of(data)
    is_new = (url_id, digest) not in shelves.holdings.urls
    is_page = media_type(path).startswith(HTML)
    is_new_page = is_page and not knows_page(shelves.describer.intake, url_id, digest)
    record = None
    if is_new and shelves.archives:
        record = shelves.recorder.rendered(address, path, data, url_id)
    if is_page:
        version_id = shelves.describer.version_of(source.file_id) if source else None
        title = page_title(data, selectors=shelves.titles)
        keep_page(
            shelves.describer.intake, url_id, version_id, path=path, title=title, sha256=digest
        )
    if source is not None and record is not None:
        fields = tuple(_provenance(source, shelves.anchor))
        shelves.recorder.provenance(address, record, fields, url_id)
    return shelves.fate(is_new=is_new, is_new_page=is_new_page)


def _provenance(source: ReadFile, anchor: Anchor) -> Iterator[tuple[str, str]]:
    """Say in a metadata record which source a rendered file was made from (ISO 28500, 6.6)."""
    entry = source.placement.entry
    yield "derived-from", source.swhid
    yield "source-path", one_line(entry.path)
    if anchor.revision is not None:
        yield "source-revision", anchor.revision
    yield "tied-by", "destination that Jekyll computes for the source"
