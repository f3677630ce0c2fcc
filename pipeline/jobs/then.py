"""A site as it stood at some commit of its branch, read from catalogue and archive alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.errors import NotFoundError, NotVerifiableError, UsageError
from pipeline.history.commit import Commit
from pipeline.history.graph import Graph
from pipeline.history.moments import read_clocks
from pipeline.model import FileMode, Sha256, TreeEntry
from pipeline.sources import Absent, AbsentKind, Identity, PathHistory, Source, SourceKind
from pipeline.sources.source import History
from pipeline.store.answers import Site, StoredFile
from pipeline.store.auditing import real_path
from pipeline.store.past import branch, files_at
from pipeline.store.session import Connection
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.reader import read_record

SHORTEST = 7  # digits of a commit id


@dataclass(slots=True, kw_only=True)
class ArchivedSource(Source):
    """One commit of a site, its bytes taken from the archive and proved by their git ids."""

    folder: Path
    files: Mapping[str, StoredFile]
    commit: str

    def read(self, entries: Iterable[TreeEntry]) -> Iterator[tuple[TreeEntry, bytes | Absent]]:
        """Give the bytes of these entries in order."""
        for entry in entries:
            yield entry, content_of(self.folder, self.files[entry.path])

    def first_and_last(self) -> Mapping[str, PathHistory]:
        """Give nothing: the spans in the catalogue say it."""
        return {}

    def commits(self, oids: Iterable[str]) -> Iterator[Commit]:  # noqa: ARG002 - as it says
        """Give nothing: the catalogue has the commits."""
        return iter(())

    def history(self, *, all_refs: bool = False) -> History:  # noqa: ARG002 - one branch is kept
        """Give the empty history: the catalogue has it."""
        return History()


def content_of(folder: Path, file: StoredFile) -> bytes | Absent:
    """Read a file's bytes from the archive and prove them by their digest."""
    if file.warc_path is None or file.record_offset is None:
        return Absent(kind=AbsentKind.MISSING, reason="is not in the archive")
    try:
        record = read_record(folder / file.warc_path, file.record_offset, file.record_length or 0)
    except (DamagedRecordError, NotVerifiableError) as error:
        return Absent(kind=AbsentKind.DAMAGED, reason=f"cannot be read: {error}")
    if Sha256.of(record.block) != file.sha256:
        return Absent(kind=AbsentKind.DAMAGED, reason="has other bytes in the archive")
    return record.block


def stood_at(connection: Connection, site: Site, folder: Path, when: str) -> ArchivedSource:
    """Find the commit that stood then, and its files.

    `when` is a day (the end of it, in the site's time zone), a time with a zone, or a commit of the
    branch. Raises UsageError, or NotFoundError where nothing stood.
    """
    graph = branch(connection, site)
    if not graph.branch:
        raise UsageError("this archive holds no history; run again with --history")
    commit = _commit(graph, when, _zone(site.timezone))
    files = {
        real_path(file.path, file.path_raw): file
        for file in files_at(connection, site, graph.branch.index(commit))
    }
    return ArchivedSource(
        identity=Identity(kind=SourceKind.REPOSITORY, location=site.key, name=site.key),
        revision=None,
        entries=tuple(
            TreeEntry(path=path, mode=FileMode(file.mode), oid=file.oid)
            for path, file in sorted(files.items(), key=_by_path)
        ),
        findings=(),
        folder=folder,
        files=files,
        commit=commit,
    )


def _by_path(pair: tuple[str, StoredFile]) -> bytes:
    return pair[0].encode("utf-8", "surrogateescape")


def _commit(graph: Graph, when: str, zone: tzinfo) -> str:
    moment = _moment(when, zone)
    if moment is not None:
        standing = read_clocks(graph).at(moment)
        if standing is None:
            raise NotFoundError("commit at", when, "the history begins later")
        return standing.commit
    found = [oid for oid in graph.branch if len(when) >= SHORTEST and oid.startswith(when.lower())]
    if len(found) != 1:
        raise UsageError(f"neither a day, a time with a zone, nor a commit of the branch: {when!r}")
    return found[0]


def _moment(when: str, zone: tzinfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        return None
    if len(when) <= len("2023-11-02"):
        return datetime.combine(moment.date(), time.max, tzinfo=zone)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
