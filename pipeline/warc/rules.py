"""The rules of ISO 28500 that one record can be held to, and what passes them."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from pipeline.model import Severity, Sha256
from pipeline.warc.damage import (
    BLOCK_DIGEST,
    FORBIDDEN,
    MISSING,
    PAYLOAD_CODED,
    PAYLOAD_DIGEST,
    REPEATED,
    SEGMENT,
    TYPE_OTHER,
    TYPE_UNKNOWN,
    TYPELESS,
    UNCHECKED,
    VALUE,
    VALUE_IRI,
    Damage,
    Rule,
)
from pipeline.warc.dates import parse_warc_date
from pipeline.warc.digest import ALGORITHMS, algorithm_of, parse_digest
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.forms import BY_NAME, FORMS, Form
from pipeline.warc.record import Record, RecordType
from pipeline.warc.revisit import revisit_damages
from pipeline.warc.scan import Scanned
from pipeline.warc.uri import is_iri

_BLOCK_IS_PAYLOAD: Final = frozenset({RecordType.RESOURCE, RecordType.CONVERSION})
_HTTP: Final = frozenset({RecordType.REQUEST, RecordType.RESPONSE})
_USUAL: Final = {  # clauses 6.2, 6.3.2 and 6.5.2; the space before `msgtype` is optional
    RecordType.WARCINFO: "application/warc-fields",
    RecordType.RESPONSE: "application/http;msgtype=response",
    RecordType.REQUEST: "application/http;msgtype=request",
}
DNS: Final = "text/dns"  # clause 6.4.4
_NO_PAYLOAD: Final = frozenset({RecordType.WARCINFO, RecordType.METADATA})
_MAY_BE_IRI: Final = frozenset({"WARC-Target-URI", "WARC-Refers-To-Target-URI"})
_SHAPES_MOST: Final = 32
"""Shapes of headers of which the rules are remembered; few files have more than ten."""

Names = tuple[str, ...]
Judge = Callable[[Scanned, RecordType], Iterator[Damage]]


def as_record(found: Scanned) -> Record:
    """Give the record if it breaks no rule of severity error. Raises DamagedRecordError."""
    worst = next((d for d in damages_of(found) if d.severity is Severity.ERROR), None)
    if worst is not None:
        raise DamagedRecordError(worst)
    return record_of(found)


def record_of(found: Scanned) -> Record:
    """Give the record of which it is known that it breaks no rule of severity error."""
    return Record(
        type=found.type,
        record_id=found.record_id,
        target_uri=found.target_uri,
        date=parse_warc_date(found.word("WARC-Date") or ""),
        content_type=found.word("Content-Type"),
        headers=found.fields,
        offset=found.offset,
        length=found.length,
        block_size=found.size,
        block_sha256=found.sha256,
        payload_sha256=_payload_sha256(found, found.type),
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
    for judge in _judges(found.type, found.names):
        yield from judge(found, found.type)


_SHALL: Final = {
    kind: tuple(form.name for form in FORMS if kind in form.mandatory) for kind in RecordType
}
_SHALL_NOT: Final = {
    kind: frozenset(form.name.lower() for form in FORMS if kind not in form.allowed)
    for kind in RecordType
}


@lru_cache(_SHAPES_MOST)
def _judges(kind: RecordType, names: Names) -> tuple[Judge, ...]:
    """Choose the rules that a record of this type with fields of these names could break."""
    present = frozenset(names)
    has_payload = kind not in _NO_PAYLOAD
    chosen: tuple[tuple[bool, Judge], ...] = (
        (any(name.lower() not in present for name in _SHALL[kind]), _fields_that_shall_exist),
        (not present.isdisjoint(_SHALL_NOT[kind]), _fields_that_shall_not),
        (len(present) < len(names), _fields_once),
        (True, _values),
        (kind is RecordType.EXTENSION, _known_type),
        (kind is RecordType.REVISIT, revisit_damages),
        ("content-type" not in present and kind is not RecordType.CONTINUATION, _media_type),
        (kind in _USUAL, _usual_media_type),
        (kind is RecordType.RESOURCE, _dns_media_type),
        ("warc-segment-number" in present, _segment_number),
        ("warc-block-digest" in present, _block_digest),
        ("warc-payload-digest" in present and has_payload, _payload_digest),
    )
    return tuple(judge for can_break, judge in chosen if can_break)


@lru_cache(_SHAPES_MOST)
def _forms(names: Names) -> tuple[Form | None, ...]:
    return tuple(map(BY_NAME.get, names))


def _fields_that_shall_exist(found: Scanned, kind: RecordType) -> Iterator[Damage]:
    for name in _SHALL[kind]:
        if found.word(name) is None:
            yield found.broken(MISSING, f"a {kind.value} record shall have {name}")


def _fields_that_shall_not(found: Scanned, kind: RecordType) -> Iterator[Damage]:
    for name in sorted(found.values.keys() & _SHALL_NOT[kind]):
        message = f"a {kind.value} record shall not have {BY_NAME[name].name}"
        yield found.broken(FORBIDDEN, message)


def _fields_once(found: Scanned, _: RecordType) -> Iterator[Damage]:
    for name, count in Counter(found.names).items():
        form = BY_NAME.get(name)
        if form and not form.repeats and count > 1:
            yield found.broken(REPEATED, f"{form.name} appears {count} times")


def _values(found: Scanned, _: RecordType) -> Iterator[Damage]:
    for (_name, value), form in zip(found.fields, _forms(found.names), strict=True):
        if form is None or form.is_valid(value):
            continue
        plain = _as_1_1(found, form.name, value)
        if form.is_valid(plain):
            continue
        if form.name in _MAY_BE_IRI and is_iri(plain):
            yield found.broken(VALUE_IRI, f"{form.name} is an IRI, no URI: {value[:80]!r}")
        else:
            yield found.broken(VALUE, f"{form.name} is not of its form: {value[:80]!r}")


def _as_1_1(found: Scanned, name: str, value: str) -> str:
    """Take off the angle brackets that WARC 1.0 had around every URI (clause 4, the note)."""
    if found.version == "WARC/1.0" and name in {"WARC-Target-URI", "WARC-Profile"}:
        return value.removeprefix("<").removesuffix(">")
    return value


def _known_type(found: Scanned, _: RecordType) -> Iterator[Damage]:
    word = found.word("WARC-Type") or ""
    if BY_NAME["warc-type"].is_valid(word):
        yield found.broken(TYPE_UNKNOWN, f"a record of the unknown type {word[:80]!r}")


def _media_type(found: Scanned, _: RecordType) -> Iterator[Damage]:
    if found.size:
        yield found.broken(TYPELESS, "a record with a block should have a Content-Type")


def _usual_media_type(found: Scanned, kind: RecordType) -> Iterator[Damage]:
    given = (found.word("Content-Type") or "").replace(" ", "").lower()
    usual = _USUAL[kind]
    if kind in _HTTP and not (found.target_uri or "").lower().startswith(("http:", "https:")):
        return
    if given and found.size and not given.startswith(usual):
        yield found.broken(TYPE_OTHER, f"a {kind.value} record should be {usual}, not {given:.80}")


def _dns_media_type(found: Scanned, _: RecordType) -> Iterator[Damage]:
    given = found.word("Content-Type")
    is_dns = (found.target_uri or "")[:4].lower() == "dns:"
    if is_dns and given and not given.lower().startswith(DNS):
        message = f"a resource record of a dns: URI should be {DNS}, not {given:.80}"
        yield found.broken(TYPE_OTHER, message)


def _segment_number(found: Scanned, kind: RecordType) -> Iterator[Damage]:
    number = found.word("WARC-Segment-Number") or ""
    if not BY_NAME["warc-segment-number"].is_valid(number):
        return
    is_first = number.lstrip("0") == "1"
    if is_first is (kind is RecordType.CONTINUATION):
        yield found.broken(SEGMENT, f"a {kind.value} record cannot be segment {number:.20}")


def _block_digest(found: Scanned, _: RecordType) -> Iterator[Damage]:
    yield from _compare(BLOCK_DIGEST, found, found.values["warc-block-digest"], found.digests)


def _payload_digest(found: Scanned, kind: RecordType) -> Iterator[Damage]:
    """Compute it where the payload is in the record; `check` looks at what revisits refer to."""
    declared = found.values["warc-payload-digest"]
    if kind is RecordType.REVISIT:
        return
    if kind is RecordType.CONTINUATION or "warc-segment-number" in found.values:
        message = "the payload digest is of bytes that are not in this record"
        yield found.broken(UNCHECKED, message)
        return
    computed = found.digests if kind in _BLOCK_IS_PAYLOAD else found.payload_digests
    for damage in _compare(PAYLOAD_DIGEST, found, declared, computed):
        if damage.rule is PAYLOAD_DIGEST and kind not in _BLOCK_IS_PAYLOAD:
            yield _of_http(found, declared, damage)
        else:
            yield damage


def _of_http(found: Scanned, declared: str, damage: Damage) -> Damage:
    """Say less where the digest is of the body in its transfer coding, or that cannot be known."""
    coded = found.coded_digests
    if coded and not any(_compare(PAYLOAD_DIGEST, found, declared, coded)):
        return found.broken(PAYLOAD_CODED, "the digest is of the body in its transfer coding")
    if found.uncertain:
        message = "the transfer coding of the payload is not whole: its digest cannot be checked"
        return found.broken(UNCHECKED, message)
    return damage


def _compare(
    rule: Rule, found: Scanned, declared: str, computed: dict[str, bytes]
) -> Iterator[Damage]:
    if declared == f"sha256:{computed['sha256'].hex()}":
        return  # as we write it
    algorithm = algorithm_of(declared)
    if not algorithm:
        return  # its form is wrong, and told as that
    if algorithm not in ALGORITHMS:
        yield found.broken(UNCHECKED, f"a digest by an unknown algorithm: {declared[:80]!r}")
        return
    try:
        expected = parse_digest(declared).raw
    except ValueError:
        yield found.broken(VALUE, f"not a digest by {algorithm}: {declared[:160]!r}")
        return
    if expected != computed[algorithm]:
        hexes = f"{expected.hex()} is written, {computed[algorithm].hex()} was computed"
        yield found.broken(rule, f"{algorithm} differs: {hexes}")
