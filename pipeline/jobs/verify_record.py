"""Record in the event log that an archive was verified, and ask for how long it has not been."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from pipeline.audit.report import Level, Report, Verdict
from pipeline.errors import (
    DatabaseError,
    DatabaseUnreachableError,
    NotFoundError,
    StorageError,
    UsageError,
)
from pipeline.jobs.place import DEFAULT_PARENT, Place, archives_in, find_place
from pipeline.jobs.sealing import SOFTWARE
from pipeline.jobs.verify import archive_at
from pipeline.store import events
from pipeline.store.auditing import site_ids
from pipeline.store.engine import shown, sqlite_file
from pipeline.store.session import Connection, reading, writing
from pipeline.store.types import UnreadableValueError

AHEAD = timedelta(days=1)  # clocks differ; more than this is no clock's error


def recordable(paths: Sequence[Path]) -> None:
    """Raise UsageError where something has no event log that a verdict could be noted in."""
    if not paths:
        raise UsageError("--record notes in the log of an archive: name its folder")
    for path in paths:
        if archive_at(path) is None:
            raise UsageError(f"{path}: --record is for archives; this has no event log")


def record_reports(
    paths: Sequence[Path],
    database: str | None,
    site: str | None,
    reports: Sequence[Report],
    now: datetime,
) -> None:
    """Append one event for each archive: nothing else is written. Raises DatabaseErrors."""
    for path, report in zip(paths, reports, strict=True):
        place = find_place(archive_at(path), database, site, must_exist=False)
        file = sqlite_file(place.database)
        if file is not None and not file.is_file():
            raise DatabaseUnreachableError(shown(place.database), "there is no such file")
        with writing(place.database) as connection:
            site_id = _site(connection, place)
            payload = _payload(report)
            events.append(connection, site_id, kind=events.VERIFIED, at=now, payload=payload)


def _site(connection: Connection, place: Place) -> int:
    known = site_ids(connection)
    if place.site is None and len(known) == 1:
        return next(iter(known.values()))
    if place.site not in known:
        raise NotFoundError("site", str(place.site), f"known: {', '.join(known) or 'none'}")
    return known[place.site]


def _payload(report: Report) -> Mapping[str, Any]:
    scope = report.scope
    return {
        "software": SOFTWARE,
        "verdict": report.verdict.value,
        "whole": scope.is_whole,
        "scope": {"sample": scope.sample, "seed": scope.seed, "since": scope.since},
        "levels": {
            level.value: {
                "verdict": looked.verdict.value,
                "checked": looked.checked,
                "findings": len(looked.findings),
            }
            for level, looked in report.levels.items()
        },
    }


class State(Enum):
    """What is known of an archive by its recorded verifications."""

    VERIFIED = "verified"
    OLD = "old"
    NEVER = "never"
    FAILED = "failed"
    INCOMPLETE = "incomplete"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixity:
    """An archive, when it was last verified as a whole, and whether that is good enough."""

    place: str
    state: State
    at: datetime | None = None
    days: int | None = None
    why: str

    @property
    def is_stale(self) -> bool:
        """Whether it should be verified again, or looked after."""
        return self.state is not State.VERIFIED


def stale(
    paths: Sequence[Path], days: int, now: datetime, database: str | None, site: str | None
) -> tuple[Fixity, ...]:
    """Say of each archive, or all under `archives/`, when it was last verified as a whole.

    Raises NotFoundError where there is no archive at all, NotVerifiableError where a path is none.
    """
    if database is not None and len(paths) != 1:
        raise UsageError("--db is the catalogue of one archive; name its folder")
    for path in paths:
        if archive_at(path) is None:
            raise UsageError(f"{path}: not an archive folder")
    return tuple(_fixity(path, days, now, database, site) for path in paths or _archives())


def _archives() -> tuple[Path, ...]:
    found = archives_in(DEFAULT_PARENT)
    if not found:
        hint = "name archive folders, or run `jekyll-archive run SOURCE` first"
        raise NotFoundError("archive under", f"{DEFAULT_PARENT}/", hint)
    return found


def _fixity(path: Path, days: int, now: datetime, database: str | None, site: str | None) -> Fixity:
    try:
        place = find_place(path if path.is_dir() else path.parent, database, site)
        with reading(place.database) as connection:
            site_id = _site(connection, place)
            if not _holds(connection, site_id):
                why = "its event log is broken; verify it"
                return Fixity(place=str(path), state=State.FAILED, why=why)
            recorded = tuple(events.verifications(connection, site_id))
    except (DatabaseError, StorageError, UnreadableValueError, UsageError) as error:
        return Fixity(place=str(path), state=State.UNREADABLE, why=str(error))
    return judge(str(path), recorded, days, now)


def _holds(connection: Connection, site_id: int) -> bool:
    """Tell whether the log is one chain: a verdict in a broken one is nobody's word."""
    previous = None
    for number, event in enumerate(events.log(connection, site_id), start=1):
        follows = event.sequence == number and event.previous == previous
        if not follows or events.digest_of(event) != event.digest:
            return False
        previous = event.digest
    return True


def judge(
    place: str, recorded: Sequence[tuple[datetime, Mapping[str, Any]]], days: int, now: datetime
) -> Fixity:
    """Judge an archive by what was recorded of it, from the first to the last."""
    whole = [index for index, (_, told) in enumerate(recorded) if told.get("whole") is True]
    if not whole:
        why = "only parts of it were verified" if recorded else "no verification was recorded"
        return Fixity(place=place, state=State.NEVER, why=why)
    at, told = recorded[whole[-1]]
    later = [told for _, told in recorded[whole[-1] :]]
    age = now - at
    if any(each.get("verdict") == Verdict.FAIL.value for each in later):
        state, why = State.FAILED, f"failed: {', '.join(_failed(later)) or 'it does not say what'}"
    elif age < -AHEAD:
        state, why = State.INCOMPLETE, "it was verified in the future, so some clock is wrong"
    elif told.get("verdict") != Verdict.PASS.value:
        state, why = State.INCOMPLETE, "not everything could be verified"
    elif age > timedelta(days=days):
        state, why = State.OLD, f"more than {days} days ago"
    else:
        state, why = State.VERIFIED, "passed"
    return Fixity(place=place, state=state, at=at, days=max(0, age.days), why=why)


def _failed(later: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name the levels that failed in any of these."""
    failed = set()
    for told in later:
        levels = told.get("levels")
        for name, each in levels.items() if isinstance(levels, dict) else ():
            if isinstance(each, dict) and each.get("verdict") == Verdict.FAIL.value:
                failed.add(name)
    return [level.value for level in Level if level.value in failed]
