"""Each row once, with an id that follows from the input; what changed is what is written."""

from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select

from pipeline.errors import DatabaseError
from pipeline.model import Sha256
from pipeline.store.base import Base
from pipeline.store.intake import Operation
from pipeline.store.ledger import lines
from pipeline.store.rows import OUTSIDE_LEDGER, ledger_tables, of_site, stored_rows
from pipeline.store.session import reading, writing
from pipeline.store.tables import PartRow, PersonRow, TagRow, UrlRow, VersionRow
from tests.store.small import RULES, Run, fresh_intake, keep

SECOND = Run(context=Sha256.of(b"other rules"), title="Neap tides")
KEY = ("site_id", "url")


def dump(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Read all rows of the first site as plain values."""
    return {table.name: list(stored_rows(connection, table, 1)) for table in ledger_tables()}


def test_a_natural_key_gives_one_row(database_url: str) -> None:
    with writing(database_url) as connection:
        intake, site_id = fresh_intake(connection)
        shelf = intake.shelf(UrlRow, *KEY)
        ids = [shelf.put(site_id=site_id, url=url) for url in ("/a/", "/b/", "/a/", "/\0/")]
        assert ids == [1, 2, 1, 3]
        assert shelf.put(site_id=site_id, url="/\ufffd/") == 3
        assert intake.shelf(UrlRow, *KEY) is shelf
        assert [change.table for change in intake.changes()] == ["sites", "urls", "urls", "urls"]
        intake.write()
    with writing(database_url) as connection:
        intake, site_id = fresh_intake(connection)
        again = intake.shelf(UrlRow, *KEY)
        assert [again.put(site_id=site_id, url=url) for url in ("/c/", "/\0/", "/b/")] == [4, 3, 2]
        assert [row["url"] for row in again.rows()] == ["/a/", "/b/", "/\ufffd/", "/c/"]
        assert [change.values["id"] for change in intake.changes()] == [4]


def test_a_row_that_differs_is_changed_once(database_url: str) -> None:
    with writing(database_url) as connection:
        intake, site_id = fresh_intake(connection)
        people = intake.shelf(PersonRow, "site_id", "key")
        people.put(site_id=site_id, key="ada", name="Ada")
        intake.write()
    with writing(database_url) as connection:
        intake, site_id = fresh_intake(connection)
        people = intake.shelf(PersonRow, "site_id", "key")
        people.put(site_id=site_id, key="ada", name="Ada")
        assert list(intake.changes()) == []
        people.put(site_id=site_id, key="ada", name="Ada E.")
        people.put(site_id=site_id, key="ada", name="Ada Example")
        (change,) = intake.changes()
        assert (change.operation, change.values["name"]) == (Operation.PUT, "Ada Example")
        intake.write()
    with reading(database_url) as connection:
        assert connection.scalars(select(PersonRow.name)).all() == ["Ada Example"]


def test_many_rows_are_written_in_batches(database_url: str) -> None:
    with writing(database_url) as connection:
        intake, site_id = fresh_intake(connection)
        shelf = intake.shelf(UrlRow, *KEY)
        for number in range(1203):
            shelf.put(site_id=site_id, url=f"/{number}/")
        intake.write()
    with reading(database_url) as connection:
        assert connection.scalar(select(func.count()).select_from(UrlRow)) == 1203
        assert connection.scalar(select(UrlRow.url).where(UrlRow.id == 1203)) == "/1202/"


def test_children_of_more_than_a_batch_of_parents_are_dropped(database_url: str) -> None:
    with writing(database_url) as connection:
        keep(connection)
        part = dict(connection.execute(select(PartRow.__table__)).mappings().first() or {})
        rows = [part | {"id": number, "position": number} for number in range(10, 30)]
        connection.execute(insert(PartRow), rows)
    with writing(database_url) as connection:
        intake, _ = fresh_intake(connection)
        shelf = intake.shelf(PartRow, "version_id", "position")
        shelf.drop_children("version_id", set(range(1, 1200)))
        dropped = list(intake.changes())[1:]
        assert [change.operation for change in dropped] == [Operation.DROP] * 22
        assert dropped[0].values == {"id": 1}
        intake.write()
        assert connection.scalar(select(func.count()).select_from(PartRow)) == 0


def test_the_same_input_gives_the_same_rows_in_both_databases(
    both_urls: tuple[str, str],
) -> None:
    ledgers, dumps = [], []
    for url in both_urls:
        with writing(url) as connection:
            ledger = [keep(connection)]
        with writing(url) as connection:
            ledger.append(keep(connection, SECOND))
        with reading(url) as connection:
            dumps.append(dump(connection))
        ledgers.append(ledger)
    assert ledgers[0] == ledgers[1]
    assert dumps[0] == dumps[1]
    assert all(dumps[0].values())  # a row of every table is in the comparison


def test_a_second_run_under_the_same_rules_says_nothing_new(database_url: str) -> None:
    with writing(database_url) as connection:
        keep(connection)
    with writing(database_url) as connection:
        before = dump(connection)
    with writing(database_url) as connection:
        assert keep(connection) == ()
    with reading(database_url) as connection:
        assert dump(connection) == before


def test_other_rules_replace_what_was_derived(database_url: str) -> None:
    with writing(database_url) as connection:
        keep(connection)
    with writing(database_url) as connection:
        keep(connection, SECOND)
    with reading(database_url) as connection:
        after = dump(connection)
        contexts = connection.scalars(select(VersionRow.context).distinct()).all()
    assert contexts == [SECOND.context]
    assert [row["title"] for row in after["versions"]] == ["Neap tides", "Ada Example", None]
    assert [row["id"] for row in after["parts"]] == [3, 4]
    assert [row["id"] for row in after["documents"]] == [1, 2, 3]
    assert [row["context"] for row in after["snapshots"]] == [RULES.hex, SECOND.context.hex]


def test_sites_share_a_database_without_sharing_rows(database_url: str) -> None:
    with writing(database_url) as connection:
        keep(connection)
    with writing(database_url) as connection:
        before = dump(connection)
        other = Run(key="second", context=Sha256.of(b"the second site's"))
        written = keep(connection, other)
        assert dump(connection) == before
        again = [list(stored_rows(connection, table, 2)) for table in ledger_tables()]
    assert sum(map(len, again)) == len(written)


def test_every_table_leads_to_a_site() -> None:
    statements = [str(select(t).where(of_site(t, 1))) for t in Base.metadata.sorted_tables]
    assert all("WHERE" in statement for statement in statements)
    assert set(Base.metadata.tables) > OUTSIDE_LEDGER
    assert len(ledger_tables()) + len(OUTSIDE_LEDGER) == len(statements)


def test_a_shelf_finds_what_was_put(database_url: str) -> None:
    with writing(database_url) as connection:
        intake, site_id = fresh_intake(connection)
        tags = intake.shelf(TagRow, "site_id", "kind", "key")
        assert tags.get(site_id, "tag", "sea") is None
        tags.put(site_id=site_id, kind="tag", key="sea", name="Sea")
        found = tags.get(site_id, "tag", "sea")
        assert found is not None
        assert found["name"] == "Sea"
        assert list(lines(intake.changes()))[-1] == (
            b'{"put":"tags","row":{"id":1,"key":"sea","kind":"tag","name":"Sea","site_id":1}}\n'
        )


def test_a_row_needs_its_parent(database_url: str) -> None:
    with writing(database_url):
        pass

    def orphaned() -> None:
        with writing(database_url) as connection:
            connection.execute(insert(UrlRow).values(id=1, site_id=7, url="/a/"))

    with pytest.raises(DatabaseError, match=r"(?i)foreign key"):
        orphaned()
