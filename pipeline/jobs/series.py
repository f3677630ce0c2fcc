"""Ask what was published together: each document as it was first published, and as it is now."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.content.names import person_key
from pipeline.errors import NotFoundError, UsageError
from pipeline.history.comparison.people import same_person
from pipeline.history.comparison.reading import account
from pipeline.history.comparison.words import folded, lines_of
from pipeline.jobs.ask import asked
from pipeline.jobs.former import FormerReader
from pipeline.jobs.lineage import states_of_document
from pipeline.jobs.member import AUTHOR, Member, Named, Telling, authors_first
from pipeline.jobs.place import Place
from pipeline.jobs.urls import Choice, UrlLine, urls
from pipeline.sources import Absent
from pipeline.store.answers import Entry, Site, Stood
from pipeline.store.former import Stays
from pipeline.store.lineage import StoredSeries, series
from pipeline.store.reading import entries
from pipeline.store.session import Connection

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
        """Whether a word of its name, its titles and URLs, or its texts begins with each word."""
        said = "\n".join((found.name, *self._names(found))).casefold()
        missing = [word for word in words if not _begins(word, said)]
        if not missing:
            return bool(words)
        texts = "\n".join(self._texts(documents, place))
        return all(_begins(word, texts) for word in missing)

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
            Telling(
                known=self.known,
                elsewhere=self.elsewhere,
                reader=reader,
                states=states[number],
            ).member(number, landing=position == 0, urls=by_uid)
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


def _begins(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}", text) is not None


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
            found[person_key(person.name)] = replace(known, roles=authors_first(roles))
    return tuple(sorted(found.values(), key=lambda person: AUTHOR not in person.roles))
