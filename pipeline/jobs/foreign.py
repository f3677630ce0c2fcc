"""Read what other tools captured: its pages are tied to their sources, its file is kept whole."""

import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import SplitResult, unquote, urlsplit

from pipeline.audit.run_codes import RunCode
from pipeline.errors import ArchiveError, NotVerifiableError, RenderedError
from pipeline.jobs.durable import CHUNK, write_sealed
from pipeline.model import Finding, Sha256
from pipeline.replay.opening import name as look_at
from pipeline.warc.check import digest_file
from pipeline.warc.manifest import FOREIGN, ManifestFile
from pipeline.warc.payloads import Payload, PayloadCode, WarcSource, payloads
from pipeline.warc.record import RecordType

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_DIGITS = 16
_LONGEST_NAME = 80
_NO_PART = frozenset({None, 200})
_SAME = re.compile(r"(?:www\.)?(.*?)(?::(?:80|443))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignFile:
    """A WARC or WACZ file of another tool. `path` is where the archive keeps it."""

    source: Path
    path: str
    size: int
    sha256: Sha256


def foreign_file(source: Path) -> ForeignFile:
    """Digest a file, and name it after its bytes. Raises RenderedError."""
    try:
        size, sha256 = digest_file(source)
    except NotVerifiableError as error:
        raise RenderedError(str(source), str(error)) from error
    clean = _UNSAFE.sub("-", source.name)[-_LONGEST_NAME:].lstrip(".-") or "file"
    path = f"{FOREIGN}/{sha256.hex[:_DIGITS]}-{clean}"
    return ForeignFile(source=source, path=path, size=size, sha256=sha256)


def keep_foreign(folder: Path, file: ForeignFile) -> ManifestFile:
    """Copy the file as it is into an archive. Raises StorageErrors; ArchiveError if it changed."""
    with file.source.open("rb") as source:
        size, sha256 = write_sealed(folder / file.path, _chunks(source))
    if sha256 != file.sha256:
        raise ArchiveError(str(file.source), "was changed while it was read")
    return ManifestFile(path=file.path, size=size, sha256=sha256)


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    while chunk := source.read(CHUNK):
        yield chunk


@contextmanager
def captured(source: Path, findings: list[Finding]) -> Iterator[Iterator[Payload]]:
    """Open a WARC or WACZ file and give its payloads, one at a time. Raises RenderedError.

    What cannot be read of it is told in `findings`, with the place in the file.
    """
    with tempfile.TemporaryDirectory(prefix="jekyll-archive-") as scratch:
        try:
            named = look_at(source, Path(scratch))
        except NotVerifiableError as error:
            raise RenderedError(str(source), str(error)) from error
        if named.cut:
            message = f"the package is not whole: {named.cut}; what is left of it was searched"
            findings.append(PayloadCode.PACKAGE_CUT.at(source.name, message))
        files = [WarcSource(name=each.name, where=each.where) for each in named.volumes]
        yield _readable(source, files, findings)


def _readable(
    source: Path, files: Sequence[WarcSource], findings: list[Finding]
) -> Iterator[Payload]:
    try:
        yield from payloads(files, findings.append)
    except NotVerifiableError as error:
        raise RenderedError(str(source), str(error)) from error


class OwnSite:
    """Tells the captures of one site from others, and what is a page or file of it at all."""

    def __init__(self, address: str | None) -> None:
        """Start with the site's address; without one, the first page in the file says whose it is.

        What is passed over is counted, for `findings`.
        """
        self._parts = urlsplit(address) if address else None
        self._elsewhere: Counter[str] = Counter()
        self._other: Counter[str] = Counter()

    def path_of(self, payload: Payload) -> str | None:
        """Give the path of a capture within the site, None for what is not the site's."""
        parts = _split(payload.url)
        if parts is None or payload.kind is RecordType.CONVERSION:
            self._other[payload.kind.value] += 1
            return None
        if self._parts is None:
            self._parts = parts._replace(path="", query="", fragment="")
        base = self._parts.path.rstrip("/")
        if _host(parts) != _host(self._parts) or not f"{parts.path}/".startswith(f"{base}/"):
            self._elsewhere[parts.netloc[:_LONGEST_NAME]] += 1
            return None
        if payload.status not in _NO_PART:
            self._other[f"status {payload.status}"] += 1
            return None
        query = f"?{parts.query}" if parts.query else ""
        return f"{parts.path.removeprefix(base) or '/'}{query}"

    def findings(self, name: str) -> Iterator[Finding]:
        """Tell what was passed over; all of it is in the file that is kept."""
        for host, count in sorted(self._elsewhere.items()):
            message = f"{count} captures of {host}, which is not the address of this site"
            yield RunCode.RENDERED_ELSEWHERE.at(name, message)
        for what, count in sorted(self._other.items()):
            message = f"{count} captures are no pages or files of the site: {what}"
            yield RunCode.RENDERED_OTHER.at(name, message)


def destinations(path: str) -> tuple[str, ...]:
    """Give the files that a static host would answer with, the first that is there."""
    plain = unquote(path.partition("?")[0])
    if plain.endswith("/"):
        return (f"{plain}index.html",)
    return (plain, f"{plain}.html", f"{plain}/index.html")


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.scheme.lower() in {"http", "https"} and parts.netloc else None


def _host(parts: SplitResult) -> str:
    found = _SAME.fullmatch(parts.netloc.rpartition("@")[2].lower())
    return found[1] if found else parts.netloc
