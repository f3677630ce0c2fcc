"""The records in a gzip member at a place of a file: one, if it is as annex D.2 recommends."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import BinaryIO

from pipeline.warc.damage import GZIP_MEMBER, INFLATION, Damage
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.limits import INFLATED_FREE, INFLATED_RATIO, RECORD_LEAST, RECORDS_FREE
from pipeline.warc.member import MemberReader
from pipeline.warc.scan import Scanned, member_ends, scan_record
from pipeline.warc.stream import Stream
from pipeline.warc.whole import inflate_whole, scan_whole


class Members:
    """Scans gzip members of one file, and counts what all of them inflated to.

    When `at` has given all, `end` is where the member's data led to, None if nowhere, and `holds`
    says that its checks held, so that `end` can be relied on.
    """

    def __init__(self, file: BinaryIO, *, keep: int, tap: Callable[[bytes], object]) -> None:
        self._file, self._keep, self._tap = file, keep, tap
        self._inflated = self._found = 0
        self.end: int | None = None
        self.holds = False

    def at(self, offset: int) -> Iterator[Scanned | Damage]:
        """Scan the member at `offset`.

        A lone record is given after the member's checks. Where several share the member, a damage
        says so first, they are given as they come, and their `length` is 0: they have no place.
        """
        self.end, self.holds = None, False
        whole = self._whole(offset)
        if whole is not None:
            yield whole
            return
        try:
            member = MemberReader(self._file, offset)
        except DamagedRecordError as error:
            yield error.damage
            return
        stream = Stream(self._bounded(member, offset), self._tap)
        yield from self._records(member, stream, offset)
        self.end, self.holds = member.end, member.holds

    def _whole(self, offset: int) -> Scanned | None:
        """Scan a member that is small and has nothing odd about it."""
        found = inflate_whole(self._file, offset)
        if found is None:
            return None
        data, length = found
        end = offset + length
        if self._inflated + len(data) > INFLATED_FREE + INFLATED_RATIO * end:
            return None
        scanned = scan_whole(data, offset, length, keep=self._keep)
        if scanned is not None:
            self._tap(data)
            self._inflated += len(data)
            self.end, self.holds = end, True
        return scanned

    def _records(
        self, member: MemberReader, stream: Stream, offset: int
    ) -> Iterator[Scanned | Damage]:
        shared = ends = False
        while not ends:
            try:
                found = scan_record(stream, offset, keep=self._keep)
                self._count(offset)
                ends = member_ends(stream, offset)
            except DamagedRecordError as error:
                if error.damage.rule is not INFLATION:
                    _skip(stream)
                yield error.damage
                return
            if not ends and not shared:
                shared = True
                message = "a gzip member holds more than one record"
                yield Damage(rule=GZIP_MEMBER, offset=offset, message=message)
            alone = 0 if shared or member.end is None else member.end - offset
            yield replace(found, length=alone)

    def _count(self, offset: int) -> None:
        self._found += 1
        if self._found > RECORDS_FREE + self._file.tell() // RECORD_LEAST:
            message = f"{self._found} records so far in {self._file.tell()} bytes"
            raise DamagedRecordError(Damage(rule=INFLATION, offset=offset, message=message))

    def _bounded(self, member: MemberReader, offset: int) -> Callable[[int], bytes]:
        def read(size: int) -> bytes:
            data = member.read(size)
            self._inflated += len(data)
            if self._inflated > INFLATED_FREE + INFLATED_RATIO * self._file.tell():
                message = f"{self._inflated} bytes so far out of {self._file.tell()}"
                raise DamagedRecordError(Damage(rule=INFLATION, offset=offset, message=message))
            return data

        return read


def _skip(stream: Stream) -> None:
    """Read what is left of a member whose record is damaged, to learn where it ends."""
    try:
        for _ in stream.pieces(sys.maxsize):
            pass
    except DamagedRecordError:
        return  # the first damage is the one to tell
