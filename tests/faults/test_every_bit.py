"""Every single bit of a small sealed archive, turned one by one: found, and the right object named.

`tests/warc/test_damage.py` does it with the records of a WARC file. Here it is the files as such,
the manifests, the event log, and of the catalogue a sample: it has millions.
"""

import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.audit.report import Level, Verdict
from pipeline.errors import ArchiveError, PipelineError
from pipeline.jobs.verify import verify
from pipeline.jobs.verify_files import look_at_files
from pipeline.model import Sha256
from pipeline.store import events
from pipeline.store.engine import sqlite_url
from pipeline.store.session import reading
from pipeline.store.types import UnreadableValueError
from pipeline.warc.manifest import parse
from pipeline.warc.manifests import read_manifest
from tests.archives import archive, logical, write_files

SAMPLE = 120


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two files. Nobody changes it."""
    base = tmp_path_factory.mktemp("tiny")
    site: dict[str, str | bytes] = {
        "_config.yml": "title: A\n",
        "a.md": "---\ntitle: A\n---\nIt turns.\n",
    }
    archive(write_files(base / "site", site), base / "tiny")
    return base / "tiny"


def bits(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Give the data with each bit turned in its turn."""
    hurt = bytearray(data)
    for place in range(len(data) * 8):
        hurt[place // 8] ^= 1 << place % 8
        yield place, bytes(hurt)
        hurt[place // 8] ^= 1 << place % 8


def test_every_bit_of_a_manifest_is_found_in_the_manifest_alone(tiny: Path) -> None:
    data = (tiny / "manifests/000001.txt").read_bytes()
    for _, hurt in bits(data):
        with pytest.raises(ArchiveError, match=r"manifests/000001\.txt"):
            parse(hurt, "manifests/000001.txt")


@pytest.mark.parametrize("part", ["archive", "ledger"])
def test_every_bit_of_a_sealed_file_is_found_by_the_manifest(
    part: str, tiny: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tiny, tmp_path / "tiny"))
    (path,) = (folder / part).iterdir()
    name = f"{part}/{path.name}"
    filed = read_manifest(folder, 1)
    only = tuple(file for file in filed.manifest.files if file.path == name)
    alone = replace(filed, manifest=replace(filed.manifest, files=only))
    for other in {"archive", "ledger"} - {part}:
        shutil.rmtree(folder / other)
    data = path.read_bytes()
    assert look_at_files(folder, (alone,), {}).findings == ()
    with path.open("r+b", buffering=0) as file:
        for place, hurt in bits(data):
            file.seek(place // 8)
            file.write(hurt[place // 8 : place // 8 + 1])
            found = look_at_files(folder, (alone,), {}).findings
            named = [(one.code, one.place and one.place.path) for one in found]
            assert named == [("VERIFY-FILE-CHANGED", name)], place
            file.seek(place // 8)
            file.write(data[place // 8 : place // 8 + 1])
    assert look_at_files(folder, (alone,), {}).findings == ()


def test_every_bit_of_an_event_is_found_by_its_digest(tiny: Path) -> None:
    with reading(sqlite_url(tiny / "catalogue.db")) as connection:
        (event,) = events.log(connection, 1)
    assert events.digest_of(event) == event.digest
    for place, hurt in bits(event.payload.encode()):
        changed = replace(event, payload=hurt.decode("utf-8", "surrogateescape"))
        try:
            assert events.digest_of(changed) != event.digest, place
        except UnreadableValueError:
            assert not changed.payload.isascii()  # not read as text at all, and told as damage
    for place, hurt in bits(event.digest.raw):
        assert events.digest_of(event) != Sha256(hurt), place
    for changed in (
        *(replace(event, kind=hurt.decode("latin-1")) for _, hurt in bits(event.kind.encode())),
        *(replace(event, sequence=event.sequence ^ 1 << bit) for bit in range(31)),
        *(replace(event, previous=Sha256(hurt)) for _, hurt in bits(bytes(32))),
    ):
        assert events.digest_of(changed) != event.digest


def test_bits_of_the_catalogue_are_found_or_are_of_no_row(tiny: Path, tmp_path: Path) -> None:
    """SQLite has bytes that belong to nothing, and words about tables: no value is in those."""
    folder = Path(shutil.copytree(tiny, tmp_path / "tiny"))
    path = folder / "catalogue.db"
    data, url = path.read_bytes(), sqlite_url(path)
    before = logical(url)
    pick = random.Random(20260102)  # noqa: S311 - a sample, no secret
    used = [place for place, byte in enumerate(data) if byte]  # most of a small database is empty
    found = 0
    for place in (pick.choice(used) * 8 + pick.randrange(8) for _ in range(SAMPLE)):
        hurt = bytearray(data)
        hurt[place // 8] ^= 1 << place % 8
        path.write_bytes(hurt)
        report = verify(folder)
        if report.verdict is Verdict.PASS:
            assert logical(url) == before, place
            continue
        found += 1
        assert report.exit_code in {1, 3}, place
        verdicts = {level: looked.verdict for level, looked in report.levels.items()}
        assert verdicts[Level.FILES] is verdicts[Level.MANIFESTS] is Verdict.PASS, place
        told = {verdicts[level] for level in (Level.CATALOGUE, Level.EVENTS, Level.TREES)}
        assert told != {Verdict.PASS}, place
    assert found > SAMPLE // 4


def refused(folder: Path) -> str:
    """Verify; give what is said if it cannot even begin."""
    try:
        assert verify(folder).exit_code in {0, 1, 3}
    except PipelineError as error:
        return str(error)
    return ""


def test_a_catalogue_whose_header_is_hurt_is_told_and_no_traceback(
    tiny: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(tiny, tmp_path / "tiny"))
    path = folder / "catalogue.db"
    data = path.read_bytes()
    for place, hurt in list(bits(data[:100]))[::9]:
        path.write_bytes(hurt + data[100:])
        said = refused(folder)
        assert not said or "catalogue.db" in said, place
