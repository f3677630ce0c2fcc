"""From what a person typed to an open source."""

import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import NotARepositoryError, UnknownRevisionError, UnreachableError
from pipeline.sources.bundle import read_header, unpack
from pipeline.sources.clone import clone
from pipeline.sources.codes import SourceCode
from pipeline.sources.folder import read_folder
from pipeline.sources.foreign import ForeignRepository, find_repository
from pipeline.sources.foreignrefs import read_refs
from pipeline.sources.git import Git
from pipeline.sources.limits import DEFAULT_LIMITS, Limits
from pipeline.sources.location import RemoteUrl, origin_url, parse_url, printable, site_name
from pipeline.sources.repository import Prepared, read_source
from pipeline.sources.scratch import Scratch
from pipeline.sources.source import Identity, Source, SourceKind


@contextmanager
def open_source(
    location: str, *, rev: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Iterator[Source]:
    """Open a folder, repository, bundle or https/ssh URL at a revision (default: its tip).

    Nothing of the source is executed, checked out or written to. Raises SourceError.
    """
    url = parse_url(location)
    with tempfile.TemporaryDirectory(prefix="jekyll-archive-") as temporary:
        directory = Path(temporary) / "repository.git"
        shown = url.clean if url is not None else printable(location)
        asked = _Asked(shown=shown, directory=directory, limits=limits)
        if url is not None:
            yield read_source(_prepare_clone(asked, url), rev)
        else:
            yield _open_path(asked, location, rev)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What was asked for, how errors call it, and where our repository may lie."""

    shown: str
    directory: Path
    limits: Limits

    def identity(self, kind: SourceKind, path: Path, origin: str | None = None) -> Identity:
        """Name a source after its path."""
        name = site_name(path.parent.name if path.name == ".git" else path.name)
        return Identity(kind=kind, location=self.shown, name=name, origin=origin)

    def scratch(self, *, sha256: bool) -> tuple[Scratch, Git]:
        """Lay out our repository."""
        scratch = Scratch.create(self.directory, sha256=sha256, threshold=self.limits.file_bytes)
        return scratch, Git(place=self.shown, directory=self.directory, limits=self.limits)


def _open_path(asked: _Asked, location: str, rev: str | None) -> Source:
    path, mode = _resolve(asked, location)
    if stat.S_ISREG(mode):
        return read_source(_prepare_bundle(asked, path), rev)
    if not stat.S_ISDIR(mode):
        raise NotARepositoryError(asked.shown, "neither a folder nor a file")
    found = find_repository(path, asked.shown)
    if found is not None:
        return read_source(_prepare_repository(asked, path, found), rev)
    if rev is not None:
        raise UnknownRevisionError(asked.shown, printable(rev))
    return read_folder(path, asked.identity(SourceKind.FOLDER, path), asked.limits)


def _resolve(asked: _Asked, location: str) -> tuple[Path, int]:
    if not location:
        raise NotARepositoryError("''", "an empty name")
    try:
        path = Path(location).resolve(strict=True)
        return path, path.stat().st_mode
    except OSError as error:
        raise NotARepositoryError(asked.shown, error.strerror or "not a path") from error
    except (ValueError, RuntimeError) as error:  # a NUL in the path, a loop of links
        raise NotARepositoryError(asked.shown, "not a path") from error


def _prepare_bundle(asked: _Asked, path: Path) -> Prepared:
    header = read_header(path, asked.shown, asked.limits)
    scratch, git = asked.scratch(sha256=header.sha256)
    unpack(path, header, git)
    scratch.set_refs(header.refs)
    findings = [
        SourceCode.REF_IGNORED.at(None, f"a line of the bundle is ignored: {_shown(line)}")
        for line in header.ignored
    ]
    if header.filtered:
        findings.append(SourceCode.PARTIAL.at(None, "the bundle was made with a filter"))
    return Prepared(
        git=git,
        identity=asked.identity(SourceKind.BUNDLE, path),
        refs=header.refs,
        findings=tuple(findings),
    )


def _prepare_clone(asked: _Asked, url: RemoteUrl) -> Prepared:
    """Clone, then read the clone like any other repository: its settings do not count either."""
    path = asked.directory.with_name("clone.git")
    clone(url, path, asked.limits)
    found = find_repository(path, asked.shown)
    if found is None:
        raise UnreachableError(asked.shown, "git cloned it into nothing")
    name = site_name(url.clean)
    origin = origin_url(url.clean)
    identity = Identity(kind=SourceKind.URL, location=asked.shown, name=name, origin=origin)
    return replace(_prepare_repository(asked, path, found), identity=identity)


def _prepare_repository(asked: _Asked, path: Path, found: ForeignRepository) -> Prepared:
    read = read_refs(found, asked.shown, asked.limits)
    scratch, git = asked.scratch(sha256=found.sha256)
    scratch.borrow(found.objects)
    scratch.set_refs(read.refs)
    scratch.set_shallow(read.shallow)
    findings = found.findings + read.findings
    if found.partial or read.shallow:
        what = "partial" if found.partial else "shallow"
        findings += (SourceCode.PARTIAL.at(None, f"the repository is a {what} clone"),)
    origin = origin_url(found.origin) if found.origin else None
    return Prepared(
        git=git,
        identity=asked.identity(SourceKind.REPOSITORY, path, origin),
        refs=read.refs,
        shallow=read.shallow,
        findings=findings,
    )


def _shown(line: bytes) -> str:
    return printable(line[:200].decode("utf-8", "replace"))
