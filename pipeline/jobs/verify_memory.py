"""What a verification has read so far, kept in a file that a person names, to go on from there.

Never in what is verified. A file that was read is not read again if it is still that file (device,
number, size, times of its change) and the catalogue says the same of its records.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TextIO

from pipeline import __version__
from pipeline.errors import BusyError, UsageError
from pipeline.history.gitobject import ObjectFormat
from pipeline.jobs.comparing import Seen
from pipeline.model import Finding, Place, Severity, Sha256
from pipeline.warc.durable import storing
from pipeline.warc.record import Proved

HEAD: Final = {"jekyll-archive": "verification in progress", "version": __version__}
LINE_MOST: Final = 1 << 26
Status = tuple[int, ...]
NOTHING: Final = Seen(compared=0, missing=(), revisits=(), git=(), findings=())


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRead:
    """What came of reading a WARC file, and of comparing its records with their rows."""

    size: int
    sha256: Sha256
    records: int
    order_sha256: Sha256
    stream_sha256: Sha256
    proved: Proved
    findings: tuple[Finding, ...]
    seen: Seen = field(default=NOTHING)


class Memory:
    """The file of a verification that can be interrupted; it is removed when it has ended.

    One line a WARC file, synced before the next is begun. A line that was cut is as if it were not.
    """

    def __init__(self, path: Path) -> None:
        """Open nothing yet."""
        self._path = path
        self._stack = ExitStack()
        self._file: TextIO | None = None
        self._known: dict[str, Mapping[str, Any]] = {}
        self.recalled = 0

    def __enter__(self) -> Self:
        """Open the file, or make it. Raises UsageError where it is something else; BusyError."""
        with storing(self._path):
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            self._file = self._stack.enter_context(os.fdopen(handle, "r+", encoding="utf-8"))
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._load(self._file)
        except BlockingIOError as error:
            self._stack.close()
            raise BusyError(str(self._path)) from error
        except (ValueError, KeyError, TypeError, RecursionError, UsageError) as error:
            self._stack.close()
            why = "it is no state of a verification by this version; name another file"
            raise UsageError(f"{self._path}: {why}") from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the file if the verification came to its end."""
        with storing(self._path):
            if error is None:
                self._path.unlink(missing_ok=True)
            self._stack.close()

    def recall(self, file: Path, rows: str) -> FileRead | None:
        """Give what came of reading a file, if it is still that file and its rows are the same."""
        known = self._known.get(str(file.absolute()))
        if known is None or known["rows"] != rows or known["status"] != self.status(file):
            return None
        self.recalled += 1
        return _file_read(known["read"])

    def status(self, file: Path) -> Status:
        """Give what changes when a file does; empty where it cannot be asked."""
        try:
            told = file.stat()
        except OSError:
            return ()
        return (told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns)

    def keep(self, file: Path, rows: str, read: FileRead, before: Status) -> None:
        """Keep what came of reading a file, unless it changed meanwhile."""
        if self._file is None or not before or self.status(file) != before:
            return
        line = {"file": str(file.absolute()), "status": before, "rows": rows, "read": _plain(read)}
        with storing(self._path):
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def _load(self, file: TextIO) -> None:
        first = file.readline(LINE_MOST)
        if not first:
            file.write(json.dumps(HEAD) + "\n")
            file.flush()
            return
        if json.loads(first) != HEAD:
            raise UsageError(str(self._path))
        end = file.tell()
        while (line := file.readline(LINE_MOST)).endswith("\n"):
            entry = json.loads(line)
            _file_read(entry["read"])  # what cannot be read shows now
            entry["status"] = tuple(map(int, entry["status"]))
            self._known[f"{entry['file']}"] = entry | {"rows": f"{entry['rows']}"}
            end = file.tell()
        file.seek(end)
        file.truncate()


def _plain(read: FileRead) -> dict[str, Any]:
    return {
        "size": read.size,
        "sha256": read.sha256.hex,
        "records": read.records,
        "order": read.order_sha256.hex,
        "stream": read.stream_sha256.hex,
        "proved": [
            read.proved.payloads,
            read.proved.unvouched,
            read.proved.revisits,
            read.proved.dangling,
        ],
        "findings": list(map(_finding_as_json, read.findings)),
        "seen": {
            "compared": read.seen.compared,
            "missing": read.seen.missing,
            "revisits": read.seen.revisits,
            "git": read.seen.git,
            "findings": list(map(_finding_as_json, read.seen.findings)),
        },
    }


def _file_read(value: Mapping[str, Any]) -> FileRead:
    payloads, unvouched, revisits, dangling = map(int, value["proved"])
    seen = value["seen"]
    return FileRead(
        size=int(value["size"]),
        sha256=Sha256.parse(value["sha256"]),
        records=int(value["records"]),
        order_sha256=Sha256.parse(value["order"]),
        stream_sha256=Sha256.parse(value["stream"]),
        proved=Proved(payloads=payloads, unvouched=unvouched, revisits=revisits, dangling=dangling),
        findings=tuple(_findings(value["findings"])),
        seen=Seen(
            compared=int(seen["compared"]),
            missing=tuple(map(int, seen["missing"])),
            revisits=tuple(map(int, seen["revisits"])),
            git=tuple((int(row), ObjectFormat[form].name, name) for row, form, name in seen["git"]),
            findings=tuple(_findings(seen["findings"])),
        ),
    )


def _finding_as_json(finding: Finding) -> list[Any]:
    place = finding.place
    return [finding.code, finding.severity.value, finding.message, place.path, place.offset]


def _findings(values: list[Any]) -> Iterator[Finding]:
    for code, severity, message, path, offset in values:
        yield Finding(
            code=code,
            severity=Severity(severity),
            message=message,
            place=Place(path=path, offset=offset),
        )
