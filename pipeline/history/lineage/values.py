"""What lineage takes: the past of every path. What it gives: documents, each join with its reasons.

A *stay* is a stretch of history in which one path held one document.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A commit in the line of history: `order` grows from parents to children."""

    order: int
    commit: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one version of a file says, as far as it helps to know the document again.

    `text` is that of all parts, in passages, with its markup. `people` are keys for matching,
    `images` and `links` are targets outside of the text, as written. `source` is the file in
    lines, for git's measure of likeness. States share what they have in common.
    """

    title: str | None = None
    slug: str | None = None
    day: date | None = None
    url: str | None = None
    redirect_from: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    source: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a path held from one commit until another.

    `added` is False where the commit changed a file that its parent had: if the path was absent
    just before in our line of history, it stood on another branch.
    """

    blob: str
    since: Point
    until: Point | None = None
    added: bool = True
    facts: Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """Everything that one path ever held, oldest first. Between two states there may be a gap."""

    path: str
    collection: str | None = None
    states: tuple[State, ...]


class EvidenceKind(Enum):
    """What speaks for two stays being one document, or against it."""

    BYTES = "same bytes"
    GIT = "git similarity"
    TEXT = "text"
    TITLE = "title"
    NAME = "name"
    DATE = "date"
    PEOPLE = "people"
    IMAGE = "image"
    URL = "url"
    REDIRECT = "redirect"
    LINK = "link"
    PATH = "path"
    COLLECTION = "collection"
    COMPANY = "company"
    TIME = "time"
    DECISION = "decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reason. `weight` is in natural logarithms of odds: negative speaks against."""

    kind: EvidenceKind
    weight: float
    words: str


class Manner(Enum):
    """How a document came from one stay to the next."""

    MOVED = "moved in one commit"
    REWRITTEN = "rewritten in place"
    RETURNED = "came back after a gap"
    MOVED_OVER_GAP = "deleted, later added elsewhere"
    MOVED_BY_COPY = "copied, then the original was deleted"
    BRANCH = "stood on another branch at the same time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A path, from one commit until another, as part of a document.

    `states` are the positions of its states in `Life.states`, first and one past the last.
    """

    path: str
    collection: str | None
    since: Point
    until: Point | None
    states: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """Two stays, the commit between them, and how sure we are (0 to 1) that they are one document.

    `commit` is the one that added the new stay. `joined` tells whether we joined them; `decided`
    is True where a person said so. `sentence` says all this for people.
    """

    old: Stay
    new: Stay
    commit: Point
    manner: Manner
    evidence: tuple[Evidence, ...]
    confidence: float
    joined: bool
    decided: bool = False
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document: its stays, oldest first, and the joins that hold them together.

    Stays may overlap: a file was copied before it was deleted, or stood on two branches.
    """

    stays: tuple[Stay, ...]
    joins: tuple[Join, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that the document ever had, in order, each once."""
        return tuple(dict.fromkeys(stay.path for stay in self.stays))


class RelationKind(Enum):
    """How two documents are related without being one."""

    COPY = "copy"
    SPLIT = "split"
    MERGE = "merge"
    NAME = "name"
    PATH = "path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A fact about two stays of different documents.

    COPY: `one` began with the text of `other`, which went on. SPLIT: `one` began with text that
    `other` then lost, or shares an origin with it. MERGE: `one` ended while `other` held its text.
    NAME: the file of `one` is named after `other`. PATH: `one` took the path over from `other`.
    """

    kind: RelationKind
    one: Stay
    other: Stay
    commit: Point
    similarity: float
    sentence: str


class Verdict(Enum):
    """What a person says about two paths."""

    ACCEPT = "accept"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A person's word: these two paths held one document, or did not. It holds for ever."""

    verdict: Verdict
    old: str
    new: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """The documents of a site, oldest first; the joins a person should look at; what was copied.

    `unused` are a person's decisions that fit nothing in this history.
    """

    documents: tuple[Document, ...]
    doubtful: tuple[Join, ...] = ()
    relations: tuple[Relation, ...] = ()
    unused: tuple[Decision, ...] = ()
