"""Ask what was published together: each document as it was first published, and as it is now."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.content.names import person_key
from pipeline.content.values import PersonRole
from pipeline.errors import NotFoundError, UsageError
from pipeline.history import swhid
from pipeline.history.comparison.people import same_person
from pipeline.history.comparison.reading import Account, account
from pipeline.history.comparison.values import Side
from pipeline.history.comparison.words import folded, lines_of
from pipeline.jobs.ask import asked
from pipeline.jobs.diffing import Changes, compared
from pipeline.jobs.former import FormerReader
from pipeline.jobs.lineage import states_of_document
from pipeline.jobs.place import Place
from pipeline.jobs.urls import Choice, UrlLine, urls
from pipeline.sources import Absent
from pipeline.store.answers import Entry, Site, Stood
from pipeline.store.former import Stays
from pipeline.store.lineage import StoredSeries, series
from pipeline.store.reading import entries
from pipeline.store.session import Connection

SHA1_DIGITS = 40
AUTHOR = PersonRole.AUTHOR.value

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesLine:
    """A series in one line. `documents` counts the landing document too."""

    name: str
    reason: str
    settled: bool
    title: str | None
    path: str
    published: str
    published_at: datetime | None
    documents: int
    gone: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Where the bytes of a state are, from the commit to the record; `explain ROW` proves them."""

    row: str
    commit: str
    path: str
    oid: str
    swhid: str | None
    sha256: str | None
    warc_path: str | None
    record_offset: int | None
    record_length: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StateTold:
    """What a document said in one state; `side` is None where it cannot be read, `why` says why."""

    at: datetime | None
    until_at: datetime | None
    side: Side | None
    why: str
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A person whom some state of a document names, and whom it names no more.

    `last` is the time until which it did. `elsewhere` are paths of today's documents that name
    them.
    """

    name: str
    roles: tuple[str, ...]
    last: datetime | None
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A document of a series, then and now. `gone`: `now` is its last state, and stands no more.

    `changes` are from `first` to `now`, None where one of them cannot be read.
    """

    uid: str
    landing: bool
    gone: bool
    paths: tuple[str, ...]
    versions: int
    first: StateTold
    now: StateTold
    lost_people: tuple[Named, ...]
    urls: tuple[UrlLine, ...]
    sentence: str
    changes: Changes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesTold:
    """A whole series, the landing document first. `lost_people`: whom today none of them names."""

    series: SeriesLine
    lost_people: tuple[Named, ...]
    members: tuple[Member, ...]


def list_series(place: Place) -> tuple[SeriesLine, ...]:
    """List the series, those that the site's settings name first."""
    with asked(place) as (connection, site):
        desk = _Desk.of(connection, site)
        return tuple(desk.line(each) for each in desk.series)


def show_series(place: Place, name: str) -> SeriesTold:
    """Tell all about one series, by any part of its name, its titles or paths, or its text.

    Raises NotFoundError, or UsageError where several answer.
    """
    with asked(place) as (connection, site):
        desk = _Desk.of(connection, site)
        return desk.tell(desk.find(name, place), place)


