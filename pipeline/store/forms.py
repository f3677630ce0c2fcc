"""The forms that a table's rows take: the one text that is hashed, and what SQLite's driver takes.

A run writes and checks tens of thousands of rows, and asking every value what it is costs more than
all else. So one function a table is put together once from the types of its columns, as
`collections.namedtuple` does it. `rows.plain` says at length what they do; a test holds them to it.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from json.encoder import encode_basestring
from types import UnionType
from typing import Any, Final

from sqlalchemy import Boolean, Float, Integer, LargeBinary, String, Table
from sqlalchemy.types import TypeEngine

from pipeline.store import tables  # noqa: F401 - importing registers the tables
from pipeline.store.base import Base
from pipeline.store.types import (
    CleanText,
    Day,
    Json,
    Sha256Type,
    UtcDateTime,
    canonical,
    compact,
    utc_text,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """How a value `v` that is not None is written: expressions over the names in `_NAMES`.

    `ours` makes JSON of a value as a shelf keeps it (see intake.py), `bound` what SQLite's driver
    takes. `sqlite` and `postgres` make JSON of what the drivers give; of a value that none of our
    types could have written they make other text than `ours` does of any, or raise one of
    `rows.UNREADABLE`.
    """

    ours: str
    sqlite: str
    postgres: str
    bound: str


#: The first type that a column is one of decides.
_KINDS: Final[tuple[tuple[type[TypeEngine[Any]] | UnionType, _Kind], ...]] = (
    (
        Sha256Type,
        _Kind(ours="hexed(v.raw)", sqlite="hexed(v)", postgres="hexed(v)", bound="v.raw"),
    ),
    (
        UtcDateTime,
        _Kind(
            ours="quoted(utc_text(v))",
            sqlite="quoted(v)",
            postgres="quoted(utc_text(v))",
            bound="utc_text(v)",
        ),
    ),
    (
        Day,
        _Kind(ours="day(v)", sqlite="quoted(v)", postgres="day(v)", bound="v.isoformat()"),
    ),
    (
        Json,
        _Kind(
            ours="canonical(v)",
            sqlite="canonical(loads(v))",
            postgres="canonical(v)",
            bound="compact(v)",
        ),
    ),
    (
        CleanText | String,
        _Kind(ours="quoted(v)", sqlite="quoted(v)", postgres="quoted(v)", bound="v"),
    ),
    (Boolean, _Kind(ours="truth[v]", sqlite="truth[v]", postgres="truth[v]", bound="v")),
    (Integer, _Kind(ours="whole(v)", sqlite="whole(v)", postgres="whole(v)", bound="v")),
    # SQLite does not know -0.0, PostgreSQL does: to us it is 0.0.
    (Float, _Kind(ours="real(v + 0.0)", sqlite="real(v)", postgres="real(v + 0.0)", bound="v")),
    (LargeBinary, _Kind(ours="hexed(v)", sqlite="hexed(v)", postgres="hexed(v)", bound="v")),
)


def _hexed(value: bytes) -> str:
    if not isinstance(value, bytes):  # a float has a hex() too
        raise TypeError(value)
    return f'"{value.hex()}"'


def _day(value: date) -> str:
    if isinstance(value, datetime):
        raise TypeError(value)
    return f'"{value.isoformat()}"'


_NAMES: Final[Mapping[str, Any]] = {
    "__builtins__": {},
    "canonical": canonical,
    "compact": compact,
    "day": _day,
    "hexed": _hexed,
    "loads": json.loads,
    "quoted": encode_basestring,
    "real": float.__repr__,
    "truth": {False: "false", True: "true"},
    "utc_text": utc_text,
    "whole": int.__repr__,
}


class Form:
    """A table's rows in their forms. `columns` are in the order of canonical JSON, by name.

    `nested`: some column holds JSON of its own. Functions are put together when first asked for.
    """

    def __init__(self, table: Table) -> None:
        columns = sorted(table.columns, key=lambda column: column.name)
        self.columns = tuple(column.name for column in columns)
        self.key = tuple(column.name for column in table.primary_key.columns)
        self.nested = any(isinstance(column.type, Json) for column in columns)
        self._kinds = tuple(_kind(column.type) for column in columns)
        self._in_table = tuple((column.name, _kind(column.type)) for column in table.columns)

    @cached_property
    def text(self) -> Callable[[Mapping[str, Any]], str]:
        """Make canonical JSON of a row as a shelf keeps it, by name."""
        return self._written([repr(name) for name in self.columns], [k.ours for k in self._kinds])

    @cached_property
    def bound(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        """Make what SQLite's driver takes of a shelf's row, in the order of the table."""
        values = (_or("None", repr(name), kind.bound) for name, kind in self._in_table)
        make: Callable[[Mapping[str, Any]], tuple[Any, ...]] = _compiled(f"({','.join(values)},)")
        return make

    @cached_property
    def from_sqlite(self) -> Callable[[Sequence[Any]], str]:
        """Make canonical JSON of what SQLite's driver gave, in the order of `columns`."""
        return self._written(range(len(self.columns)), [kind.sqlite for kind in self._kinds])

    @cached_property
    def from_postgres(self) -> Callable[[Sequence[Any]], str]:
        """Make canonical JSON of what PostgreSQL's driver gave, in the order of `columns`."""
        return self._written(range(len(self.columns)), [kind.postgres for kind in self._kinds])

    @cached_property
    def key_of(self) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
        """Take the key out of what a driver gave, in the order of `columns`."""
        places = [self.columns.index(name) for name in self.key]
        take: Callable[[Sequence[Any]], tuple[Any, ...]] = _compiled(
            f"({','.join(f'r[{place}]' for place in places)},)"
        )
        return take

    def _written(self, places: Iterable[object], forms: Iterable[str]) -> Callable[[Any], str]:
        names = (encode_basestring(name).replace("%", "%%") for name in self.columns)
        template = "{" + ",".join(f"{name}:%s" for name in names) + "}"
        values = (_or("'null'", place, form) for place, form in zip(places, forms, strict=True))
        make: Callable[[Any], str] = _compiled(f"{template!r} % ({','.join(values)},)")
        return make


@cache
def form_of(name: str) -> Form:
    """Give the form of a table's rows. Raises KeyError when there is no such table."""
    return Form(Base.metadata.tables[name])


def _kind(type_: TypeEngine[Any]) -> _Kind:
    for known, kind in _KINDS:
        if isinstance(type_, known):
            return kind
    raise TypeError(type_)


def _or(nothing: str, place: object, form: str) -> str:
    return f"({nothing} if (v := r[{place}]) is None else {form})"


def _compiled(expression: str) -> Any:  # noqa: ANN401 - a function of a row
    # Only names of our own tables and columns are in it, each as the literal that `repr` gives.
    return eval(f"lambda r: {expression}", dict(_NAMES))  # noqa: S307
