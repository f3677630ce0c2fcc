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
from pipeline.warc.table import Table

_PLACE: Final = "http://netpreserve.org/warc/1.{}/revisit/{}"
IDENTICAL: Final = tuple(_PLACE.format(minor, "identical-payload-digest") for minor in (1, 0))
NOT_MODIFIED: Final = tuple(_PLACE.format(minor, "server-not-modified") for minor in (1, 0))
PROFILES: Final = (*IDENTICAL, *NOT_MODIFIED)
"""The profiles of clause 6.7, of WARC 1.1 and 1.0. The first is the one that we write."""

UNKNOWN: Final = b"?"
"""Of a record whose payload is in several segments, or in a coding that is not whole: nothing can
be compared with it."""

_REFERS: Final = ("WARC-Refers-To", "WARC-Refers-To-Target-URI", "WARC-Refers-To-Date")
_KEY: Final = 16
_SAME_PLACE_MOST: Final = 9
_WAITING_MOST: Final = 50_000
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

    Of a record only two short digests are kept, so that a file may have a great many; SHA-1 where a
    record names one, as other tools do. A revisit names its original by id, or by URI and date
    alone: from the first of those on, records are known by that, too. `dangling` counts the
    revisits that could be compared with no record; with `waits`, `settle` looks for theirs again.
    """

    def __init__(self, *, waits: bool = False) -> None:
        self._waits = waits
        self._known = Table()
        self._sha1 = Table()
        self._places: Table | None = None
        self._elsewhere: list[int] = []
        self._waiting: list[tuple[bytes, Labelled]] = []
        self._settled = self.dangling = 0

    def take(self, found: Scanned, key: bytes) -> Iterator[Damage]:
        """Take the next record; say if its id (`key` stands for it) was used, or it misleads."""
        if found.type is RecordType.REVISIT:
            yield from self._against(found)
        if key in self._known:
            return
        facts = _facts(found)
        self._known[key] = facts
        if len(facts) > len(UNKNOWN):
            if plain := found.payload_digests.get("sha1"):
                self._sha1[key] = plain + found.coded_digests.get("sha1", b"")
            if self._places is not None:
                self._place_of(key, facts)

    def __contains__(self, key: bytes) -> bool:
        return key in self._known

    def settle(self) -> int:
        """Count the revisits that were taken before what they refer to: no longer dangling.

        For files that were written side by side. What does not agree still counts as elsewhere.
        """
        found = 0
        for meant, digest in self._waiting:
            keys = (meant,) if len(meant) == _KEY else self._at(meant)
            found += any(digest.raw in self._digests(key, digest.algorithm) for key in keys)
        self._waiting = []
        self._settled += found
        self.dangling -= found
        return found

    def finish(self) -> Iterator[Damage]:
        """Tell once of all revisits whose payload cannot be checked with this file alone."""
        if count := len(self._elsewhere) - self._settled:
            message = f"revisit records whose payload is not in this file: {count}"
            yield Damage(rule=ELSEWHERE, offset=self._elsewhere[0], message=message)

    def _against(self, found: Scanned) -> Iterator[Damage]:
        declared = found.word("WARC-Payload-Digest")
        refers = found.word("WARC-Refers-To")
        if (found.word("WARC-Profile") or "").strip("<>") not in IDENTICAL or declared is None:
            self.dangling += 1
            return
        digest = _digest(declared)
        if digest is None and algorithm_of(declared) in ALGORITHMS:
            return  # told as a value of the wrong form
        said = (found.word("WARC-Refers-To-Target-URI"), found.word("WARC-Refers-To-Date"))
        place = _place(*said) if None not in said else b""
        keys = (key_of(refers.strip("<>")),) if refers else self._at(place)
        if any(self._known.get(key) == b"" for key in keys):
            yield found.broken(ORIGINAL, "the revisit refers to a record without a payload")
            return
        # Of other algorithms the digests of the records that went by are not kept.
        of = [(key, self._digests(key, digest.algorithm)) for key in keys] if digest else []
        if not any(kept for _, kept in of) or digest is None:
            self._elsewhere.append(found.offset)
            self.dangling += 1
            if self._waits and digest is not None and len(self._waiting) < _WAITING_MOST:
                self._waiting += [(meant, digest) for meant in (*keys, place) if meant][:1]
            return
        if not any(digest.raw in kept for _, kept in of):
            message = "the record that the revisit refers to has another payload"
            yield found.broken(ORIGINAL, message)
        if place and all((self._known.get(key) or b"")[32:40] != place for key, _ in of):
            message = "the record that the revisit refers to has another target URI or date"
            yield found.broken(ORIGINAL_OTHER, message)

    def _digests(self, key: bytes, algorithm: str) -> tuple[bytes, ...]:
        """Give what is kept of a record's payload, and of it in its coding; () if nothing is."""
        known = self._known.get(key)
        known = UNKNOWN if known is None else known
        if algorithm == "sha256" and known != UNKNOWN:
            return known[:32], known[40:]
        both = self._sha1.get(key) if algorithm == "sha1" else None
        return (both[:20], both[20:]) if both else ()

    def _at(self, place: bytes) -> tuple[bytes, ...]:
        """Give the records of this URI and date."""
        if not place:
            return ()
        if self._places is None:
            self._places = Table()
            for key, facts in self._known.items():
                if len(facts) > len(UNKNOWN):
                    self._place_of(key, facts)
        keys = self._places.get(place) or b""
        return tuple(keys[at : at + _KEY] for at in range(0, len(keys), _KEY))

    def _place_of(self, key: bytes, facts: bytes) -> None:
        if self._places is not None:
            place = facts[32:40]
            kept = (self._places.get(place) or b"")[: _SAME_PLACE_MOST * _KEY]
            self._places[place] = kept + key


def key_of(record_id: str) -> bytes:
    """Give what stands for a record id: sixteen bytes, however long it is."""
    return hashlib.sha256(record_id.encode("utf-8", "replace")).digest()[:_KEY]


def _facts(found: Scanned) -> bytes:
    """Give the SHA-256 of the payload, then what stands for URI and date; b"" without a payload.

    Then that of the body in its transfer coding, if it has one: many revisits have that.
    """
    if found.type in _WITHOUT_PAYLOAD:
        return b""
    if found.uncertain or "warc-segment-number" in found.values:
        return UNKNOWN
    place = _place(found.target_uri, found.word("WARC-Date"))
    if found.type is RecordType.REQUEST:
        place = bytes(8)  # what was asked is not what was there
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
