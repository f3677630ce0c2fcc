"""Verify: re-read every byte of an archive against manifests, digests, git's ids and the catalogue.

Nothing is written, not even a lock. Each level says pass, fail or not checked.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.audit.codes import AuditCode
from pipeline.audit.report import Level, Looked, Report
from pipeline.errors import (
    DatabaseError,
    NewerDatabaseError,
    NotVerifiableError,
    OlderDatabaseError,
    UnfinishedDatabaseError,
    UsageError,
)
from pipeline.jobs.place import CATALOGUE, MANIFESTS, Place, find_place
from pipeline.jobs.verify_catalogue import look_at_catalogue, without_site
from pipeline.jobs.verify_files import look_at_files, look_at_manifests
from pipeline.jobs.verify_records import look_at_records
from pipeline.jobs.wacz import is_wacz, verify_wacz
from pipeline.jobs.witness import Proof
from pipeline.store.auditing import CaptureFacts, captures, site_ids
from pipeline.store.engine import sqlite_file
from pipeline.store.session import Connection, reading
from pipeline.store.types import UnreadableValueError
from pipeline.warc.check import check
from pipeline.warc.manifests import Filed

#: What keeps a database from being read without anything in it being wrong.
NOT_DAMAGED = (NewerDatabaseError, OlderDatabaseError, UnfinishedDatabaseError)


def verify(path: Path, database: str | None = None, site: str | None = None) -> Report:
    """Verify an archive folder, a catalogue, a single WARC file or a package of them (WACZ).

    Raises NotVerifiableError where there is nothing that could be verified.
    """
    try:
        path.stat()
    except FileNotFoundError as error:
        raise NotVerifiableError(str(path), "there is nothing of that name") from error
    except OSError as error:
        raise NotVerifiableError(str(path), error.strerror or str(error)) from error
    if path.is_file() and path.name != CATALOGUE:
        return verify_wacz(path) if is_wacz(path) else _verify_warc(path)
    folder = path.parent if path.is_file() else path
    if not (folder / MANIFESTS).is_dir() and not (folder / CATALOGUE).is_file():
        raise NotVerifiableError(str(folder), "it holds no manifests and no catalogue")
    return verify_archive(find_place(folder, database, site, must_exist=False))


def verify_archive(place: Place, proofs: Sequence[Proof] = ()) -> Report:
    """Verify an archive folder with its catalogue.

    `proofs` are of files that this process has sealed, and so read from the disk and checked.
    """
    folder = place.archive
    filed, manifests = look_at_manifests(folder)
    levels: dict[Level, Looked] = {Level.MANIFESTS: manifests}
    try:
        with reading(place.database) as connection:
            site_id = _site(connection, place, filed)
            if site_id is None:
                read = look_at_records(folder, filed, None)
                levels |= without_site(str(place.site))
            else:
                read = look_at_records(folder, filed, _captures(connection, site_id), proofs)
                levels |= look_at_catalogue(folder, filed, connection, site_id)
    except DatabaseError as error:
        read = look_at_records(folder, filed, None)
        levels |= dict.fromkeys((Level.EVENTS, Level.TREES), Looked(not_checked=str(error)))
        levels[Level.CATALOGUE] = _no_catalogue(place, error)
    levels |= read.levels
    levels[Level.FILES] = look_at_files(folder, filed, read.digests)
    return Report(
        place=str(folder), levels={level: levels[level] for level in Level if level in levels}
    )


def _no_catalogue(place: Place, error: DatabaseError) -> Looked:
    """A database file is part of the archive; a server that is away is only not checked."""
    away = isinstance(error, NOT_DAMAGED)
    if away or sqlite_file(place.database) is None:
        return Looked(not_checked=str(error))
    return Looked(checked=1, findings=(AuditCode.DATABASE_DAMAGED.at(CATALOGUE, str(error)),))


def _site(connection: Connection, place: Place, filed: Sequence[Filed]) -> int | None:
    """Find the site whose archive this is; None where the manifests name one that is gone."""
    known = site_ids(connection)
    if place.site is None and len(known) == 1:
        return next(iter(known.values()))
    if place.site in known:
        return known[place.site]
    if filed and filed[-1].manifest.site == place.site:
        return None
    raise UsageError(f"which site? choose one with --site: {', '.join(known) or 'there is none'}")


def _captures(connection: Connection, site_id: int) -> tuple[CaptureFacts, ...] | None:
    try:
        return tuple(captures(connection, site_id))
    except UnreadableValueError:  # the row is named when rows are held against the ledger
        return None


def _verify_warc(path: Path) -> Report:
    checked = check(path)
    findings = tuple(damage.finding(str(path)) for damage in checked.damages)
    looked: Mapping[Level, Looked] = {
        Level.RECORDS: Looked(checked=checked.records, findings=findings)
    }
    return Report(place=str(path), levels=looked)
