"""Write records into one WARC file, made only when there is something to write."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.content.media import media_type
from pipeline.history import swhid
from pipeline.history.commit import Commit
from pipeline.history.gitobject import blob_id
from pipeline.jobs.durable import make_folder
from pipeline.model import TreeEntry
from pipeline.warc.info import WarcInfo
from pipeline.warc.record import Capture, SealedFile
from pipeline.warc.writer import WarcWriter

SHA1_DIGITS = 40
OCTETS = "application/octet-stream"


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
    """A record, and which row's bytes it holds (`file_id`, `commit_id` or `url_id`)."""

    capture: Capture
    holds: Mapping[str, int]


class Recorder:
    """The WARC file of one run. `folder` None records nothing: a dry run."""

    def __init__(self, folder: Path | None, name: str, info: WarcInfo, now: datetime) -> None:
        self._folder, self._name, self._info, self._now = folder, name, info, now
        self._stack = ExitStack()
        self._writer: WarcWriter | None = None
        self.held: list[Held] = []
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

    def source_file(self, name: str, path: str, data: bytes, file_id: int) -> str | None:
        """Record a file of the source as it is, under its SWHID; give the id of the record."""
        return self._resource(name, data, media_type(path), {"file_id": file_id})

    def commit(
        self, name: str, raw: bytes, commit_id: int, concurrent_to: Sequence[str] = ()
    ) -> None:
        """Record a commit object, from whose bytes its id can be computed again; once a run."""
        if commit_id in self._commits:
            return
        self._commits.add(commit_id)
        self._resource(name, raw, OCTETS, {"commit_id": commit_id})

    def rendered(self, url: str, path: str, data: bytes, url_id: int) -> str | None:
        """Record a rendered file under its public URL; give the id of the record."""
        return self._resource(url, data, media_type(path), {"url_id": url_id})

    def provenance(
        self, url: str, record_id: str, fields: Sequence[tuple[str, str]], url_id: int
    ) -> None:
        """Record what a rendered page was made from, beside the page."""
        writer = self._open()
        if writer is not None:
            capture = writer.metadata(uri=url, fields=fields, date=self._now, refers_to=record_id)
            self.held.append(Held(capture=capture, holds={"url_id": url_id}))

    def seal(self) -> SealedFile | None:
        """Finish the file; None where nothing was written."""
        return self._writer.seal() if self._writer else None

    def _resource(self, uri: str, data: bytes, media: str, holds: Mapping[str, int]) -> str | None:
        writer = self._open()
        if writer is None:
            return None
        capture = writer.resource(uri=uri, payload=data, media_type=media, date=self._now)
        self.held.append(Held(capture=capture, holds=holds))
        return capture.record_id

    def _open(self) -> WarcWriter | None:
        if self._writer is None and self._folder is not None:
            make_folder(self._folder)
            writer = WarcWriter(self._folder, self._name, self._info, self._now)
            self._writer = self._stack.enter_context(writer)
        return self._writer
