"""Pack a series into an archive of its own: every version, the commits that made them, the pages.

The bytes are written anew, each under the address that it had (the same SWHID, the same URL), and
proved by their digests on the way; so the pack is a whole archive, which `verify` takes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.audit.report import Report
from pipeline.content.media import media_type
from pipeline.errors import ArchiveError, NotWritableError
from pipeline.jekyll.config import CONFIG_NAMES
from pipeline.jobs.ask import Proof, asked, prove
from pipeline.jobs.former import FormerReader
from pipeline.jobs.found_at import CATALOGUE
from pipeline.jobs.lineage import states_of_document
from pipeline.jobs.lock import locked
from pipeline.jobs.place import RECORDS, Place
from pipeline.jobs.recording import Recorder
from pipeline.jobs.sealing import (
    SOFTWARE,
    keep_sealed,
    next_manifest,
    record_file,
    warc_name,
    write_ledger,
)
from pipeline.jobs.series import choose_series
from pipeline.jobs.verify import verify_archive
from pipeline.sources import Absent
from pipeline.store import events
from pipeline.store.answers import Site, Stood
from pipeline.store.engine import sqlite_url
from pipeline.store.evidence import called, of_file, trace
from pipeline.store.excerpt import (
    Rendered,
    Rows,
    add_urls,
    excerpt,
    put,
    rendered,
    url_ids,
)
from pipeline.store.former import Stays
from pipeline.store.holdings import record_manifest
from pipeline.store.intake import Intake
from pipeline.store.lineage import StoredSeries
from pipeline.store.session import Connection, writing
from pipeline.store.states import files_by_path
from pipeline.store.tables import CommitRow, SiteRow, UrlRow
from pipeline.warc.info import WarcInfo
from pipeline.warc.manifest import Manifest
from pipeline.warc.manifests import write_manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What a pack holds. `missing` are files whose bytes are not in the archive, each with why."""

    folder: str
    series: str
    documents: int
    files: int
    commits: int
    pages: int
    missing: tuple[tuple[str, str], ...]
    verified: Report


@dataclass(slots=True, kw_only=True)
class _Pack:
    """The pack in the making: what is read, and the recorder that it goes to."""

    connection: Connection
    site: Site
    place: Place
    recorder: Recorder
    missing: list[tuple[str, str]] = field(default_factory=list)

    def files(self, ids: Iterable[int]) -> int:
        """Record files; count them."""
        count = 0
        for file_id in ids:
            label = called(f"file:{file_id}", "")
            for evidence in of_file(self.connection, self.site, file_id, label):
                proof = prove(self.place.archive, evidence)
                if evidence.warc_path is None or evidence.target_uri is None:
                    self.missing.append((evidence.path or "", proof.why))
                    continue
                path = evidence.path or ""
                self.recorder.source_file(evidence.target_uri, path, _held(proof), file_id)
                count += 1
        return count

    def commits(self, rows: Rows) -> int:
        """Record commits; count them."""
        found = [(row["id"], row["oid"]) for row in rows[CommitRow]]
        for commit_id, oid in found:
            proofs = self._proofs(f"commit:{oid}")
            proof = next(proofs, None)
            if proof is None or proof.evidence.target_uri is None:
                self.missing.append((f"commit {oid}", "the archive has no record of it"))
                continue
            self.recorder.commit(proof.evidence.target_uri, _held(proof), commit_id)
        return len(found)

    def pages(self, pages: Iterable[Rendered]) -> int:
        """Record rendered pages and files under their URLs; count them."""
        count = 0
        for page in pages:
            for proof in self._proofs(f"capture:{page.capture_id}"):
                path = urlsplit(page.address).path
                name = path + ("index.html" if path.endswith("/") else "")
                self.recorder.rendered(page.address, name, _read(proof), page.url_id)
                count += 1
        return count

    def _proofs(self, identifier: str) -> Iterator[Proof]:
        for evidence in trace(self.connection, self.site, identifier):
            yield prove(self.place.archive, evidence)


def _held(proof: Proof) -> bytes:
    """Give bytes that are what the catalogue says, by both digests. Raises ArchiveError."""
    if not proof.holds:
        raise ArchiveError(proof.evidence.warc_path or "?", f"{_why(proof)}; run verify")
    return _read(proof)


def _read(proof: Proof) -> bytes:
    """Give bytes that have no git id, a page's, by their digest. Raises ArchiveError."""
    if proof.data is None or proof.sha256 != proof.evidence.sha256:
        raise ArchiveError(proof.evidence.warc_path or "?", f"{_why(proof)}; run verify")
    return proof.data


def _why(proof: Proof) -> str:
    return proof.why or "the bytes are not what the catalogue says"


