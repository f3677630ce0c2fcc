"""After damage: where the next record begins, searched in bounded time."""

from typing import BinaryIO, Final

from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.limits import CHUNK, PROBES_MOST
from pipeline.warc.member import MAGIC, MemberReader

_VERSION: Final = b"WARC/"


class Search:
    """Looks for the next record in a file; `spent` says that it gave up for the number of tries."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._probes = PROBES_MOST

    @property
    def spent(self) -> bool:
        """Whether no tries are left, so that nothing more can be said of the file."""
        return self._probes <= 0

    def next_member(self, start: int) -> int | None:
        """Give the next place at or after `start` where a gzip member holds a record."""
        at = self._find(MAGIC, start)
        while at is not None:
            if self.spent:
                return None
            self._probes -= 1
            if self.is_member(at):
                return at
            at = self._find(MAGIC, at + 1)
        return None

    def next_plain_record(self, start: int) -> int | None:
        """Give the next place at or after `start` where a line begins like a record."""
        if self.spent:
            return None
        self._probes -= 1
        at = self._find(b"\n" + _VERSION, start)
        return None if at is None else at + 1

    def is_member(self, at: int, size: int | None = None) -> bool:
        """Tell whether a gzip member that holds a record begins here, or the file ends (`size`)."""
        if at == size:
            return True
        try:
            return MemberReader(self._file, at).read(len(_VERSION)).upper() == _VERSION
        except DamagedRecordError:
            return False

    def _find(self, what: bytes, start: int) -> int | None:
        self._file.seek(start)
        kept, base = b"", start
        while piece := self._file.read(CHUNK):
            window = kept + piece
            index = window.find(what)
            if index >= 0:
                return base + index
            kept = window[-(len(what) - 1) :]
            base += len(window) - len(kept)
        return None
