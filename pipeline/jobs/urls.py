"""Ask at which URLs everything was ever published, and what has become of each."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipeline.content.resolve import folded
from pipeline.errors import BadConfigError, NoHistoryError, UsageError
from pipeline.history.urls.promises import Fate, Promise, promises
from pipeline.jekyll.config import CONFIG_NAMES, parse_config
from pipeline.jekyll.rules import ReadOptions
from pipeline.jekyll.serving import Serving
from pipeline.jekyll.site import REDIRECT_PLUGINS
from pipeline.jobs.ask import asked
from pipeline.jobs.place import Place
from pipeline.jobs.then import commit_at, content_of
from pipeline.model import Finding, shown_path
from pipeline.sources import Absent
from pipeline.store.answers import Site
from pipeline.store.former import Stays, find_ever
from pipeline.store.past import branch
from pipeline.store.reading import files, stored_findings
from pipeline.store.session import Connection
from pipeline.store.urls import Today, stood, today

AUDITED = ("REDIRECT-", "URL-CONFLICT", "URL-CASE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From which commit until which (None: still), with the committers' times."""

    since: str
    since_at: datetime | None
    until: str | None
    until_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlLine:
    """One document or file at one URL, when it was there, and what the URL is today.

    `uid` is None for a file that is no document. `path` held it there last. `now` is the path of
    what is seen there today, `leads_to` the URL at which it is seen after redirects, `through` the
    redirects on the way. `ending` is a URL of today that differs only by its ending (`.html`, `/`).
    """

    uid: str | None
    path: str
    url: str
    was: str
    periods: tuple[Period, ...]
    today: str
    now: str | None
    leads_to: str
    through: tuple[str, ...]
    ending: str | None

    @property
    def told_today(self) -> str:
        """Say what the URL is today, and where it leads."""
        through = f" to {self.leads_to}" if self.leads_to else ""
        taken = f" by {self.now}" if self.today == "taken over" and self.now else ""
        return f"{self.today}{through}{taken}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlReport:
    """URLs by document, how many there are by what they are today, and since when we know."""

    urls: tuple[UrlLine, ...]
    counts: Mapping[str, int]
    redirects: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which URLs are meant: of one document, at some time, only the broken ones, of files too."""

    document: str | None = None
    at: str | None = None
    gone: bool = False
    files: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """All promises of a site, the site of today, the branch, and whether today has redirects."""

    today: Today
    promises: tuple[Promise, ...]
    commits: tuple[tuple[str, datetime | None], ...]
    redirects: bool
    endings: Mapping[str, str]
    paths: Mapping[str, str]

    @classmethod
    def of(cls, connection: Connection, site: Site, place: Place) -> "Known":
        """Read them. Raises NoHistoryError."""
        nodes = branch(connection, site).nodes
        if not nodes:
            raise NoHistoryError
        now = today(connection, site)
        redirects = place.folder is None or redirecting(connection, site, place)
        if not redirects:
            bare = tuple(replace(each, redirect_to=None) for each in now.published)
            now = replace(now, published=bare, redirects=())
        serving = Serving(now.published, now.redirects, site.url)
        return cls(
            today=now,
            promises=promises(stood(connection, site), serving, now.owners),
            commits=tuple((oid, _moment(node.seconds)) for oid, node in nodes.items()),
            redirects=redirects,
            endings={folded(each.url): each.url for each in now.published},
            paths={owner: path for path, owner in now.owners.items()},
        )

    def position(self, commit: str, asked_for: str) -> int:
        """Find a commit on the branch. Raises UsageError for one of a side line."""
        found = next((n for n, (oid, _) in enumerate(self.commits) if oid == commit), None)
        if found is None:
            raise UsageError(f"{asked_for}: on a side line, of which no site is known")
        return found


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def redirecting(connection: Connection, site: Site, place: Place) -> bool:
    """Tell whether the site of today loads the plugin that makes redirects."""
    found = {file.path: file for file in files(connection, site) if file.path in CONFIG_NAMES}
    name = next((name for name in CONFIG_NAMES if name in found), None)
    data = content_of(place.archive, found[name]) if name else None
    if name is None or data is None or isinstance(data, Absent):
        return True
    try:
        return bool(parse_config([(name, data)], ReadOptions()).plugins & REDIRECT_PLUGINS)
    except BadConfigError:  # which no run would have taken
        return True


def urls(place: Place, choice: Choice) -> UrlReport:
    """List URLs and what they are today.

    Raises NoHistoryError, NotFoundError for a document or time there is not.
    """
    with asked(place) as (connection, site):
        known = Known.of(connection, site, place)
        tests = tests_of(connection, site, known, choice)
    chosen = [each for each in known.promises if all(test(each) for test in tests)]
    lines = [_line(each, known) for each in chosen]
    if choice.gone:
        lines.sort(key=lambda line: (-_days(line), line.url))
    return UrlReport(
        urls=tuple(lines),
        counts=dict(Counter(line.today for line in lines)),
        redirects=known.redirects,
    )


def tests_of(
    connection: Connection, site: Site, known: Known, choice: Choice
) -> list[Callable[[Promise], bool]]:
    """Give the tests that the URLs which are meant pass."""
    tests: list[Callable[[Promise], bool]] = []
    if choice.document is not None:
        stays = Stays.of(connection, site)
        number = find_ever(connection, site, stays, choice.document)
        uid = stays.by_document[number][0].uid
        tests.append(lambda each: each.owner == uid)
    elif not choice.files:
        tests.append(lambda each: each.owner != each.path)
    if choice.at is not None:
        position = known.position(commit_at(connection, site, choice.at), choice.at)
        tests.append(lambda each: any(stretch.covers(position) for stretch in each.stretches))
    if choice.gone:
        tests.append(lambda each: each.fate is Fate.GONE)
    return tests


def _line(promise: Promise, known: Known) -> UrlLine:
    is_file = promise.owner == promise.path
    near = known.endings.get(folded(promise.url)) if promise.fate is Fate.GONE else None
    return UrlLine(
        uid=None if is_file else promise.owner,
        path=shown_path(promise.path),
        url=promise.url,
        was=promise.was.value,
        periods=tuple(
            Period(
                since=known.commits[each.since][0],
                since_at=known.commits[each.since][1],
                until=None if each.until is None else known.commits[each.until][0],
                until_at=None if each.until is None else known.commits[each.until][1],
            )
            for each in promise.stretches
        ),
        today=promise.fate.value,
        now=None if promise.now is None else shown_path(known.paths[promise.now]),
        leads_to=promise.leads_to,
        through=promise.through,
        ending=near if near != promise.url else None,
    )


def _days(line: UrlLine) -> float:
    spans = [
        (period.until_at - period.since_at).total_seconds()
        for period in line.periods
        if period.since_at is not None and period.until_at is not None
    ]
    return sum(spans)


def audit(place: Place) -> tuple[Finding, ...]:
    """List what is wrong with the redirects and URLs of today; `run` found it."""
    with asked(place) as (connection, site):
        found = stored_findings(connection, site)
    return tuple(finding for finding in found if finding.code.startswith(AUDITED))
