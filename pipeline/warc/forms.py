"""The fields that ISO 28500 clause 5 defines: the form of each value, which types may have it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, ip_address
from typing import Final

from pipeline.warc.dates import parse_warc_date
from pipeline.warc.record import RecordType
from pipeline.warc.uri import is_uri

_NAME = r"[!#$%&'*+\-.0-9A-Z^_`a-z|~]+"
_QUOTED = r'"(?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\.)*"'
_MEDIA_TYPE: Final = (
    re.compile(  # with the space that RFC 7231 allows: annotated standard, issue 38
        rf"{_NAME}/{_NAME}(?:[ \t]*;[ \t]*{_NAME}=(?:{_NAME}|{_QUOTED}))*"
    )
)
_DIGEST: Final = re.compile(rf"{_NAME}:[!#$%&'*+\-./=0-9A-Z^_`a-z|~]+")  # "=" and "/": issue 48
_UUID: Final = re.compile(r"<urn:uuid:[0-9a-fA-F-]{36}>")
_DIGITS: Final = re.compile(r"[0-9]+")
_WORD: Final = re.compile(_NAME)
_ADDRESS_MOST: Final = 64
_REMEMBERED: Final = 128
"""Values of a field of which few differ in a file; a header, and so a value, is bounded."""


def is_record_id(value: str) -> bool:
    """Tell whether this is a URI between angle brackets (clause 5.2)."""
    if _UUID.fullmatch(value):
        return True
    return value.startswith("<") and value.endswith(">") and is_uri(value[1:-1])


@lru_cache(_REMEMBERED)
def is_media_type(value: str) -> bool:
    """Tell whether this is a media type with its parameters (clause 5.6)."""
    return _MEDIA_TYPE.fullmatch(value) is not None


def is_date(value: str) -> bool:
    """Tell whether this is a UTC time of the W3C profile (clause 5.4)."""
    try:
        parse_warc_date(value)
    except ValueError:
        return False
    return True


def _is_address(value: str) -> bool:
    try:
        ip_address(value[:_ADDRESS_MOST])
    except (AddressValueError, ValueError):
        return False
    return True


def _is_digest(value: str) -> bool:
    return _DIGEST.fullmatch(value) is not None


def _is_number(value: str) -> bool:
    return _DIGITS.fullmatch(value) is not None


@lru_cache(_REMEMBERED)
def _is_word(value: str) -> bool:
    return _WORD.fullmatch(value) is not None


def _is_any(value: str) -> bool:
    return bool(value)


_T = RecordType
_ALL: Final = frozenset(RecordType)
_INFO: Final = frozenset({_T.WARCINFO})
_CAPTURED: Final = frozenset({_T.RESPONSE, _T.RESOURCE, _T.REQUEST, _T.REVISIT})
_WITH_URI: Final = _CAPTURED | {_T.CONVERSION, _T.CONTINUATION}
_WITH_PAYLOAD: Final = _WITH_URI
_EXT: Final = frozenset({_T.EXTENSION})  # what another type may have is for its extension to say


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A defined field: its clause, the form of its value, the types that may or shall have it."""

    name: str
    clause: str
    is_valid: Callable[[str], bool]
    allowed: frozenset[RecordType] = _ALL
    mandatory: frozenset[RecordType] = frozenset()
    repeats: bool = False


FORMS: Final = (
    Form(name="WARC-Type", clause="5.5", is_valid=_is_word, mandatory=_ALL),
    Form(name="WARC-Record-ID", clause="5.2", is_valid=is_record_id, mandatory=_ALL),
    Form(name="WARC-Date", clause="5.4", is_valid=is_date, mandatory=_ALL),
    Form(name="Content-Length", clause="5.3", is_valid=_is_number, mandatory=_ALL),
    Form(name="Content-Type", clause="5.6", is_valid=is_media_type),
    Form(
        name="WARC-Concurrent-To",
        clause="5.7",
        is_valid=is_record_id,
        allowed=_CAPTURED | {_T.METADATA} | _EXT,
        repeats=True,
    ),
    Form(name="WARC-Block-Digest", clause="5.8", is_valid=_is_digest),
    Form(
        name="WARC-Payload-Digest",
        clause="5.9",
        is_valid=_is_digest,
        allowed=_WITH_PAYLOAD | _EXT,
    ),
    Form(
        name="WARC-IP-Address",
        clause="5.10",
        is_valid=_is_address,
        allowed=_CAPTURED | {_T.METADATA} | _EXT,
    ),
    Form(
        name="WARC-Refers-To",
        clause="5.11",
        is_valid=is_record_id,
        allowed=frozenset({_T.METADATA, _T.REVISIT, _T.CONVERSION}) | _EXT,
    ),
    Form(
        name="WARC-Refers-To-Target-URI",
        clause="5.12",
        is_valid=is_uri,
        allowed=frozenset({_T.REVISIT}) | _EXT,
    ),
    Form(
        name="WARC-Refers-To-Date",
        clause="5.13",
        is_valid=is_date,
        allowed=frozenset({_T.REVISIT}) | _EXT,
    ),
    Form(
        name="WARC-Target-URI",
        clause="5.14",
        is_valid=is_uri,
        allowed=_ALL - _INFO,
        mandatory=_WITH_URI,
    ),
    Form(name="WARC-Truncated", clause="5.15", is_valid=_is_word),
    Form(name="WARC-Warcinfo-ID", clause="5.16", is_valid=is_record_id, allowed=_ALL - _INFO),
    Form(name="WARC-Filename", clause="5.17", is_valid=_is_any, allowed=_INFO | _EXT),
    Form(
        name="WARC-Profile",
        clause="5.18",
        is_valid=is_uri,
        allowed=frozenset({_T.REVISIT}) | _EXT,
        mandatory=frozenset({_T.REVISIT}),
    ),
    Form(
        name="WARC-Identified-Payload-Type",
        clause="5.19",
        is_valid=is_media_type,
        allowed=_WITH_PAYLOAD | _EXT,
    ),
    Form(
        name="WARC-Segment-Number",
        clause="5.20",
        is_valid=_is_number,
        mandatory=frozenset({_T.CONTINUATION}),
    ),
    Form(
        name="WARC-Segment-Origin-ID",
        clause="5.21",
        is_valid=is_record_id,
        allowed=frozenset({_T.CONTINUATION}) | _EXT,
        mandatory=frozenset({_T.CONTINUATION}),
    ),
    Form(
        name="WARC-Segment-Total-Length",
        clause="5.22",
        is_valid=_is_number,
        allowed=frozenset({_T.CONTINUATION}) | _EXT,
    ),
)
"""In the order of clause 4's `defined-field`."""

BY_NAME: Final = {form.name.lower(): form for form in FORMS}
