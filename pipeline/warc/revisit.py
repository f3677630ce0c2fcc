"""Revisits (ISO 28500 clause 6.7): what one shall say, and whether what it refers to agrees."""

import hashlib
from collections.abc import Iterator
from typing import Final

from pipeline.warc.damage import (
    ELSEWHERE,
    ORIGINAL,
    ORIGINAL_OTHER,
    PROFILE,
    REVISIT_DIGEST,
    REVISIT_REFERS,
    REVISIT_TRUNCATED,
    VALUE,
    Damage,
)
from pipeline.warc.dates import parse_warc_date
from pipeline.warc.digest import ALGORITHMS, Labelled, algorithm_of, parse_digest
from pipeline.warc.record import RecordType
from pipeline.warc.scan import Scanned

_PLACE: Final = "http://netpreserve.org/warc/1.{}/revisit/{}"
IDENTICAL: Final = tuple(_PLACE.format(minor, "identical-payload-digest") for minor in (1, 0))
NOT_MODIFIED: Final = tuple(_PLACE.format(minor, "server-not-modified") for minor in (1, 0))
PROFILES: Final = (*IDENTICAL, *NOT_MODIFIED)
"""The profiles of clause 6.7, of WARC 1.1 and 1.0. The first is the one that we write."""

UNKNOWN: Final = b"?"
"""Of a record whose payload is in several segments, or in a coding that is not whole: nothing can
be compared with it."""

_REFERS: Final = ("WARC-Refers-To", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date")
_WITHOUT_PAYLOAD: Final = frozenset({
    RecordType.WARCINFO,
    RecordType.METADATA,
    RecordType.REVISIT,
    RecordType.CONTINUATION,
})  # fmt: skip


def revisit_damages(found: Scanned, _: RecordType) -> Iterator[Damage]:
    """Hold a revisit to clause 6.7, as far as the record alone can be judged."""
    profile = (found.word("WARC-Profile") or "").strip("<>")
    if not profile:
        return  # told as a field that is missing
    if profile not in PROFILES:  # nobody shall interpret it
        yield found.broken(PROFILE, f"a revisit by the unknown profile {profile[:80]!r}")
        return
    if profile in IDENTICAL:
        yield from _identical(found)
    # WARC 1.0 had no fields for the URI and the date of the original, 6.7.3 names the date alone.
    asked = list(_REFERS) if profile in IDENTICAL else [_REFERS[0], _REFERS[2]]
    if found.version != "WARC/1.1":
        asked = [_REFERS[0]]
    missing = [name for name in asked if found.word(name) is None]
    if missing:
        yield found.broken(REVISIT_REFERS, f"a revisit should have {', '.join(missing)}")
    if found.word(_REFERS[0]) == found.word("WARC-Record-ID"):
        yield found.broken(ORIGINAL, "the revisit refers to itself, not to a preceding record")


def _identical(found: Scanned) -> Iterator[Damage]:
    declared = found.word("WARC-Payload-Digest")
    if declared is None:
        message = "a revisit by identical payload shall have WARC-Payload-Digest"
        yield found.broken(REVISIT_DIGEST, message)
    elif algorithm_of(declared) in ALGORITHMS and _digest(declared) is None:
        yield found.broken(VALUE, f"not a digest: {declared[:160]!r}")
    if found.size and (found.word("WARC-Truncated") or "").lower() != "length":
        message = "a revisit that leaves its payload out of a block shall say WARC-Truncated"
        yield found.broken(REVISIT_TRUNCATED, message)


class Originals:
    """The payloads of one file by record, so that its revisits are held against what they name.

    Of a record only two short digests are kept, so that a file may have a great many. `dangling`
    counts the revisits that could be compared with no record.
    """

    def __init__(self) -> None:
        self._known: dict[bytes, bytes] = {}
        self._elsewhere: list[int] = []
        self.dangling = 0

    def take(self, found: Scanned, key: bytes) -> Iterator[Damage]:
        """Take the next record; say if its id (`key` stands for it) was used, or it misleads."""
        if found.type is RecordType.REVISIT:
            yield from self._against(found)
        self._known.setdefault(key, _facts(found))

    def __contains__(self, key: bytes) -> bool:
        return key in self._known

    def finish(self) -> Iterator[Damage]:
        """Tell once of all revisits whose payload cannot be checked with this file alone."""
        if self._elsewhere:
            count = len(self._elsewhere)
            message = f"revisit records whose payload is not in this file: {count}"
            yield Damage(rule=ELSEWHERE, offset=self._elsewhere[0], message=message)

    def _against(self, found: Scanned) -> Iterator[Damage]:
        declared = found.word("WARC-Payload-Digest")
        refers = found.word("WARC-Refers-To")
        if (found.word("WARC-Profile") or "").strip("<>") not in IDENTICAL or declared is None:
            self.dangling += 1
            return
        known = self._known.get(key_of(refers.strip("<>"))) if refers else None
        digest = _digest(declared)
        if digest is None and algorithm_of(declared) in ALGORITHMS:
            return  # told as a value of the wrong form
        # Of other algorithms the digests of the records that went by are not kept.
        if known in {None, UNKNOWN} or digest is None or digest.algorithm != "sha256":
            self._elsewhere.append(found.offset)
            self.dangling += 1
            return
        if not known:
            yield found.broken(ORIGINAL, "the revisit refers to a record without a payload")
            return
        if digest.raw not in {known[:32], known[40:]}:
            message = "the record that the revisit refers to has another payload"
            yield found.broken(ORIGINAL, message)
        said = (found.word("WARC-Refers-To-Target-URI"), found.word("WARC-Refers-To-Date"))
        if None not in said and known[32:40] != _place(*said):
            message = "the record that the revisit refers to has another target URI or date"
            yield found.broken(ORIGINAL_OTHER, message)


def key_of(record_id: str) -> bytes:
    """Give what stands for a record id: sixteen bytes, however long it is."""
    return hashlib.sha256(record_id.encode("utf-8", "replace")).digest()[:16]


def _facts(found: Scanned) -> bytes:
    """Give the SHA-256 of the payload, then what stands for URI and date; b"" without a payload.

    Then that of the body in its transfer coding, if it has one: many revisits have that.
    """
    if found.type in _WITHOUT_PAYLOAD:
        return b""
    if found.uncertain or "warc-segment-number" in found.values:
        return UNKNOWN
    place = _place(found.target_uri, found.word("WARC-Date"))
    return found.payload_digests["sha256"] + place + found.coded_digests.get("sha256", b"")


def _place(uri: str | None, date: str | None) -> bytes:
    """Give eight bytes for a URI and a date, however it is written; compared in this process."""
    try:
        moment: object = parse_warc_date(date or "")
    except ValueError:
        moment = date  # told as a value of the wrong form
    return hash((uri, moment)).to_bytes(8, "big", signed=True)


def _digest(declared: str) -> Labelled | None:
    try:
        return parse_digest(declared)
    except ValueError:
        return None
