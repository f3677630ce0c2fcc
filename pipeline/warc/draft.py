"""A record about to be written, and the header that it gets, or why it cannot have one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from pipeline.model import Sha256
from pipeline.warc.dates import to_warc_date
from pipeline.warc.errors import InvalidRecordError
from pipeline.warc.fields import Fields, checked_field
from pipeline.warc.forms import BY_NAME, Form
from pipeline.warc.identity import record_id
from pipeline.warc.limits import HEADER_MOST, LINES_MOST
from pipeline.warc.record import RecordType

_OURS: Final = frozenset({
    "warc-type",
    "warc-record-id",
    "warc-date",
    "warc-target-uri",
    "warc-warcinfo-id",
    "warc-block-digest",
    "warc-payload-digest",
    "content-type",
    "content-length",
    "warc-segment-number",  # clause 7: nothing that we write is segmented
})  # fmt: skip


_MADE: Final = frozenset({
    "WARC-Type",
    "WARC-Date",
    "WARC-Warcinfo-ID",
    "WARC-Payload-Digest",
    "WARC-Block-Digest",
    "Content-Length",
})  # fmt: skip
"""Ours too, and made of values that cannot but have the form: nothing of it needs checking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be written. `payload` is None for types without one, `extra` are more fields.

    `content_type` is None where there is no block to have one.
    """

    type: RecordType
    uri: str | None
    block: bytes
    content_type: str | None
    date: datetime
    digest: Sha256
    payload: Sha256 | None
    extra: tuple[tuple[str, str], ...] = ()


def header_of(draft: Draft, warcinfo_id: str | None) -> Fields:
    """Give all fields but the record id, in the order of annex B. Raises InvalidRecordError."""
    optional = (
        ("WARC-Target-URI", draft.uri),
        ("WARC-Warcinfo-ID", f"<{warcinfo_id}>" if warcinfo_id else None),
        *_checked_extra(draft),
        ("WARC-Payload-Digest", str(draft.payload) if draft.payload else None),
    )
    fields = (
        ("WARC-Type", draft.type.value),
        ("WARC-Date", to_warc_date(draft.date)),
        *((name, value) for name, value in optional if value is not None),
        ("WARC-Block-Digest", str(draft.digest)),
        *((("Content-Type", draft.content_type),) if draft.content_type is not None else ()),
        ("Content-Length", str(len(draft.block))),
    )
    checked = tuple(
        field if field[0] in _MADE else _checked(*field, kind=draft.type) for field in fields
    )
    if len(checked) > LINES_MOST - 3:  # the version, the record id and the blank line
        raise InvalidRecordError(
            "record header", f"{len(checked)} fields are more than readers take"
        )
    # A character is at most four bytes; 128 is room for the version line and the record id.
    if 4 * sum(len(name) + len(value) + 4 for name, value in checked) > HEADER_MOST - 128:
        size = sum(len(name) + len(value.encode("utf-8")) + 4 for name, value in checked)
        if size > HEADER_MOST - 128:
            raise InvalidRecordError("record header", f"{size} bytes are more than readers take")
    return checked


def with_id(fields: Fields, identity: str) -> Fields:
    """Put the record id in its place, after the type."""
    return (fields[0], ("WARC-Record-ID", f"<{identity}>"), *fields[1:])


def new_id(fields: Fields, is_taken: Callable[[str], bool]) -> str:
    """Derive the id of a record with these fields; of equal ones in a file, each gets its own."""
    repeat = 0
    while is_taken(identity := record_id(fields, repeat)):
        repeat += 1
    return identity


def _checked_extra(draft: Draft) -> Fields:
    seen: set[str] = set()
    for name, _ in draft.extra:
        lower = name.lower()
        form = BY_NAME.get(lower)
        if lower in _OURS or (lower in seen and form is not None and not form.repeats):
            raise InvalidRecordError(name, "is written once, and by the writer")
        seen.add(lower)
    return draft.extra


def _checked(name: str, value: str, *, kind: RecordType) -> tuple[str, str]:
    form = _form(name, kind)
    if form is not None and not form.is_valid(value):
        raise InvalidRecordError(name, f"not of its form ({form.clause}): {value[:80]!r}")
    if form is not None and value.isascii() and value.isprintable() and value == value.strip():
        return name, value  # `checked_field` would find nothing
    return checked_field(name, value)


@lru_cache(256)
def _form(name: str, kind: RecordType) -> Form | None:
    """Give the form of a field, None if the standard does not define it."""
    form = BY_NAME.get(name.lower())
    if form is not None and kind not in form.allowed:
        raise InvalidRecordError(name, f"a {kind.value} record shall not have it ({form.clause})")
    return form
