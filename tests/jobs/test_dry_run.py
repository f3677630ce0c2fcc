"""A dry run reads and reports as a real one, and writes nothing anywhere."""

import dataclasses
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.errors import NoConfigError, RenderedError
from pipeline.jobs.place import find_place
from pipeline.jobs.summary import Summary
from tests.archives import (
    LATER,
    Source,
    archive,
    contents,
    kept_as_it_was,
    logical,
    make_source,
    rows,
)
from tests.sources.workshop import Workshop


def told(summary: Summary) -> dict[str, object]:
    """Give what a summary says of the source, without what was written."""
    fields = {field.name: getattr(summary, field.name) for field in dataclasses.fields(summary)}
    return {n: v for n, v in fields.items() if n not in {"dry_run", "written", "verified"}}


def test_reports_what_a_real_run_would(quay: Source, tmp_path: Path) -> None:
    rehearsed = archive(quay, tmp_path / "a", rendered=quay.rendered, dry_run=True)
    assert (rehearsed.written, rehearsed.verified, rehearsed.unchanged) == ((), None, False)
    assert contents(tmp_path) == {}
    real = archive(quay, tmp_path / "a", rendered=quay.rendered)
    assert told(rehearsed) == told(real)


def test_writes_nothing_into_an_archive_that_is_there(tmp_path: Path) -> None:
    source, folder = make_source(tmp_path / "source"), tmp_path / "archive"
    archive(source, folder, rendered=source.rendered)
    source.workshop.commit({"new.md": "---\ntitle: New\n---\n"})
    before = rows(folder)
    with kept_as_it_was(folder, source.workshop.folder):
        rehearsed = archive(source, folder, rendered=source.rendered, now=LATER, dry_run=True)
    assert (rehearsed.total.stored, rehearsed.total.skipped) == (1, 7)
    assert rows(folder) == before
    real = archive(source, folder, rendered=source.rendered, now=LATER + timedelta(days=1))
    assert told(rehearsed) == told(real)


@pytest.mark.parametrize("filled", [False, True])
def test_writes_nothing_into_a_database(
    filled: bool,  # noqa: FBT001 - a parameter of a test
    database_url: str,
    quay: Source,
    tmp_path: Path,
) -> None:
    if filled:
        archive(quay, tmp_path / "archive", database=database_url)
    before = contents(tmp_path), (logical(database_url) if filled else None)
    rehearsed = archive(
        quay, tmp_path / "archive", database=database_url, rev=quay.first, dry_run=True
    )
    assert rehearsed.total.skipped == (5 if filled else 0)
    assert (contents(tmp_path), logical(database_url) if filled else None) == before
    assert not list(tmp_path.glob("catalogue.db-*"))


def test_leaves_alone_what_a_crash_has_left(quay: Source, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    archive(quay, folder)
    (folder / "archive" / "half.warc.gz.open").write_bytes(b"half")
    with kept_as_it_was(folder):
        archive(quay, folder, dry_run=True)


def test_fails_as_a_real_run_would(tmp_path: Path, quay: Source) -> None:
    workshop = Workshop.create(tmp_path / "site")
    workshop.commit({"readme.md": "no site"})
    with pytest.raises(NoConfigError):
        archive(workshop.folder, tmp_path / "archive", dry_run=True)
    with pytest.raises(RenderedError):
        archive(quay, tmp_path / "archive", rendered=tmp_path / "nowhere", dry_run=True)
    assert not (tmp_path / "archive").exists()


def test_does_not_need_an_archive_folder_that_can_be_made(quay: Source, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    summary = archive(quay, tmp_path / "file" / "archive", dry_run=True)
    assert summary.total.stored == 7
    assert find_place(tmp_path, f"sqlite:///{tmp_path}/none.db").site is None
