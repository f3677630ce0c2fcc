"""Index against records, pages against index: two sorted streams each, walked side by side.

Nothing is looked up, so nothing has to be held: memory is the same for ten records and a million.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain, groupby

from pipeline.warc.cdxj import Entry, is_indexed
from pipeline.warc.digest import parse_digest
from pipeline.warc.fields import first
from pipeline.warc.http import HTTP
from pipeline.warc.record import Record, RecordType
from pipeline.warc.sorting import Sorter
from pipeline.warc.wacz.layout import ARCHIVE
from pipeline.warc.wacz.lines import Indexed, Listed
from pipeline.warc.wacz.rules import (
    INDEX_DIFFERS,
    INDEX_HOLLOW,
    INDEX_RECORD,
    INDEX_TWICE,
    OWN,
    PAGE_UNINDEXED,
    UNINDEXED,
    Tell,
)

_END = b"\0"
_WARC, _INDEX, _PAGE = "0", "1", "2"
"""Sides, in the order in which they are wanted: what lies there before what is said of it."""

CRLFS = 4
"""After a record in a file without gzip: some indexers leave them out of its length and digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What one side says of the bytes at a place.

    `bare_digest` is that of a record without the CRLFs after it, None where gzip holds both;
    `unsaid`: it is no HTTP response, and names no digest of a payload that an index could repeat.
    """

    line: str
    timestamp: str
    url: str
    length: int
    digest: str
    status: str | None
    record_digest: str | None
    bare_digest: str | None = None
    unsaid: bool = False
    needed: bool = False


class Matching:
    """Takes what the index, the records and the pages say; then tells where they differ."""

    def __init__(self, tell: Tell, *, is_ours: bool) -> None:
        self._tell, self._is_ours = tell, is_ours
        self._places, self._urls = Sorter(), Sorter()
        self.entries = self.pages = 0

    def index(self, name: str, entry: Indexed) -> None:
        """Take an entry of the index called `name`."""
        self.entries += 1
        line = entry.line.decode("utf-8", "replace")
        said = _Said(
            line=line,
            timestamp=entry.timestamp,
            url=entry.url,
            length=entry.length,
            digest=entry.digest,
            status=entry.status,
            record_digest=entry.record_digest,
        )
        self._put(entry.filename.removeprefix(ARCHIVE), entry.offset, _INDEX, said)
        self._link(entry.url, entry.timestamp, _INDEX, name)

    def record(self, entry: Entry, record: Record, bare_digest: str | None = None) -> None:
        """Take a record as it lies in its WARC file."""
        http = entry.url.lower().startswith(("http:", "https:"))
        captured = record.type is not RecordType.METADATA
        said = _Said(
            line=entry.line().decode(),
            timestamp=entry.timestamp,
            url=entry.url,
            length=entry.length,
            digest=entry.digest,
            status=entry.status,
            record_digest=entry.record_digest,
            bare_digest=bare_digest,
            unsaid=_is_unsaid(record),
            needed=is_indexed(record) and (self._is_ours or (http and captured)),
        )
        self._put(entry.filename, entry.offset, _WARC, said)

    def page(self, name: str, page: Listed) -> None:
        """Take a page of the list called `name`."""
        self.pages += 1
        self._link(page.url, page.timestamp, _PAGE, f"{name}:{page.number}")

    def finish(self) -> None:
        """Hold all against each other."""
        for (name, offset), group in groupby(map(_split, self._places.lines()), _place):
            self._record(name, int(offset), ((side, said) for _, _, side, said in group))
        for (url, timestamp), marks in groupby(map(_split, self._urls.lines()), _place):
            self._url(url, timestamp, ((side, place) for _, _, side, place in marks))

    def _put(self, name: str, offset: int, side: str, said: _Said) -> None:
        self._places.add(_sortable(name, f"{offset:020}", side, json.dumps(asdict(said))))

    def _link(self, url: str, timestamp: str, side: str, place: str) -> None:
        """Take who speaks of a URL; in our own packages, of one at a time."""
        self._urls.add(_sortable(url, timestamp if self._is_ours else "", side, place))

    def _record(self, name: str, offset: int, found: Iterator[tuple[str, str]]) -> None:
        """Hold what the index says of a place, however often, against the record there."""
        member, claims = f"{ARCHIVE}{name}", 0
        side, first = next(found)
        if side != _WARC:
            self._tell(INDEX_RECORD, member, f"no whole record at byte {offset}, as the index says")
            return
        lies = _read(first)
        for _, said in found:
            claims += 1
            claim = _read(said)
            if hollow := lies.unsaid and _is_of_nothing(claim.digest):
                self._hollow(member, offset, claim, lies)
            if wrong := ", ".join(self._differences(claim, lies, hollow=hollow)):
                self._tell(INDEX_DIFFERS, member, f"byte {offset}: {wrong}: the index differs")
        if not claims and lies.needed:
            self._tell(UNINDEXED, member, f"{lies.url[:160]} at byte {offset} has no entry")
        if claims > 1:
            self._tell(INDEX_TWICE, member, f"the record at byte {offset} has several entries")

    def _hollow(self, member: str, offset: int, claim: _Said, lies: _Said) -> None:
        if _contradict(claim.digest, lies.digest):
            self._tell(
                INDEX_HOLLOW, member, f"byte {offset}: the index has the digest of no bytes for it"
            )

    def _differences(self, claim: _Said, lies: _Said, *, hollow: bool) -> Iterator[str]:
        if self._is_ours and claim.line != lies.line:
            yield "the line"
        if claim.url != lies.url:
            yield "url"
        if claim.timestamp != lies.timestamp:
            yield "time"
        if claim.length not in {lies.length, lies.length - CRLFS * (lies.bare_digest is not None)}:
            yield "length"
        if lies.status and claim.status not in {None, "-", lies.status}:
            yield "status"
        if claim.record_digest not in {None, lies.record_digest, lies.bare_digest}:
            yield "digest of the record"
        if not hollow and _contradict(claim.digest, lies.digest):
            yield "digest"

    def _url(self, url: str, timestamp: str, marks: Iterator[tuple[str, str]]) -> None:
        """Find the pages of a URL that no entry leads to; entries come before pages."""
        side, place = next(marks)
        for page in chain((place,), (each for _, each in marks)) if side == _PAGE else ():
            if self._is_ours:
                self._tell(OWN, page, f"no capture of {url[:160]} at {timestamp} is indexed")
            else:
                self._tell(PAGE_UNINDEXED, page, f"no capture of {url[:160]} is indexed")


def _sortable(*parts: str) -> bytes:
    clean = (part.replace("\0", "\ufffd").replace("\n", "\ufffd") for part in parts)
    return _END.join(part.encode("utf-8", "replace") for part in clean) + b"\n"


def _split(line: bytes) -> list[str]:
    return line[:-1].decode().split("\0")


def _place(parts: list[str]) -> tuple[str, str]:
    return parts[0], parts[1]


def _read(said: str) -> _Said:
    return _Said(**json.loads(said))


def _contradict(one: str, other: str) -> bool:
    """Tell whether two digests are of one algorithm and differ; SHA-1 may be without a label."""
    try:
        first, second = (
            parse_digest(each if ":" in each else f"sha1:{each}") for each in (one, other)
        )
    except ValueError:
        return False
    return first.algorithm == second.algorithm and first.raw != second.raw


def _is_unsaid(record: Record) -> bool:
    http = (record.content_type or "").lower().startswith(HTTP)
    return not http and first(record.headers, "WARC-Payload-Digest") is None


def _is_of_nothing(digest: str) -> bool:
    """Tell whether a digest is that of no bytes: its maker had read them before it hashed them."""
    try:
        said = parse_digest(digest if ":" in digest else f"sha1:{digest}")
    except ValueError:
        return False
    return said.raw == hashlib.new(said.algorithm, usedforsecurity=False).digest()
