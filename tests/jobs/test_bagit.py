"""An archive as a bag: what others make of it, and what is refused."""

import errno
import hashlib
import os
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import bagit
import pytest

from pipeline.errors import ArchiveError, DiskFullError, NotFoundError, NotWritableError, UsageError
from pipeline.jobs.bagit import encoded, export_bagit
from pipeline.jobs.keys import keygen, load_key
from pipeline.jobs.place import Place, find_place
from pipeline.jobs.signing import sign_archive
from pipeline.jobs.verify import verify
from pipeline.warc.durable import open_path
from pipeline.warc.signing.keys import Algorithm
from tests.archives import NOW, contents, kept_as_it_was
from tests.cli.command import command


@pytest.fixture
def place(mill_archive: Path) -> Place:
    return find_place(mill_archive, None)


def test_the_bag_is_valid_for_others_and_for_us(
    place: Place, mill_archive: Path, tmp_path: Path
) -> None:
    bag = tmp_path / "bag"
    with kept_as_it_was(mill_archive):
        done = export_bagit(place, bag, NOW, "The mill's friends")
    bagit.Bag(str(bag)).validate()
    for algorithm in ("sha256", "sha512"):
        for kind in ("manifest", "tagmanifest"):
            check = [f"{algorithm}sum", "--check", "--strict", "--quiet", f"{kind}-{algorithm}.txt"]
            assert subprocess.run(check, cwd=bag, check=False).returncode == 0
    assert verify(bag / "data").exit_code == 0
    assert done.catalogue
    info = (bag / "bag-info.txt").read_text().splitlines()
    assert "Bagging-Date: 2026-01-02" in info
    assert "Source-Organization: The mill's friends" in info
    assert f"External-Identifier: {done.newest_manifest}" in info
    assert f"Payload-Oxum: {done.size}.{done.files}" in info
    held = [path for path in (bag / "data").rglob("*") if path.is_file()]
    assert (done.files, done.size) == (len(held), sum(path.stat().st_size for path in held))


def test_it_holds_the_archive_byte_for_byte_and_its_signatures(
    quay_copy: Path, tmp_path: Path
) -> None:
    keygen(tmp_path / "key", Algorithm.ED25519)
    place = find_place(quay_copy, None)
    sign_archive(place, load_key(tmp_path / "key"))
    (quay_copy / "lineage.txt").write_text("# nothing decided\n")
    export_bagit(place, tmp_path / "bag", NOW)
    packed = contents(tmp_path / "bag" / "data")
    kept = {name: data for name, data in contents(quay_copy).items() if name != ".lock"}
    assert packed == kept
    assert "signatures/000001.txt.sig" in packed


def test_the_same_archive_and_clock_give_the_same_bytes(place: Place, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    other.mkdir()  # an empty folder is taken
    for folder in (one, other):
        export_bagit(place, folder, NOW)
    assert contents(one) == contents(other)
    assert "Source-Organization" not in (one / "bag-info.txt").read_text()


def test_paths_are_encoded_as_the_standard_says() -> None:
    assert encoded("data/50%\n\r.txt") == "data/50%25%0A%0D.txt"
    assert encoded("data/naïve name.txt") == "data/naïve name.txt"
    with pytest.raises(ArchiveError, match="UTF-8"):
        encoded("data/\udcff")


def test_a_damaged_archive_makes_no_bag(quay_copy: Path, tmp_path: Path) -> None:
    (warc,) = (quay_copy / "archive").iterdir()
    data = bytearray(warc.read_bytes())
    data[len(data) // 2] ^= 1
    warc.write_bytes(data)
    with pytest.raises(ArchiveError, match="is not what its manifest says"):
        export_bagit(find_place(quay_copy, None), tmp_path / "bag", NOW)
    assert not list(tmp_path.glob("bag*"))


def test_what_cannot_be_is_refused(place: Place, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "a").write_text("mine")
    with pytest.raises(NotWritableError, match="not empty"):
        export_bagit(place, taken, NOW)
    with pytest.raises(NotWritableError, match="no folder"):
        export_bagit(place, taken / "a", NOW)
    left = tmp_path / "left"
    open_path(left).mkdir()
    with pytest.raises(ArchiveError, match="did not end"):
        export_bagit(place, left, NOW)
    with pytest.raises(UsageError, match="one line"):
        export_bagit(place, tmp_path / "b", NOW, "a\nPayload-Oxum: 1.1")
    shutil.rmtree(taken)
    with pytest.raises(ArchiveError, match="nothing is sealed"):
        export_bagit(Place(folder=taken, database=place.database), tmp_path / "b", NOW)
    assert not (tmp_path / "b").exists()


def test_a_full_disk_leaves_nothing(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFullError):
        export_bagit(place, tmp_path / "bag", NOW)
    assert not list(tmp_path.iterdir())


def test_a_catalogue_elsewhere_is_told(quay_copy: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.db"
    (quay_copy / "catalogue.db").rename(elsewhere)
    place = find_place(quay_copy, f"sqlite:///{elsewhere}")
    export_bagit(place, tmp_path / "bag", NOW)
    assert (tmp_path / "bag/data/catalogue.db").read_bytes() == elsewhere.read_bytes()


def test_a_packed_series_is_an_archive_too(mill_archive: Path, tmp_path: Path) -> None:
    ran = command(
        "archive", "--series", "eels", "--archive", mill_archive, "--to", tmp_path / "pack"
    )
    assert ran.code == 0, ran.err
    place = find_place(tmp_path / "pack", None)
    export_bagit(place, tmp_path / "bag", NOW)
    bagit.Bag(str(tmp_path / "bag")).validate()
    told = (tmp_path / "bag/metadata/premis.xml").read_text()
    assert ">information package splitting</eventType>" in told
    with pytest.raises(NotFoundError):
        export_bagit(replace(place, site="another"), tmp_path / "other", NOW)
    assert not (tmp_path / "other").exists()


def test_a_catalogue_that_knows_other_manifests_makes_no_bag(
    quay_copy: Path, tmp_path: Path
) -> None:
    place = find_place(quay_copy, None)
    (quay_copy / "manifests/000001.txt").rename(tmp_path / "000001.txt")
    with pytest.raises(ArchiveError):
        export_bagit(place, tmp_path / "bag", NOW)
    manifest = (tmp_path / "000001.txt").read_bytes()
    body = manifest.rpartition(b"# sha256 of the lines above")[0].replace(b"0.1.0", b"0.1.1", 1)
    last = f"# sha256 of the lines above: {hashlib.sha256(body).hexdigest()}\n"
    (quay_copy / "manifests/000001.txt").write_bytes(body + last.encode())
    with pytest.raises(ArchiveError, match="knows other manifests"):
        export_bagit(place, tmp_path / "bag", NOW)


def test_the_command_says_what_it_made(mill_archive: Path, tmp_path: Path) -> None:
    ran = command("export", "bagit", tmp_path / "bag", "--archive", mill_archive)
    assert (ran.code, ran.err) == (0, "")
    assert ran.lines[0].startswith(f"{tmp_path}/bag: 4 files, ")
    assert bagit.Bag(str(tmp_path / "bag")).info["Bagging-Date"] == f"{datetime.now(UTC):%Y-%m-%d}"
    ran = command("export", "bagit", tmp_path / "two", "--archive", mill_archive, "--json")
    assert '"catalogue": true' in ran.out
