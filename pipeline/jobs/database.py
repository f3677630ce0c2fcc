"""Look after the schema of a catalogue."""

from dataclasses import dataclass

from pipeline.jobs.place import Place
from pipeline.store import migrate
from pipeline.store.engine import shown
from pipeline.store.session import altering, looking


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The schema of a database: what it has, what this version wants, and what differs."""

    database: str
    found: str | None
    wanted: str
    differences: tuple[str, ...] = ()


def upgrade(place: Place) -> Schema:
    """Bring a catalogue to this version's schema. Raises DatabaseErrors."""
    with altering(place.database) as connection:
        before, after = migrate.upgrade(connection, shown(place.database))
        return Schema(database=shown(place.database), found=before, wanted=after)


def current(place: Place) -> Schema:
    """Say which schema a catalogue has."""
    with looking(place.database) as connection:
        found = migrate.current(connection)
    return Schema(database=shown(place.database), found=found, wanted=migrate.HEAD)


def check(place: Place) -> Schema:
    """Compare the tables of a catalogue with those of this version. Raises where it is not ours."""
    with looking(place.database) as connection:
        migrate.require_current(connection, shown(place.database))
        found = tuple(str(each) for each in migrate.differences(connection))
    head = migrate.HEAD
    return Schema(database=shown(place.database), found=head, wanted=head, differences=found)
