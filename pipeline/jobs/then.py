"""A site as it stood at any commit, read from catalogue and archive alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.errors import NoHistoryError, NotFoundError, NotVerifiableError, UsageError
from pipeline.history.commit import Commit
from pipeline.history.graph import Graph
from pipeline.history.moments import read_clocks
from pipeline.model import FileMode, Sha256, TreeEntry
from pipeline.sources import Absent, AbsentKind, Identity, PathHistory, Source, SourceKind
from pipeline.sources.source import History
from pipeline.store.answers import Site, StoredFile
from pipeline.store.auditing import real_path
from pipeline.store.past import branch, files_at, graph, whole
from pipeline.store.reading import files
from pipeline.store.session import Connection
from pipeline.store.states import every_file
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.reader import read_record

SHORTEST = 7  # digits of a commit id
BEFORE, AFTER = "before", "after"


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
    """Find the commit that stood then, and its files. See `commit_at` for what can be asked."""
    commit = commit_at(connection, site, when)
    return _source(site, folder, commit, _files(connection, site, commit))


def stands(connection: Connection, site: Site, folder: Path) -> ArchivedSource:
    """Give the newest snapshot, also where no history is known."""
    found = {real_path(file.path, file.path_raw): file for file in files(connection, site)}
    return _source(site, folder, site.revision, found)


def _source(
    site: Site, folder: Path, commit: str, found: Mapping[str, StoredFile]
) -> ArchivedSource:
    return ArchivedSource(
        identity=Identity(kind=SourceKind.REPOSITORY, location=site.key, name=site.key),
        revision=None,
        entries=tuple(
            TreeEntry(path=path, mode=FileMode(file.mode), oid=file.oid)
            for path, file in sorted(found.items(), key=_by_path)
        ),
        findings=(),
        folder=folder,
        files=found,
        commit=commit,
    )


def commit_at(connection: Connection, site: Site, when: str) -> str:
    """Find a commit: that of the branch which stood at a day or time, or any one by its id.

    A day is meant to its end, in the site's time zone; a time without a zone is in that zone, too.
    A commit may be of the branch or of a side line, its id cut to 7 digits or more.
    `before:COMMIT` is its first parent, `after:COMMIT` the commit itself. Raises UsageError, or
    NotFoundError where nothing stood.
    """
    line = branch(connection, site)
    if not line.branch:
        raise NoHistoryError
    word, mark, name = when.partition(":")
    if mark and word in {BEFORE, AFTER}:
        known = graph(connection, site)
        return _by_id(known, name, when) if word == AFTER else _parent(known, name, when)
    moment = moment_of(when, zone_of(site.timezone))
    if moment is None:
        on_branch = _matching(line, when)
        return on_branch[0] if len(on_branch) == 1 else _by_id(graph(connection, site), when, when)
    standing = read_clocks(line).at(moment)
    if standing is None:
        raise NotFoundError("commit at", when, "the history begins later")
    return standing.commit


def _matching(known: Graph, name: str) -> list[str]:
    return [oid for oid in known.nodes if len(name) >= SHORTEST and oid.startswith(name.lower())]


def _by_id(known: Graph, name: str, when: str) -> str:
    found = _matching(known, name)
    if len(found) > 1:
        raise UsageError(f"{len(found)} commits begin with {name!r}; give more digits")
    if not found:
        raise UsageError(f"neither a day, a time with a zone, nor a commit of the branch: {when!r}")
    return found[0]


def _parent(known: Graph, name: str, when: str) -> str:
    node = known.nodes[_by_id(known, name, when)]
    if not node.parents:
        raise NotFoundError("commit", when, "it is the first one: nothing stood before it")
    if node.parents[0] is None:
        raise NotFoundError("commit", when, "what was before it is not in this history")
    return node.parents[0]


def _files(connection: Connection, site: Site, commit: str) -> dict[str, StoredFile]:
    line = branch(connection, site).branch
    if commit in line:
        return {
            real_path(file.path, file.path_raw): file
            for file in files_at(connection, site, line.index(commit))
        }
    stood = set(whole(connection, site).tree_at(commit))
    found = {}
    for file in every_file(connection, site):
        path = real_path(file.path, file.path_raw)
        if TreeEntry(path=path, mode=FileMode(file.mode), oid=file.oid) in stood:
            found[path] = file
    return found


def _by_path(pair: tuple[str, StoredFile]) -> bytes:
    return pair[0].encode("utf-8", "surrogateescape")


def moment_of(when: str, zone: tzinfo) -> datetime | None:
    """Read a day, meant to its end, or a time; None for what is neither."""
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        return None
    if len(when) <= len("2023-11-02"):
        return datetime.combine(moment.date(), time.max, tzinfo=zone)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def zone_of(name: str | None) -> tzinfo:
    """Find a time zone by its name; UTC where there is none of that name."""
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
