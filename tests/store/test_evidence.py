"""From any row to the bytes that prove it."""

import pytest
from sqlalchemy import Connection, select

from pipeline.errors import NotFoundError, UsageError
from pipeline.model import Sha256
from pipeline.store.answers import Evidence
from pipeline.store.base import Base
from pipeline.store.evidence import trace
from pipeline.store.kinds import KINDS
from pipeline.store.reading import site
from pipeline.store.session import reading, writing
from tests.store.small import BYTES, FIRST, LAST, PAGE_HTML, PERSON, PICTURE, POST, Run, keep, oid


@pytest.fixture(scope="module")
def filled(lasting_url: str) -> str:
    """Give a database that holds the small catalogue. It is only read."""
    with writing(lasting_url) as connection:
        keep(connection)
    return lasting_url


def traced(url: str, identifier: str) -> tuple[Evidence, ...]:
    """Follow an identifier on the first site."""
    with reading(url) as connection:
        return trace(connection, site(connection, "example"), identifier)


def test_a_part_leads_to_its_bytes_in_file_blob_commit_and_record(filled: str) -> None:
    (found,) = traced(filled, "part:1")
    assert (found.row, found.path, found.field) == ("part:1", POST, "body")
    assert found.offset is not None
    assert found.length is not None
    assert BYTES[POST][found.offset : found.offset + found.length] == b"The *tide* rises.\n"
    assert (found.oid, found.sha256, found.size) == (
        oid(POST), Sha256.of(BYTES[POST]), len(BYTES[POST]),
    )  # fmt: skip
    assert (found.revision, found.since_commit) == (LAST.oid, LAST.oid)
    assert found.since_at == LAST.committer.at
    assert found.warc_path is not None
    assert (found.record_offset, found.record_length) == (0, 90)


@pytest.mark.parametrize(
    ("identifier", "says"),
    [
        ("mention:1", "role 'author'"),
        ("tagging:1", "raw '[\"Sea\"]'"),
        ("date:1", "name 'event_date'"),
        ("link:1", "target '/about/'"),
        ("redirect:1", "target '/2023/tides/'"),
        ("finding:1", "code 'A-CODE'"),
        ("version:1", "title 'Tides'"),
        ("publication:1", ""),
        ("span:1", ""),
        ("file:1", f"path '{POST}'"),
        ("blob:1", oid(POST)),
    ],
)
def test_a_row_of_the_post_leads_to_the_post(filled: str, identifier: str, says: str) -> None:
    (found,) = traced(filled, identifier)
    assert (found.row, found.path) == (identifier, POST)
    assert says in found.says


@pytest.mark.parametrize(
    ("identifier", "rows"),
    [
        ("person:1", ["mention:1", "mention:3"]),
        ("tag:2", ["tagging:2"]),
        ("url:1", ["publication:1"]),
        ("url:2", ["redirect:1"]),
    ],
)
def test_what_has_no_place_of_its_own_leads_to_where_it_is_named(
    filled: str, identifier: str, rows: list[str]
) -> None:
    assert [found.row for found in traced(filled, identifier)] == rows


@pytest.mark.parametrize(
    "name", ["document:tides", "tides", POST, "/2023/tides/", f"sha256:{'{}'}", "{}", "asset:1"]
)
def test_a_document_or_a_digest_leads_to_the_file(filled: str, name: str) -> None:
    digest = Sha256.of(BYTES[POST]).hex
    (found,) = traced(filled, name.format(digest))
    if name == "asset:1":
        assert (found.path, found.sha256) == ('"img/t\\377de.png"', Sha256.of(BYTES[PICTURE]))
    else:
        assert found.path == POST


@pytest.mark.parametrize("name", ["page:1", f"sha256:{Sha256.of(PAGE_HTML).hex}", "capture:5"])
def test_a_rendered_page_leads_to_its_record(filled: str, name: str) -> None:
    (found,) = traced(filled, name)
    assert (found.row, found.sha256) == ("capture:5", Sha256.of(PAGE_HTML))
    assert found.says == "resource record, captured 2024-05-06T07:08:09Z"
    assert (found.record_offset, found.path) == (400, None)


@pytest.mark.parametrize(
    "name",
    ["commit:2", f"commit:{LAST.oid}", f"commit:{LAST.oid[:7]}", f"commit:{LAST.oid.upper()}"],
)
def test_a_commit_leads_to_its_record(filled: str, name: str) -> None:
    (found,) = traced(filled, name)
    assert (found.oid, found.sha256) == (LAST.oid, Sha256.of(LAST.raw))


@pytest.mark.parametrize(
    "name",
    [
        "absent",
        "commit:",
        "commit",
        "commit:%",
        f"commit:{LAST.oid[:6]}",
        f"commit:{FIRST.oid}",  # known, and in no record
        "commit:abcdefg",
        "part:99",
        "part:",
        "part:²",
        "part:-1",
        "part:1 OR 1",
        "part:999999999999999999",
        "part:9999999999999999999999",
        "part:" + "9" * 5000,
        "finding:2",  # about the site as a whole: no file stands behind it
        "nothing:1",
        "sha256:" + "0" * 64,
        "0" * 64,
        "document:absent",
        "",
    ],
)
def test_what_leads_nowhere_is_not_found(filled: str, name: str) -> None:
    with pytest.raises((NotFoundError, UsageError)):
        traced(filled, name)


def test_rows_of_another_site_are_not_found(filled: str) -> None:
    with writing(filled, rehearse=True) as connection:
        keep(connection, Run(key="second", context=Sha256.of(b"second"), title="Others"))
        here = site(connection, "example")
        assert trace(connection, here, "version:1")[0].says == "title 'Tides'"
        with pytest.raises(NotFoundError):
            trace(connection, here, "version:4")
        assert (
            trace(connection, site(connection, "second"), "version:4")[0].says == "title 'Others'"
        )


def test_every_row_that_can_be_asked_for_is_answered(filled: str) -> None:
    """Only what is in no record, or about nothing in particular, may lead nowhere."""
    lost = set()
    for kind, row_id in all_ids(filled):
        try:
            traced(filled, f"{kind}:{row_id}")
        except NotFoundError:
            lost.add(f"{kind}:{row_id}")
    assert lost == {"commit:1", "finding:2", "stay:3"}


def all_ids(url: str) -> list[tuple[str, int]]:
    """Name every row of every table that has a kind."""

    def ids(connection: Connection, name: str) -> list[int]:
        table = Base.metadata.tables[name]
        return list(connection.scalars(select(table.c.id)))

    with reading(url) as connection:
        return [(kind, row_id) for kind, name in KINDS.items() for row_id in ids(connection, name)]


def test_a_file_that_left_the_newest_snapshot_has_no_revision(filled: str) -> None:
    person = Sha256.of(BYTES[PERSON]).hex
    assert traced(filled, person)[0].revision == LAST.oid
    with reading(filled) as connection:
        here = site(connection, None)
        gone = type(here)(
            **{name: getattr(here, name) for name in here.__slots__} | {"snapshot_id": 0}
        )
        assert trace(connection, gone, f"sha256:{person}")[0].revision is None
