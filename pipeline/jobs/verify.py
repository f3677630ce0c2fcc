"""Verify: re-read every byte of an archive against manifests, digests, git's ids and the catalogue.

Nothing is written, not even a lock. Each level says pass, fail, not verified or does not apply.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.audit.codes import AuditCode
from pipeline.audit.report import Level, Looked, Report, Scope, in_order
from pipeline.errors import (
    DatabaseError,
    NewerDatabaseError,
    NotVerifiableError,
    OlderDatabaseError,
    UnfinishedDatabaseError,
    UsageError,
)
from pipeline.jobs.found_at import CATALOGUE, SQLITE, begins_with, is_wacz
from pipeline.jobs.place import MANIFESTS, Place, find_place
from pipeline.jobs.verify_alone import (
    signed_or_not,
    verify_database,
    verify_wacz,
)
from pipeline.jobs.verify_catalogue import (
    look_at_catalogue,
    look_at_events,
    readable_look,
    with_pages,
    without_site,
)
from pipeline.jobs.verify_files import look_at_files, look_at_manifests
from pipeline.jobs.verify_memory import Memory
from pipeline.jobs.verify_part import Part, is_all, part_since
from pipeline.jobs.verify_records import Digest, look_at_records
from pipeline.jobs.verify_sample import look_at_sample
from pipeline.jobs.verify_signatures import look_at_signatures
from pipeline.jobs.verify_warc import verify_warc
from pipeline.jobs.witness import Proof
from pipeline.store.auditing import CaptureFacts, captures, site_ids
from pipeline.store.engine import sqlite_file, sqlite_url
from pipeline.store.session import Connection, reading
from pipeline.store.types import UnreadableValueError
from pipeline.warc.manifests import Filed
from pipeline.warc.signing.package import Demand
from pipeline.warc.signing.trust import Trust

#: What keeps a database from being read without anything in it being wrong.
NOT_DAMAGED = (NewerDatabaseError, OlderDatabaseError, UnfinishedDatabaseError)
NOT_IN_SAMPLE = "only a sample of records was verified"
NOTHING_THERE = "an archive folder holds none; a package does"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of a verification: how much, whom to trust, what has to be signed."""

    scope: Scope = field(default_factory=Scope)
    trust: Trust = field(default_factory=Trust)
    demand: Demand = field(default_factory=Demand)


ALL = Wanted()


def verify(
    path: Path, database: str | None = None, site: str | None = None, wanted: Wanted = ALL
) -> Report:
    """Verify an archive folder, a catalogue, a single WARC file or a package of them (WACZ).

    Raises NotVerifiableError where there is nothing that could be verified, UsageError where a part
    of it cannot be told from the rest, or it holds several sites.
    """
    reports = look_at(path, database, site, wanted)
    if len(reports) > 1:
        raise UsageError(f"{path}: it holds several sites; choose one with --site")
    return reports[0]


def look_at(
    path: Path,
    database: str | None,
    site: str | None,
    wanted: Wanted,
    memory: Memory | None = None,
) -> tuple[Report, ...]:
    """Verify what is at a path, as `verify` does; of a database alone, one report a site."""
    folder = archive_at(path)
    if folder is not None:
        place = find_place(folder, database, site, must_exist=False)
        return (verify_archive(place, wanted=wanted, memory=memory),)
    if not wanted.scope.is_whole:
        raise UsageError(f"{path}: a part can be verified of an archive folder, not of this")
    if begins_with(path, SQLITE):
        return verify_database(sqlite_url(path), site)
    if is_wacz(path):
        return (verify_wacz(path, wanted.trust, wanted.demand),)
    return (verify_warc(path),)


def archive_at(path: Path) -> Path | None:
    """Give the archive folder that a path means; None for a file that stands alone.

    Raises NotVerifiableError where there is nothing that could be verified.
    """
    try:
        path.stat()
    except FileNotFoundError as error:
        raise NotVerifiableError(str(path), "there is nothing of that name") from error
    except OSError as error:
        raise NotVerifiableError(str(path), error.strerror or str(error)) from error
    if path.is_file() and path.name != CATALOGUE:
        return None
    folder = path.parent if path.is_file() else path
    if not (folder / MANIFESTS).is_dir() and not (folder / CATALOGUE).is_file():
        raise NotVerifiableError(str(folder), "it holds no manifests and no catalogue")
    return folder


