"""The same input gives the same bytes, wherever and under whatever name."""

import shutil
from pathlib import Path

import pytest

from tests.archives import (
    LATER,
    Source,
    archive,
    rows,
    sealed,
)


def test_the_archive_keeps_its_site_when_its_folder_is_renamed(
    quay: Source, tmp_path: Path
) -> None:
    archive(quay, tmp_path / "first")
    shutil.move(tmp_path / "first", tmp_path / "second")
    before = sealed(tmp_path / "second")
    again = archive(quay, tmp_path / "second", now=LATER)
    assert (again.site, again.unchanged) == ("first", True)
    assert sealed(tmp_path / "second") == before
    assert not (tmp_path / "second" / "quarantine").exists()


def test_the_same_input_gives_the_same_bytes(
    quay: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = tmp_path / "one" / "quay", tmp_path / "two" / "quay"
    archive(quay, one, rendered=quay.rendered)
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    monkeypatch.setenv("LC_ALL", "C")
    archive(quay, two, rendered=quay.rendered)
    assert sealed(one) == sealed(two)
    assert rows(one) == rows(two)


def test_two_runs_are_told_apart_by_the_clock_alone(quay: Source, tmp_path: Path) -> None:
    one, two = tmp_path / "one" / "quay", tmp_path / "two" / "quay"
    archive(quay, one)
    archive(quay, two, now=LATER)
    clocks = {"captured_at", "sealed_at", "started_at", "record_id", "path", "offset", "length"}
    assert [row["id"] for row in rows(one)["captures"]] == [
        row["id"] for row in rows(two)["captures"]
    ]
    for table in ("blobs", "files", "versions", "parts", "mentions", "links", "snapshots"):
        assert rows(one)[table] == rows(two)[table]
    first, second = rows(one)["captures"][0], rows(two)["captures"][0]
    assert {name for name, value in first.items() if second[name] != value} <= clocks
