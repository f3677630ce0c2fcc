"""A folder of a source, read as if it were the whole: for sites that live in `docs/`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.errors import NotARepositoryError
from pipeline.history.changes import Step, within
from pipeline.history.commit import Commit
from pipeline.model import TreeEntry
from pipeline.sources.source import Absent, History, PathHistory, Source


@dataclass(slots=True, kw_only=True)
class Subfolder(Source):
    """The files below `prefix` (which ends in `/`) of another source, without it in their paths."""

    whole: Source
    prefix: str

    def read(self, entries: Iterable[TreeEntry]) -> Iterator[tuple[TreeEntry, bytes | Absent]]:
        """Give the bytes of these entries in order."""
        full = (replace(entry, path=self.prefix + entry.path) for entry in entries)
        for entry, data in self.whole.read(full):
            yield replace(entry, path=entry.path.removeprefix(self.prefix)), data

    def first_and_last(self) -> Mapping[str, PathHistory]:
        """Say for each path which commits brought it."""
        return {
            path.removeprefix(self.prefix): history
            for path, history in self.whole.first_and_last().items()
            if path.startswith(self.prefix)
        }

    def commits(self, oids: Iterable[str]) -> Iterator[Commit]:
        """Give these commits in order."""
        return self.whole.commits(oids)

    def history(self, *, all_refs: bool = False) -> History:
        """Give every commit, with what it changed in this folder."""
        whole = self.whole.history(all_refs=all_refs)
        return _Within(graph=whole.graph, findings=whole.findings, whole=whole, prefix=self.prefix)


@dataclass(slots=True, kw_only=True)
class _Within(History):
    whole: History
    prefix: str

    def steps(self) -> Iterator[Step]:
        """Give every commit, with the changes below the prefix only, and without it in paths."""
        for step in self.whole.steps():
            yield within(step, self.prefix)
            self.findings = self.whole.findings
        self.findings = self.whole.findings


def subfolder(source: Source, folder: str) -> Source:
    """Look at one folder of a source only. Raises NotARepositoryError where it has no files."""
    prefix = _prefix(folder)
    if not prefix:
        return source
    inside = below(source.entries, folder)
    if not inside:
        raise NotARepositoryError(source.location, f"there is no folder {folder!r} in it")
    return Subfolder(
        identity=source.identity,
        revision=source.revision,
        entries=inside,
        findings=source.findings,
        whole=source,
        prefix=prefix,
    )


def below(entries: Iterable[TreeEntry], folder: str) -> tuple[TreeEntry, ...]:
    """Give the entries below a folder, without it in their paths."""
    prefix = _prefix(folder)
    return tuple(
        replace(entry, path=entry.path.removeprefix(prefix))
        for entry in entries
        if entry.path.startswith(prefix)
    )


def _prefix(folder: str) -> str:
    parts = [part for part in folder.split("/") if part not in {"", "."}]
    return "".join(f"{part}/" for part in parts)
