"""What changed in one document between two moments, whatever its file was called at each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from pipeline.errors import ArchiveError, NotFoundError
from pipeline.history.comparison import fields
from pipeline.history.comparison.kinds import Field
from pipeline.history.comparison.people import people
from pipeline.history.comparison.reading import Account, account
from pipeline.history.comparison.texts import compare_texts
from pipeline.history.comparison.values import FieldChange, Side, TextChange
from pipeline.history.unified import unified
from pipeline.jobs.ask import asked
from pipeline.jobs.former import FormerReader
from pipeline.jobs.lineage import states_of_document
from pipeline.jobs.place import Place
from pipeline.jobs.then import commit_at
from pipeline.model import shown_path
from pipeline.sources import Absent
from pipeline.store.answers import Site, Stood
from pipeline.store.former import Stays, find_ever
from pipeline.store.past import whole
from pipeline.store.session import Connection
from pipeline.store.types import jsonable


class KeyEffect(Enum):
    """What became of a key of the front matter."""

    LOST = "lost"
    ADDED = "added"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """A key of the front matter that differs; the side that does not have it holds None."""

    name: str
    effect: KeyEffect
    old: Any
    new: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One of the two states: what was asked for, and what stood then. `side` is what it said."""

    asked: str
    path: str
    since: str
    since_at: datetime | None
    until: str | None
    oid: str
    sha256: str
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What differs for a reader, field by field, in the text word by word; and key by key."""

    fields: tuple[FieldChange, ...]
    text: TextChange | None
    keys: tuple[KeyChange, ...]

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        said = [change.sentence for change in self.fields]
        for effect in (KeyEffect.LOST, KeyEffect.ADDED):
            names = [key.name for key in self.keys if key.effect is effect]
            said += [f"front matter {effect.value}: {', '.join(names)}"] if names else []
        return "; ".join(said) or "nothing that a reader sees has changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One document at two moments."""

    uid: str
    before: End
    after: End
    sentence: str
    changes: Changes


def diff(place: Place, name: str, moments: Sequence[str]) -> Difference:
    """Compare two states of a document.

    Without moments the first and the newest one, with one moment that and the newest. Raises
    NotFoundError where the document did not stand then, ArchiveError where its bytes are not there.
    """
    with asked(place) as (connection, site):
        found = _Found.of(connection, site, name)
        pair = found.pair(connection, site, moments)
        reader = FormerReader.of(connection, site, place.archive, (state for _, state in pair))
    ends, accounts = [], []
    for asked_for, state in pair:
        version = reader.read(state)
        if isinstance(version, Absent):
            raise ArchiveError(state.path, f"its state since {state.since[:12]} {version.reason}")
        accounts.append(account(version))
        ends.append(_end(asked_for, state, accounts[-1].side))
    changes = compared(accounts[0], accounts[1])
    return Difference(
        uid=found.uid,
        before=ends[0],
        after=ends[1],
        sentence=changes.sentence,
        changes=changes,
    )


def diff_raw(place: Place, name: str, moments: Sequence[str]) -> bytes:
    """Give the difference of the source bytes as a patch. Raises as `diff` does."""
    with asked(place) as (connection, site):
        pair = _Found.of(connection, site, name).pair(connection, site, moments)
        reader = FormerReader.of(connection, site, place.archive, (state for _, state in pair))
    sides = []
    for _, state in pair:
        data = reader.content(state)
        if isinstance(data, Absent):
            raise ArchiveError(state.path, f"its state since {state.since[:12]} {data.reason}")
        sides.append(data)
    return unified(sides[0], sides[1], (f"a/{pair[0][1].path}", f"b/{pair[1][1].path}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """The document that is meant, with its states in order."""

    name: str
    uid: str
    document_id: int
    known: Stays
    states: tuple[Stood, ...]

    @classmethod
    def of(cls, connection: Connection, site: Site, name: str) -> "_Found":
        known = Stays.of(connection, site)
        number = find_ever(connection, site, known, name)
        return cls(
            name=name,
            uid=known.by_document[number][0].uid,
            document_id=number,
            known=known,
            states=states_of_document(connection, site, known, number),
        )

    def pair(
        self, connection: Connection, site: Site, moments: Sequence[str]
    ) -> tuple[tuple[str, Stood], tuple[str, Stood]]:
        asked_for = [(when, self._at(connection, site, when)) for when in moments]
        told = [state for state in self.states if state.version_id is not None] or self.states
        ends = ("first", told[0]), ("newest", told[-1])
        match asked_for:
            case []:
                return ends
            case [one]:
                return one, ends[1]
            case [one, other, *_]:
                return one, other
        raise AssertionError(moments)

    def _at(self, connection: Connection, site: Site, when: str) -> Stood:
        """Find the state that stood at a commit, on the branch or on a side line."""
        commit = commit_at(connection, site, when)
        tree = whole(connection, site, self.known.paths(self.document_id)).tree_at(commit)
        stood = {(shown_path(entry.path), entry.oid) for entry in tree}
        limit = self.known.order[commit]
        found = [
            state
            for state in self.states
            if (state.path, state.oid) in stood and self.known.order.get(state.since, -1) <= limit
        ]
        if not found:
            first, last = self.states[0], self.states[-1]
            until = f" until {last.until[:12]}" if last.until else ""
            hint = f"it stood since {first.since[:12]}{until}; see `jekyll-archive history`"
            raise NotFoundError("state of the document at", when, hint)
        return found[-1]


def _end(asked_for: str, state: Stood, side: Side) -> End:
    return End(
        asked=asked_for,
        path=state.path,
        since=state.since,
        since_at=state.since_at,
        until=state.until,
        oid=state.oid,
        sha256=side.sha256,
        side=side,
    )


def compared(old: Account, new: Account) -> Changes:
    """Compare two states of a document, as a reader sees them and key by key."""
    text = compare_texts(old, new)
    own = [jsonable(dict(each.version.item.own)) for each in (old, new)]
    return Changes(
        fields=fields.in_order((*_fields(old, new), fields.text(text, old, new))),
        text=text,
        keys=tuple(_keys(*own)),
    )


def _fields(old: Account, new: Account) -> Iterator[FieldChange | None]:
    yield fields.one(Field.TITLE, old.side.title, new.side.title)
    yield from people(old, new)
    yield fields.date(old, new)
    yield from fields.summaries(old, new)
    yield from fields.terms(old, new)
    yield fields.images(old, new)
    yield fields.listed(Field.LINKS, old.side.links, new.side.links, str)
    yield fields.listed(Field.REDIRECTS, old.side.redirects, new.side.redirects, str)
    yield fields.one(Field.URL, old.side.url, new.side.url)


def _keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[KeyChange]:
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            effect = KeyEffect.LOST
        elif name not in old:
            effect = KeyEffect.ADDED
        elif old[name] != new[name]:
            effect = KeyEffect.CHANGED
        else:
            continue
        yield KeyChange(name=name, effect=effect, old=old.get(name), new=new.get(name))
