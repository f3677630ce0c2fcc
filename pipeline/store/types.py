"""Column types that mean the same in SQLite and PostgreSQL."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Dialect, LargeBinary, String, Text, TypeDecorator
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from pipeline.model import Sha256

INTEGER_BITS = 4096  # Python refuses to print much longer ones; no front matter means them

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def clean(text: str) -> str:
    """Make text that both databases take: NUL and lone surrogates become U+FFFD.

    What is cleaned here is derived; the bytes it came from are in the archive.
    """
    return _UNSTORABLE.sub("\ufffd", text)


def jsonable(value: Any) -> Any:  # noqa: ANN401 - front matter holds anything
    """Turn a value of front matter into what JSON can hold; dates become ISO 8601 strings."""
    match value:
        case str():
            return clean(value)
        case None | bool():
            return value
        case int():
            return value if value.bit_length() <= INTEGER_BITS else hex(value)
        case float():
            return _number(value)
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {clean(str(key)): jsonable(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [jsonable(item) for item in value]
        case Enum():
            return value.value
        case _:
            return clean(str(value))


def _number(value: float) -> float | str:
    # PostgreSQL's jsonb keeps numbers as decimals: 1e22 comes back as an integer, -0.0 as 0.0.
    if not math.isfinite(value):
        return str(value)
    return int(value) if value.is_integer() and "e" in repr(value) else value + 0.0


def canonical(value: Any) -> str:  # noqa: ANN401
    """Write JSON in the one form that is hashed: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class UnreadableValueError(ValueError):
    """The database holds a value that none of our types could have written."""


@contextmanager
def readable(value: Any) -> Iterator[None]:  # noqa: ANN401 - whatever somebody put there
    """Map what reading a strange value raises. PostgreSQL checks its types; SQLite takes all."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        raise UnreadableValueError(f"{value!r:.60}") from error


class CleanText(TypeDecorator[str]):
    """Text without NUL and lone surrogates (PostgreSQL refuses both, SQLite cuts at NUL)."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Sort by code points in PostgreSQL too, whatever the locale of the database is."""
        if dialect.name == "postgresql":
            return Text(collation="C")
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Clean on the way in."""
        return None if value is None else clean(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, in UTC. SQLite drops zones, so there it is text that sorts by time."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use `timestamptz` in PostgreSQL."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401
        """Refuse naive times: a time without a zone is not a fact."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime in the catalogue needs a time zone")
        moment = value.astimezone(UTC)
        if dialect.name == "postgresql":
            return moment
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002
        """Give an aware datetime in UTC."""
        if value is None:
            return None
        if not isinstance(value, datetime):
            with readable(value):
                if not value.endswith("Z"):  # a time without a zone is not a fact
                    raise ValueError(value)
                return datetime.fromisoformat(value)
        return value.astimezone(UTC)


class Day(TypeDecorator[date]):
    """A day of the calendar. In SQLite, which has no dates, ISO 8601 text."""

    impl = String(10)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use `date` in PostgreSQL."""
        kind = postgresql.DATE() if dialect.name == "postgresql" else String(10)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:  # noqa: ANN401
        """Store the day."""
        return value if value is None or dialect.name == "postgresql" else value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:  # noqa: ANN401, ARG002
        """Give the day."""
        if value is None or isinstance(value, date):
            return value
        with readable(value):
            return date.fromisoformat(value)


class Sha256Type(TypeDecorator[Sha256]):
    """A SHA-256 digest, 32 bytes as a blob."""

    impl = LargeBinary(32)
    cache_ok = True

    def process_bind_param(self, value: Sha256 | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Store the bytes."""
        return None if value is None else value.raw

    def process_result_value(self, value: Any, dialect: Dialect) -> Sha256 | None:  # noqa: ANN401, ARG002
        """Give a digest."""
        if value is None:
            return None
        with readable(value):
            return Sha256.parse(value.hex())


class Json(TypeDecorator[Any]):
    """A JSON value, for querying; truth is the raw bytes. `jsonb` in PostgreSQL, text in SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use `jsonb` in PostgreSQL; the driver's own conversion is bypassed on both sides."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.JSONB())
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401
        """Convert what JSON cannot hold."""
        if value is None:
            return None
        safe = jsonable(value)
        if dialect.name == "postgresql":
            return safe
        return json.dumps(safe, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401
        """Give Python values."""
        if value is None or dialect.name == "postgresql":
            return value  # a string is a JSON string there, already read
        with readable(value):
            return json.loads(value)
