"""The event log: append-only, each event sealed with the digest of the one before."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from pipeline.model import Sha256
from pipeline.store.tables import EventRow
from pipeline.store.types import canonical, jsonable, readable

PACK = "pack"  # the kind of the only event of a part that was taken out of an archive
RECOVERED = "recovered"  # what a run had left that did not end was put away, or finished
VERIFIED = "verified"  # somebody had it verified and recorded what came of it
TIME_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of the log. `payload` is canonical JSON; exactly this text is hashed."""

    sequence: int
    kind: str
    at: datetime
    payload: str
    previous: Sha256 | None
    digest: Sha256


def digest(
    *, sequence: int, kind: str, at: datetime, payload: str, previous: Sha256 | None
) -> Sha256:
    """Compute an event's digest: SHA-256 over canonical JSON of all its fields."""
    sealed = {
        "at": at.astimezone(UTC).strftime(TIME_FORMAT),
        "kind": kind,
        "payload": payload,
        "previous": previous.hex if previous else None,
        "sequence": sequence,
    }
    return Sha256.of(canonical(sealed).encode())


def append(
    connection: Connection, site_id: int, *, kind: str, at: datetime, payload: Mapping[str, Any]
) -> Event:
    """Add an event to a site's log."""
    last = head(connection, site_id)
    sequence = last.sequence + 1 if last else 1
    previous = last.digest if last else None
    text = canonical(jsonable(payload))
    sealed = digest(sequence=sequence, kind=kind, at=at, payload=text, previous=previous)
    event = Event(
        sequence=sequence, kind=kind, at=at, payload=text, previous=previous, digest=sealed
    )
    row_id = (connection.scalar(select(func.max(EventRow.id))) or 0) + 1
    connection.execute(
        insert(EventRow).values(
            id=row_id,
            site_id=site_id,
            sequence=sequence,
            kind=kind,
            at=at,
            payload=text,
            previous=previous,
            digest=sealed,
        )
    )
    return event


def log(connection: Connection, site_id: int) -> Iterator[Event]:
    """Read a site's log from the beginning."""
    statement = select(EventRow.__table__).where(EventRow.site_id == site_id)
    for row in connection.execute(statement.order_by(EventRow.sequence)):
        yield _event(row)


def head(connection: Connection, site_id: int) -> Event | None:
    """Read the newest event."""
    statement = select(EventRow.__table__).where(EventRow.site_id == site_id)
    row = connection.execute(statement.order_by(EventRow.sequence.desc()).limit(1)).first()
    return _event(row) if row else None


def _event(row: Any) -> Event:  # noqa: ANN401 - a row of the events table
    return Event(
        sequence=row.sequence,
        kind=row.kind,
        at=row.at,
        payload=row.payload,
        previous=row.previous,
        digest=row.digest,
    )


def digest_of(event: Event) -> Sha256:
    """Compute the digest that an event should have."""
    with readable(event):
        return digest(
            sequence=event.sequence,
            kind=event.kind,
            at=event.at,
            payload=event.payload,
            previous=event.previous,
        )


def facts(payload: str, *names: str) -> str:
    """Give some fields of an event's payload, in canonical form."""
    with readable(payload):
        told = json.loads(payload)
        return canonical({name: told.get(name) for name in names})


def manifest(payload: str) -> tuple[int, tuple[str, Sha256]] | None:
    """Give the manifest that an event tells of: number, path and digest."""
    with readable(payload):
        told = json.loads(payload).get("manifest")
        return (told["sequence"], (told["path"], Sha256.parse(told["sha256"]))) if told else None


def manifests_of_runs(connection: Connection, site_id: int) -> Iterator[tuple[int, int]]:
    """Give the runs that sealed a manifest, and its number, as the log tells."""
    for event in log(connection, site_id):
        with readable(event.payload):
            told = json.loads(event.payload)
            run, sealed = told.get("run"), told.get("manifest")
            if run and sealed:
                yield int(run["id"]), int(sealed["sequence"])


def verifications(
    connection: Connection, site_id: int
) -> Iterator[tuple[datetime, Mapping[str, Any]]]:
    """Give when an archive was verified and what came of it, as recorded, from the first on."""
    for event in log(connection, site_id):
        if event.kind == VERIFIED:
            with readable(event.payload):
                yield event.at, dict(json.loads(event.payload))
