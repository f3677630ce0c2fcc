"""The rules of ISO 28500 that one record can be held to, and what passes them."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from pipeline.model import Severity, Sha256
from pipeline.warc.damage import (
    BLOCK_DIGEST,
    FORBIDDEN,
    MISSING,
    PAYLOAD_DIGEST,
    PROFILE,
    REPEATED,
    SEGMENT,
    TYPE_OTHER,
    TYPE_UNKNOWN,
    TYPELESS,
    UNCHECKED,
    VALUE,
    Damage,
    Rule,
)
from pipeline.warc.dates import parse_warc_date
from pipeline.warc.digest import ALGORITHMS, algorithm_of, parse_digest
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.forms import BY_NAME, FORMS
from pipeline.warc.record import Record, RecordType
from pipeline.warc.scan import Scanned

PROFILES: Final = tuple(
    f"http://netpreserve.org/warc/1.{minor}/revisit/{name}"
    for minor in (1, 0)
    for name in ("identical-payload-digest", "server-not-modified")
)
"""The profiles of clause 6.7, of WARC 1.1 and 1.0. The first is the one that we write."""

_BLOCK_IS_PAYLOAD: Final = frozenset({RecordType.RESOURCE, RecordType.CONVERSION})
_HTTP: Final = frozenset({RecordType.REQUEST, RecordType.RESPONSE})
_USUAL: Final = {  # clauses 6.2, 6.3.2 and 6.5.2; the space before `msgtype` is optional
    RecordType.WARCINFO: "application/warc-fields",
    RecordType.RESPONSE: "application/http;msgtype=response",
    RecordType.REQUEST: "application/http;msgtype=request",
}
_NO_PAYLOAD: Final = frozenset({RecordType.WARCINFO, RecordType.METADATA})


def type_of(found: Scanned) -> RecordType:
    """Give the record's type."""
    return RecordType.of(found.word("WARC-Type") or "")


def record_id_of(found: Scanned) -> str:
    """Give the record's id without its angle brackets, "" if it has none."""
    return (found.word("WARC-Record-ID") or "").removeprefix("<").removesuffix(">")


def target_uri_of(found: Scanned) -> str | None:
    """Give the target URI; WARC 1.0 files may have it in angle brackets (clause 4, the note)."""
    uri = found.word("WARC-Target-URI")
    if uri and uri.startswith("<") and uri.endswith(">"):
        return uri[1:-1]
    return uri


def as_record(found: Scanned) -> Record:
    """Give the record if it breaks no rule of severity error. Raises DamagedRecordError."""
    worst = next((d for d in damages_of(found) if d.severity is Severity.ERROR), None)
    if worst is not None:
        raise DamagedRecordError(worst)
    return record_of(found)


def record_of(found: Scanned) -> Record:
    """Give the record of which it is known that it breaks no rule of severity error."""
    kind = type_of(found)
    return Record(
        type=kind,
        record_id=record_id_of(found),
        target_uri=target_uri_of(found),
        date=parse_warc_date(found.word("WARC-Date") or ""),
        content_type=found.word("Content-Type"),
        headers=found.fields,
        offset=found.offset,
        length=found.length,
        block_size=found.size,
        block_sha256=found.sha256,
        payload_sha256=_payload_sha256(found, kind),
        held=found.block,
    )


def _payload_sha256(found: Scanned, kind: RecordType) -> Sha256 | None:
    if kind in _NO_PAYLOAD or kind is RecordType.REVISIT:
        return None
    if kind in _BLOCK_IS_PAYLOAD:
        return found.sha256
    return Sha256(found.payload_digests["sha256"])


def damages_of(found: Scanned) -> Iterator[Damage]:
    """Hold one record to every rule: what taking it apart showed, its fields, its digests."""
    yield from found.damages
    kind = type_of(found)
    for rule in _RECORD_RULES:
        yield from rule(found, kind)


def _broken(rule: Rule, found: Scanned, message: str) -> Damage:
    record_id = record_id_of(found) or None
    return Damage(rule=rule, offset=found.offset, message=message, record_id=record_id)


_SHALL: Final = {
    kind: tuple(form.name for form in FORMS if kind in form.mandatory) for kind in RecordType
}
_SHALL_NOT: Final = {
    kind: frozenset(form.name.lower() for form in FORMS if kind not in form.allowed)
    for kind in RecordType
}


def _fields_that_shall_exist(found: Scanned, kind: RecordType) -> Iterator[Damage]:
    for name in _SHALL[kind]:
        if found.word(name) is None:
            yield _broken(MISSING, found, f"a {kind.value} record shall have {name}")


def _fields_that_shall_not(found: Scanned, kind: RecordType) -> Iterator[Damage]:
    for name in sorted(found.values.keys() & _SHALL_NOT[kind]):
        message = f"a {kind.value} record shall not have {BY_NAME[name].name}"
        yield _broken(FORBIDDEN, found, message)


