"""The event log only grows, and each event seals the one before."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, insert, text

from pipeline.errors import DatabaseError
from pipeline.model import Sha256
from pipeline.store import events
from pipeline.store.session import reading, writing
from pipeline.store.tables import EventRow
from tests.store.small import NOW, fresh_intake

EAST = timezone(timedelta(hours=9))


def two_events(connection: Connection) -> int:
    """Log two events on a new site; give the site's id."""
    intake, site_id = fresh_intake(connection)
    intake.write()
    events.append(connection, site_id, kind="run", at=NOW, payload={"b": 1, "a": "é\0"})
    later = NOW.astimezone(EAST) + timedelta(days=1)
    events.append(connection, site_id, kind="verify", at=later, payload={})
    return site_id


def recomputed(event: events.Event) -> Sha256:
    """Compute an event's digest as a stranger would, from the documented form alone."""
    sealed = {
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "kind": event.kind,
        "payload": event.payload,
        "previous": event.previous.hex if event.previous else None,
        "sequence": event.sequence,
    }
    canonical = json.dumps(sealed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Sha256.of(canonical.encode())


def test_each_event_holds_the_digest_of_the_one_before(database_url: str) -> None:
    with writing(database_url) as connection:
        site_id = two_events(connection)
    with reading(database_url) as connection:
        first, second = events.log(connection, site_id)
        assert events.head(connection, site_id) == second
    assert (first.sequence, first.previous) == (1, None)
    assert (second.sequence, second.previous) == (2, first.digest)
    assert [recomputed(event) for event in (first, second)] == [first.digest, second.digest]
    assert first.payload == '{"a":"é\ufffd","b":1}'
    assert first.at == NOW


def test_the_log_is_the_same_in_both_databases(both_urls: tuple[str, str]) -> None:
    logs = []
    for url in both_urls:
        with writing(url) as connection:
            logs.append(list(events.log(connection, two_events(connection))))
    assert logs[0] == logs[1]


def test_sites_have_logs_of_their_own(database_url: str) -> None:
    with writing(database_url) as connection:
        site_id = two_events(connection)
        assert events.head(connection, site_id + 1) is None
        assert list(events.log(connection, site_id + 1)) == []


def test_every_field_is_sealed() -> None:
    given = {"sequence": 1, "kind": "run", "at": NOW, "payload": "{}", "previous": None}
    others = {
        "sequence": 2,
        "kind": "rum",
        "at": datetime(2024, 5, 6, 7, 8, 9, 123457, tzinfo=UTC),
        "payload": "[]",
        "previous": Sha256.of(b""),
    }
    digests = [events.digest(**(given | {name: value})) for name, value in others.items()]  # type: ignore[arg-type]
    assert len({*digests, events.digest(**given)}) == 6  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET kind = 'nothing'",
        "UPDATE events SET payload = payload WHERE sequence = 2",
        "DELETE FROM events",
        "DELETE FROM events WHERE sequence = 2",
    ],
)
def test_the_database_itself_refuses_to_change_the_log(database_url: str, statement: str) -> None:
    with writing(database_url) as connection:
        site_id = two_events(connection)
    refused(database_url, statement, "append-only")
    with reading(database_url) as connection:
        assert [event.kind for event in events.log(connection, site_id)] == ["run", "verify"]


def refused(url: str, statement: str, why: str) -> None:
    """Expect that the database refuses a statement."""

    def attempt() -> None:
        with writing(url) as connection:
            connection.execute(text(statement))

    with pytest.raises(DatabaseError, match=why):
        attempt()


FORGED = "SELECT id, site_id, sequence, 'nothing', at, payload, previous, digest FROM events"
BACK_DOORS = {
    "sqlite": (f"INSERT OR REPLACE INTO events {FORGED}", f"REPLACE INTO events {FORGED}"),
    "postgresql": (
        f"INSERT INTO events {FORGED} ON CONFLICT (id) DO UPDATE SET kind = 'nothing'",
        "TRUNCATE events",
    ),
}


def test_the_back_doors_of_each_database_are_shut(both_urls: tuple[str, str]) -> None:
    for url, statements in zip(both_urls, BACK_DOORS.values(), strict=True):
        with writing(url) as connection:
            two_events(connection)
        for statement in statements:
            refused(url, statement, "append-only")


def test_a_sequence_number_is_used_once(database_url: str) -> None:
    with writing(database_url) as connection:
        site_id = two_events(connection)
    row = {
        "site_id": site_id,
        "sequence": 2,
        "kind": "run",
        "at": NOW,
        "payload": "{}",
        "digest": Sha256.of(b""),
    }

    def forked() -> None:
        with writing(database_url) as connection:
            connection.execute(insert(EventRow).values(id=3, **row))

    with pytest.raises(DatabaseError):
        forked()