def pack_series(place: Place, name: str, folder: Path, now: datetime) -> Packed:
    """Write a series into a new or empty folder, as an archive by itself, and verify it.

    Raises NotFoundError or UsageError as `show_series`, StorageErrors; ArchiveError where bytes are
    damaged.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise NotWritableError(str(folder), "the folder is not empty; name a new one")
    except OSError as error:
        raise NotWritableError(str(folder), error.strerror or str(error)) from error
    with asked(place) as (connection, site), locked(folder):
        chosen = choose_series(connection, site, place, name)
        manifest = next_manifest(folder, site.key, None, now)
        info = WarcInfo(
            software=SOFTWARE, is_part_of=site.key, description=f"the series {chosen.name}"
        )
        with Recorder(folder / RECORDS, warc_name(manifest), info, now) as recorder:
            pack = _Pack(connection=connection, site=site, place=place, recorder=recorder)
            rows, counts = _read_all(pack, chosen)
            sealed = recorder.seal()
        if not sealed:
            raise ArchiveError(str(place.archive), "holds no bytes of this series")
        manifest = replace(manifest, files=tuple(map(record_file, sealed)))
        target = Place(folder=folder, database=sqlite_url(folder / CATALOGUE), site=site.key)
        _settle(target, manifest, rows, recorder, {"series": chosen.name, "of": site.revision})
    return Packed(
        folder=str(folder),
        series=chosen.name,
        documents=len(chosen.documents),
        files=counts[0],
        commits=counts[1],
        pages=counts[2],
        missing=tuple(pack.missing),
        verified=verify_archive(target),
    )


def _read_all(pack: _Pack, chosen: StoredSeries) -> tuple[Rows, tuple[int, int, int]]:
    """Record all that belongs to a series; give its rows, and how many files, commits and pages."""
    connection, site = pack.connection, pack.site
    states, shown = _said(connection, site, pack.place, chosen)
    more = files_by_path(connection, site, {*(path.lstrip("/") for path in shown), *CONFIG_NAMES})
    files = sorted({state.file_id for state in states} | {file.file_id for file in more})
    rows = excerpt(connection, site, chosen.name, chosen.documents, files)
    urls = {*url_ids(connection, site, shown), *(row["id"] for row in rows[UrlRow])}
    pages = rendered(connection, urls)
    add_urls(connection, rows, [page.url_id for page in pages])
    return rows, (pack.files(files), pack.commits(rows), pack.pages(pages))


def _settle(
    target: Place, manifest: Manifest, rows: Rows, recorder: Recorder, told: dict[str, str]
) -> None:
    """Make the pack durable in the order of a run: ledger, manifest, transaction."""
    folder, now = target.archive, manifest.created
    (site_row,) = rows[SiteRow]
    site_id = int(site_row["id"])
    with writing(target.database) as connection:
        intake = Intake(connection, site_id)
        put(intake, rows)
        keep_sealed(intake, site_id, recorder.sealed, recorder.held, now)
        ledger = write_ledger(folder, manifest.sequence, list(intake.changes()))
        written = write_manifest(folder, replace(manifest, files=(*manifest.files, ledger)))
        intake.write()
        record_manifest(
            connection,
            site_id,
            path=written.path,
            sequence=manifest.sequence,
            sha256=written.sha256,
            previous=None,
            at=now,
        )
        sealed = {
            "path": written.path,
            "sequence": manifest.sequence,
            "sha256": written.sha256.hex,
        }
        payload = {**told, "manifest": sealed}
        events.append(connection, site_id, kind=events.PACK, at=now, payload=payload)


def _said(
    connection: Connection, site: Site, place: Place, chosen: StoredSeries
) -> tuple[list[Stood], frozenset[str]]:
    """Give every state of every member, and the paths of images and papers that any led to."""
    known = Stays.of(connection, site)
    states = [
        state
        for number in chosen.documents
        for state in states_of_document(connection, site, known, number)
    ]
    reader = FormerReader.of(connection, site, place.archive, states)
    links: set[str] = set()
    host = urlsplit(site.url or "").hostname
    for state in states:
        version = reader.read(state)
        if not isinstance(version, Absent):
            links.update(_asset(link.target, host) for link in version.content.links)
    return states, frozenset(filter(None, links))


def _asset(target: str, host: str | None) -> str:
    """Give the path of a file of the site that is no page, empty for any other target."""
    try:
        parts = urlsplit(target)
        outside = parts.hostname is not None and parts.hostname != host
    except ValueError:  # "[" in the host
        return ""
    path = unquote(parts.path)
    is_page = media_type(path).startswith("text/") or "." not in path.rpartition("/")[2]
    return "" if outside or is_page or not path.startswith("/") else path
