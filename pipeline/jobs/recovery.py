"""Recover: finish or put away what a run left that did not end, without running anything.

Every run does this when it starts; this does it alone, and says what was done.
"""

from dataclasses import dataclass
from datetime import datetime

from pipeline.errors import DatabaseUnreachableError, UsageError
from pipeline.jobs.lock import locked
from pipeline.jobs.place import Place
from pipeline.jobs.recover import SEALING, lying, recover, untold
from pipeline.jobs.sealing import SOFTWARE
from pipeline.store import events
from pipeline.store.auditing import site_ids
from pipeline.store.engine import shown, sqlite_file
from pipeline.store.holdings import newest_manifest
from pipeline.store.session import Connection, writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What was done.

    Attributes:
        archive: the folder.
        quarantined: what now lies in `quarantine/` and was not told of before.
        told: the event log tells of it now; where there is no site yet, the first run will.
        rolled_back: a transaction that a run had left in the database was undone.
        finished: a run had counted already, and only its last note was left.
    """

    archive: str
    quarantined: tuple[str, ...]
    told: bool
    rolled_back: bool
    finished: bool

    @property
    def anything(self) -> bool:
        """Whether there was anything to do."""
        return bool(self.quarantined or self.rolled_back or self.finished)


def recover_archive(place: Place, now: datetime) -> Recovered:
    """Put away what no committed run names, and note it in the log as an event.

    Raises BusyError while a run is at work, ArchiveError where the catalogue is not that of the
    archive, StorageErrors and DatabaseErrors.
    """
    folder = place.archive
    file = sqlite_file(place.database)
    if file is not None and not file.is_file():
        raise DatabaseUnreachableError(shown(place.database), "there is no such file")
    with locked(folder):
        journal = file.with_name(f"{file.name}-journal") if file else None
        was_open, sealing = bool(journal and journal.exists()), (folder / SEALING).exists()
        with writing(place.database) as connection:
            site_id = _site(connection, place)
            recover(place, None if site_id is None else newest_manifest(connection, site_id))
            aside = lying(place) if site_id is None else untold(place, connection, site_id)
            done = Recovered(
                archive=str(folder),
                quarantined=aside,
                told=site_id is not None,
                rolled_back=was_open,
                finished=sealing and not aside,
            )
            if site_id is not None and done.anything:
                payload = {
                    "software": SOFTWARE,
                    "quarantined": list(aside),
                    "rolled_back": done.rolled_back,
                    "finished": done.finished,
                }
                events.append(connection, site_id, kind=events.RECOVERED, at=now, payload=payload)
    return done


def _site(connection: Connection, place: Place) -> int | None:
    """Find the site of the archive; None where no run ever counted. Raises UsageError."""
    known = site_ids(connection)
    if place.site is None and len(known) > 1:
        raise UsageError(f"which site? choose one with --site: {', '.join(known)}")
    return next(iter(known.values()), None) if place.site is None else known.get(place.site)
