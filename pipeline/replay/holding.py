"""What can be replayed: captures found by URL and time, and read as what they are proved to be."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from types import TracebackType
from typing import Final, Self

from pipeline.errors import LimitError
from pipeline.replay.errors import NotCapturedError, UntrueError
from pipeline.replay.index import Index
from pipeline.replay.message import Message, agrees, message_of, parse_head
from pipeline.replay.survey import Survey
from pipeline.replay.volume import Standing, Volume, Vouching
from pipeline.warc.cdxj import REVISIT, Entry, status_of, timestamp
from pipeline.warc.dates import parse_warc_date
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.http import head_of
from pipeline.warc.reader import read_record
from pipeline.warc.record import Record, RecordType
from pipeline.warc.surt import searchable

LISTED_MOST: Final = 5_000
LENGTH_MOST: Final = 1 << 28
_STAMP: Final = "%Y%m%d%H%M%S"
_GONE: Final = "the record that it refers to is not in this archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A WARC file with its index."""

    volume: Volume
    index: Index


class Holding:
    """The captures of some WARC files. `damaged_too` shows what lies in files that were changed."""

    def __init__(
        self, shelves: Iterable[Shelf], survey: Survey, *, damaged_too: bool = False
    ) -> None:
        self._shelves: Mapping[str, Shelf] = {each.volume.name: each for each in shelves}
        self._vouching = Vouching()
        self._damaged_too = damaged_too
        self.survey = survey

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        for shelf in self._shelves.values():
            shelf.index.close()

    def captures(self, url: str) -> tuple[Entry, ...]:
        """List the captures of a URL, the earliest first, so many and no more."""
        key, plain = searchable(url), _plain(url)
        every = [
            each
            for shelf in self._shelves.values()
            for each in shelf.index.from_the_first(key, LISTED_MOST)
        ]
        every = _without_copies(every)
        same = [each for each in every if _plain(each.url) == plain]
        return tuple(sorted(same or every, key=_order)[:LISTED_MOST])

    def nearest(self, url: str, at: datetime | None, but: Container[tuple[str, int]] = ()) -> Entry:
        """Find the capture nearest to a moment; None means the newest. Raises NotCapturedError.

        One that was captured under exactly this URL goes before one that is only found by its key,
        what a server answered before a copy of its payload.
        `but` has file and offset of those that do not count.
        """
        key, plain = searchable(url), _plain(url)
        stamp = "99999999999999" if at is None else at.strftime(_STAMP).rjust(14, "0")
        found = chain.from_iterable(
            shelf.index.near(key, stamp) for shelf in self._shelves.values()
        )
        best = min(
            (each for each in found if (each.filename, each.offset) not in but),
            key=lambda each: (
                _plain(each.url) != plain,
                _apart(each.timestamp, stamp),
                each.mime == REVISIT,
                each.status is None,
                each.filename,
                each.offset,
            ),
            default=None,
        )
        if best is None:
            raise NotCapturedError(url)
        return best

    def standing(self, entry: Entry) -> Standing:
        """Say what the file is worth that a capture lies in. Raises NotVerifiableError."""
        return self._vouching.of(self._shelves[entry.filename].volume)

    def read(self, entry: Entry) -> Message:
        """Read a capture and prove it. Raises UntrueError, NotVerifiableError, LimitError."""
        record = self._record(entry)
        if record.type is not RecordType.REVISIT:
            return message_of(record, entry)
        return self._revisit(entry, record)

    def _record(self, entry: Entry) -> Record:
        if entry.length > LENGTH_MOST:
            raise LimitError(entry.url, "a record that is to be shown", "256 MiB")
        if self.standing(entry) is Standing.CHANGED and not self._damaged_too:
            why = f"{entry.filename} was changed after it was sealed, so nothing vouches for it"
            raise UntrueError(entry.url, why)
        where = self._shelves[entry.filename].volume.where
        try:
            record = read_record(where, entry.offset, entry.length)
        except DamagedRecordError as error:
            raise UntrueError(entry.url, str(error)) from error
        if record.target_uri != entry.url or timestamp(record) != entry.timestamp:
            raise UntrueError(entry.url, "the index leads to another record")
        if record.said("WARC-Segment-Number") is not None:
            raise UntrueError(
                entry.url, "it is one of several segments, which are not put together"
            )
        return record

    def _revisit(self, entry: Entry, record: Record) -> Message:
        digest = record.said("WARC-Payload-Digest") or ""
        for each in self._originals(entry, record):
            found = message_of(self._record(each), each)
            if not digest or agrees(found, digest):
                break
        else:
            raise UntrueError(entry.url, _GONE)
        head = head_of(record.block) or b""
        own = replace(
            found,
            entry=entry,
            type=RecordType.REVISIT,
            record_id=record.record_id,
            date=record.date,
            declared=digest,
            original=each,
        )
        status = status_of(head)
        if not status or status == "304":
            return own
        return replace(own, status=int(status), headers=parse_head(head))

    def _originals(self, entry: Entry, record: Record) -> Iterable[Entry]:
        """Give the records that a revisit may refer to: those that it names, else its own URL's."""
        url = record.said("WARC-Refers-To-Target-URI") or entry.url
        date = record.said("WARC-Refers-To-Date")
        every = [each for each in self.captures(url) if each.mime != REVISIT and each.url == url]
        if date is None:
            before = [each for each in every if each.timestamp <= entry.timestamp]
            return [*reversed(before), *(each for each in every if each not in before)][:16]
        try:
            stamp = f"{parse_warc_date(date):{_STAMP}}".rjust(14, "0")
        except ValueError:
            return ()
        return [each for each in every if each.timestamp == stamp]


def moment(entry: Entry) -> datetime:
    """Give the moment of a capture, to the second."""
    return parse_warc_date(
        "{}-{}-{}T{}:{}:{}Z".format(
            entry.timestamp[:4], *(entry.timestamp[at : at + 2] for at in range(4, 14, 2))
        )
    )


def _without_copies(every: Sequence[Entry]) -> list[Entry]:
    """Leave out what an archive recorded again, at the same moment, of a file that it keeps."""
    answered = {(each.url, each.timestamp) for each in every if each.status}
    return [each for each in every if each.status or (each.url, each.timestamp) not in answered]


def _plain(url: str) -> str:
    """Give a URL without what is the same in all captures of one thing: scheme and fragment."""
    return url.partition("#")[0].partition("://")[2] or url


def _apart(one: str, other: str) -> float:
    """Say how far two timestamps are apart, roughly in seconds."""
    return abs(_seconds(one) - _seconds(other))


def _seconds(stamp: str) -> int:
    year, month, day, hour, minute, second = (
        int(stamp[:4]),
        *(int(stamp[at : at + 2]) for at in range(4, 14, 2)),
    )
    days = year * 372 + month * 31 + day  # no calendar: the order and the neighbourhood count
    return ((days * 24 + hour) * 60 + minute) * 60 + second


def _order(entry: Entry) -> tuple[str, str, int]:
    return entry.timestamp, entry.filename, entry.offset
