"""The two moments of a comparison, and what lies between them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One of the two moments: what was asked for, and the commit whose tree answers.

    `at` is the committer's clock, with its own offset where that is known. `on_branch` is False for
    a commit of a side line. `documents` counts what was read under the rules of that commit.
    """

    asked: str
    commit: str
    at: datetime | None
    subject: str
    on_branch: bool
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """How many commits between the two moments were made on a day (in UTC), `YYYY-MM-DD`."""

    day: str
    commits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """A commit between the two moments that moved documents: `documents` counts the ties at it."""

    commit: str
    at: datetime | None
    subject: str
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What lies between: commits that only B has behind it, and those that only A has (`undone`).

    `since` and `until` are the earliest and latest clocks of the two moments and those commits.
    """

    commits: int
    undone: int
    since: datetime | None
    until: datetime | None
    days: tuple[Day, ...] = ()
    beats: tuple[Beat, ...] = ()
