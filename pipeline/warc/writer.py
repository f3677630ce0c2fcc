"""Write WARC 1.1 files whose bytes depend on nothing but what is written and the clock passed in.

warcio lays the record out. What it does not do is ours: SHA-256, ids from content, refusing control
characters, the level of compression, and being durable and checked before having a name.
"""

import hashlib
import os
import re
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from pipeline.errors import ArchiveError
from pipeline.model import Severity, Sha256
from pipeline.warc.check import Reread, reread
from pipeline.warc.draft import Draft, header_of, new_id, with_id
from pipeline.warc.durable import open_path, refuse_existing, settle, storing
from pipeline.warc.errors import InvalidRecordError
from pipeline.warc.fields import render_fields
from pipeline.warc.info import WarcInfo
from pipeline.warc.judging import Trail
from pipeline.warc.layout import lay_out
from pipeline.warc.limits import BUFFER, HEADER_MOST, INFLATED_RATIO, STORED_AFTER
from pipeline.warc.media import is_packed
from pipeline.warc.member import MemberWriter
from pipeline.warc.record import Capture, Record, RecordType, SealedFile
from pipeline.warc.recordwriter import WARC_FIELDS, RecordWriter
from pipeline.warc.revisit import key_of
from pipeline.warc.table import Table

SUFFIX: Final = ".warc.gz"
_FRAME: Final = 64
"""More than a gzip member adds to what it holds, but for a thousandth where nothing deflates."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,200}")


class WarcWriter(RecordWriter):
    """One WARC file being written: a context manager that leaves a sealed file, or nothing.

    Args:
        folder: Where the file will be; it exists.
        name: The file's name without `.warc.gz`.
        info: What the warcinfo record says.
        now: The WARC-Date of the warcinfo record.

    Raises ArchiveError if the name is taken, NotWritableError and DiskFullError.
    """

    def __init__(self, folder: Path, name: str, info: WarcInfo, now: datetime) -> None:
        if not _NAME.fullmatch(name):
            raise InvalidRecordError(
                "file name", f"{name!r} is not made of letters, digits and ._-"
            )
        self.path = folder / f"{name}{SUFFIX}"
        self._info, self._now = info, now
        self._file: BinaryIO | None = None
        self._trail = Trail()
        self._stream = hashlib.sha256()
        self._inflated = 0
        self._dates = Table()
        self.warcinfo_id: str | None = None
        self.size = 0

    def __enter__(self) -> Self:
        refuse_existing(self.path)
        with storing(self.path):
            self._file = open_path(self.path).open("xb", buffering=BUFFER)
        with ExitStack() as stack:
            stack.callback(self._discard)
            self.warcinfo_id = self._write_info().record_id
            stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._discard()

    @property
    def records(self) -> int:
        """How many records were written so far."""
        return self._trail.records

    def has_room(self, size: int, most: int) -> bool:
        """Tell whether the file stays within `most` bytes with a block of `size` more.

        Judged by what the records are before they are compressed, so that where a file ends does
        not depend on the zlib in use.
        """
        whole = self._inflated + size + HEADER_MOST
        return whole + whole // 1000 + _FRAME * (self.records + 1) <= most

    def seal(self, *, show: Callable[[Record], object] | None = None, keep: int = 0) -> SealedFile:
        """Make the file durable, check it by reading it again, and give it its name.

        `show` and `keep` are those of `reread`: whoever has to see the records sees them now.
        Raises ArchiveError, and leaves no file, if what is on the disk is not what was written.
        """
        file = self._require_open()
        with storing(self.path):
            file.flush()
            os.fsync(file.fileno())
            file.close()
        checked = reread(open_path(self.path), show=show, keep=keep)
        self._compare(checked)
        settle(self.path)
        self._file = None
        return SealedFile(
            name=self.path.name,
            size=checked.size,
            sha256=checked.sha256,
            records=checked.records,
            order_sha256=self._trail.order_sha256,
            stream_sha256=Sha256(self._stream.digest()),
            damages=checked.damages,
            proved=checked.proved,
        )

    def _compare(self, checked: Reread) -> None:
        worst = next((d for d in checked.damages if d.severity is Severity.ERROR), None)
        if worst is not None:
            raise ArchiveError(str(self.path), f"not sealed: byte {worst.offset}: {worst.message}")
        written = (self.size, self._trail.trail_sha256)
        if written != (checked.size, checked.trail_sha256):
            raise ArchiveError(str(self.path), "not sealed: the disk gives back other bytes")

    def _write_info(self) -> Capture:
        block = render_fields(self._info.fields())
        return self.write(
            Draft(
                type=RecordType.WARCINFO,
                uri=None,
                block=block,
                content_type=WARC_FIELDS,
                date=self._now,
                digest=Sha256.of(block),
                payload=None,
                extra=(("WARC-Filename", self.path.name),),
            )
        )

    def write(self, draft: Draft) -> Capture:
        """Write a record, with an id made of all that it says."""
        file, offset = self._require_open(), self.size
        header = header_of(draft, self.warcinfo_id)
        identity = new_id(header, lambda each: key_of(each) in self._dates)
        self._hold_to_companions(draft)
        stored = is_packed(draft.content_type or "") or self._must_store(len(draft.block))
        with storing(self.path):
            member = MemberWriter(file, self._saw, stored=stored)
            lay_out(member, with_id(header, identity), draft.block)
            member.close()
        self.size += member.length
        self._dates[key_of(identity)] = draft.date.isoformat().encode("ascii")
        self._trail.add(identity, offset, member.length, member.head, draft.digest)
        return Capture(
            file=self.path.name,
            offset=offset,
            length=member.length,
            record_id=identity,
            type=draft.type,
            target_uri=draft.uri,
            date=draft.date,
            content_type=draft.content_type,
            block_sha256=draft.digest,
            payload_sha256=draft.payload,
            block_size=len(draft.block),
        )

    def _hold_to_companions(self, draft: Draft) -> None:
        """Refuse another date than that of the records of the same capture (clause 5.4)."""
        for name, value in draft.extra:
            if name.lower() == "warc-concurrent-to":
                date = self._dates.get(key_of(value[1:-1]))
                if date is not None and date != draft.date.isoformat().encode("ascii"):
                    shown = date.decode("ascii")
                    raise InvalidRecordError(
                        "WARC-Date", f"{value} of the same capture has {shown}"
                    )

    def _saw(self, data: bytes | memoryview) -> None:
        self._stream.update(data)
        self._inflated += len(data)

    def _must_store(self, size: int) -> bool:
        return self._inflated + size > STORED_AFTER + INFLATED_RATIO // 2 * self.size

    def _require_open(self) -> BinaryIO:
        if self._file is None:
            raise ArchiveError(str(self.path), "is not open for writing")
        return self._file

    def _discard(self) -> None:
        file, self._file = self._file, None
        if file is None:
            return
        with suppress(
            OSError
        ):  # what was said before matters; a leftover is found at the next start
            file.close()
            open_path(self.path).unlink()
