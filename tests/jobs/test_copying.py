"""Records are copied out of an archive only where they are what it says."""

import sqlite3
from pathlib import Path

import pytest

from pipeline.errors import ArchiveError, LimitError, NotVerifiableError
from pipeline.jobs import copying
from pipeline.jobs.evidence import make_evidence
from pipeline.jobs.place import find_place
from tests.archives import NOW

NAME = "about.md"


@pytest.fixture
def warc(quay_copy: Path) -> Path:
    return next((quay_copy / "archive").iterdir())


def test_a_damaged_beginning_or_record_is_told(warc: Path, quay_copy: Path, tmp_path: Path) -> None:
    place, data = find_place(quay_copy, None), warc.read_bytes()
    for at in (40, len(data) // 3):
        warc.write_bytes(data[:at] + bytes(len(data) - at))
        with pytest.raises(ArchiveError, match="run verify"):
            make_evidence(place, NAME, tmp_path / "e", NOW)
    warc.unlink()
    with pytest.raises(NotVerifiableError):
        make_evidence(place, NAME, tmp_path / "e", NOW)
    assert not (tmp_path / "e").exists()


def test_a_record_that_no_row_knows_is_told(quay_copy: Path, tmp_path: Path) -> None:
    with sqlite3.connect(quay_copy / "catalogue.db") as database:
        database.execute("DELETE FROM captures WHERE id = (SELECT max(id) FROM captures)")
    database.close()
    with pytest.raises(ArchiveError, match="not those of its manifest"):
        make_evidence(find_place(quay_copy, None), NAME, tmp_path / "e", NOW)


def test_evidence_has_a_bound(
    quay_archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "MOST", 700)
    with pytest.raises(LimitError, match="700 bytes"):
        make_evidence(find_place(quay_archive, None), NAME, tmp_path / "e", NOW)
