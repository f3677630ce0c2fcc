"""Open what a person names: an archive folder, a package, a WARC file, also a cut one."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Final

from pipeline.errors import ArchiveError, NotVerifiableError
from pipeline.replay.holding import Holding, Shelf
from pipeline.replay.index import Index
from pipeline.replay.indexing import Progress, indexed
from pipeline.replay.survey import Survey
from pipeline.replay.volume import Volume
from pipeline.warc.manifest import ManifestFile
from pipeline.warc.manifests import read_manifest, sequences
from pipeline.warc.wacz.layout import SUFFIX
from pipeline.warc.wacz.stretches import inflate, stretches

ZIP: Final = b"PK\x03\x04"


class Kind(Enum):
    """What a person named."""

    FOLDER = "archive folder"
    PACKAGE = "package (WACZ)"
    WARC = "WARC file"
    RENDERING = "rendering made today"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What lies at a place, before it is read. `cut` says why it is no whole package."""

    path: Path
    kind: Kind
    title: str
    volumes: tuple[Volume, ...]
    main_page: str = ""
    pages: bytes = b""
    cut: str = ""


def name(path: Path, scratch: Path) -> Named:
    """Say what lies at a path; `scratch` is for what cannot be read where it lies.

    Raises NotVerifiableError where there is nothing that could be replayed, ArchiveError.
    """
    return _folder(path, scratch) if path.is_dir() else _file(path, scratch)


def _file(path: Path, scratch: Path) -> Named:
    try:
        with path.open("rb") as file:
            begin = file.read(len(ZIP))
    except OSError as error:
        raise NotVerifiableError(str(path), error.strerror or str(error)) from error
    if path.name.endswith(SUFFIX) or begin == ZIP:
        return _package(path, scratch)
    volumes = (Volume(name=path.name, where=path),)
    return Named(path=path, kind=Kind.WARC, title=path.name, volumes=volumes)


@contextmanager
def opened(
    named: Named, folder: Path, progress: Progress, *, damaged_too: bool = False
) -> Iterator[Holding]:
    """Open the captures of what was named, with their indexes in `folder`.

    Raises NotVerifiableError where no record can be read, NotWritableError.
    """
    with ExitStack() as stack:
        shelves, survey = [], Survey()
        for volume in named.volumes:
            lines, each = indexed(volume, folder, progress)
            index = Index(lines)
            stack.callback(index.close)
            shelves.append(Shelf(volume=volume, index=index))
            survey += each
        if not survey.captures:
            why = next(iter(survey.damages), "it holds no capture that could be shown")
            raise NotVerifiableError(str(named.path), why)
        yield stack.enter_context(Holding(shelves, survey, damaged_too=damaged_too))


def _folder(path: Path, scratch: Path) -> Named:
    newest = max(sequences(path), default=None)
    if newest is None:
        raise NotVerifiableError(str(path), "it holds no manifests, so it is no archive folder")
    manifest = read_manifest(path, newest).manifest
    volumes: list[Volume] = []
    for number, file in enumerate(manifest.files):
        if file.is_foreign:
            volumes += _foreign(path, file, scratch / str(number))
        elif file.records is not None:
            volumes.append(Volume(name=file.path, where=path / file.path, sha256=file.sha256))
    if not volumes:
        raise ArchiveError(str(path), "its manifest names no WARC file")
    return Named(path=path, kind=Kind.FOLDER, title=manifest.site, volumes=tuple(volumes))


def _foreign(folder: Path, file: ManifestFile, scratch: Path) -> Iterator[Volume]:
    """Give the WARC files of a file of another tool; all are worth what the manifest says of it."""
    scratch.mkdir()
    named = _file(folder / file.path, scratch)
    for each in named.volumes:
        label = f"{file.path}/{each.name}" if named.kind is Kind.PACKAGE else file.path
        yield replace(each, name=label, sha256=file.sha256, sealed=named.path)


def _package(path: Path, scratch: Path) -> Named:
    try:
        found = stretches(path)
    except NotVerifiableError as error:
        return _salvaged(path, str(error))
    volumes: list[Volume] = []
    for each in found.warcs:
        where: Path | None = None
        if each.deflated:
            where = scratch / f"{len(volumes)}.warc"
            inflate(path, each.name, where)
        volumes.append(Volume(name=each.name, where=where or each.where, sha256=each.sha256))
    if not volumes:
        raise NotVerifiableError(str(path), "there is no WARC file in it")
    return Named(
        path=path,
        kind=Kind.PACKAGE,
        title=found.title or path.name,
        volumes=_apart(volumes),
        main_page=found.main_page,
        pages=found.pages,
    )


def _salvaged(path: Path, why: str) -> Named:
    """Take a cut package for a file with records somewhere in it: what is stored can be found."""
    volumes = (Volume(name=path.name, where=path),)
    return Named(path=path, kind=Kind.PACKAGE, title=path.name, volumes=volumes, cut=why)


def _apart(volumes: Sequence[Volume]) -> tuple[Volume, ...]:
    return tuple({volume.name: volume for volume in volumes}.values())
