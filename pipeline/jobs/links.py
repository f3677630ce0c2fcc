"""Ask where the internal links of every version led, and where they lead today."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.content.normalise import links_of
from pipeline.content.resolve import SiteUrls
from pipeline.content.targets import kind_of
from pipeline.content.values import Link, LinkKind
from pipeline.history.urls.configurations import Configured
from pipeline.history.urls.promises import Stretch
from pipeline.history.urls.timeline import Timeline
from pipeline.jekyll.serving import Serving
from pipeline.jobs.ask import asked
from pipeline.jobs.former import FormerReader
from pipeline.jobs.place import Place
from pipeline.jobs.then import commit_at
from pipeline.jobs.urls import Known
from pipeline.model import shown_path
from pipeline.sources import Absent
from pipeline.store.answers import Site
from pipeline.store.former import Stays, find_ever
from pipeline.store.session import Connection
from pipeline.store.urls import VersionStood, stood, versions_stood


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLine:
    """An internal link of a document, the time in which it stood, and where it led and leads.

    `target` is as written, `url` what it means within the site. `then` is what it led to when it
    last stood; if nothing any more, `broke` is the commit since when. `now` is what it leads to
    today, and `where` the URL today of what it meant, if another.
    """

    uid: str
    path: str
    part: str
    kind: str
    target: str
    url: str
    text: str
    since: str
    since_at: datetime | None
    until: str | None
    until_at: datetime | None
    then: str
    broke: str | None
    broke_at: datetime | None
    now: str
    where: str
    works: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReport:
    """Links by document, in the order in which they came; how many versions were not read."""

    links: tuple[LinkLine, ...]
    versions: int
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChoice:
    """Which links are meant: of one document, of one time, only the broken ones, to files too."""

    document: str | None = None
    at: str | None = None
    broken: bool = False
    files: bool = False


@dataclass(frozen=True, slots=True)
class _Use:
    """A link in one version, in one stretch of the branch; `at` a commit that was asked for."""

    version: VersionStood
    link: Link
    url: str
    stretch: Stretch
    at: int | None
    extra: frozenset[str]


def links(place: Place, choice: LinkChoice) -> LinkReport:
    """Read versions from the archive again and follow their links.

    Raises NoHistoryError, NotFoundError for a document or time there is not.
    """
    with asked(place) as (connection, site):
        known = Known.of(connection, site, place)
        position = None
        if choice.at is not None:
            position = known.position(commit_at(connection, site, choice.at), choice.at)
        versions = _versions(connection, site, choice, position)
        ids = {version.file_id for version in versions}
        reader = FormerReader.of_files(connection, site, place.archive, ids)
        timeline = Timeline(
            stood(connection, site),
            Serving(known.today.published, known.today.redirects, site.url),
            known.today.owners,
        )
    uses: list[_Use] = []
    unread = 0
    following = _Following(reader, site.url)
    for version in versions:
        found = following.uses(version, position)
        if found is None:
            unread += 1
        else:
            uses += found
    chosen = [use for use in uses if choice.files or not _is_file(use)]
    lines = (_line(group, timeline, known) for group in _grouped(chosen))
    return LinkReport(
        links=tuple(line for line in lines if not choice.broken or not line.works),
        versions=len(versions),
        unread=unread,
    )


def _versions(
    connection: Connection, site: Site, choice: LinkChoice, position: int | None
) -> tuple[VersionStood, ...]:
    uid = None
    if choice.document is not None:
        stays = Stays.of(connection, site)
        uid = stays.by_document[find_ever(connection, site, stays, choice.document)][0].uid
    found = versions_stood(connection, site, uid)
    if position is None:
        return found
    return tuple(
        replace(version, stretches=(stretch,))
        for version in found
        for stretch in version.stretches
        if stretch.covers(position)
    )


class _Following:
    """Finds what the links of versions mean within the site, whatever its address was then."""

    def __init__(self, reader: FormerReader, public_url: str | None) -> None:
        self._reader = reader
        addresses = [public_url, *(_address(each) for each in reader.configurations.all())]
        self._sites = [SiteUrls((), address) for address in dict.fromkeys(addresses)]
        self._extra: dict[int, tuple[Configured, frozenset[str]]] = {}

    def uses(self, version: VersionStood, at: int | None) -> list[_Use] | None:
        """Give the links that lead into the site; None where the version cannot be read."""
        read = self._reader.item(version)
        configured = self._reader.configurations.at(version.since)
        if isinstance(read, Absent) or configured is None:
            return None
        item, data = read
        extra = self._added(configured)
        told = links_of(item, data, self._reader.settings)
        found = [(link, self._lead(link, item.url or "/")) for link in told]
        return [
            _Use(version, link, url, stretch, at, extra)
            for link, url in found
            if url is not None
            for stretch in version.stretches
        ]

    def _lead(self, link: Link, page_url: str) -> str | None:
        leads = (site.lead(link.target, page_url) for site in self._sites)
        return next((lead.url for lead in leads if lead is not None), None)

    def _added(self, configured: Configured) -> frozenset[str]:
        """Give the URLs that plugins add by themselves: feeds, the map of the site."""
        if id(configured) not in self._extra:
            made = configured.rules.finish(()).generated
            self._extra[id(configured)] = (configured, frozenset(each.url for each in made))
        return self._extra[id(configured)][1]


def _address(configured: Configured) -> str | None:
    config = configured.config
    return (config.url.rstrip("/") + config.baseurl.rstrip("/")) or None


def _is_file(use: _Use) -> bool:
    if use.link.kind is LinkKind.FIELD:
        return kind_of(use.url) is LinkKind.FILE
    return use.link.kind is not LinkKind.LINK


def _grouped(uses: Iterable[_Use]) -> Iterator[list[_Use]]:
    """Put the uses of one link together, in stretches without a gap."""
    groups: dict[tuple[str, str, str], list[list[_Use]]] = {}
    for use in sorted(uses, key=lambda use: (use.version.uid, use.stretch.since)):
        runs = groups.setdefault((use.version.uid, use.link.target, use.url), [])
        last = runs[-1][-1].stretch.until if runs else 0
        if runs and (last is None or last >= use.stretch.since):
            runs[-1].append(use)
        else:
            runs.append([use])
    for runs in groups.values():
        yield from runs


def _line(uses: list[_Use], timeline: Timeline, known: Known) -> LinkLine:
    last = max(uses, key=lambda use: (use.stretch.until is None, use.stretch.until or 0))
    since, until = uses[0].stretch.since, last.stretch.until
    position = (len(known.commits) if until is None else until) - 1 if last.at is None else last.at
    followed = timeline.follow(last.url, since, position, last.extra)
    return LinkLine(
        uid=last.version.uid,
        path=shown_path(last.version.path),
        part=last.link.part,
        kind=last.link.kind.value,
        target=last.link.target,
        url=last.url,
        text=last.link.text,
        since=known.commits[since][0],
        since_at=known.commits[since][1],
        until=None if until is None else known.commits[until][0],
        until_at=None if until is None else known.commits[until][1],
        then=followed.then.value,
        broke=None if followed.broke is None else known.commits[followed.broke][0],
        broke_at=None if followed.broke is None else known.commits[followed.broke][1],
        now=followed.now.value,
        where=followed.where,
        works=followed.works,
    )
