"""Find where a document was at a moment, and what was captured of it there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Final

from pipeline.content.resolve import folded
from pipeline.errors import NoHistoryError, NoJekyllError, NotFoundError, UsageError
from pipeline.history.urls.promises import Promise, Stretch, Was
from pipeline.jobs.ask import asked, documents
from pipeline.jobs.looking_back import show_then
from pipeline.jobs.place import Place
from pipeline.jobs.then import commit_at
from pipeline.jobs.urls import Known
from pipeline.model import shown_path
from pipeline.replay.moments import parse_moment
from pipeline.sources.building import find_jekyll
from pipeline.store.answers import Site
from pipeline.store.captured import CaptureAt, captures_at
from pipeline.store.former import Stays, find_ever
from pipeline.store.reading import find_document
from pipeline.store.session import Connection

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_ENDING: Final = re.compile(r"(?:/index\.html|\.html|/)\Z")
_METADATA: Final = "metadata"


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A moment that was asked for. `text` is what the catalogue takes: a day, a time, a commit.

    `moment` is None for a commit, until the catalogue has told its time.
    """

    text: str
    moment: datetime | None

    @classmethod
    def of(cls, said: str) -> "When":
        """Read what was typed; what is no moment may be a commit."""
        try:
            moment = parse_moment(said)
        except UsageError:
            return cls(text=said, moment=None)
        return cls(text=said if _DAY.fullmatch(said) else moment.isoformat(), moment=moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """When a document was at a URL: from which day until which, None: still, or nobody knows."""

    since: date | None
    until: date | None

    def __str__(self) -> str:
        if self.since is None and self.until is None:
            return "in that state"
        begin = f"from {self.since} " if self.since else ""
        return f"{begin}until {self.until}" if self.until else f"{begin}until now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A document at a moment: its file, its URL within the site, and the captures of that.

    `stood` tells whether it was published then; else file and URL are those nearest in time, and
    `stay` when it had them. `elsewhere` are captures of its other URLs.
    """

    path: str
    url: str
    moment: datetime | None
    stood: bool
    stay: Stay
    captures: tuple[CaptureAt, ...]
    elsewhere: tuple[CaptureAt, ...]

    @property
    def nearest(self) -> CaptureAt:
        """The capture nearest to the moment, the newest without one. Raises NotFoundError."""
        found = nearest(self.captures, self.moment)
        if found is None:
            raise NotFoundError("capture of", self.url, self._what_there_is())
        return found

    def _what_there_is(self) -> str:
        """Say where else it was captured, and what can be done."""
        told = f"{self.path} was there {self.stay}"
        other = nearest(self.elsewhere, self.moment)
        if other is not None:
            told += f"; captured at another of its URLs: {other.url} on {other.at:%Y-%m-%d}"
        return f"{told}; {self.offer}"

    @property
    def offer(self) -> str:
        """Say whether the page of that day can be built, and how."""
        day = "" if self.stood or self.stay.since is None else f" --at {self.stay.since}"
        what = "the page as its source stood then"
        try:
            return f"`--render{day}` builds {what}, with Jekyll {find_jekyll().version}"
        except NoJekyllError:
            return f"`--render{day}` would build {what}, but Jekyll is not installed"


def seek(place: Place, name: str, when: When | None) -> Sought:
    """Find a document by any name that it has or ever had, as it was at a moment, else as it is.

    Raises NotFoundError, or UsageError where several answer or the moment is none.
    """
    with asked(place) as (connection, site):
        try:
            stays, known = Stays.of(connection, site), Known.of(connection, site, place)
        except NoHistoryError:
            return _of_today(connection, site, name, when)
        number = find_ever(connection, site, stays, name)
        own = stays.by_document[number]
        every = [each for each in known.promises if each.owner == own[0].uid]
        pages = [each for each in every if each.was is Was.PAGE]
        position, moment = _position(connection, site, known, when)
        if position is None:
            return _of_side_line(connection, site, place, name, when)
        best = _nearest_stay(pages, position)
        if best is None:
            commit = own[-1].since[:12]
            hint = (
                f"no URL of it is known on the branch; `--render --at {commit}` builds its commit"
            )
            raise NotFoundError("page of", shown_path(own[-1].path), hint)
        page, stretch = best
        same = tuple(each.url for each in pages if folded(each.url) == folded(page.url))
        others = tuple(each.url for each in every if folded(each.url) != folded(page.url))
        return Sought(
            path=shown_path(page.path),
            url=page.url,
            moment=moment,
            stood=stretch.covers(position),
            stay=_stay(known, stretch),
            captures=_captures(connection, site, (page.url,), same, _forms(page.url)),
            elsewhere=_captures(connection, site, tuple(chain(others, *map(_forms, others)))),
        )


def _of_today(connection: Connection, site: Site, name: str, when: When | None) -> Sought:
    """Find it in the newest snapshot, all that is known where no history was read."""
    entry = find_document(documents(connection, site), name)
    if entry.url is None:
        raise NotFoundError("page of", entry.path, "it is not published at a URL of its own")
    return Sought(
        path=entry.path,
        url=entry.url,
        moment=when.moment if when else None,
        stood=True,
        stay=Stay(since=None, until=None),
        captures=captures_of(connection, site, entry.url),
        elsewhere=(),
    )


def _of_side_line(
    connection: Connection, site: Site, place: Place, name: str, when: When | None
) -> Sought:
    """Find it at a commit of a side line, where what was published can only be computed."""
    entry = show_then(place, name, when.text if when else "").entry
    if entry.url is None or not entry.written:
        raise NotFoundError("page of", entry.path, "it has no URL of its own there")
    return Sought(
        path=entry.path,
        url=entry.url,
        moment=None,
        stood=True,
        stay=Stay(since=None, until=None),
        captures=captures_of(connection, site, entry.url),
        elsewhere=(),
    )


def _position(
    connection: Connection, site: Site, known: Known, when: When | None
) -> tuple[int | None, datetime | None]:
    """Give the place on the branch, -1 before it begins, None beside it; and the moment."""
    if when is None:
        return len(known.commits) - 1, None
    try:
        commit = commit_at(connection, site, when.text)
    except NotFoundError:
        if when.moment is None:
            raise
        return -1, when.moment
    oids = [oid for oid, _ in known.commits]
    if commit not in oids:
        return None, when.moment
    position = oids.index(commit)
    return position, when.moment or known.commits[position][1]


def _nearest_stay(pages: Sequence[Promise], position: int) -> tuple[Promise, Stretch] | None:
    return min(
        ((each, stretch) for each in pages for stretch in each.stretches),
        key=lambda pair: (_apart(pair[1], position), -pair[1].since),
        default=None,
    )


def _apart(stretch: Stretch, position: int) -> int:
    """Count the commits between a stretch and a place on the branch, 0 if it stood there."""
    if stretch.covers(position):
        return 0
    return stretch.since - position if position < stretch.since else position - _end(stretch) + 1


def _end(stretch: Stretch) -> int:
    return stretch.since if stretch.until is None else stretch.until


def _stay(known: Known, stretch: Stretch) -> Stay:
    return Stay(
        since=_day(known, stretch.since),
        until=None if stretch.until is None else _day(known, stretch.until),
    )


def _day(known: Known, position: int) -> date | None:
    at = known.commits[position][1] if position < len(known.commits) else None
    return at.date() if at else None


def _captures(connection: Connection, site: Site, *choices: Sequence[str]) -> tuple[CaptureAt, ...]:
    """List the captures of pages at the first of these choices of URLs where there are any."""
    for wanted in choices:
        pages = tuple(filter(_is_page, captures_at(connection, site, wanted) if wanted else ()))
        if pages:
            return pages
    return ()


def _is_page(capture: CaptureAt) -> bool:
    return capture.type != _METADATA and capture.url.startswith(("http://", "https://"))


def _forms(url: str) -> tuple[str, ...]:
    """Give the forms under which static hosts serve one page: with and without its ending."""
    bare = _ENDING.sub("", url)
    return (f"{bare}/", f"{bare}/index.html", *((bare, f"{bare}.html") if bare else ()))


def captures_of(connection: Connection, site: Site, url: str) -> tuple[CaptureAt, ...]:
    """List the captures of a page at a URL within the site, or else at another form of it."""
    return _captures(connection, site, (url,), _forms(url))


def nearest(every: Sequence[CaptureAt], moment: datetime | None) -> CaptureAt | None:
    """Choose the capture nearest to a moment, the newest without one."""
    if moment is None:
        return max(every, key=lambda each: (each.at, -each.id), default=None)
    return min(every, key=lambda each: (abs(each.at - moment), each.id), default=None)
