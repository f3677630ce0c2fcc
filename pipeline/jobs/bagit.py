"""Pack an archive folder as a bag (RFC 8493, BagIt 1.0), for those who take nothing else."""

import hashlib
import os
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from pipeline.errors import ArchiveError, UsageError
from pipeline.jobs.found_at import CATALOGUE
from pipeline.jobs.keeping import Kept, kept_files, read_chain
from pipeline.jobs.newfolder import new_folder, write_new
from pipeline.jobs.place import Place
from pipeline.jobs.premis import collection, object_of
from pipeline.jobs.sealing import SOFTWARE
from pipeline.model import Sha256
from pipeline.report.premis import EventType, PremisEvent, premis_xml
from pipeline.store import events
from pipeline.store.answers import NamedSite
from pipeline.store.engine import sqlite_file
from pipeline.store.holdings import newest_manifest
from pipeline.store.reading import named_site
from pipeline.store.session import reading
from pipeline.warc.check import digest_file
from pipeline.warc.durable import storing
from pipeline.warc.reader import opened

DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
INFO, PREMIS, DATA = "bag-info.txt", "metadata/premis.xml", "data"
ALGORITHMS: Final = ("sha256", "sha512")
CHUNK: Final = 1 << 20
#: RFC 8493, 2.1.3: what stands for itself in a path is all but these.
_ENCODED: Final = {"%": "%25", "\r": "%0D", "\n": "%0A"}

Digests = tuple[str, ...]
"""Hex digests, in the order of ALGORITHMS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """A bag as written. `catalogue` is whether the database is in it; the ledgers always are."""

    folder: str
    files: int
    size: int
    catalogue: bool
    newest_manifest: Sha256


def export_bagit(place: Place, folder: Path, now: datetime, organization: str | None = None) -> Bag:
    """Write all that an archive keeps into a new or empty folder, each digest checked on the way.

    A catalogue in SQLite is in the bag, as of now; one elsewhere can be made again from the
    ledgers. Raises ArchiveError where a file is not what its manifest says, StorageErrors.
    """
    if organization is not None and not _is_line(organization):
        raise UsageError("the name of an organization is one line of text")
    archive = place.archive
    with new_folder(folder) as draft:
        bag = _Packing(archive=archive, draft=draft)
        # The open transaction keeps the catalogue as it is while it is copied, and it alone: a run
        # that wants to commit has to wait for it.
        with reading(place.database) as connection:
            site = named_site(connection, place.site)
            log = tuple(events.log(connection, site.id))
            newest = newest_manifest(connection, site.id)
            database = bag.catalogue(place)
        chain = tuple(
            each for each in read_chain(archive) if newest and each.manifest.sequence <= newest[0]
        )
        if newest is None or (chain[-1].manifest.sequence, chain[-1].sha256) != newest:
            raise ArchiveError(str(archive), "its catalogue knows other manifests; run verify")
        for file in kept_files(archive, chain):
            bag.take(archive / file.path, file)
        told = collection(archive, bag.kept, site, log, [_packed(site, bag.kept, now)])
        tags = {
            "bagit.txt": DECLARATION,
            INFO: _info(site, now, f"{bag.size}.{len(bag.kept)}", newest[1], organization),
            PREMIS: premis_xml(told).encode(),
            **_manifests("manifest", bag.digests),
        }
        tags |= _manifests("tagmanifest", {name: _digests(data) for name, data in tags.items()})
        for name, data in tags.items():
            write_new(draft / name, data)
    return Bag(
        folder=str(folder),
        files=len(bag.kept),
        size=bag.size,
        catalogue=database,
        newest_manifest=newest[1],
    )


@dataclass(slots=True, kw_only=True)
class _Packing:
    """The payload in the making."""

    archive: Path
    draft: Path
    kept: list[Kept] = field(default_factory=list)
    digests: dict[str, Digests] = field(default_factory=dict)
    size: int = 0

    def take(self, source: Path, file: Kept) -> None:
        """Copy a file of the archive."""
        target = self.draft / DATA / file.path
        self.digests[f"{DATA}/{file.path}"] = _copy(source, target, file)
        self.kept.append(file)
        self.size += file.size

    def catalogue(self, place: Place) -> bool:
        """Copy the catalogue, if it is a file; tell whether it is."""
        database = sqlite_file(place.database)
        if database is None:
            return False
        size, digest = digest_file(database)
        self.take(database, Kept(path=CATALOGUE, size=size, sha256=digest))
        return True


def _packed(site: NamedSite, kept: Sequence[Kept], now: datetime) -> PremisEvent:
    return PremisEvent(
        identifier=f"{site.key}/bag",
        type=EventType.PACKING,
        at=now,
        detail="packed as a bag (RFC 8493)",
        outcome="done",
        note="",
        agent=SOFTWARE,
        objects=tuple(object_of(site.key, file.path) for file in kept),
    )


def encoded(path: str) -> str:
    """Write a path as manifests of bags do. Raises ArchiveError where it is not UTF-8."""
    try:
        path.encode()
    except UnicodeEncodeError as error:
        raise ArchiveError(repr(path), "a bag can hold only names that are UTF-8") from error
    return "".join(_ENCODED.get(char, char) for char in path)


def _copy(source: Path, target: Path, file: Kept) -> Digests:
    """Copy a file to the disk, hold it to its digest, read it again there."""
    hashes = [hashlib.new(name) for name in ALGORITHMS]
    encoded(file.path)
    with ExitStack() as files:
        reading = files.enter_context(opened(source))
        with storing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            writing = files.enter_context(target.open("xb"))
        _stream(reading, writing, hashes, target)
    found = tuple(each.hexdigest() for each in hashes)
    if found[0] != file.sha256.hex:
        raise ArchiveError(str(source), "is not what its manifest says; run verify")
    if digest_file(target)[1] != file.sha256:
        raise ArchiveError(str(target), "not packed: the disk gives back other bytes")
    return found


def _stream(
    reading: BinaryIO, writing: BinaryIO, hashes: Iterable["hashlib._Hash"], target: Path
) -> None:
    while chunk := reading.read(CHUNK):
        for each in hashes:
            each.update(chunk)
        with storing(target):
            writing.write(chunk)
    with storing(target):
        writing.flush()
        os.fsync(writing.fileno())


def _digests(data: bytes) -> Digests:
    return tuple(hashlib.new(name, data).hexdigest() for name in ALGORITHMS)


def _manifests(kind: str, digests: dict[str, Digests]) -> dict[str, bytes]:
    return {
        f"{kind}-{algorithm}.txt": "".join(
            f"{each[number]}  {encoded(path)}\n" for path, each in sorted(digests.items())
        ).encode()
        for number, algorithm in enumerate(ALGORITHMS)
    }


def _is_line(text: str) -> bool:
    return bool(text.strip()) and text.isprintable()


def _info(
    site: NamedSite, now: datetime, oxum: str, newest: Sha256, organization: str | None
) -> bytes:
    title = " ".join("".join(c if c.isprintable() else " " for c in site.title or "").split())
    lines = [
        *([f"Source-Organization: {organization.strip()}"] if organization else []),
        f"External-Description: The archive of the Jekyll site {title or site.key}",
        f"External-Identifier: {newest}",
        f"Internal-Sender-Identifier: {site.key}",
        f"Bagging-Date: {now.astimezone(UTC):%Y-%m-%d}",
        f"Payload-Oxum: {oxum}",
        f"Bag-Software-Agent: {SOFTWARE}",
    ]
    return "".join(f"{line}\n" for line in lines).encode()
