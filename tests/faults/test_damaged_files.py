"""Whatever happens to a file of an archive, verify finds it, names it and says 1."""

import gzip
import random
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.audit.report import Level, Report, Verdict
from pipeline.jobs.verify import verify
from pipeline.jobs.verify_files import look_at_manifests
from pipeline.warc.check import digest_file
from pipeline.warc.manifests import read_manifest, write_manifest
from tests.archives import LATER, archive, kept_as_it_was
from tests.faults.weir import Weir

SEED = 20260102
PARTS = ("archive", "ledger", "manifests")


@pytest.fixture(scope="module")
def grown(weir: Weir, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two runs, so that there are two files of each kind. Nobody changes it."""
    folder = tmp_path_factory.mktemp("grown") / "weir"
    archive(weir.location, folder, rev=weir.half)
    archive(weir.location, folder, rendered=weir.rendered, now=LATER)
    return folder


@pytest.fixture
def damaged(grown: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    return Path(shutil.copytree(grown, tmp_path / "weir"))


def sealed_files(folder: Path) -> list[str]:
    found = [path for part in PARTS for path in sorted((folder / part).iterdir())]
    return [path.relative_to(folder).as_posix() for path in found]


def names(report: Report, path: str) -> bool:
    return any(path in str(finding) for finding in report.findings)


def assert_found(folder: Path, path: str) -> None:
    report = verify(folder)
    assert (report.verdict, report.exit_code) == (Verdict.FAIL, 1)
    assert names(report, path), (path, [str(each) for each in report.findings])


def flips(size: int, count: int) -> Iterator[tuple[int, int]]:
    """Give places and bits: the ends, and a sample of what is between."""
    pick = random.Random(SEED + size)  # noqa: S311 - a sample, no secret
    ends = (0, 1, 2, 3, 8, 9, size - 9, size - 8, size - 4, size - 1)
    for offset in sorted({*ends, *(pick.randrange(size) for _ in range(count))}):
        yield offset, 1 << pick.randrange(8)


def test_nothing_is_found_where_nothing_is_wrong(damaged: Path) -> None:
    with kept_as_it_was(damaged):
        report = verify(damaged)
    assert (report.verdict, report.exit_code, report.findings) == (Verdict.PASS, 0, ())
    absent = {Level.PACKAGE, Level.INDEX, Level.SIGNATURES}
    assert {level: looked.verdict for level, looked in report.levels.items()} == {
        level: Verdict.NOT_APPLICABLE if level in absent else Verdict.PASS for level in Level
    }
    assert report.levels[Level.MANIFESTS].checked == 2
    assert report.levels[Level.FILES].checked == 4


@pytest.mark.parametrize("number", range(4))
def test_every_flipped_bit_of_a_sealed_file_is_found(number: int, damaged: Path) -> None:
    path = sealed_files(damaged)[number]
    data = bytearray((damaged / path).read_bytes())
    for offset, bit in flips(len(data), 20):
        data[offset] ^= bit
        (damaged / path).write_bytes(data)
        assert_found(damaged, path)
        data[offset] ^= bit
    (damaged / path).write_bytes(data)
    assert verify(damaged).exit_code == 0


@pytest.mark.parametrize("number", [1, 2])
def test_every_changed_byte_of_a_manifest_is_found(number: int, damaged: Path) -> None:
    path = f"manifests/{number:06}.txt"
    data = bytearray((damaged / path).read_bytes())
    pick = random.Random(SEED)  # noqa: S311 - a sample, no secret
    for offset in range(len(data)):
        bit = 1 << pick.randrange(8)
        data[offset] ^= bit
        (damaged / path).write_bytes(data)
        filed, looked = look_at_manifests(damaged)
        assert looked.verdict is Verdict.FAIL
        assert any(path in str(finding) for finding in looked.findings)
        assert len(filed) == 1
        if offset % 97 == 0:
            assert_found(damaged, path)
        data[offset] ^= bit


@pytest.mark.parametrize("number", range(6))
def test_every_cut_is_found(number: int, damaged: Path) -> None:
    path = sealed_files(damaged)[number]
    data = (damaged / path).read_bytes()
    for length in (0, 1, 10, len(data) // 2, len(data) - 8, len(data) - 1):
        (damaged / path).write_bytes(data[:length])
        assert_found(damaged, path)
    for more in (b"\0", b"\n", data):
        (damaged / path).write_bytes(data + more)
        assert_found(damaged, path)


@pytest.mark.parametrize("number", range(6))
def test_every_missing_file_is_found(number: int, damaged: Path) -> None:
    path = sealed_files(damaged)[number]
    (damaged / path).unlink()
    assert_found(damaged, path)


@pytest.mark.parametrize("part", PARTS)
def test_two_files_that_are_swapped_are_found(part: str, damaged: Path) -> None:
    one, two = sorted((damaged / part).iterdir())
    one.rename(damaged / "aside")
    two.rename(one)
    (damaged / "aside").rename(two)
    for path in (one, two):
        assert_found(damaged, path.relative_to(damaged).as_posix())


@pytest.mark.parametrize(
    "path", ["archive/new.warc.gz", "ledger/x/y", "manifests/000009.txt", "archive/a.open"]
)
def test_a_file_that_nobody_sealed_is_found(path: str, damaged: Path) -> None:
    (damaged / path).parent.mkdir(exist_ok=True)
    (damaged / path).write_bytes(b"")
    assert_found(damaged, path)


@pytest.mark.parametrize("target", ["/etc", "nowhere", "catalogue.db"])
def test_a_link_among_the_sealed_files_is_found(target: str, damaged: Path) -> None:
    (damaged / "archive" / "link").symlink_to(target)
    assert_found(damaged, "archive/link")


def test_a_second_manifest_that_is_the_first_again_is_found(damaged: Path) -> None:
    shutil.copy(damaged / "manifests/000001.txt", damaged / "manifests/000002.txt")
    assert_found(damaged, "manifests/000002.txt")


def test_the_newest_run_cannot_be_cut_off(damaged: Path) -> None:
    for part in PARTS:
        max((damaged / part).iterdir()).unlink()
    assert_found(damaged, "manifests/000002.txt")


def test_a_manifest_that_names_other_digests_is_found(damaged: Path) -> None:
    """Someone changes a file and makes the manifest say so, digests and all."""
    filed = read_manifest(damaged, 2)
    changed = damaged / filed.manifest.files[-1].path
    with changed.open("ab") as file:
        file.write(gzip.compress(b""))
    size, digest = digest_file(changed)
    (damaged / filed.path).unlink()
    last = replace(filed.manifest.files[-1], size=size, sha256=digest)
    write_manifest(damaged, replace(filed.manifest, files=(*filed.manifest.files[:-1], last)))
    assert_found(damaged, "manifests/000002.txt: error: digests differ")


@pytest.mark.parametrize("length", [0, 1, 15, 100, 4096, 8192, -4096])
def test_a_cut_database_is_found(length: int, damaged: Path) -> None:
    path = damaged / "catalogue.db"
    path.write_bytes(path.read_bytes()[:length])
    assert_found(damaged, "catalogue")


def test_a_database_of_noise_is_found(damaged: Path) -> None:
    (damaged / "catalogue.db").write_bytes(random.Random(SEED).randbytes(9000))  # noqa: S311
    assert_found(damaged, "catalogue.db")


def test_overwritten_pages_of_a_database_are_found(damaged: Path) -> None:
    path = damaged / "catalogue.db"
    whole = path.read_bytes()
    pages = len(whole) // 4096
    unseen = []
    for page in range(pages):
        path.write_bytes(whole[: page * 4096] + b"\xa5" * 4096 + whole[(page + 1) * 4096 :])
        if verify(damaged).exit_code != 1:
            unseen.append(page)
    assert unseen == []


def test_a_missing_database_is_found(damaged: Path) -> None:
    (damaged / "catalogue.db").unlink()
    assert_found(damaged, "catalogue.db")
    with kept_as_it_was(damaged):
        verify(damaged)
