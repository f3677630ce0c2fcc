"""What a person asks of the newest snapshot, in both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection

from pipeline.errors import NotFoundError, UsageError
from pipeline.model import Sha256
from pipeline.store.answers import Entry
from pipeline.store.detail import detail
from pipeline.store.reading import (
    entries,
    files,
    find_document,
    local,
    site,
    stored_findings,
)
from pipeline.store.session import reading, writing
from tests.databases import Server
from tests.store.small import BYTES, LAST, LOST, NOW, PAGE, PERSON, PICTURE, POST, Run, keep, oid

SECOND = Run(context=Sha256.of(b"other rules"), title="Neap tides", at=NOW + timedelta(days=1))


def listed(connection: Connection) -> tuple[Entry, ...]:
    """List the documents of the only site."""
    return entries(connection, site(connection, None))


def test_a_site_is_found_by_its_key_or_by_being_alone(database_url: str) -> None:
    with writing(database_url) as connection:
        with pytest.raises(UsageError, match="there is none"):
            site(connection, None)
        with pytest.raises(NotFoundError, match="there are: none"):
            site(connection, "example")
        keep(connection)
        only = site(connection, None)
        assert site(connection, "example") == only
        assert (only.key, only.title, only.origin) == ("example", "An example", None)
        assert (only.revision, only.url) == (LAST.oid, "https://www.example.org/base")
        with pytest.raises(NotFoundError, match="there are: example"):
            site(connection, "exmaple")
    with writing(database_url) as connection:
        keep(connection, Run(key="second", context=Sha256.of(b"second")))
        with pytest.raises(UsageError, match="example, second"):
            site(connection, None)


def test_only_the_newest_snapshot_answers(database_url: str) -> None:
    with writing(database_url) as connection:
        keep(connection)
    with writing(database_url) as connection:
        keep(connection, SECOND)
        newest = site(connection, None)
        assert newest.snapshot_id == 2
        assert [entry.title for entry in entries(connection, newest)] == [
            None, "Ada Example", "Neap tides",
        ]  # fmt: skip
        assert len(stored_findings(connection, newest)) == 2
    with writing(database_url) as connection:
        keep(connection)  # back to the first rules: known, so no new snapshot
        assert site(connection, None).snapshot_id == 1


def test_documents_are_listed_with_what_is_said_about_them(database_url: str) -> None:
    with writing(database_url) as connection:
        keep(connection)
    with reading(database_url) as connection:
        page, person, post = listed(connection)
    assert (page.path, page.kind, page.collection, page.title) == (PAGE, "page", None, None)
    assert (page.date, page.date_source, page.people) == (None, "none", ())
    assert (person.path, person.collection, person.written) == (PERSON, "people", False)
    assert post.path == POST
    assert post.date is not None
    assert post.date.isoformat() == "2023-11-01T09:30:00+01:00"
    assert (post.date_raw, post.date_source) == ("2023-11-01 09:30", "front matter")
    assert post.people == ("Ada Example", "Zoë Müller")
    assert (post.tags, post.categories) == (("Sea",), ("news",))
    assert (post.url, post.written, post.slug) == ("/2023/tides/", True, "tides")
    assert (post.sha256, post.size) == (Sha256.of(BYTES[POST]), len(BYTES[POST]))
    assert len(post.uid) == 12


def test_a_document_has_its_details(database_url: str) -> None:
    with writing(database_url) as connection:
        keep(connection)
    with reading(database_url) as connection:
        found = detail(connection, site(connection, None), listed(connection)[2])
    assert (found.layout, found.excerpt, found.header, found.body_start) == (
        "post", None, (4, 17), 21,
    )  # fmt: skip
    assert found.front_matter == {"title": "Tides", "date": "2023-11-01", "weird": "nan"}
    assert [part["name"] for part in found.parts] == ["body", "teaser"]
    assert [(said["name"], said["role"], said["document"]) for said in found.mentions] == [
        ("Ada Example", "author", PERSON),
        ("Zoë Müller", "author", None),
        ("Ada Example", "speaker", PERSON),
    ]
    assert [(tag["kind"], tag["raw"]) for tag in found.tags] == [
        ("tag", '["Sea"]'), ("category", '"n"'),
    ]  # fmt: skip
    moment = datetime(2023, 11, 2, 9, tzinfo=UTC)
    assert [(named["raw"], named["day"], named["at"]) for named in found.dates] == [
        ("2 Nov 2023, 10:00 +01:00", date(2023, 11, 2), moment),
        ("soon", None, None),
    ]
    assert [(link["target"], link["url"]) for link in found.links] == [
        ("/about/", "/about/"), ("https://x.example", None),
    ]  # fmt: skip
    assert [(hop["source"], hop["from_url"], hop["target"]) for hop in found.redirects] == [
        ("redirect_from", "/old/tides/", "/2023/tides/"),
        ("redirect_to", "/2023/tides/", "https://example.net/tides"),
    ]
    assert [(page["url"], page["title"]) for page in found.pages] == [("/2023/tides/", "Tides")]
    assert [finding["code"] for finding in found.findings] == ["A-CODE"]
    assert found.evidence.since_commit == LAST.oid


def test_files_are_listed_once_with_their_first_record(database_url: str) -> None:
    with writing(database_url) as connection:
        keep(connection)
    with reading(database_url) as connection:
        found = {file.path: file for file in files(connection, site(connection, None))}
    quoted = '"img/t\\377de.png"'
    assert list(found) == [quoted, PERSON, POST, PAGE, LOST]
    assert found[quoted].path_raw == PICTURE.encode("utf-8", "surrogateescape")
    assert found[quoted].record_offset == 200
    assert (found[POST].oid, found[POST].state, found[POST].mode) == (
        oid(POST),
        "present",
        0o100644,
    )
    assert (found[LOST].state, found[LOST].sha256, found[LOST].warc_path) == ("absent", None, None)
    assert found[PAGE].warc_path is None  # read, but in no record


def test_findings_come_back_as_they_were_made(database_url: str) -> None:
    with writing(database_url) as connection:
        keep(connection)
    with reading(database_url) as connection:
        first, second = stored_findings(connection, site(connection, None))
    assert str(first) == f'{POST}:5: warning: no "date" [A-CODE]'
    assert (first.place.field, second.place.path) == ("deadline", None)


def test_text_is_ordered_alike_whatever_the_locale_of_the_server(postgres: Server) -> None:
    locale = "LOCALE_PROVIDER icu ICU_LOCALE 'en'"
    with postgres.empty(locale) as url, writing(url) as connection:
        keep(connection)
        assert [entry.path for entry in listed(connection)] == [PAGE, PERSON, POST]
        found = [file.path for file in files(connection, site(connection, None))]
        assert found == sorted(found, key=lambda path: path.encode())


@pytest.fixture
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Entry, ...]:
    file = tmp_path_factory.mktemp("known") / "catalogue.db"
    with writing(f"sqlite:///{file}", rehearse=True) as connection:
        keep(connection)
        return listed(connection)


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (POST, POST),
        ("/2023/tides/", POST),
        ("2023/tides", POST),
        ("tides", POST),
        ("ada", PERSON),
        ("ADA EXAMPLE", PERSON),
        ("ada.md", PERSON),
        ("2023-11-01-tides", POST),
        ("about", PAGE),
    ],
)
def test_a_document_answers_to_its_names(known: tuple[Entry, ...], name: str, path: str) -> None:
    found = find_document(known, name)
    assert found.path == path
    assert find_document(known, found.uid) == found


def test_a_name_of_nothing_or_of_many_is_told(known: tuple[Entry, ...]) -> None:
    with pytest.raises(NotFoundError, match="'absent'") as caught:
        find_document(known, "absent")
    assert caught.value.exit_code == 24
    many = tuple(replace(known[2], path=f"_posts/{n}.md", uid=str(n)) for n in range(7))
    with pytest.raises(UsageError, match=r"7 documents: .* and 2 more"):
        find_document(many, "tides")
    with pytest.raises(UsageError, match=r"2 documents: _posts/0\.md, _posts/1\.md$"):
        find_document(many[:2], "tides")


def test_a_time_is_told_with_the_offset_that_it_had() -> None:
    assert local(None, 60) is None
    assert local(NOW, None) == NOW
    shifted = local(NOW, -90)
    assert shifted is not None
    assert shifted.isoformat() == "2024-05-06T05:38:09.123456-01:30"
