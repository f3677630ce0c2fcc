"""What every source looks like from the rooms above: one frozen tree, read once or many times."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from pipeline.errors import UnknownRevisionError
from pipeline.history.changes import Step
from pipeline.history.commit import Commit
from pipeline.history.graph import NO_COMMITS, Graph
from pipeline.model import Finding, TreeEntry


class SourceKind(Enum):
    """What the location turned out to be."""

    FOLDER = "folder"
    REPOSITORY = "repository"
    BUNDLE = "bundle"
    URL = "url"


class AbsentKind(Enum):
    """Why bytes that a tree names cannot be had."""

    MISSING = "missing"
    TOO_LARGE = "too large"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    SUBMODULE = "submodule"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """Stands where bytes should be. `reason` is a sentence part for a person: `is missing …`."""

    kind: AbsentKind
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PathHistory:
    """The commits that brought a path, and its present state (content and mode), as object ids.

    `first` is the oldest commit that added the path; `last` is what `git log -1 -- PATH` names.
    Where the history is cut (a shallow clone, a lost object) the commit given is the oldest one
    that could be seen, and its `…_known` is False: the truth may be older.
    """

    first: str
    last: str
    first_known: bool = True
    last_known: bool = True


@dataclass(slots=True, kw_only=True)
class History:
    """The past of a source; here the empty one, of a plain folder.

    `graph` is there at once; `findings` grow while `steps` are read.
    """

    graph: Graph = NO_COMMITS
    findings: tuple[Finding, ...] = ()

    def steps(self) -> Iterator[Step]:
        """Give every commit and what it changed, parents first, as the graph has them."""
        return iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a source is and what it is called.

    `location` is what was asked for and `origin` the repository's URL (None where there is none),
    both without credentials; `name` is short, `[a-z0-9-]+`.
    """

    kind: SourceKind
    location: str
    name: str
    origin: str | None = None


@dataclass(slots=True, kw_only=True)
class Source(ABC):
    """One state of one site, wherever it lies. Valid inside `open_source` only.

    Attributes:
        identity: what it is called.
        revision: the commit that is read, None for a plain folder.
        entries: every file at the revision, by path bytes; symbolic links and submodules too.
        findings: what a person should know so far; reading can add to it.
    """

    identity: Identity
    revision: Commit | None
    entries: tuple[TreeEntry, ...]
    findings: tuple[Finding, ...]

    @property
    def kind(self) -> SourceKind:
        """What the location turned out to be."""
        return self.identity.kind

    @property
    def location(self) -> str:
        """What was asked for, without credentials."""
        return self.identity.location

    @property
    def name(self) -> str:
        """A short name for the site, `[a-z0-9-]+`."""
        return self.identity.name

    @property
    def origin(self) -> str | None:
        """The URL of the repository without credentials, None where there is none."""
        return self.identity.origin

    @abstractmethod
    def read(self, entries: Iterable[TreeEntry]) -> Iterator[tuple[TreeEntry, bytes | Absent]]:
        """Give the bytes of these entries in order, each proved against its git object id."""

    @abstractmethod
    def first_and_last(self) -> Mapping[str, PathHistory]:
        """Say for each path of `entries` which commits brought it; empty for a plain folder."""

    @abstractmethod
    def commits(self, oids: Iterable[str]) -> Iterator[Commit]:
        """Give these commits in order, each proved against its object id. Raises GitError."""

    def at(self, rev: str) -> "Source":
        """Give the same source at another revision. Raises UnknownRevisionError."""
        raise UnknownRevisionError(self.location, rev)

    @abstractmethod
    def history(self, *, all_refs: bool = False) -> History:
        """Give every commit behind the revision, or behind any ref; empty for a plain folder.

        What could not be seen of it is in the findings of the history. Raises LimitError.
        """
