"""Whatever somebody does to the catalogue behind our back, the ledger names the row."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from pipeline.model import Sha256
from pipeline.store.ledger import Deviation, Expected
from pipeline.store.session import altering, writing
from tests.store.small import Run, keep

SECOND = Run(context=Sha256.of(b"other rules"), title="Neap tides")


def expecting(ledger: Iterable[bytes]) -> Expected:
    """Replay a ledger."""
    expected = Expected()
    for line in ledger:
        expected.apply(line)
    return expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A catalogue after two runs, and the lines of both ledgers. Changes to it are undone."""

    url: str
    ledger: tuple[bytes, ...]

    def differences(
        self, *statements: str, ledger: Iterable[bytes] | None = None
    ) -> list[tuple[Deviation, str]]:
        """Change rows as somebody with the database's password would, compare, change back."""
        with altering(self.url, rehearse=True) as connection:
            if connection.dialect.name == "postgresql":  # a copy of SQLite's has no keys on
                connection.execute(text("SET session_replication_role = replica"))
            for statement in statements:
                connection.execute(text(statement))
            expected = expecting(self.ledger if ledger is None else ledger)
            found = expected.differences(connection, 1)
            return [(difference.deviation, str(difference)) for difference in found]


@pytest.fixture(scope="module")
def filled(lasting_url: str) -> Filled:
    """Fill a catalogue in each engine, once."""
    with writing(lasting_url) as connection:
        ledger = keep(connection)
    with writing(lasting_url) as connection:
        ledger += keep(connection, SECOND)
    return Filled(url=lasting_url, ledger=ledger)


def test_an_untouched_catalogue_is_as_the_ledger_says(filled: Filled) -> None:
    assert filled.differences() == []


def test_a_ledger_of_another_order_of_keys_says_the_same(filled: Filled) -> None:
    lines = (json.loads(line) for line in filled.ledger)
    shuffled = [json.dumps(dict(reversed(line.items()))).encode() for line in lines]
    assert filled.differences(ledger=shuffled) == []


def test_other_sites_are_not_compared(filled: Filled) -> None:
    with writing(filled.url, rehearse=True) as connection:
        keep(connection, Run(key="second", context=Sha256.of(b"second site")))
        assert list(expecting(filled.ledger).differences(connection, 1)) == []
        assert len(list(expecting(filled.ledger).differences(connection, 2))) > 100


@pytest.mark.parametrize(
    ("statement", "deviation", "row"),
    [
        ("DELETE FROM links WHERE id = 3", Deviation.MISSING, "links:3"),
        ("DELETE FROM snapshot_files WHERE file_id = 5", Deviation.MISSING, "snapshot_files:1/5"),
        ("UPDATE versions SET title = 'Spring' WHERE id = 1", Deviation.CHANGED, "versions:1"),
        ("UPDATE versions SET title = NULL WHERE id = 1", Deviation.CHANGED, "versions:1"),
        ("UPDATE blobs SET size = size + 1 WHERE id = 2", Deviation.CHANGED, "blobs:2"),
        ("UPDATE people SET name = name || ' ' WHERE id = 2", Deviation.CHANGED, "people:2"),
        ("UPDATE sites SET title = 'Mine'", Deviation.CHANGED, "sites:1"),
        ("UPDATE dates SET day = '2023-11-03' WHERE id = 3", Deviation.CHANGED, "dates:3"),
        ("UPDATE urls SET id = 99 WHERE url = '/ada/'", Deviation.UNKNOWN, "urls:99"),
        (
            "INSERT INTO tags (id, site_id, kind, key, name) VALUES (9, 1, 'tag', 'x', 'X')",
            Deviation.UNKNOWN,
            "tags:9",
        ),
        (
            "INSERT INTO commit_parents VALUES (1, 0, 'abc')",
            Deviation.UNKNOWN,
            "commit_parents:1/0",
        ),
    ],
)
def test_a_row_touched_behind_our_back_is_named(
    filled: Filled, statement: str, deviation: Deviation, row: str
) -> None:
    found = filled.differences(statement)
    assert (deviation, row) in found
    assert {name.partition(":")[0] for _, name in found} == {row.partition(":")[0]}


NONSENSE = {
    "sqlite": [
        ("UPDATE versions SET date = 'long ago' WHERE id = 1", "versions:1"),
        ("UPDATE versions SET own = '{' WHERE id = 2", "versions:2"),
        ("UPDATE versions SET context = 'text' WHERE id = 3", "versions:3"),
        ("UPDATE versions SET draft = 'maybe' WHERE id = 1", "versions:1"),
        ("UPDATE dates SET day = 'someday' WHERE id = 3", "dates:3"),
        ("UPDATE captures SET block_sha256 = 7 WHERE id = 2", "captures:2"),
        ("UPDATE parts SET position = 'first' WHERE id = 3", "parts:3"),
        ("UPDATE links SET text = CAST(x'41ff' AS TEXT) WHERE id = 3", "links:3"),
        ("UPDATE versions SET own = '\"\\ud800\"' WHERE id = 2", "versions:2"),
        ("UPDATE commits SET branch_position = 9e999 WHERE id = 1", "commits:1"),
        ("UPDATE versions SET date = substr(date, 1, 19) || 'Z' WHERE id = 1", "versions:1"),
    ],
    "postgresql": [
        ("UPDATE versions SET date = 'infinity' WHERE id = 1", "versions:1"),
        ("UPDATE versions SET date = '20000-01-01' WHERE id = 1", "versions:1"),
        ("UPDATE dates SET day = '0044-03-15 BC' WHERE id = 3", "dates:3"),
        ("UPDATE versions SET own = '\"5\"' WHERE id = 2", "versions:2"),
    ],
}


@pytest.mark.parametrize("number", range(11))
def test_values_that_none_of_our_types_can_read_are_named_too(filled: Filled, number: int) -> None:
    cases = NONSENSE[filled.url.partition(":")[0].partition("+")[0]]
    statement, row = cases[number % len(cases)]
    assert filled.differences(statement) == [(Deviation.CHANGED, row)]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"not json",
        b"\xff",
        b"[]",
        b"null",
        b"{}",
        b'{"put":"tags"}',
        b'{"put":"tags","row":[]}',
        b'{"put":["tags"],"row":{"id":1}}',
        b'{"put":"tags","row":{}}',
        b'{"put":"tags","row":{"id":[1]}}',
        b'{"put":"tags","row":{"id":"1"}}',
        b'{"put":"nothing","row":{"id":1}}',
        b'{"put":"runs","row":{"id":1}}',
        b'{"drop":"events","row":{"id":1}}',
        b'{"put":"tags","drop":"tags","row":{"id":1}}',
        b'{"put":"tags","row":{"id":1,"name":"\\ud800"}}',
        b'{"put":"snapshot_files","row":{"snapshot_id":1}}',
        b'{"put":"tags","row":{"id":1' + b"1" * 5000 + b"}}",
        b"[" * 100_000,
    ],
    ids=repr,
)
def test_what_is_no_line_of_a_ledger_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - several kinds, all of them ValueError
        Expected().apply(line)


def test_a_ledger_without_its_second_half_does_not_pass(filled: Filled) -> None:
    half = [line for line in filled.ledger[:62] if b'"put"' in line]
    found = {deviation for deviation, _ in filled.differences(ledger=half)}
    assert found == set(Deviation)
