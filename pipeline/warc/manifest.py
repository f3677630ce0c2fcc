r"""The manifest: every sealed file with its digest, and the digest of the manifest before.

A text file that `sha256sum -c` reads from the archive's folder. Its lines `<hex>  <path>` are those
of coreutils, with `\` in front where the path has a backslash, LF or CR; all else is in comments,
which `sha256sum` skips. The last line is the digest of all lines above it, so that a flipped bit
is found in the manifest alone; that nobody rewrote it shows in the next one, and in the catalogue.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from pipeline.errors import ArchiveError
from pipeline.model import Sha256
from pipeline.warc.dates import parse_warc_date, to_warc_date
from pipeline.warc.errors import InvalidRecordError
from pipeline.warc.fields import checked_field

TITLE: Final = "# jekyll-archive manifest 1"
_LAST: Final = "# sha256 of the lines above: "
FOREIGN: Final = "foreign"
"""The folder of files of other tools, kept as they are."""

_LINE: Final = re.compile(r"(\\?)([0-9a-f]{64})  (.+)", re.DOTALL)
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_UNSAFE: Final = re.compile(r"[\\\n\r]")
_ESCAPES: Final = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}
_ESCAPED: Final = re.compile(r"\\(.?)", re.DOTALL)
_UNESCAPES: Final = {"\\": "\\", "n": "\n", "r": "\r"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestFile:
    """One sealed file. `path` is relative to the archive's folder; the rest as in `SealedFile`."""

    path: str
    size: int
    sha256: Sha256
    records: int | None = None
    order_sha256: Sha256 | None = None
    stream_sha256: Sha256 | None = None

    @property
    def is_foreign(self) -> bool:
        """Whether another tool wrote it, and it is kept as it is."""
        return self.path.startswith(f"{FOREIGN}/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All files sealed so far, in the order of their sealing. `previous` is None for the first."""

    sequence: int
    site: str
    created: datetime
    software: str
    previous: Sha256 | None
    files: tuple[ManifestFile, ...]


def render(manifest: Manifest) -> bytes:
    """Write a manifest. Raises InvalidRecordError for what could not be read back."""
    lines = [TITLE, *(f"# {name}: {value}" for name, value in _head(manifest))]
    seen: set[str] = set()
    for file in manifest.files:
        if not is_safe_path(file.path) or file.path in seen:
            raise InvalidRecordError("path", f"not one file under the archive: {file.path!r}")
        seen.add(file.path)
        lines += (f"# {name}: {value}" for name, value in _facts(file))
        lines.append(_sum_line(file))
    body = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
    return body + f"{_LAST}{hashlib.sha256(body).hexdigest()}\n".encode()


def parse(data: bytes, path: str) -> Manifest:
    """Read a manifest. Raises ArchiveError with `path` and the line where it is not one.

    Only what `render` writes is read: a manifest that says the same in other bytes is refused.
    """
    lines = _Lines(data, path)
    lines.expect(TITLE)
    sequence = lines.number("sequence")
    site, created, software = lines.text("site"), lines.date("created"), lines.text("software")
    previous = lines.digest("previous")
    count = lines.number("files")
    if count > len(data):
        raise lines.wrong("more files than there is room for")
    files = tuple(lines.file() for _ in range(count))
    lines.end()
    manifest = Manifest(
        sequence=sequence,
        site=site,
        created=created,
        software=software,
        previous=previous,
        files=files,
    )
    try:
        canonical = render(manifest) == data
    except InvalidRecordError as error:
        raise ArchiveError(path, f"the manifest names what it must not: {error}") from error
    if not canonical:
        raise ArchiveError(path, "the manifest is not written as this software writes it")
    return manifest


def is_safe_path(path: str) -> bool:
    """Tell whether this names a file under a folder, for us and for `sha256sum` (`-` is stdin)."""
    parts = path.split("/")
    plain = "\0" not in path and not {"", ".", ".."} & set(parts)
    return plain and path != "-" and str(PurePosixPath(path)) == path


def _head(manifest: Manifest) -> Iterator[tuple[str, str]]:
    yield "sequence", str(manifest.sequence)
    yield checked_field("site", manifest.site)
    yield "created", to_warc_date(manifest.created)
    yield checked_field("software", manifest.software)
    yield "previous", _or_none(manifest.previous)
    yield "files", str(len(manifest.files))


def _facts(file: ManifestFile) -> Iterator[tuple[str, str]]:
    yield "size", str(file.size)
    yield "records", "none" if file.records is None else str(file.records)
    yield "order", _or_none(file.order_sha256)
    yield "stream", _or_none(file.stream_sha256)


def _or_none(digest: Sha256 | None) -> str:
    return "none" if digest is None else str(digest)


def _sum_line(file: ManifestFile) -> str:
    name = _UNSAFE.sub(lambda found: _ESCAPES[found[0]], file.path)
    mark = "" if name == file.path else "\\"
    return f"{mark}{file.sha256.hex}  {name}"


class _Lines:
    """The lines of a manifest, taken one by one, each as what it has to be."""

    def __init__(self, data: bytes, path: str) -> None:
        self._data, self._path = data, path
        self._lines = data.decode("utf-8", "surrogateescape").split("\n")
        self._at = 0

    def wrong(self, why: str) -> ArchiveError:
        return ArchiveError(f"{self._path}:{self._at}", f"not a manifest: {why}")

    def _next(self) -> str:
        self._at += 1
        if self._at > len(self._lines):
            raise self.wrong("it ends too early")
        return self._lines[self._at - 1]

    def expect(self, line: str) -> None:
        if self._next() != line:
            raise self.wrong(f"{line!r} should be here")

    def text(self, name: str) -> str:
        line, prefix = self._next(), f"# {name}: "
        if not line.startswith(prefix):
            raise self.wrong(f"`{prefix}…` should be here")
        return line.removeprefix(prefix)

    def number(self, name: str) -> int:
        text = self.text(name)
        if not _NUMBER.fullmatch(text):
            raise self.wrong(f"{name} is not a number")
        return int(text)

    def date(self, name: str) -> datetime:
        try:
            return parse_warc_date(self.text(name))
        except ValueError as error:
            raise self.wrong(f"{name} is not a date") from error

    def digest(self, name: str) -> Sha256 | None:
        text = self.text(name)
        if text == "none":
            return None
        try:
            return Sha256.parse(text)
        except ValueError as error:
            raise self.wrong(f"{name} is not a SHA-256") from error

    def file(self) -> ManifestFile:
        size = self.number("size")
        records = self.text("records")
        if records != "none" and not _NUMBER.fullmatch(records):
            raise self.wrong("records is not a number")
        order, stream = self.digest("order"), self.digest("stream")
        match = _LINE.fullmatch(self._next())
        if match is None:
            raise self.wrong("a digest and a path should be here")
        escaped, digest, name = match.groups()
        return ManifestFile(
            path=self._unescape(name) if escaped else name,
            size=size,
            sha256=Sha256.parse(digest),
            records=None if records == "none" else int(records),
            order_sha256=order,
            stream_sha256=stream,
        )

    def _unescape(self, name: str) -> str:
        def replace(found: re.Match[str]) -> str:
            if found[1] not in _UNESCAPES:
                raise self.wrong(f"unknown escape in the path {name!r}")
            return _UNESCAPES[found[1]]

        return _ESCAPED.sub(replace, name)

    def end(self) -> None:
        body, _, last = self._data.removesuffix(b"\n").rpartition(b"\n")
        digest = hashlib.sha256(body + b"\n").hexdigest()
        expected = f"{_LAST}{digest}"
        line = self._next()
        if line != expected or line.encode("utf-8", "surrogateescape") != last:
            raise self.wrong("its own digest differs: the manifest was changed or cut")
