"""The archive that git keeps is what `demo` makes, on every machine.

Compressed bytes depend on the zlib of a Python, so they are compared where this one gives those of
the published ledger; records, rows and pages are the same whatever zlib there is.
"""

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline.jobs.demo import demo
from pipeline.jobs.durable import compressed, read_lines
from pipeline.model import Sha256
from pipeline.warc.dates import to_warc_date
from pipeline.warc.manifest import Manifest, ManifestFile
from pipeline.warc.manifests import read_manifest
from tests.archives import contents, kept_as_it_was, rows
from tests.cli.command import command, facts
from tests.sample.publish import ARCHIVE, KEY, PACKAGE, PUBLISHED, publish

LEDGER = "ledger/000001.jsonl.gz"
COMPRESSED = {"offset", "length", "size", "sha256"}


def manifest(folder: Path) -> Manifest:
    return read_manifest(folder / ARCHIVE, 1).manifest


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same once more, at the time that the published manifest says."""
    folder = tmp_path_factory.mktemp("published")
    publish(folder, to_warc_date(manifest(PUBLISHED).created))
    return folder


def streams(files: tuple[ManifestFile, ...]) -> list[tuple[object, ...]]:
    return [(f.path, f.records, f.order_sha256, f.stream_sha256) for f in files if f.records]


def test_the_published_archive_holds_and_is_signed() -> None:
    trust = ("--trust", f"{KEY}.pub", "--require-signature")
    with kept_as_it_was(PUBLISHED):
        told = facts(command("verify", PUBLISHED, *trust, "--json"))
    assert [Path(each["place"]).name for each in told["reports"]] == [ARCHIVE, PACKAGE]
    assert told["verdict"] == "pass"


def test_the_same_clock_gives_the_same_records_whatever_zlib_there_is(again: Path) -> None:
    published, made = manifest(PUBLISHED).files, manifest(again).files
    assert streams(published)
    assert streams(made) == streams(published)
    for folder in (PUBLISHED, again):
        for path, _, _, stream in streams(published):
            assert isinstance(path, str)
            data = gzip.decompress((folder / ARCHIVE / path).read_bytes())
            assert Sha256.of(data) == stream


def test_the_same_clock_gives_the_same_rows_whatever_zlib_there_is(again: Path) -> None:
    def told(folder: Path) -> list[dict[str, Any]]:
        lines = map(json.loads, read_lines(folder / ARCHIVE / LEDGER))
        apart = {"captures": COMPRESSED, "warc_files": COMPRESSED}
        return [
            {name: v for name, v in line["row"].items() if name not in apart.get(line["put"], ())}
            for line in lines
        ]

    assert told(again) == told(PUBLISHED)


def test_the_same_clock_gives_the_same_pages_whatever_zlib_there_is(again: Path) -> None:
    def pages(folder: Path) -> bytes:
        with zipfile.ZipFile(folder / PACKAGE) as package:
            return package.read("pages/pages.jsonl")

    assert pages(again) == pages(PUBLISHED)
    assert pages(again).count(b"\n") > 1


def test_the_same_clock_gives_the_same_bytes(again: Path) -> None:
    """The database is compared by its rows: SQLite writes its own version into the file."""

    def sealed(folder: Path) -> dict[str, object]:
        found = contents(folder / ARCHIVE) | {PACKAGE: (folder / PACKAGE).read_bytes()}
        return {name: data for name, data in found.items() if name != "catalogue.db"}

    assert sealed(again).keys() == sealed(PUBLISHED).keys()
    ledger = PUBLISHED / ARCHIVE / LEDGER
    if b"".join(compressed(read_lines(ledger))) == ledger.read_bytes():
        assert sealed(again) == sealed(PUBLISHED)
        assert rows(again / ARCHIVE) == rows(PUBLISHED / ARCHIVE)


def test_other_compression_changes_the_bytes_but_not_the_stream(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.warc.member.LEVEL", 1)
    demo(tmp_path / ARCHIVE, manifest(PUBLISHED).created)
    (warc, _), (published, _) = manifest(tmp_path).files, manifest(PUBLISHED).files
    assert warc.sha256 != published.sha256
    assert streams((warc,)) == streams((published,))


@pytest.mark.parametrize("clock", ["2026-11-23", "2026-11-23T09:00:00", "soon", "9999-12-31T23-1"])
def test_a_clock_that_tells_no_time_is_refused(clock: str, tmp_path: Path) -> None:
    refused = command("demo", "--archive", tmp_path / "a", "--clock", clock)
    refused.assert_refused(2, "not a time with its zone")
    assert not (tmp_path / "a").exists()