def _fields_once(found: Scanned, _: RecordType) -> Iterator[Damage]:
    if len(found.values) == len(found.fields):
        return
    for name, count in Counter(name.lower() for name, _ in found.fields).items():
        form = BY_NAME.get(name)
        if form and not form.repeats and count > 1:
            yield _broken(REPEATED, found, f"{form.name} appears {count} times")


def _values(found: Scanned, _: RecordType) -> Iterator[Damage]:
    for name, value in found.fields:
        form = BY_NAME.get(name.lower())
        if form is not None and not form.is_valid(_as_1_1(found, form.name, value)):
            yield _broken(VALUE, found, f"{form.name} is not of its form: {value[:80]!r}")


def _as_1_1(found: Scanned, name: str, value: str) -> str:
    """Take off the angle brackets that WARC 1.0 had around every URI (clause 4, the note)."""
    if found.version == "WARC/1.0" and name in {"WARC-Target-URI", "WARC-Profile"}:
        return value.removeprefix("<").removesuffix(">")
    return value


def _known_type(found: Scanned, kind: RecordType) -> Iterator[Damage]:
    word = found.word("WARC-Type") or ""
    if kind is RecordType.EXTENSION and BY_NAME["warc-type"].is_valid(word):
        yield _broken(TYPE_UNKNOWN, found, f"a record of the unknown type {word[:80]!r}")


def _known_profile(found: Scanned, _: RecordType) -> Iterator[Damage]:
    profile = found.word("WARC-Profile")
    if profile is not None and profile.strip("<>") not in PROFILES:
        yield _broken(PROFILE, found, f"a revisit by the unknown profile {profile[:80]!r}")


def _media_type(found: Scanned, kind: RecordType) -> Iterator[Damage]:
    needs = kind is not RecordType.CONTINUATION and found.size
    if needs and found.word("Content-Type") is None:
        yield _broken(TYPELESS, found, "a record with a block should have a Content-Type")


def _usual_media_type(found: Scanned, kind: RecordType) -> Iterator[Damage]:
    given = (found.word("Content-Type") or "").replace(" ", "").lower()
    usual = _USUAL.get(kind, "")
    if kind in _HTTP and not (target_uri_of(found) or "").lower().startswith(("http:", "https:")):
        return
    if given and usual and found.size and not given.startswith(usual):
        yield _broken(
            TYPE_OTHER, found, f"a {kind.value} record should be {usual}, not {given:.80}"
        )


def _segment_number(found: Scanned, kind: RecordType) -> Iterator[Damage]:
    number = found.word("WARC-Segment-Number")
    if number is None or not BY_NAME["warc-segment-number"].is_valid(number):
        return
    is_first = number.lstrip("0") == "1"
    if is_first is (kind is RecordType.CONTINUATION):
        yield _broken(SEGMENT, found, f"a {kind.value} record cannot be segment {number:.20}")


def _block_digest(found: Scanned, _: RecordType) -> Iterator[Damage]:
    declared = found.word("WARC-Block-Digest")
    if declared is not None:
        yield from _compare(BLOCK_DIGEST, found, declared, found.digests)


def _payload_digest(found: Scanned, kind: RecordType) -> Iterator[Damage]:
    declared = found.word("WARC-Payload-Digest")
    if declared is None or kind in _NO_PAYLOAD:
        return
    elsewhere = kind in {RecordType.REVISIT, RecordType.CONTINUATION}
    if elsewhere or found.word("WARC-Segment-Number") is not None:
        yield _broken(
            UNCHECKED, found, "the payload digest is of bytes that are not in this record"
        )
        return
    computed = found.digests if kind in _BLOCK_IS_PAYLOAD else found.payload_digests
    for damage in _compare(PAYLOAD_DIGEST, found, declared, computed):
        if found.chunked and damage.rule is PAYLOAD_DIGEST:
            message = "the payload is chunked, its digest may be of the decoded bytes"
            yield _broken(UNCHECKED, found, message)
        else:
            yield damage


def _compare(
    rule: Rule, found: Scanned, declared: str, computed: dict[str, bytes]
) -> Iterator[Damage]:
    algorithm = algorithm_of(declared)
    if not algorithm:
        return  # its form is wrong, and told as that
    if algorithm not in ALGORITHMS:
        yield _broken(UNCHECKED, found, f"a digest by an unknown algorithm: {declared[:80]!r}")
        return
    try:
        expected = parse_digest(declared).raw
    except ValueError:
        yield _broken(VALUE, found, f"not a digest by {algorithm}: {declared[:160]!r}")
        return
    if expected != computed[algorithm]:
        hexes = f"{expected.hex()} is written, {computed[algorithm].hex()} was computed"
        yield _broken(rule, found, f"{algorithm} differs: {hexes}")


_RECORD_RULES: Final[tuple[Callable[[Scanned, RecordType], Iterator[Damage]], ...]] = (
    _fields_that_shall_exist,
    _fields_that_shall_not,
    _fields_once,
    _values,
    _known_type,
    _known_profile,
    _media_type,
    _usual_media_type,
    _segment_number,
    _block_digest,
    _payload_digest,
)