def verify_archive(
    place: Place,
    proofs: Sequence[Proof] = (),
    wanted: Wanted = ALL,
    memory: Memory | None = None,
) -> Report:
    """Verify an archive folder with its catalogue.

    `proofs` are of files that this process has sealed, and so read from the disk and checked;
    `memory` is of those that were read before a verification was interrupted.
    """
    folder = place.archive
    filed, manifests = look_at_manifests(folder)
    look = _Look(place, filed, wanted, proofs, memory)
    try:
        with reading(place.database) as connection:
            levels = look.with_catalogue(connection)
    except DatabaseError as error:
        levels = look.without_catalogue(error)
    levels[Level.MANIFESTS] = manifests
    levels[Level.FILES] = look_at_files(folder, filed, look.digests, look.part)
    signatures = look_at_signatures(place, wanted.trust, wanted.demand)
    levels[Level.SIGNATURES] = signed_or_not(signatures.looked, bool(signatures.of))
    return Report(
        place=str(folder),
        levels=in_order(levels, NOTHING_THERE),
        scope=wanted.scope,
        notes=look.notes(),
    )


class _Look:
    """One archive, looked at with its catalogue or, where that cannot be, without."""

    def __init__(
        self,
        place: Place,
        filed: tuple[Filed, ...],
        wanted: Wanted,
        proofs: Sequence[Proof],
        memory: Memory | None,
    ) -> None:
        self._place, self._folder, self._filed = place, place.archive, filed
        self._scope, self._proofs, self._memory = wanted.scope, proofs, memory
        self._recalled = memory.recalled if memory else 0
        self.part: Part | None = None
        self.digests: dict[str, Digest] = {}

    def with_catalogue(self, connection: Connection) -> dict[Level, Looked]:
        """Look at records and catalogue, each against the other."""
        site_id = _site(connection, self._place, self._filed)
        if site_id is None:
            return self._records(None) | without_site(str(self._place.site))
        rows = _captures(connection, site_id)
        if self._scope.sample is not None:
            levels = self._records(rows)
            levels[Level.EVENTS] = readable_look(
                lambda: look_at_events(self._filed, connection, site_id)
            )
            skipped = Looked(not_verified=NOT_IN_SAMPLE)
            return levels | dict.fromkeys((Level.CATALOGUE, Level.TREES), skipped)
        if self._scope.since is not None:
            part = part_since(self._scope.since, self._filed, connection, site_id)
            self.part = None if is_all(part, self._filed) else part
        levels = self._records(rows)
        if self.part is None:
            levels[Level.CONTENTS] = with_pages(levels[Level.CONTENTS], connection, site_id)
        return levels | look_at_catalogue(self._folder, self._filed, connection, site_id, self.part)

    def without_catalogue(self, error: DatabaseError) -> dict[Level, Looked]:
        """Look at the records alone; say what keeps the catalogue from being read."""
        if self._scope.since is not None:
            self.part = part_since(self._scope.since, self._filed, None, None)
        levels = self._records(None)
        levels |= dict.fromkeys((Level.EVENTS, Level.TREES), Looked(not_verified=str(error)))
        levels[Level.CATALOGUE] = _no_catalogue(self._place, error)
        return levels

    def _records(self, rows: Sequence[CaptureFacts] | None) -> dict[Level, Looked]:
        scope = self._scope
        if scope.sample is not None:
            self.part = Part(files=frozenset(), why=NOT_IN_SAMPLE)
            return look_at_sample(self._folder, rows, scope.sample, scope.seed or 0)
        read = look_at_records(
            self._folder, self._filed, rows, self._proofs, part=self.part, memory=self._memory
        )
        self.digests = read.digests
        return read.levels

    def notes(self) -> tuple[str, ...]:
        """Say how it was done, where that is not as usual."""
        recalled = self._memory.recalled - self._recalled if self._memory else 0
        resumed = f"{recalled} WARC files were read before it was interrupted, and not again"
        scoped = f"verified: {self._scope}; all else was not"
        return (
            *([] if self._scope.is_whole else [scoped]),
            *([resumed] if recalled else []),
        )


def _no_catalogue(place: Place, error: DatabaseError) -> Looked:
    """A database file is part of the archive; a server that is away is only not checked."""
    away = isinstance(error, NOT_DAMAGED)
    if away or sqlite_file(place.database) is None:
        return Looked(not_verified=str(error))
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
