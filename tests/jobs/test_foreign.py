"""Captures of other tools become pages tied to their sources; their file is kept whole."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest

from pipeline.errors import RenderedError
from pipeline.jobs.foreign import OwnSite, destinations
from pipeline.jobs.summary import Summary
from pipeline.jobs.verify import verify
from pipeline.model import Sha256
from pipeline.warc.payloads import Payload, Spot
from pipeline.warc.reader import read_record
from pipeline.warc.record import RecordType
from tests.archives import LATER, archive, make_source, plain_site, rows
from tests.warc.payloads.making import HTML, URL, http, record

SITE = Path(__file__).parents[1] / "warc" / "payloads" / "site"
HERE = "https://quay.example"


def codes(summary: Summary) -> list[str]:
    return [finding.code for finding in summary.findings]


def pages(folder: Path) -> set[tuple[str, str, str | None, int | None]]:
    table = rows(folder)
    urls = {row["id"]: unquote(row["url"]) for row in table["urls"]}
    return {(urls[p["url_id"]], p["sha256"], p["title"], p["version_id"]) for p in table["pages"]}


@pytest.mark.parametrize("name", ["wget.warc.gz", "py-wacz.wacz", "warcio-capture.warc.gz"])
def test_the_pages_are_those_of_the_folder(
    name: str, sample_bundle: Path, mill_archive: Path, tmp_path: Path
) -> None:
    summary = archive(sample_bundle, tmp_path / "sallow-quay", rendered=SITE / name, history=False)
    assert summary.rendered is not None
    assert (summary.rendered.found, summary.rendered.stored) == (52, 52)
    ours, theirs = pages(tmp_path / "sallow-quay"), pages(mill_archive)
    assert {page[:3] for page in ours} == {page[:3] for page in theirs}
    assert {page[0] for page in ours if page[3]} == {page[0] for page in theirs if page[3]}
    assert verify(tmp_path / "sallow-quay").exit_code == 0


def test_times_and_evidence_stay_what_they_were(sample_bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / "their file.warc.gz"
    shutil.copy(SITE / "wget.warc.gz", source)
    folder = tmp_path / "archive"
    first = archive(sample_bundle, folder, rendered=source, history=False)
    (kept,) = (folder / "foreign").iterdir()
    assert kept.name.endswith("-their-file.warc.gz")
    assert kept.read_bytes() == source.read_bytes()
    assert f"foreign/{kept.name}" in first.written
    table = rows(folder)
    captured = [row for row in table["captures"] if row["url_id"] and row["type"] != "metadata"]
    assert {str(row["captured_at"])[:10] for row in captured} == {"2026-11-23"}
    about = [row for row in table["captures"] if row["url_id"] and row["type"] == "metadata"]
    assert len(about) == len(captured) == 52
    warc = next((folder / "archive").iterdir())
    said = read_record(warc, about[0]["offset"], about[0]["length"]).block.decode()
    told = dict(line.split(": ", 1) for line in said.splitlines() if line)
    assert told["captured-in"] == f"foreign/{kept.name}"
    assert told["captured-type"] == "response"
    # The record that is named is there, and it holds the payload that is named.
    with kept.open("rb") as file:
        file.seek(int(told["captured-at-offset"]))
        assert file.read(2) == b"\x1f\x8b"
    assert Sha256.parse(told["captured-payload"])
    again = archive(sample_bundle, folder, rendered=source, history=False, now=LATER)
    assert again.rendered is not None
    assert (again.rendered.stored, again.rendered.skipped) == (0, 52)
    assert again.written == ()
    kept.write_bytes(kept.read_bytes()[:-1] + b"x")
    assert "VERIFY-FILE-CHANGED" in [f.code for f in verify(folder).findings]


def test_the_same_page_on_another_day_is_another_capture(tmp_path: Path) -> None:
    source, folder = make_source(tmp_path / "source"), tmp_path / "archive"
    first, second = tmp_path / "1.warc", tmp_path / "2.warc"
    first.write_bytes(record("response", http(HTML), url=f"{HERE}/about.html"))
    second.write_bytes(record("response", http(HTML), url=f"{HERE}/about.html", number=9))
    archive(source, folder, rendered=first)
    summary = archive(source, folder, rendered=second, now=LATER)
    assert summary.rendered is not None
    assert summary.rendered.stored == 1
    table = rows(folder)
    found = [row for row in table["captures"] if row["url_id"] and row["type"] != "metadata"]
    assert [(row["type"], str(row["captured_at"])[:10]) for row in found] == [
        ("resource", "2023-11-01"),
        ("revisit", "2023-11-09"),
    ]
    assert len(table["pages"]) == 1
    assert table["pages"][0]["version_id"] is not None
    assert verify(folder).exit_code == 0


def test_what_is_no_page_of_the_site_is_told(tmp_path: Path) -> None:
    source, folder = make_source(tmp_path / "source"), tmp_path / "archive"
    warc = tmp_path / "mixed.warc"
    plain = record("resource", b"a", url=f"{HERE}/a.txt?v=1", number=8)
    plain = plain.replace(b"text/html", b"text/plain")
    warc.write_bytes(
        record("response", http(HTML), url="http://WWW.quay.example:80/about.html")
        + record("response", http(HTML), url="https://elsewhere.example/", number=2)
        + record("response", http(b"", status=301), url=f"{HERE}/gone", number=3)
        + record("response", http(HTML, "Content-Encoding: zstd"), url=f"{HERE}/z", number=4)
        + record("response", http(HTML), "WARC-Truncated: time", url=f"{HERE}/cut", number=5)
        + record("conversion", HTML, url=f"{HERE}/about.html", number=6)
        + record("resource", HTML, url="urn:example:a", number=7)
        + plain
    )
    summary = archive(source, folder, rendered=warc)
    assert summary.rendered is not None
    fates = summary.rendered
    assert (fates.found, fates.stored, fates.failed) == (4, 2, 2)
    told = codes(summary)
    assert told.count("RENDERED-OTHER") == 3
    assert {"RENDERED-ELSEWHERE", "PAYLOAD-CODED", "PAYLOAD-CUT"} <= set(told)
    assert len(rows(folder)["pages"]) == 1
    assert verify(folder).exit_code == 0


def test_what_is_no_capture_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    site = plain_site(tmp_path / "quay")
    files = {"no.warc": b"no WARC", "no.wacz": b"PK\x03\x04 no zip", "empty.warc": b""}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "other.warc").write_bytes(record("response", http(HTML)))
    for name in (*files, "other.warc", "absent.warc"):
        with pytest.raises(RenderedError):
            archive(site, tmp_path / "archive", rendered=tmp_path / name)
    assert not list((tmp_path / "archive").rglob("*.txt"))


def test_without_an_address_the_first_page_says_whose_file_it_is() -> None:
    site = OwnSite(None)
    payload = _payload(URL)
    assert site.path_of(payload) == "/a"
    assert site.path_of(_payload("https://other.example/a")) is None
    under = OwnSite("https://mill.example/base")
    assert under.path_of(_payload("https://mill.example/base/a?b=c")) == "/a?b=c"
    assert under.path_of(_payload("https://mill.example/base")) == "/"
    assert under.path_of(_payload("https://mill.example/basement")) is None
    assert under.path_of(_payload("http://[broken/")) is None
    assert destinations("/a%20b") == ("/a b", "/a b.html", "/a b/index.html")
    assert destinations("/a/?b") == ("/a/index.html",)


def _payload(url: str) -> Payload:
    return Payload(
        url=url,
        date=datetime(2023, 11, 1, tzinfo=UTC),
        kind=RecordType.RESPONSE,
        status=200,
        media_type="text/html",
        charset="",
        body=HTML,
        coded="",
        cut="",
        sha256=Sha256.of(HTML),
        spot=Spot(file="a", offset=0, length=1, record_id="urn:a"),
    )


def test_a_cut_package_gives_what_is_left_of_it(sample_bundle: Path, tmp_path: Path) -> None:
    package = tmp_path / "cut.wacz"
    package.write_bytes((SITE / "py-wacz.wacz").read_bytes()[:60_000])
    summary = archive(sample_bundle, tmp_path / "archive", rendered=package, history=False)
    assert "PAYLOAD-PACKAGE-CUT" in codes(summary)
    assert summary.rendered is not None
    assert 10 < summary.rendered.stored < 52
    assert verify(tmp_path / "archive").exit_code == 0
