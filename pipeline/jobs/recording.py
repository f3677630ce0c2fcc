"""Write records into the WARC files of a run, made only when there is something to write."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Final, Self

from pipeline.content.media import media_type
from pipeline.history import swhid
from pipeline.history.commit import Commit
from pipeline.history.gitobject import blob_id
from pipeline.jobs.durable import make_folder
from pipeline.jobs.witness import Proof, Witness
from pipeline.model import Sha256, TreeEntry
from pipeline.store.holdings import HeldPayload, keep_capture
from pipeline.store.intake import Intake
from pipeline.warc.info import WarcInfo
from pipeline.warc.limits import KEPT_MOST, SEGMENT_MOST
from pipeline.warc.record import Capture, Original, SealedFile

if TYPE_CHECKING:
    from pipeline.warc.writer import WarcWriter

SHA1_DIGITS = 40
OCTETS = "application/octet-stream"
COMPANIONS_MOST: Final = 500
"""Records named in one header: 500 lines of 70 bytes are half of what a header may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Where the files of a source belong: its origin, and the revision that was read."""

    origin: str | None
    revision: str | None

    def content(self, entry: TreeEntry, data: bytes) -> str:
        """Name a file by what it holds and where it stood (ISO/IEC 18670).

        A SWHID has SHA-1 names: in a repository of SHA-256 the content's is computed, and the
        revision, whose SHA-1 name nobody knows, is left out.
        """
        anchor = self.revision if self.revision and len(self.revision) == SHA1_DIGITS else None
        return swhid.qualified(
            swhid.content(blob_id(data) if len(entry.oid) != SHA1_DIGITS else entry.oid),
            origin=self.origin,
            anchor=swhid.revision(anchor) if anchor else None,
            path=entry.path,
        )

    def commit(self, commit: Commit) -> str:
        """Name a commit; by its gitoid where it has no SWHID."""
        if len(commit.oid) != SHA1_DIGITS:
            return f"gitoid:commit:sha256:{commit.oid}"
        return swhid.qualified(swhid.revision(commit.oid), origin=self.origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A record, and which row's bytes it holds (`file_id`, `commit_id` or `url_id`).

    `refers_to` is set for a revisit of a record of the same run: the id of that record. One of an
    earlier run is among `holds`, as `refers_to_id`: its row is known.
    """

    capture: Capture
    holds: Mapping[str, int]
    refers_to: str | None = None


def keep_records(intake: Intake, files: Mapping[str, int], records: Iterable[Held]) -> None:
    """Keep the rows of the records of a run, in their order: a revisit follows its original.

    `files` has the rows of the WARC files by their names.
    """
    ids: dict[str, int] = {}
    for held in records:
        holds = dict(held.holds)
        if held.refers_to is not None:
            holds["refers_to_id"] = ids[held.refers_to]
        ids[held.capture.record_id] = keep_capture(
            intake, files[held.capture.file], held.capture, holds
        )


