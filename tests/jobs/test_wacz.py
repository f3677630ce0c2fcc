"""A whole archive as one package: with its pages, the same twice, verified as a single file."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.audit.report import Level, Verdict
from pipeline.errors import ArchiveError
from pipeline.jobs.place import Place, find_place
from pipeline.jobs.verify import verify
from pipeline.jobs.wacz import export_wacz
from tests.archives import LATER, NOW, archive, kept_as_it_was, make_source
from tests.cli.command import command
from tests.warc.wacz.packages import forge, members


@pytest.fixture
def place(tmp_path: Path) -> Place:
    source = make_source(tmp_path / "source")
    archive(source, tmp_path / "a", rendered=source.rendered)
    return find_place(tmp_path / "a", None)


def page_list(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in members(path)["pages/pages.jsonl"].splitlines()[1:]]


def test_an_archive_becomes_a_package_with_its_pages(place: Place, tmp_path: Path) -> None:
    with kept_as_it_was(place.archive):
        done = export_wacz(place, tmp_path / "a.wacz", LATER)
    listed = {page["url"]: page for page in page_list(tmp_path / "a.wacz")}
    about = listed["https://quay.example/about.html"]
    assert (about["title"], about["text"]) == ("About the mill", "Two wheels.")
    assert about["ts"] == "2026-01-02T03:04:05Z"
    folder = listed["https://quay.example/about/"]
    assert (folder["title"], folder["text"]) == ("About the mill", "Two")  # of no source
    assert (done.pages, done.warc_files, done.signed) == (2, 1, False)
    names = members(tmp_path / "a.wacz")
    for path in (*place.archive.glob("archive/*"), *place.archive.glob("manifests/*")):
        assert names[path.relative_to(place.archive).as_posix()] == path.read_bytes()


def test_the_same_archive_gives_the_same_package(place: Place, tmp_path: Path) -> None:
    for name in ("one", "two"):
        export_wacz(place, tmp_path / f"{name}.wacz", LATER)
    assert (tmp_path / "one.wacz").read_bytes() == (tmp_path / "two.wacz").read_bytes()


def test_every_run_of_an_archive_is_packed(tmp_path: Path) -> None:
    source = make_source(tmp_path / "source")
    archive(source, tmp_path / "a", rendered=source.rendered)
    (source.rendered / "about.html").write_text("<title>Changed</title><p>Three wheels.")
    archive(source, tmp_path / "a", rendered=source.rendered, now=NOW + timedelta(days=9))
    done = export_wacz(find_place(tmp_path / "a", None), tmp_path / "a.wacz", LATER)
    assert (done.warc_files, done.pages) == (2, 3)
    times = [p["ts"] for p in page_list(tmp_path / "a.wacz") if p["url"].endswith("about.html")]
    assert times == ["2026-01-02T03:04:05Z", "2026-01-11T03:04:05Z"]


def test_without_rendered_pages_none_is_listed(tmp_path: Path) -> None:
    archive(make_source(tmp_path / "source"), tmp_path / "a")
    done = export_wacz(find_place(tmp_path / "a", None), tmp_path / "a.wacz", LATER)
    assert (done.pages, page_list(tmp_path / "a.wacz")) == (0, [])
    assert (
        "no rendered page"
        in json.loads(members(tmp_path / "a.wacz")["datapackage.json"])["description"]
    )
    report = verify(tmp_path / "a.wacz")
    assert report.verdict is Verdict.PASS
    assert [finding.code for finding in report.findings] == ["wacz-pages-empty"]
    assert report.levels[Level.SIGNATURES].does_not_apply == "nothing is signed"


def test_a_package_is_verified_by_itself(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    export_wacz(place, path, LATER)
    report = verify(path)
    assert (report.verdict, report.exit_code) == (Verdict.PASS, 0)
    passed = {level for level, looked in report.levels.items() if looked.verdict is Verdict.PASS}
    assert passed == {
        *(Level.PACKAGE, Level.INDEX, Level.RECORDS, Level.PAYLOADS, Level.REVISITS),
    }
    others = {looked.verdict for level, looked in report.levels.items() if level not in passed}
    assert others == {Verdict.NOT_APPLICABLE}
    broken = forge(path, {"pages/pages.jsonl": None})
    report = verify(broken)
    assert report.levels[Level.INDEX].verdict is Verdict.FAIL
    assert report.levels[Level.RECORDS].verdict is Verdict.PASS
    assert report.exit_code == 1


def test_revisits_of_another_file_of_the_package_are_verified(tmp_path: Path) -> None:
    source = make_source(tmp_path / "source")
    archive(source, tmp_path / "a", rev=source.first)
    archive(source, tmp_path / "a", rendered=source.rendered, now=LATER)
    export_wacz(find_place(tmp_path / "a", None), tmp_path / "a.wacz", LATER)
    report = verify(tmp_path / "a.wacz")
    assert (report.verdict, report.findings) == (Verdict.PASS, ())
    new = max((tmp_path / "a" / "archive").iterdir())
    assert verify(new).levels[Level.REVISITS].verdict is Verdict.NOT_VERIFIED


def test_an_archive_that_was_changed_is_not_packed(place: Place, tmp_path: Path) -> None:
    warc = next(place.archive.glob("archive/*"))
    warc.write_bytes(warc.read_bytes()[:-40])
    with pytest.raises(ArchiveError, match="run verify"):
        export_wacz(place, tmp_path / "a.wacz", LATER)
    assert not list(tmp_path.glob("*.wacz*"))


def test_the_command_packs_and_verify_takes_what_it_wrote(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "a.wacz"
    ran = command("export", "wacz", path, "--archive", place.archive)
    assert (ran.code, ran.err) == (0, "")
    assert "2 pages; checked, every digest holds" in ran.out
    assert command("verify", path).code == 0
    again = command("export", "wacz", path, "--archive", place.archive)
    assert again.code == ArchiveError.exit_code
    assert "exists already" in again.err
    path.write_bytes(b"PK\3\4 cut")
    assert command("verify", path).code == 1
    other = command("export", "wacz", tmp_path / "b.wacz", "--archive", place.archive, "--json")
    assert json.loads(other.out)["pages"] == 2
