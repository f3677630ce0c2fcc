"""What a row stands on that is in no file of its own: the files that show it, the commits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, select

from pipeline.store.answers import Site, Stood
from pipeline.store.former import Stays
from pipeline.store.lineage import Stayed
from pipeline.store.states import states_of
from pipeline.store.tables import (
    FileRow,
    JoinRow,
    PublicationRow,
    SeriesMemberRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Ids of files and of commits, each once, in the order in which they are to be looked at."""

    files: tuple[int, ...] = ()
    commits: tuple[int, ...] = ()


def grounds(connection: Connection, site: Site, table: str, row: Mapping[str, Any]) -> Grounds:
    """Find what a row of one of the tables in `GROUNDED` stands on."""
    found = GROUNDED[table](_Past(connection, site), row)
    return Grounds(
        files=tuple(dict.fromkeys(found.files)),
        commits=tuple(dict.fromkeys(each for each in found.commits if each is not None)),
    )


class _Past:
    """The stays of a site and their states."""

    def __init__(self, connection: Connection, site: Site) -> None:
        self.connection, self.site = connection, site

    @cached_property
    def stays(self) -> Stays:
        """All stays; read only where a row needs them."""
        return Stays.of(self.connection, self.site)

    def stay(self, stay_id: int) -> Stayed:
        """Give one stay."""
        return next(stay for stay in self.stays.all if stay.id == stay_id)

    def states(self, stay: Stayed) -> list[Stood]:
        """Give the states of one stay in order."""
        found = [
            state
            for state in states_of(self.connection, self.site, (stay.path,))
            if (held := self.stays.holder(stay.path, state.since)) and held.id == stay.id
        ]
        return sorted(found, key=lambda state: self.stays.order.get(state.since, -1))

    def ends(self, stay_id: int, *, first: bool) -> list[int]:
        """Give the file with which a stay began or ended."""
        states = self.states(self.stay(stay_id))
        return [state.file_id for state in (states[:1] if first else states[-1:])]


def _stay(past: _Past, row: Mapping[str, Any]) -> "_Found":
    states = past.states(past.stay(row["id"]))
    return _Found(
        [state.file_id for state in states], [row["since_commit_id"], row["until_commit_id"]]
    )


def _join(past: _Past, row: Mapping[str, Any]) -> "_Found":
    return _Found(
        [
            *past.ends(row["old_stay_id"], first=False),
            *past.ends(row["new_stay_id"], first=True),
        ],
        [row["commit_id"]],
    )


def _reason(past: _Past, row: Mapping[str, Any]) -> "_Found":
    statement = select(JoinRow.__table__).where(JoinRow.id == row["join_id"])
    return _join(past, dict(past.connection.execute(statement).mappings().one()))


def _relation(past: _Past, row: Mapping[str, Any]) -> "_Found":
    return _Found(
        [
            *past.ends(row["one_stay_id"], first=True),
            *past.ends(row["other_stay_id"], first=False),
        ],
        [row["commit_id"]],
    )


def _series(past: _Past, row: Mapping[str, Any]) -> "_Found":
    statement = (
        select(SeriesMemberRow.document_id)
        .where(SeriesMemberRow.series_id == row["id"])
        .order_by(SeriesMemberRow.position)
    )
    firsts = [past.stays.by_document[number][0] for number in past.connection.scalars(statement)]
    return _Found(
        [file for stay in firsts for file in past.ends(stay.id, first=True)],
        [row["published_commit_id"]],
    )


def _address(past: _Past, row: Mapping[str, Any]) -> "_Found":
    statement = select(PublicationRow.file_id).where(PublicationRow.id == row["publication_id"])
    return _Found(
        [past.connection.execute(statement).scalar_one()],
        [row["since_commit_id"], row["until_commit_id"]],
    )


def _blob(past: _Past, row: Mapping[str, Any]) -> "_Found":
    statement = select(FileRow.id).where(FileRow.blob_id == row["id"]).order_by(FileRow.id)
    return _Found(list(past.connection.scalars(statement)), [])


def _absence(_: _Past, row: Mapping[str, Any]) -> "_Found":
    return _Found([], [row["since_commit_id"]])


@dataclass(frozen=True, slots=True)
class _Found:
    files: Sequence[int]
    commits: Sequence[int | None]


GROUNDED: Mapping[str, Callable[[_Past, Mapping[str, Any]], _Found]] = {
    "absences": _absence,
    "addresses": _address,
    "blobs": _blob,
    "joins": _join,
    "reasons": _reason,
    "relations": _relation,
    "series": _series,
    "stays": _stay,
}
