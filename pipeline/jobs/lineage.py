"""Ask which paths were the same document, why, and what a person should look at."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.errors import NotFoundError
from pipeline.jobs.ask import PAGES, asked
from pipeline.jobs.place import Place
from pipeline.model import Sha256
from pipeline.store.answers import Site, Stood
from pipeline.store.former import Stays, find_ever
from pipeline.store.lineage import Joined, Related, Stayed, joins, relations
from pipeline.store.session import Connection
from pipeline.store.states import states_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A join or relation with the paths and documents that it is about."""

    old_path: str
    new_path: str
    old_uid: str
    new_uid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldJoin(Telling):
    """A join, or where a person should look, nearly one."""

    join: Joined


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldRelation(Telling):
    """A relation: `old` is its one side and `new` its other, as the sentence has them."""

    relation: Related


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One document over time. `gone`: no file holds it any more. `title` is its newest one."""

    uid: str
    title: str | None
    gone: bool
    paths: tuple[str, ...]
    stays: tuple[Stayed, ...]
    joins: tuple[ToldJoin, ...]
    doubtful: tuple[ToldJoin, ...]
    relations: tuple[ToldRelation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How many documents, of how many paths; and the joins that nobody has confirmed or refused."""

    documents: int
    moved: int
    gone: int
    manners: Mapping[str, int]
    relations: Mapping[str, int]
    decided: int
    doubtful: tuple[ToldJoin, ...]


SURE = 0.9


def overview(place: Place) -> Overview:
    """Count the lineage of a site and list what is doubtful. Raises NoHistoryError."""
    with asked(place) as (connection, site):
        known = Stays.of(connection, site)
        made = told_joins(connection, site, known)
        joined = [each.join for each in made if each.join.joined]
        return Overview(
            documents=len(known.by_document),
            moved=sum(len(known.paths(number)) > 1 for number in known.by_document),
            gone=sum(known.gone(number) for number in known.by_document),
            manners=_counted(join.manner for join in joined),
            relations=_counted(each.kind for each in relations(connection, site)),
            decided=sum(join.decided for join in joined),
            doubtful=tuple(
                sorted(
                    (each for each in made if is_doubtful(each.join)),
                    key=lambda each: each.join.confidence,
                )
            ),
        )


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names).most_common())


def is_doubtful(join: Joined) -> bool:
    """Whether a person should confirm or refuse it."""
    return not join.decided and (not join.joined or join.confidence < SURE)


def line_of(place: Place, name: str) -> Line:
    """Tell of one document, by any name that it has or ever had.

    Raises NotFoundError, NoHistoryError, or UsageError where several answer.
    """
    with asked(place) as (connection, site):
        known = Stays.of(connection, site)
        document_id = find_ever(connection, site, known, name)
        mine = known.by_document[document_id]
        about = [each for each in told_joins(connection, site, known) if mine[0].uid in _uids(each)]
        return Line(
            uid=mine[0].uid,
            title=_title(states_of_document(connection, site, known, document_id)),
            gone=known.gone(document_id),
            paths=known.paths(document_id),
            stays=tuple(mine),
            joins=tuple(each for each in about if each.join.joined),
            doubtful=tuple(each for each in about if is_doubtful(each.join)),
            relations=tuple(
                each
                for each in _told_relations(connection, site, known)
                if mine[0].uid in _uids(each)
            ),
        )


def _title(states: Sequence[Stood]) -> str | None:
    return next((state.title for state in reversed(states) if state.title), None)


def _uids(told: Telling) -> tuple[str, str]:
    return told.old_uid, told.new_uid


def told_joins(connection: Connection, site: Site, known: Stays) -> tuple[ToldJoin, ...]:
    """Give every join with its paths."""
    by_id = {stay.id: stay for stay in known.all}
    return tuple(
        ToldJoin(join=join, **_sides(by_id[join.old_stay_id], by_id[join.new_stay_id]))
        for join in joins(connection, site)
    )


