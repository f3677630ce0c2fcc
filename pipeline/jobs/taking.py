"""Take out of an archive what proves a document: files, commits, pages, by their digests."""

import os
from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import ArchiveError, NotFoundError
from pipeline.jobs.ask import Proof, prove
from pipeline.jobs.copying import Copies
from pipeline.model import Sha256
from pipeline.report.dossier import Origin, Page, State
from pipeline.store.answers import Site, StoredFile
from pipeline.store.auditing import real_path
from pipeline.store.captured import captures_at
from pipeline.store.evidence import called, of_file, trace
from pipeline.store.session import Connection

TEXT_MOST = 1 << 18
METADATA = "metadata"


class Taking:
    """What was taken so far: records, the raw commits, sources as text by git id."""

    def __init__(self, connection: Connection, site: Site, archive: Path) -> None:
        """Begin with nothing."""
        self.connection, self.site, self.archive = connection, site, archive
        self.copies = Copies(archive)
        self.texts: dict[str, str] = {}
        self.raw_commits: dict[str, bytes] = {}
        self.commits: dict[str, str | None] = {}

    def state(self, file: StoredFile) -> State:
        """Take the bytes of a file."""
        path = real_path(file.path, file.path_raw)
        evidence = next(iter(of_file(self.connection, self.site, file.file_id, called("", ""))))
        proof = prove(self.archive, evidence)
        record, revisit = None, None
        if evidence.warc_path is not None:
            record, revisit = self.copies.add(evidence)
            self.texts[file.oid] = _held(proof).decode("utf-8", "replace")[:TEXT_MOST]
        return State(
            path=file.path,
            path_hex=os.fsencode(path).hex(),
            mode=f"{file.mode:o}",
            oid=file.oid,
            sha256=file.sha256.hex if file.sha256 else None,
            size=file.size,
            record=record,
            revisit=revisit,
            why="" if record else proof.why,
        )

    def commit(self, oid: str) -> None:
        """Take a commit, where the archive has it."""
        if oid in self.commits:
            return
        self.commits[oid] = None
        try:
            (evidence, *_) = trace(self.connection, self.site, f"commit:{oid}")
        except NotFoundError:
            return
        self.raw_commits[oid] = _held(prove(self.archive, evidence))
        self.commits[oid], _ = self.copies.add(evidence)

    def pages(self, urls: Iterable[str]) -> tuple[tuple[Page, ...], tuple[Origin, ...]]:
        """Take all that was captured at these URLs, and what is said of where it came from."""
        pages, origins = [], []
        for capture in captures_at(self.connection, self.site, set(urls)):
            (evidence,) = trace(self.connection, self.site, f"capture:{capture.id}")
            data = _held(prove(self.archive, evidence))
            record, revisit = self.copies.add(evidence)
            if capture.type == METADATA:
                lines = tuple(filter(None, data.decode("utf-8", "replace").splitlines()))
                origins.append(Origin(url=capture.url, record=record, lines=lines))
                continue
            pages.append(
                Page(
                    url=capture.url,
                    at=capture.at,
                    sha256=Sha256.of(data).hex,
                    size=len(data),
                    record=record,
                    revisit=revisit,
                )
            )
        return tuple(pages), tuple(origins)


def _held(proof: Proof) -> bytes:
    """Give bytes that are what the catalogue says. Raises ArchiveError."""
    if proof.data is None or not proof.holds:
        why = proof.why or "the bytes are not what the catalogue says"
        raise ArchiveError(proof.evidence.warc_path or "?", f"{why}; run verify")
    return proof.data