def choose_series(connection: Connection, site: Site, place: Place, name: str) -> StoredSeries:
    """Find the series that is meant. Raises as `show_series` does."""
    return _Desk.of(connection, site).find(name, place)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What is asked of one catalogue while a series is told."""

    connection: Connection
    site: Site
    known: Stays
    series: tuple[StoredSeries, ...]
    today: tuple[Entry, ...]

    @classmethod
    def of(cls, connection: Connection, site: Site) -> "_Desk":
        found = series(connection, site)
        return cls(
            connection=connection,
            site=site,
            known=Stays.of(connection, site),
            series=tuple(sorted(found, key=lambda each: not each.settled)),
            today=entries(connection, site),
        )

    def line(self, found: StoredSeries) -> SeriesLine:
        first = self.known.by_document[found.documents[0]][0]
        titles = [state.title for state in self.states(found.documents[0]) if state.title]
        return SeriesLine(
            name=found.name,
            reason=found.reason,
            settled=found.settled,
            title=titles[-1] if titles else None,
            path=first.path,
            published=found.published or first.since,
            published_at=first.since_at,
            documents=len(found.documents),
            gone=sum(self.known.gone(number) for number in found.documents),
        )

    def states(self, document_id: int) -> tuple[Stood, ...]:
        return states_of_document(self.connection, self.site, self.known, document_id)

    def find(self, name: str, place: Place) -> StoredSeries:
        """Choose by name, else by titles, paths and URLs, else by what the landing page says."""
        wanted = " ".join(name.casefold().split())
        words = _WORD.findall(wanted)
        tests: tuple[Callable[[StoredSeries], bool], ...] = (
            lambda each: each.name.casefold() == wanted,
            lambda each: wanted in each.name.casefold(),
            lambda each: any(wanted in word.casefold() for word in self._names(each)),
            lambda each: self._speaks_of(each, words, each.documents[:1], place),
            lambda each: self._speaks_of(each, words, each.documents, place),
        )
        for test in tests if wanted else ():
            found = [each for each in self.series if test(each)]
            if len(found) == 1:
                return found[0]
            if found:
                names = ", ".join(each.name for each in found)
                raise UsageError(f"{name!r} is said of {len(found)} series: {names}")
        known = ", ".join(each.name for each in self.series) or "none"
        raise NotFoundError("series", name, f"there are: {known}")

    def _speaks_of(
        self, found: StoredSeries, words: Sequence[str], documents: Sequence[int], place: Place
    ) -> bool:
        """Whether each word is in the name of a series, its titles and URLs, or its texts."""
        said = "\n".join((found.name, *self._names(found))).casefold()
        missing = [word for word in words if word not in said]
        if not missing:
            return bool(words)
        texts = "\n".join(self._texts(documents, place))
        return all(word in texts for word in missing)

    def _names(self, found: StoredSeries) -> Iterator[str]:
        for number in found.documents:
            yield from self.known.paths(number)
            for state in self.states(number):
                yield from filter(None, (state.title, state.url))

    def _texts(self, documents: Sequence[int], place: Place) -> Iterator[str]:
        states = [state for number in documents for state in self.states(number)]
        reader = FormerReader.of(self.connection, self.site, place.archive, states)
        for state in states:
            version = reader.read(state)
            if not isinstance(version, Absent):
                yield folded(lines_of(account(version).all_text)).casefold()

    def tell(self, found: StoredSeries, place: Place) -> SeriesTold:
        states = {number: self.states(number) for number in found.documents}
        reader = FormerReader.of(
            self.connection,
            self.site,
            place.archive,
            (state for each in states.values() for state in each),
        )
        by_uid: dict[str | None, list[UrlLine]] = defaultdict(list)
        for line in urls(place, Choice()).urls:
            by_uid[line.uid].append(line)
        members = [
            _Telling(desk=self, reader=reader, states=states[number]).member(
                number, landing=position == 0, urls=by_uid
            )
            for position, number in enumerate(found.documents)
        ]
        return SeriesTold(
            series=self.line(found), lost_people=_lost_by_all(members), members=tuple(members)
        )

    def elsewhere(self, name: str) -> tuple[str, ...]:
        """Name the documents of today that name a person."""
        key = person_key(name)
        return tuple(
            entry.path
            for entry in self.today
            if any(person_key(each) == key for each in entry.people)
        )


def _lost_by_all(members: Sequence[Member]) -> tuple[Named, ...]:
    """Choose the people whom no member names any more, each once."""
    still = [
        person.name
        for member in members
        if member.now.side is not None and not member.gone
        for person in member.now.side.people
    ]
    found: dict[str, Named] = {}
    for member in members:
        for person in member.lost_people:
            if any(same_person(person.name, name) for name in still):
                continue
            known = found.setdefault(person_key(person.name), person)
            roles = dict.fromkeys((*known.roles, *person.roles))
            found[person_key(person.name)] = replace(known, roles=_authors_first(roles))
    return tuple(sorted(found.values(), key=lambda person: AUTHOR not in person.roles))


def _authors_first(roles: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(roles, key=lambda role: role != AUTHOR))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """One document of a series, with its states read."""

    desk: _Desk
    reader: FormerReader
    states: tuple[Stood, ...]

    def member(
        self, number: int, *, landing: bool, urls: Mapping[str | None, Sequence[UrlLine]]
    ) -> Member:
        known = self.desk.known
        uid = known.by_document[number][0].uid
        read = {state: self._read(state) for state in self.states}
        first, now = self._first(), self.states[-1]
        old, new = read[first], read[now]
        gone = known.gone(number)
        changes = None
        if isinstance(old, Account) and isinstance(new, Account):
            changes = compared(old, new)
        return Member(
            uid=uid,
            landing=landing,
            gone=gone,
            paths=known.paths(number),
            versions=len({(state.path, state.oid) for state in self.states}),
            first=self._told(first, old),
            now=self._told(now, new),
            lost_people=tuple(self._lost(read, now, gone=gone)),
            urls=tuple(urls.get(uid, ())),
            sentence=changes.sentence if changes else "cannot be compared: one cannot be read",
            changes=changes,
        )

    def _read(self, state: Stood) -> Account | str:
        version = self.reader.read(state)
        return version.reason if isinstance(version, Absent) else account(version)

    def _first(self) -> Stood:
        """Choose the first state that was published; on the branch, if it ever stood there."""
        told = [state for state in self.states if state.version_id is not None]
        on_branch = [state for state in told if not state.line]
        return (on_branch or told or list(self.states))[0]

    def _told(self, state: Stood, read: Account | str) -> StateTold:
        file = self.reader.files[state.file_id]
        is_sha1 = len(state.oid) == SHA1_DIGITS
        return StateTold(
            at=state.since_at,
            until_at=state.until_at,
            side=read.side if isinstance(read, Account) else None,
            why=read if isinstance(read, str) else "",
            proof=Proof(
                row=f"file:{state.file_id}",
                commit=state.written,
                path=state.path,
                oid=state.oid,
                swhid=swhid.content(state.oid) if is_sha1 else None,
                sha256=state.sha256.hex if state.sha256 else None,
                warc_path=file.warc_path,
                record_offset=file.record_offset,
                record_length=file.record_length,
            ),
        )

    def _lost(
        self, read: Mapping[Stood, Account | str], now: Stood, *, gone: bool
    ) -> Iterator[Named]:
        """Give the people whom a state named and the newest does not."""
        newest = read[now]
        still = [] if gone or isinstance(newest, str) else [p.name for p in newest.side.people]
        found: dict[str, list[tuple[Stood, str, str]]] = defaultdict(list)
        for state, each in read.items():
            for person in each.side.people if isinstance(each, Account) else ():
                found[person_key(person.name)].append((state, person.name, person.role))
        for told in found.values():
            name = told[-1][1]
            if not any(same_person(name, each) for each in still):
                yield Named(
                    name=name,
                    roles=_authors_first(dict.fromkeys(role for _, _, role in told)),
                    last=told[-1][0].until_at,
                    elsewhere=self.desk.elsewhere(name),
                )
