"""Every URL at which something was ever published, and what has become of each.

A URL once given out is a promise. It is kept where the same document is served there or where a
redirect leads on; it is taken over where another document is served there; else it is gone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from pipeline.jekyll.serving import Answer, Served, Serving


class Was(Enum):
    """As what something stood at a URL."""

    PAGE = "page"
    REDIRECT = "redirect"


class Fate(Enum):
    """What a URL is today."""

    SERVED = "served"
    REDIRECTED = "redirected"
    TAKEN_OVER = "taken over"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """A state of a document at a URL, for a stretch of the branch by position.

    `owner` is the uid of a document; the path, where a file is none. `until` is one past the last
    commit, None for what still stands.
    """

    owner: str
    path: str
    url: str
    destination: str
    since: int
    until: int | None
    was: Was = Was.PAGE
    leads_to: str = ""

    def covers(self, position: int) -> bool:
        """Tell whether it stood at a commit."""
        return self.since <= position and (self.until is None or position < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """An unbroken stretch of the branch, by position, as in `Stood`."""

    since: int
    until: int | None

    def covers(self, position: int) -> bool:
        """Tell whether it stood at a commit."""
        return self.since <= position and (self.until is None or position < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One document at one URL: when it was there, and what the URL is today.

    `path` is the file that held it there last. `now` is the owner of what is seen there today, in
    the end, None where that is nothing of this site. `leads_to` is the URL at which it is seen,
    where that is another; for a URL that is gone, where its redirect loses the reader. `through`
    are the redirects on the way.
    """

    owner: str
    path: str
    url: str
    destination: str
    was: Was
    stretches: tuple[Stretch, ...]
    fate: Fate
    now: str | None
    leads_to: str
    through: tuple[str, ...]


def promises(
    stood: Iterable[Stood], serving: Serving, owners: Mapping[str, str]
) -> tuple[Promise, ...]:
    """Tell of every URL of every owner, by owner, in the order in which they were first used.

    Args:
        stood: everything that was written at any time.
        serving: the site of today.
        owners: whose each file of today is, by path.
    """
    groups: dict[tuple[str, str], list[Stood]] = defaultdict(list)
    for each in sorted(stood, key=lambda each: (each.owner, each.since, each.url)):
        groups[each.owner, each.url].append(each)
    return tuple(_promise(each, serving.ask(each[0].url), owners) for each in groups.values())


def _promise(stood: list[Stood], served: Served, owners: Mapping[str, str]) -> Promise:
    pages = [each for each in stood if each.was is Was.PAGE]
    last = max(pages or stood, key=lambda each: (each.until is None, each.until or 0, each.since))
    now = owners.get(served.path) if served.path is not None else None
    return Promise(
        owner=last.owner,
        path=last.path,
        url=last.url,
        destination=last.destination,
        was=last.was,
        stretches=merged(stood),
        fate=_fate(served, here=now == last.owner),
        now=now,
        leads_to=served.url if served.through else "",
        through=served.through,
    )


def _fate(served: Served, *, here: bool) -> Fate:
    if served.answer is Answer.NOTHING:
        return Fate.GONE
    if served.answer is Answer.REDIRECT:
        return Fate.REDIRECTED
    return Fate.SERVED if here else Fate.TAKEN_OVER


def merged(stood: Iterable[Stood]) -> tuple[Stretch, ...]:
    """Join stretches that touch or overlap."""
    found: list[Stretch] = []
    for each in sorted(stood, key=lambda each: each.since):
        last = found[-1] if found else None
        if last is None or (last.until is not None and last.until < each.since):
            found.append(Stretch(since=each.since, until=each.until))
        elif last.until is not None and (each.until is None or each.until > last.until):
            found[-1] = Stretch(since=last.since, until=each.until)
    return tuple(found)
