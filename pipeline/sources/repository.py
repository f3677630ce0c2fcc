"""A source that is one commit of a git repository, read through a scratch repository of ours."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from pipeline.errors import EmptyRepositoryError, GitError, UnknownRevisionError
from pipeline.history.commit import Commit, parse_commit
from pipeline.history.gitobject import ObjectKind
from pipeline.model import FileMode, Finding, TreeEntry
from pipeline.sources.ancestry import read_ancestry, ref_tips
from pipeline.sources.codes import SourceCode
from pipeline.sources.git import Git
from pipeline.sources.history import GitHistory
from pipeline.sources.location import printable
from pipeline.sources.objects import ObjectReader
from pipeline.sources.pathlog import read_path_log
from pipeline.sources.refs import Refs
from pipeline.sources.source import (
    Absent,
    AbsentKind,
    History,
    Identity,
    PathHistory,
    Source,
)
from pipeline.sources.trees import list_tree

_AHEAD = 64
_SUBMODULE = Absent(kind=AbsentKind.SUBMODULE, reason="is a submodule: a repository of its own")


@dataclass(slots=True, kw_only=True)
class GitSource(Source):
    """One commit of a repository. Valid while the scratch repository exists."""

    git: Git
    tip: str
    refs: Refs
    shallow: frozenset[str]

    def read(self, entries: Iterable[TreeEntry]) -> Iterator[tuple[TreeEntry, bytes | Absent]]:
        """Give the bytes of these entries in order, each proved against its id."""
        waiting = iter(entries)
        with ObjectReader(self.git) as reader:
            while ahead := list(islice(waiting, _AHEAD)):
                blobs = [entry.oid for entry in ahead if entry.mode is not FileMode.SUBMODULE]
                contents = reader.fetch(ObjectKind.BLOB, blobs)
                for entry in ahead:
                    submodule = entry.mode is FileMode.SUBMODULE
                    yield entry, _SUBMODULE if submodule else next(contents)

    def first_and_last(self) -> Mapping[str, PathHistory]:
        """Say which commits brought each path; what could not be seen is a finding."""
        paths = [entry.path.encode("utf-8", "surrogateescape") for entry in self.entries]
        log = read_path_log(self.git, self.tip, paths, self.shallow)
        unknown = sum(not history.first_known for history in log.histories.values())
        if unknown:
            why = log.stopped or "the clone is shallow"
            message = f"the first commit of {unknown} files is not known: {why}"
            finding = SourceCode.HISTORY_CUT.at(None, message)
            if finding not in self.findings:
                self.findings += (finding,)
        return log.histories

    def commits(self, oids: Iterable[str]) -> Iterator[Commit]:
        """Give these commits in order, each proved against its id. Raises GitError."""
        waiting = iter(oids)
        with ObjectReader(self.git) as reader:
            while ahead := list(islice(waiting, _AHEAD)):
                yield from _commits(reader, ahead, self.location)

    def at(self, rev: str) -> "GitSource":
        """Give the same source at another revision. Raises UnknownRevisionError."""
        prepared = Prepared(
            git=self.git, identity=self.identity, refs=self.refs, shallow=self.shallow
        )
        return read_source(prepared, rev)

    def history(self, *, all_refs: bool = False) -> History:
        """Give every commit behind the revision, or behind any ref. Raises LimitError."""
        more, ignored = ref_tips(self.git, self.refs) if all_refs else ((), ())
        ancestry = read_ancestry(self.git, (self.tip, *more), self.shallow)
        findings = ignored + ancestry.findings
        return GitHistory(
            graph=ancestry.graph, findings=findings, git=self.git, commits=ancestry.commits
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A scratch repository with the objects and refs of a source in it, ready to be read."""

    git: Git
    identity: Identity
    refs: Refs
    shallow: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()


def read_source(prepared: Prepared, rev: str | None) -> GitSource:
    """Resolve the revision and list its tree. Raises EmptyRepositoryError, UnknownRevisionError."""
    git, refs = prepared.git, prepared.refs
    oid = _resolve(git, refs, rev)
    with ObjectReader(git) as reader:
        (revision,) = _commits(reader, [oid], git.place)
        entries, listed = list_tree(reader, revision.tree, place=git.place, limits=git.limits)
    findings = prepared.findings + listed
    if rev is None and refs.guessed is not None:
        message = f"no HEAD says which branch is the tip; {printable(refs.guessed)} is read"
        findings += (SourceCode.HEAD_GUESSED.at(None, message),)
    return GitSource(
        identity=prepared.identity,
        revision=revision,
        entries=entries,
        findings=findings,
        git=git,
        tip=oid,
        refs=refs,
        shallow=prepared.shallow,
    )


def _resolve(git: Git, refs: Refs, rev: str | None) -> str:
    if rev is None and refs.head is not None:
        return refs.head
    if not refs.named and refs.head is None:
        raise EmptyRepositoryError(git.place)
    if rev is None:
        raise UnknownRevisionError(git.place, "HEAD")
    if not rev or not rev.isprintable():
        raise UnknownRevisionError(git.place, printable(rev))
    said = git.run(
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        f"{rev}^{{commit}}",
        failure=lambda place, _: UnknownRevisionError(place, rev),
    )
    return said.decode("ascii").strip()


def _commits(reader: ObjectReader, oids: list[str], place: str) -> Iterator[Commit]:
    for oid, raw in zip(oids, reader.fetch(ObjectKind.COMMIT, oids), strict=True):
        if isinstance(raw, Absent):
            raise GitError(place, f"the commit {printable(oid)} {raw.reason}")
        yield parse_commit(oid, raw)