def _told_relations(connection: Connection, site: Site, known: Stays) -> tuple[ToldRelation, ...]:
    by_id = {stay.id: stay for stay in known.all}
    return tuple(
        ToldRelation(relation=each, **_sides(by_id[each.one_stay_id], by_id[each.other_stay_id]))
        for each in relations(connection, site)
    )


def _sides(old: Stayed, new: Stayed) -> dict[str, str]:
    return {
        "old_path": old.path,
        "new_path": new.path,
        "old_uid": old.uid,
        "new_uid": new.uid,
    }


def history(place: Place, name: str) -> tuple[Stood, ...]:
    """List every state of a document at all its paths, or of a file that is none, oldest first.

    Raises as `line_of` does.
    """
    with asked(place) as (connection, site):
        known = Stays.of(connection, site)
        found = () if name in known.by_path else states_of(connection, site, (name,))
        if found:  # a file that no document was in: a configuration, a layout
            return found
        return states_of_document(connection, site, known, find_ever(connection, site, known, name))


def states_of_document(
    connection: Connection, site: Site, known: Stays, document_id: int
) -> tuple[Stood, ...]:
    """Give the states of a document in the order of the commits, with its moves."""
    found: list[tuple[Stood, Stayed]] = []
    for state in states_of(connection, site, known.paths(document_id)):
        stay = known.holder(state.path, state.since)
        if stay is not None and stay.document_id == document_id:
            found.append((state, stay))
    found.sort(key=lambda each: known.order.get(each[0].since, -1))
    origins = {
        join.new_stay_id: join.old_stay_id for join in joins(connection, site) if join.joined
    }
    paths = {stay.id: stay.path for stay in known.by_document[document_id]}
    seen: set[int] = set()
    states = []
    for state, stay in found:
        origin = None if stay.id in seen else paths.get(origins.get(stay.id, 0))
        seen.add(stay.id)
        states.append(state if origin in {None, state.path} else replace(state, moved_from=origin))
    return tuple(states)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A document that no file holds any more, as it was last. `until` is the commit that ended it.

    `states` counts what it ever said, `since_at` is when it was first there.
    """

    uid: str
    collection: str | None
    title: str | None
    path: str
    paths: tuple[str, ...]
    url: str | None
    states: int
    since_at: datetime | None
    until: str
    until_at: datetime | None
    sha256: Sha256 | None


def list_gone(place: Place, collection: str | None = None) -> tuple[Gone, ...]:
    """List the documents that are gone, by collection, the last to go first.

    Raises NoHistoryError, NotFoundError for a collection in which nothing is gone.
    """
    with asked(place) as (connection, site):
        known = Stays.of(connection, site)
        numbers = [number for number in known.by_document if known.gone(number)]
        paths = {path for number in numbers for path in known.paths(number)}
        held: dict[int, list[Stood]] = defaultdict(list)
        for state in states_of(connection, site, paths):
            stay = known.holder(state.path, state.since)
            if stay is not None:
                held[stay.document_id].append(state)
    found = [_gone(known, number, held[number]) for number in numbers]
    names = sorted({each.collection or PAGES for each in found})
    if collection is not None:
        if collection not in names:
            raise NotFoundError("lost document of", collection, f"there are: {', '.join(names)}")
        found = [each for each in found if (each.collection or PAGES) == collection]
    found.sort(key=lambda each: (each.until_at is None, each.until_at, each.path), reverse=True)
    return tuple(sorted(found, key=lambda each: (each.collection is not None, each.collection)))


def _gone(known: Stays, number: int, states: Sequence[Stood]) -> Gone:
    ordered = sorted(states, key=lambda state: known.order.get(state.since, -1))
    stays = known.by_document[number]
    last = max(stays, key=lambda stay: known.order.get(stay.until or "", -1))
    return Gone(
        uid=last.uid,
        collection=last.collection,
        title=_title(ordered),
        path=last.path,
        paths=known.paths(number),
        url=next((state.url for state in reversed(ordered) if state.url), None),
        states=len({(state.path, state.oid) for state in ordered}),
        since_at=stays[0].since_at,
        until=last.until or "",
        until_at=last.until_at,
        sha256=ordered[-1].sha256 if ordered else None,
    )
