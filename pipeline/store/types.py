"""Column types that mean the same in SQLite and PostgreSQL."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import DATE, TIMESTAMP, Dialect, LargeBinary, String, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from pipeline.model import Sha256

SHA256_BYTES = 32
INTEGER_BITS = 4096  # Python refuses to print much longer ones; no front matter means them

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
# No circle gets so far: `jsonable` follows what it is given to the end.
_COMPACT = json.JSONEncoder(check_circular=False, ensure_ascii=False, separators=(",", ":"))
_CANONICAL = json.JSONEncoder(
    check_circular=False, ensure_ascii=False, sort_keys=True, separators=(",", ":")
)


def clean(text: str) -> str:
    """Make text that both databases take: NUL and lone surrogates become U+FFFD.

    What is cleaned here is derived; the bytes it came from are in the archive.
    """
    if "\0" not in text:  # nearly all text is in order: found out without a look at each character
        if text.isascii():
            return text
        with suppress(UnicodeEncodeError):
            text.encode()
            return text
    return _UNSTORABLE.sub("\ufffd", text)


def jsonable(value: Any) -> Any:  # noqa: ANN401 - front matter holds anything
    """Turn a value of front matter into what JSON can hold; dates become ISO 8601 strings."""
    kind = value.__class__  # what nearly all values are comes first: there are very many
    if kind is str:
        return clean(value)
    if kind is dict:
        return {clean(str(key)): jsonable(item) for key, item in value.items()}
    if kind is list:
        return [jsonable(item) for item in value]
    return _jsonable(value)


def _jsonable(value: Any) -> Any:  # noqa: ANN401 - as above
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
    return _CANONICAL.encode(value)


def compact(value: Any) -> str:  # noqa: ANN401
    """Write JSON in the order of its author, as SQLite keeps it."""
    return _COMPACT.encode(value)


def utc_text(moment: datetime) -> str:
    """Write a time in UTC in the one form that sorts by time. Raises ValueError without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a datetime in the catalogue needs a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


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
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401
        """Refuse naive times: a time without a zone is not a fact."""
        if value is None:
            return None
        text = utc_text(value)
        return value.astimezone(UTC) if dialect.name == "postgresql" else text

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
        kind = DATE() if dialect.name == "postgresql" else String(10)
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

    impl = LargeBinary(SHA256_BYTES)
    cache_ok = True

    def process_bind_param(self, value: Sha256 | None, dialect: Dialect) -> bytes | None:  # noqa: ARG002
        """Store the bytes."""
        return None if value is None else value.raw

    def process_result_value(self, value: Any, dialect: Dialect) -> Sha256 | None:  # noqa: ANN401, ARG002
        """Give a digest."""
        if value is None:
            return None
        if not isinstance(value, bytes) or len(value) != SHA256_BYTES:
            raise UnreadableValueError(f"{value!r:.60}")
        return Sha256(value)


class Json(TypeDecorator[Any]):
    """A JSON value, for querying; truth is the raw bytes. `jsonb` in PostgreSQL, text in SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use `jsonb` in PostgreSQL; the driver's own conversion is bypassed on both sides."""
        if dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import JSONB  # noqa: PLC0415 - slow to import

            return dialect.type_descriptor(JSONB())
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401
        """Convert what JSON cannot hold."""
        if value is None:
            return None
        safe = jsonable(value)
        return safe if dialect.name == "postgresql" else compact(safe)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401
        """Give Python values."""
        if value is None or dialect.name == "postgresql":
            return value  # a string is a JSON string there, already read
        with readable(value):
            return json.loads(value)