class Recorder:
    """The WARC files of one run. `folder` None records nothing: a dry run.

    A payload that the archive holds already, from this run or by `payloads` from an earlier one, is
    not written again: a `revisit` record says where it is. Empty payloads are not worth one.

    Where a file would pass `segment` bytes it is sealed and another begins. `sealed` and `proofs`
    tell of the files sealed so far, in their order.
    """

    def __init__(
        self,
        folder: Path | None,
        name: str,
        info: WarcInfo,
        now: datetime,
        payloads: Mapping[Sha256, HeldPayload] = MappingProxyType({}),
        segment: int = SEGMENT_MOST,
    ) -> None:
        self._folder, self._name, self._info, self._now = folder, name, info, now
        self._payloads, self._segment = payloads, segment
        self._written: dict[Sha256, Original] = {}
        self._stack = ExitStack()
        self._writer: WarcWriter | None = None
        self.held: list[Held] = []
        self.sealed: list[SealedFile] = []
        self.proofs: list[Proof] = []
        self._shown = 0
        self._commits: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    @property
    def records(self) -> bool:
        """Whether anything is written at all."""
        return self._folder is not None

    def source_file(self, name: str, path: str, data: bytes, file_id: int) -> str | None:
        """Record a file of the source as it is, under its SWHID; give the id of the record."""
        return self._content(name, data, media_type(path), {"file_id": file_id}, self._now)

    def commit(
        self, name: str, raw: bytes, commit_id: int, concurrent_to: Sequence[str] = ()
    ) -> None:
        """Record a commit object, from whose bytes its id can be computed again; once a run.

        It is metadata about the records of what it made (ISO 28500 clause 6.6): `concurrent_to`
        are their ids. Of very many, those that a header has no room for follow in further records.
        """
        if commit_id in self._commits or (writer := self._open(len(raw))) is None:
            return
        self._commits.add(commit_id)
        first = writer.metadata_block(
            uri=name,
            block=raw,
            media_type=OCTETS,
            date=self._now,
            concurrent_to=concurrent_to[:COMPANIONS_MOST],
        )
        self.held.append(Held(capture=first, holds={"commit_id": commit_id}))
        for start in range(COMPANIONS_MOST, len(concurrent_to), COMPANIONS_MOST):
            writer = self._open(0) or writer
            more = writer.metadata_block(
                uri=name,
                block=b"",
                media_type=OCTETS,
                date=self._now,
                concurrent_to=concurrent_to[start : start + COMPANIONS_MOST],
                refers_to=first.record_id,
            )
            self.held.append(Held(capture=more, holds={}))

    def rendered(self, url: str, path: str, data: bytes, url_id: int) -> str | None:
        """Record a rendered file under its public URL; give the id of the record."""
        return self._content(url, data, media_type(path), {"url_id": url_id}, self._now)

    def captured(
        self, url: str, media: str, data: bytes, url_id: int, date: datetime
    ) -> str | None:
        """Record what somebody else captured, at the moment of that; give the id of the record."""
        return self._content(url, data, media, {"url_id": url_id}, date)

    def provenance(
        self, url: str, record_id: str, fields: Sequence[tuple[str, str]], url_id: int
    ) -> None:
        """Record what a rendered page was made from, beside the page."""
        writer = self._open(sum(len(name) + 4 * len(value) + 4 for name, value in fields))
        if writer is not None:
            capture = writer.metadata(uri=url, fields=fields, date=self._now, refers_to=record_id)
            self.held.append(Held(capture=capture, holds={"url_id": url_id}))

    def seal(self) -> tuple[SealedFile, ...]:
        """Finish the last file; give all of them, none where nothing was written."""
        if self._writer is not None:
            here, self._shown = self.held[self._shown :], len(self.held)
            commits = {h.capture.record_id for h in here if "commit_id" in h.holds}
            files = {h.capture.record_id for h in here if "file_id" in h.holds}
            witness = Witness(commits, files)
            sealed = self._writer.seal(show=witness.see, keep=KEPT_MOST)
            self.proofs.append(witness.proof(self._writer.path, sealed))
            self.sealed.append(sealed)
            self._stack.close()
            self._writer = None
        return tuple(self.sealed)

    def _content(
        self, uri: str, data: bytes, media: str, holds: Mapping[str, int], date: datetime
    ) -> str | None:
        writer = self._open(len(data))
        if writer is None:
            return None
        digest = Sha256.of(data)
        here, before = self._written.get(digest), self._payloads.get(digest)
        original = here or (before.original if before else None)
        if not data or original is None:
            capture = writer.resource(
                uri=uri, payload=data, media_type=media, date=date, digest=digest
            )
            held = Held(capture=capture, holds=holds)
            self._written[digest] = _original(capture, uri)
        else:
            capture = writer.revisit(uri=uri, original=original, date=date)
            if before is not None:
                held = Held(capture=capture, holds={**holds, "refers_to_id": before.capture_id})
            else:
                held = Held(capture=capture, holds=holds, refers_to=original.record_id)
        self.held.append(held)
        return capture.record_id

    def _open(self, size: int) -> "WarcWriter | None":
        """Give the file that takes a block of this size; one too large for any has its own."""
        writer = self._writer
        if writer and writer.records > 1 and not writer.has_room(size, self._segment):
            self.seal()
        if self._writer is None and self._folder is not None:
            # Slow to import, and an import into the catalogue alone has no use for it.
            from pipeline.warc.writer import WarcWriter  # noqa: PLC0415

            make_folder(self._folder)
            name = segment_name(self._name, len(self.sealed) + 1)
            writer = WarcWriter(self._folder, name, self._info, self._now)
            self._writer = self._stack.enter_context(writer)
        return self._writer


def segment_name(name: str, number: int) -> str:
    """Name a WARC file of a run: the first like the run, so that most runs have no number."""
    return name if number == 1 else f"{name}_{number:05d}"


def _original(capture: Capture, uri: str) -> Original:
    return Original(
        record_id=capture.record_id,
        target_uri=uri,
        date=capture.date,
        payload_sha256=capture.block_sha256,
    )
