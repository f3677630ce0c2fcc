"""Give back what went in: the source tree byte for byte, or the documents as JSON lines."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.errors import ArchiveError, NotWritableError
from pipeline.jobs.ask import asked, documents
from pipeline.jobs.place import Place
from pipeline.jobs.then import stood_at
from pipeline.model import FileMode, Sha256
from pipeline.store.answers import Site, StoredFile
from pipeline.store.auditing import real_path
from pipeline.store.detail import detail
from pipeline.store.reading import files
from pipeline.store.session import Connection
from pipeline.warc.durable import storing
from pipeline.warc.reader import read_record

FORBIDDEN = frozenset({"", ".", "..", ".git"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What came of an export: how many files, and those that could not be given back, with why."""

    folder: str
    files: int
    size: int
    missing: tuple[tuple[str, str], ...]


def export_jekyll(place: Place, folder: Path, when: str | None = None) -> Exported:
    """Write a source tree into a new or empty folder: the newest snapshot, or what stood `when`.

    Each file's digest is checked before it is written. Raises NotWritableError, DiskFullError,
    ArchiveError where a record is damaged.
    """
    archive = place.archive
    count, size = 0, 0
    missing: list[tuple[str, str]] = []
    with asked(place) as (connection, site):
        found = _files(connection, site, archive, when)
        _prepare(folder)
        for file in found:
            path = real_path(file.path, file.path_raw)
            if not _is_safe(path):
                missing.append((file.path, "its name must not reach a disk"))
            elif file.warc_path is None:
                missing.append((file.path, "a submodule" if _is_module(file) else file.state))
            else:
                data = _bytes(archive, file)
                if file.mode == FileMode.SYMLINK and (not data or b"\0" in data):
                    missing.append((file.path, "no disk can hold a link to its target"))
                    continue
                _write(folder, path, FileMode(file.mode), data)
                count, size = count + 1, size + len(data)
    return Exported(folder=str(folder), files=count, size=size, missing=tuple(missing))


def _files(
    connection: Connection, site: Site, archive: Path, when: str | None
) -> Iterable[StoredFile]:
    if when is None:
        return files(connection, site)
    return stood_at(connection, site, archive, when).files.values()


def export_jsonl(place: Place) -> Iterator[dict[str, Any]]:
    """Give every document with all that the catalogue knows about it, one after the other."""
    with asked(place) as (connection, site):
        for entry in documents(connection, site):
            found = detail(connection, site, entry)
            yield {
                "site": site.key,
                "revision": site.revision or None,
                "entry": entry,
                "layout": found.layout,
                "excerpt": found.excerpt,
                "front_matter": found.front_matter,
                "parts": found.parts,
                "people": found.mentions,
                "tags": found.tags,
                "dates": found.dates,
                "links": found.links,
                "redirects": found.redirects,
                "pages": found.pages,
                "findings": found.findings,
                "evidence": found.evidence,
            }


def _prepare(folder: Path) -> None:
    with storing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise NotWritableError(str(folder), "it is not empty; export into a new folder")


def _is_safe(path: str) -> bool:
    parts = path.split("/")
    return not path.startswith("/") and not FORBIDDEN & {part.lower() for part in parts}


def _is_module(file: StoredFile) -> bool:
    return file.mode == FileMode.SUBMODULE


def _bytes(folder: Path, file: StoredFile) -> bytes:
    record = read_record(
        folder / str(file.warc_path), file.record_offset or 0, file.record_length or 0
    )
    if Sha256.of(record.block) != file.sha256:
        raise ArchiveError(file.path, "the record holds other bytes than the catalogue says")
    return record.block


def _write(folder: Path, path: str, mode: FileMode, data: bytes) -> None:
    target = folder / PurePosixPath(path)
    with storing(target):
        if not target.parent.resolve().is_relative_to(folder.resolve()):
            raise ArchiveError(path, "leads out of the folder through a symbolic link")
        target.parent.mkdir(parents=True, exist_ok=True)
        if mode is FileMode.SYMLINK:
            target.symlink_to(os.fsdecode(data))
            return
        with target.open("xb") as file:
            file.write(data)
        if mode is FileMode.EXECUTABLE:
            target.chmod(0o755)
