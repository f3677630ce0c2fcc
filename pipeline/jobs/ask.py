"""Ask a catalogue: list, show, search, explain, and the bytes behind it all."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import ArchiveError, NotFoundError, NotVerifiableError, UsageError
from pipeline.history.gitobject import ObjectFormat, blob_id, commit_id
from pipeline.jobs.place import Place
from pipeline.model import Finding, Sha256
from pipeline.store import search as index
from pipeline.store.answers import Detail, Entry, Evidence, Site
from pipeline.store.detail import detail
from pipeline.store.evidence import trace
from pipeline.store.lineage import paths_ever
from pipeline.store.reading import entries, find_document, stored_findings
from pipeline.store.reading import site as find_site
from pipeline.store.session import Connection, reading
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.reader import read_record

SNIPPET_WORDS = 24
PAGES = "pages"  # what is in no collection


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document that a search found, best first, with the words around the first match."""

    entry: Entry
    score: float
    part: str
    snippet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Evidence, and what came of reading the bytes again. `why` says why they could not be read."""

    evidence: Evidence
    sha256: Sha256 | None
    oid: str | None
    why: str
    data: bytes | None

    @property
    def holds(self) -> bool:
        """Whether the bytes are there and are what the catalogue says, by both digests."""
        claim = self.evidence
        return self.sha256 is not None and (self.sha256, self.oid) == (claim.sha256, claim.oid)


@contextmanager
def asked(place: Place) -> Iterator[tuple[Connection, Site]]:
    """Open the catalogue, read-only, at the site that is meant."""
    with reading(place.database) as connection:
        yield connection, find_site(connection, place.site)


def list_documents(place: Place, collection: str | None = None) -> tuple[Entry, ...]:
    """List documents, all or of one collection, each with every path that it ever had.

    Raises NotFoundError for a collection that is not there.
    """
    with asked(place) as (connection, site):
        return of_collection(documents(connection, site), collection)


def documents(connection: Connection, site: Site) -> tuple[Entry, ...]:
    """Give the documents of the newest snapshot, each with every path that it ever had."""
    paths = paths_ever(connection, site)
    return tuple(
        replace(each, paths=paths.get(each.uid, (each.path,))) for each in entries(connection, site)
    )


def of_collection(found: tuple[Entry, ...], collection: str | None) -> tuple[Entry, ...]:
    """Choose the documents of one collection; None chooses all. Raises NotFoundError."""
    if collection is None:
        return found
    chosen = tuple(entry for entry in found if (entry.collection or PAGES) == collection)
    if not chosen:
        names = sorted({entry.collection or PAGES for entry in found})
        raise NotFoundError("collection", collection, f"there are: {', '.join(names)}")
    return chosen


def show(place: Place, name: str) -> Detail:
    """Tell all about one document. Raises NotFoundError, or UsageError where several answer."""
    with asked(place) as (connection, site):
        return detail(connection, site, find_document(documents(connection, site), name))


def findings(place: Place) -> tuple[Finding, ...]:
    """List what was found in the newest snapshot."""
    with asked(place) as (connection, site):
        return stored_findings(connection, site)


def search(place: Place, words: str, limit: int) -> tuple[Hit, ...]:
    """Find documents of the newest snapshot by words in title, people, tags and text."""
    with asked(place) as (connection, site):
        known = {entry.version_id: entry for entry in documents(connection, site)}
        found = [(known[i], score) for i, score in index.find(connection, words) if i in known]
        hits = []
        for entry, score in found[:limit]:
            part, snippet = _snippet(detail(connection, site, entry), words)
            hits.append(Hit(entry=entry, score=score, part=part, snippet=snippet))
        return tuple(hits)


def _snippet(found: Detail, words: str) -> tuple[str, str]:
    """Give the words around the first match, and the part that they are in."""
    wanted = index.fold(words).split()
    for part in found.parts:
        tokens = part["plain"].split()
        for position, token in enumerate(tokens):
            if any(want in index.fold(token).split() for want in wanted):
                start = max(0, position - SNIPPET_WORDS // 3)
                return part["name"], " ".join(tokens[start : start + SNIPPET_WORDS])
    return "", ""


def explain(place: Place, *identifiers: str) -> tuple[Proof, ...]:
    """Follow rows to their bytes, read them, and compute their digests again."""
    with asked(place) as (connection, site):
        found = [each for name in identifiers for each in trace(connection, site, name)]
    return tuple(prove(place.archive, evidence) for evidence in found)


def prove(folder: Path, evidence: Evidence) -> Proof:
    """Read the bytes that evidence names, and compute their digests again."""
    if evidence.warc_path is None or evidence.record_offset is None:
        why = "the archive has no record of these bytes"
        return Proof(evidence=evidence, sha256=None, oid=None, why=why, data=None)
    try:
        record = read_record(
            folder / evidence.warc_path, evidence.record_offset, evidence.record_length or 0
        )
    except (DamagedRecordError, NotVerifiableError) as error:
        return Proof(evidence=evidence, sha256=None, oid=None, why=str(error), data=None)
    data = record.block
    oid = None
    if evidence.oid is not None:
        sha256 = len(evidence.oid) == ObjectFormat.SHA256.hex_size
        kind = ObjectFormat.SHA256 if sha256 else ObjectFormat.SHA1
        name = blob_id if evidence.path is not None else commit_id
        oid = name(data, kind)
    return Proof(evidence=evidence, sha256=Sha256.of(data), oid=oid, why="", data=data)


def digest(text: str) -> Sha256:
    """Read a SHA-256 that a person typed. Raises UsageError."""
    try:
        return Sha256.parse(text.strip().lower())
    except ValueError as error:
        raise UsageError(f"not a SHA-256, which has 64 hex digits: {text!r}") from error


def bytes_of(place: Place, identifier: str) -> bytes:
    """Give the bytes of a document or digest from the archive. Raises where they are not proved."""
    proofs = explain(place, identifier)
    proof = next((each for each in proofs if each.holds), proofs[0])
    if not proof.holds or proof.data is None:
        why = proof.why or "the bytes are not what the catalogue says; run verify"
        raise ArchiveError(proof.evidence.warc_path or identifier, why)
    return proof.data
