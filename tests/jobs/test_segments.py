"""A run of many bytes goes into several WARC files, and is proved like one that fits into one."""

import random
from pathlib import Path

import pytest

from pipeline.audit.report import Level, Verdict
from pipeline.jobs.ask import bytes_of, explain
from pipeline.jobs.place import find_place
from pipeline.jobs.recording import Recorder, segment_name
from pipeline.jobs.verify import verify
from pipeline.warc.check import check
from pipeline.warc.fields import first
from pipeline.warc.limits import HEADER_MOST, SEGMENT_MOST
from pipeline.warc.manifests import read_manifest
from pipeline.warc.reader import walk
from pipeline.warc.record import Record, RecordType
from tests.archives import LATER, NOW, Source, archive, rows, sealed
from tests.sources.workshop import Workshop
from tests.warc.building import INFO

MOST = HEADER_MOST + 60_000
"""A limit that a few pictures reach: room for one header of any length is always kept."""


def picture(number: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + random.Random(number).randbytes(20_000)  # noqa: S311 - no secret


FILES: dict[str, str | bytes | None] = {
    "_config.yml": "title: Large\nurl: https://large.example\n",
    "a.md": "---\ntitle: A page\n---\nWords.\n",
    **{f"p/{number}.png": picture(number) for number in range(9)},
    "p/again-0.png": picture(0),
    "p/again-8.png": picture(8),
}


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workshop, Path]:
    """An archive of two runs with several files each. Nobody changes it."""
    base = tmp_path_factory.mktemp("large")
    workshop = Workshop.create(base / "large")
    workshop.commit(FILES, "Begin")
    archive(workshop.folder, base / "archive", segment=MOST)
    workshop.commit({f"q/{n}.png": picture(n) for n in range(6, 12)}, "More")
    summary = archive(workshop.folder, base / "archive", segment=MOST, now=LATER)
    assert summary.verified is not None
    assert summary.verified == verify(base / "archive")
    assert summary.verified.findings == ()
    return workshop, base / "archive"


def warcs(folder: Path) -> list[Path]:
    return sorted((folder / "archive").iterdir())


def records(path: Path) -> list[Record]:
    found = list(walk(path))
    assert all(isinstance(one, Record) for one in found)
    return [one for one in found if isinstance(one, Record)]


def test_no_file_passes_the_limit_and_each_stands_by_itself(
    large: tuple[Workshop, Path],
) -> None:
    files = warcs(large[1])
    assert len(files) == 7
    for path in files:
        assert path.stat().st_size <= MOST
        about, *others = records(path)
        assert (about.type, first(about.headers, "WARC-Filename")) == (
            RecordType.WARCINFO,
            path.name,
        )
        assert others
        assert {first(one.headers, "WARC-Warcinfo-ID") for one in others} == {
            f"<{about.record_id}>"
        }


def test_the_manifest_lists_the_files_in_the_order_of_their_sealing(
    large: tuple[Workshop, Path],
) -> None:
    folder = large[1]
    listed = [file.path for file in read_manifest(folder, 1).manifest.files]
    base = "archive/archive-20260102030405-000001"
    numbers = ["", *(f"_{number:05d}" for number in range(2, 6))]
    assert listed[:5] == [f"{base}{number}.warc.gz" for number in numbers]
    assert listed[5:] == ["ledger/000001.jsonl.gz"]
    assert [path.name for path in warcs(folder)[:5]] == [Path(path).name for path in listed[:5]]
    assert [row["path"] for row in rows(folder)["warc_files"]][:5] == listed[:5]


def test_a_revisit_of_another_file_of_the_run_leads_to_its_bytes(
    large: tuple[Workshop, Path],
) -> None:
    folder = large[1]
    table = rows(folder)["captures"]
    files = {row["id"]: row["warc_file_id"] for row in table}
    revisits = [row for row in table if row["type"] == "revisit"]
    assert any(row["warc_file_id"] != files[row["refers_to_id"]] for row in revisits)
    place = find_place(folder, None)
    for row in revisits:
        (proof,) = explain(place, f"capture:{row['id']}")
        assert proof.holds
        name = row["target_uri"].rpartition("/")[2].removeprefix("again-").removesuffix(".png")
        assert bytes_of(place, f"capture:{row['id']}") == picture(int(name))


def test_a_file_that_is_gone_or_hurt_is_the_one_that_is_named(
    large: tuple[Workshop, Path], tmp_path: Path
) -> None:
    workshop, _ = large
    archive(workshop.folder, tmp_path / "a", segment=MOST)
    second, third = warcs(tmp_path / "a")[1:3]
    second.unlink()
    data = bytearray(third.read_bytes())
    data[len(data) // 2] ^= 1
    third.write_bytes(data)
    report = verify(tmp_path / "a")
    assert report.levels[Level.FILES].verdict is Verdict.FAIL
    found = {(one.code, str(one.place.path)) for one in report.findings if one.place}
    assert ("VERIFY-FILE-MISSING", f"archive/{second.name}") in found
    assert ("VERIFY-FILE-CHANGED", f"archive/{third.name}") in found
    named = {path for code, path in found if code.startswith(("VERIFY-FILE", "warc-"))}
    assert named == {f"archive/{second.name}", f"archive/{third.name}"}


def test_the_same_input_gives_the_same_files(large: tuple[Workshop, Path], tmp_path: Path) -> None:
    for name in ("one", "two"):
        archive(large[0].folder, tmp_path / name / "same", segment=MOST)
    assert sealed(tmp_path / "one" / "same") == sealed(tmp_path / "two" / "same")


def test_a_limit_that_nothing_fits_gives_each_record_a_file(quay: Source, tmp_path: Path) -> None:
    summary = archive(quay, tmp_path / "quay", rendered=quay.rendered, segment=1)
    assert summary.verified is not None
    assert summary.verified.findings == ()
    files = warcs(tmp_path / "quay")
    assert {len(records(path)) for path in files} == {2}
    whole = archive(quay, tmp_path / "whole" / "quay", rendered=quay.rendered)
    (one,) = warcs(tmp_path / "whole" / "quay")
    assert len(files) == len(records(one)) - 1
    assert whole.counts == summary.counts


def test_where_a_file_ends_does_not_depend_on_how_well_it_deflates(tmp_path: Path) -> None:
    for name, block in (("zeros", bytes(20_000)), ("noise", picture(1)[:20_000])):
        with Recorder(tmp_path, name, INFO, NOW, segment=MOST) as recorder:
            for number in range(7):
                data = number.to_bytes(2, "big") + block
                recorder.source_file(f"swh:x:{number}", "a.txt", data, number)
            sizes = [file.records for file in recorder.seal()]
        assert sizes == [3, 3, 3, 2]
        assert [path.stat().st_size <= MOST for path in tmp_path.glob(f"{name}*")] == [True] * 4


def test_nothing_is_left_of_the_file_that_was_open_when_a_run_failed(tmp_path: Path) -> None:
    def fail_in_the_third_file() -> None:
        with Recorder(tmp_path, "cut", INFO, NOW, segment=1) as recorder:
            for number in range(3):
                recorder.source_file(f"swh:x:{number}", "a.txt", b"%d" % number, number)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_in_the_third_file()
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["cut.warc.gz", "cut_00002.warc.gz"]  # `recover` knows what to do with these
    assert all(check(tmp_path / name).damages == () for name in left)


def test_names_sort_in_their_order() -> None:
    names = [f"{segment_name('a-1', number)}.warc.gz" for number in (1, 2, 10, 11_000)]
    assert sorted(names) == names
    assert SEGMENT_MOST == 1_000_000_000
