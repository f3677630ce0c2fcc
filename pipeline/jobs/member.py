"""One document of a series: as it was first published, as it is now, and what was lost between."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.content.names import person_key
from pipeline.content.values import PersonRole
from pipeline.history import swhid
from pipeline.history.comparison.people import same_person
from pipeline.history.comparison.reading import Account, account
from pipeline.history.comparison.values import Side
from pipeline.jobs.diffing import Changes, compared
from pipeline.jobs.former import FormerReader
from pipeline.jobs.urls import UrlLine
from pipeline.sources import Absent
from pipeline.store.answers import Stood
from pipeline.store.former import Stays

SHA1_DIGITS = 40
AUTHOR = PersonRole.AUTHOR.value


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


def authors_first(roles: Iterable[str]) -> tuple[str, ...]:
    """Put the author before the other roles."""
    return tuple(sorted(roles, key=lambda role: role != AUTHOR))


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One document of a series. `elsewhere` names the documents of today that name a person."""

    known: Stays
    elsewhere: Callable[[str], tuple[str, ...]]
    reader: FormerReader
    states: tuple[Stood, ...]

    def member(
        self, number: int, *, landing: bool, urls: Mapping[str | None, Sequence[UrlLine]]
    ) -> Member:
        """Tell of it as it was first published, and as it is now."""
        known = self.known
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
                    roles=authors_first(dict.fromkeys(role for _, _, role in told)),
                    last=told[-1][0].until_at,
                    elsewhere=self.elsewhere(name),
                )
