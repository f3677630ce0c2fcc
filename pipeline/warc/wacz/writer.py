"""Write a package from sealed WARC files: indexed, listed, durable, checked before it has a name.

The bytes depend on nothing but the files, the pages and the clock passed in.
"""

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from pipeline.errors import ArchiveError, NotVerifiableError
from pipeline.model import Severity, Sha256
from pipeline.warc.cdxj import Entry
from pipeline.warc.durable import open_path, refuse_existing, settle, storing
from pipeline.warc.errors import InvalidRecordError
from pipeline.warc.indexing import index
from pipeline.warc.limits import CHUNK
from pipeline.warc.record import Record
from pipeline.warc.sorting import Sorter
from pipeline.warc.wacz.check import Checked, check_wacz
from pipeline.warc.wacz.datapackage import (
    About,
    Resource,
    Sign,
    render_datapackage,
    render_digest,
)
from pipeline.warc.wacz.frame import frame
from pipeline.warc.wacz.layout import (
    ARCHIVE,
    DATAPACKAGE,
    DIGEST,
    INDEX,
    INDEXES,
    PAGE_LIST,
    SHORT_INDEX,
    SUFFIX,
)
from pipeline.warc.wacz.pages import Page, page_lines
from pipeline.warc.zipnum import compress

_GZIPPED: Final = ".warc.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A file to put into a package, under its path there, with what is known of its bytes."""

    source: Path
    path: str
    size: int
    sha256: Sha256


def write_wacz(
    path: Path,
    about: About,
    files: Sequence[Packed],
    pages: Iterable[Page],
    *,
    sign: Sign | None = None,
) -> Checked:
    """Write a package of these files, those under `archive/` being WARC files; give its check.

    Raises InvalidRecordError where it could not be read as a WACZ, ArchiveError where a file is not
    what is known of it or the name is taken, StorageErrors.
    """
    _refuse(path, files)
    refuse_existing(path)
    try:
        with storing(path), open_path(path).open("x+b") as file:
            with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
                _Making(archive, about).fill(files, pages, sign)
            file.flush()
            os.fsync(file.fileno())
        checked = _checked(path)
        settle(path)
    except BaseException:
        with suppress(OSError):
            open_path(path).unlink(missing_ok=True)
        raise
    return checked


def _refuse(path: Path, files: Sequence[Packed]) -> None:
    if path.suffix != SUFFIX:
        raise InvalidRecordError("file name", f"{path.name} does not end with {SUFFIX}")
    warcs = [each for each in files if each.path.startswith(ARCHIVE)]
    if not warcs:
        raise InvalidRecordError("archive", "there is no WARC file to pack")
    wrong = [each.path for each in warcs if not each.path.endswith(_GZIPPED)]
    if wrong:
        raise InvalidRecordError("archive", f"{wrong[0]} is no {_GZIPPED} file")


def _opened(source: Path) -> BinaryIO:
    try:
        return source.open("rb")
    except OSError as error:
        raise ArchiveError(str(source), f"{error.strerror or error}; run verify") from error


def _checked(path: Path) -> Checked:
    """Read the package from the disk, as everybody will. Raises ArchiveError."""
    checked = check_wacz(open_path(path))
    worst = next((each for each in checked.findings if each.severity is Severity.ERROR), None)
    if worst is not None:
        raise ArchiveError(str(path), f"not sealed: {worst.place}: {worst.message}")
    return checked


class _Making:
    """The package while it is written: what is in it so far."""

    def __init__(self, archive: zipfile.ZipFile, about: About) -> None:
        self._archive, self._about = archive, about
        self._resources: list[Resource] = []
        self._lines = Sorter()
        self._short = b""

    def fill(self, files: Sequence[Packed], pages: Iterable[Page], sign: Sign | None) -> None:
        """Write everything, what describes it last."""
        for each in files:
            if each.path.startswith(ARCHIVE):
                self._index(each)
            self._copy(each)
        self._stream(INDEX, self._members())
        self._put(SHORT_INDEX, self._short)
        self._stream(PAGE_LIST, page_lines(pages))
        datapackage = render_datapackage(self._about, self._resources)
        self._put(DATAPACKAGE, datapackage)
        self._put(DIGEST, render_digest(datapackage, self._about.created, sign))

    def _index(self, warc: Packed) -> None:
        name = warc.path.removeprefix(ARCHIVE)

        def put(entry: Entry, _: Record) -> None:
            self._lines.add(entry.line())

        try:
            checked = index(warc.source, name, put)
        except NotVerifiableError as error:
            raise ArchiveError(str(warc.source), f"{error}; run verify") from error
        worst = next((each for each in checked.damages if each.severity is Severity.ERROR), None)
        if worst is not None:
            why = f"byte {worst.offset}: {worst.message}; run verify"
            raise ArchiveError(str(warc.source), why)

    def _members(self) -> Iterator[bytes]:
        """Give the members of the index, and keep its short form."""
        for data, line in compress(self._lines.lines(), INDEX.removeprefix(INDEXES)):
            self._short += line
            yield data

    def _copy(self, each: Packed) -> None:
        """Copy a file; it is refused if it is not, on the way, what is known of it."""
        with _opened(each.source) as file:
            found = self._stream(each.path, iter(partial(file.read, CHUNK), b""), each.size)
        if (found.size, found.sha256) != (each.size, each.sha256):
            raise ArchiveError(str(each.source), "is not what its manifest says; run verify")

    def _put(self, name: str, data: bytes) -> None:
        self._stream(name, [data], len(data))

    def _stream(self, name: str, pieces: Iterable[bytes], size: int = 0) -> Resource:
        """Write a member; `size` is what it will have, as far as that is known."""
        written, digest = 0, hashlib.sha256()
        info = frame(name, self._about.created, size)
        with self._archive.open(info, "w") as out:
            for piece in pieces:
                out.write(piece)
                digest.update(piece)
                written += len(piece)
        resource = Resource(path=name, size=written, sha256=Sha256(digest.digest()))
        self._resources.append(resource)
        return resource
