"""SQLite and PostgreSQL hold the same catalogue, and the archive beside them is the same bytes."""

from pathlib import Path
from urllib.parse import unquote

import pytest

from pipeline.errors import ArchiveError, BusyError, DatabaseUnreachableError, UsageError
from pipeline.jobs.ask import explain, findings, list_documents, search, show
from pipeline.jobs.database import check, current, upgrade
from pipeline.jobs.export import export_jsonl
from pipeline.jobs.place import Place, find_place
from pipeline.jobs.verify import verify
from pipeline.sample import unpack_rendered
from pipeline.store import engine
from pipeline.store.session import writing
from tests.archives import (
    LATER,
    NOW,
    Source,
    archive,
    contents,
    logical,
    make_source,
    rows,
    sealed,
)
from tests.databases import Server


def holds(folder: Path, secret: bytes) -> bool:
    return any(secret in data for data in contents(folder).values() if isinstance(data, bytes))


def test_both_hold_the_same_rows_and_the_same_bytes(
    postgres: Server, mill_archive: Path, sample_bundle: Path, tmp_path: Path
) -> None:
    unpack_rendered(tmp_path / "_site")
    folder = tmp_path / "mill"
    with postgres.empty() as url:
        archive(sample_bundle, folder, rendered=tmp_path / "_site", database=url)
        assert logical(url) == rows(mill_archive)
        assert sealed(folder) == sealed(mill_archive)
        here, there = find_place(folder, None), find_place(mill_archive, None)
        assert list_documents(here) == list_documents(there)
        assert findings(here) == findings(there)
        assert list(export_jsonl(here)) == list(export_jsonl(there))
        for words in ("tide", '"a reply"', "wheel -eels", "mare*", "Łucja"):
            assert {hit.entry.path for hit in search(here, words, 50)} == {
                hit.entry.path for hit in search(there, words, 50)
            }
        for name in ("two-wheels", "part:1", "commit:86ad3f3"):
            assert explain(here, name) == explain(there, name)


def test_a_run_a_change_and_a_look_back_on_both(database_url: str, tmp_path: Path) -> None:
    source, folder = make_source(tmp_path / "source"), tmp_path / "archive"
    archive(source, folder, database=database_url, rendered=source.rendered)
    source.workshop.commit({"about.md": None, "new.md": "---\ntitle: New\n---\nA *new* page\n"})
    changed = archive(source, folder, database=database_url, now=LATER)
    assert (changed.total.stored, changed.exit_code) == (1, 0)
    assert archive(source, folder, database=database_url, now=LATER).unchanged
    old = archive(source, folder, database=database_url, rev=source.first, now=LATER)
    assert old.total.skipped == 5
    place = find_place(folder, database_url)
    assert show(place, "about.md").entry.title == "About the mill"
    assert verify(folder, database_url).exit_code == 0
    assert [hit.entry.path for hit in search(place, "two wheels", 5)] == ["about.md"]


def test_an_archive_remembers_where_its_catalogue_is(
    postgres: Server, quay: Source, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    with postgres.empty() as url:
        secret = url.replace("tester@", "tester:hunter2@")
        archive(quay, folder, database=secret)
        assert not holds(folder, b"hunter2")
        noted = (folder / "catalogue.url").read_text().strip()
        assert unquote(noted) == url
        assert not (folder / "catalogue.db").exists()
        with pytest.raises(ArchiveError, match="leave --db out") as refused:
            archive(quay, folder, database=f"sqlite:///{tmp_path}/other.db")
        assert "hunter2" not in str(refused.value)
        assert archive(quay, folder, now=LATER).unchanged
        assert verify(folder).exit_code == 0
        assert show(find_place(folder, None), "about.md").entry.url == "/about.html"
    assert not (tmp_path / "other.db").exists()
    away = verify(folder)  # the server is there, the database no longer
    assert away.exit_code == 3
    with pytest.raises(DatabaseUnreachableError):
        archive(quay, folder, now=LATER)


def test_a_password_among_the_options_of_a_url_is_not_kept(
    postgres: Server, quay: Source, tmp_path: Path
) -> None:
    folder = tmp_path / "archive"
    with postgres.empty() as url:
        archive(quay, folder, database=f"{url}&password=hunter2")
        assert not holds(folder, b"hunter2")
        assert verify(folder).exit_code == 0


def test_one_database_holds_several_sites(database_url: str, tmp_path: Path) -> None:
    one, two = make_source(tmp_path / "source"), make_source(tmp_path / "other")
    two.workshop.commit({"about.md": "---\ntitle: The other mill\n---\n"})
    archive(one, tmp_path / "one", database=database_url)
    before = logical(database_url)
    archive(two, tmp_path / "two", database=database_url)
    both = logical(database_url)
    for table, known in before.items():
        assert [row for row in both[table] if row in known] == known
    for name, title in (("one", "About the mill"), ("two", "The other mill")):
        place = find_place(tmp_path / name, database_url)
        assert show(place, "about.md").entry.title == title
        assert len(search(place, "mill", 50)) == len(
            [hit for hit in search(place, "mill", 50) if hit.entry.title]
        )
        assert verify(tmp_path / name, database_url).exit_code == 0
    asked = Place(folder=None, database=database_url)
    with pytest.raises(UsageError, match="one, two"):
        list_documents(asked)
    assert list_documents(Place(folder=None, database=database_url, site="two"))


def test_a_database_that_another_run_holds(
    postgres: Server, quay: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = engine.POSTGRES_OPTIONS.replace("lock_timeout=15s", "lock_timeout=200ms")
    monkeypatch.setattr(engine, "POSTGRES_OPTIONS", waiting)
    with postgres.empty() as url:
        with writing(url), pytest.raises(BusyError):
            archive(quay, tmp_path / "archive", database=url)
        assert contents(tmp_path) == {}
        assert archive(quay, tmp_path / "archive", database=url, now=NOW).exit_code == 0


def test_schemas_are_told_made_and_compared(database_url: str, tmp_path: Path) -> None:
    place = Place(folder=tmp_path, database=database_url)
    made = upgrade(place)
    assert (made.found, made.wanted) == (None, current(place).found)
    assert upgrade(place).found == made.wanted
    assert check(place).differences == ()
