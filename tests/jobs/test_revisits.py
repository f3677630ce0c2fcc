"""A content is in the archive once; wherever else it stood, a revisit says so and is proved."""

import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from pipeline.audit.report import Level, Report, Verdict
from pipeline.jobs.ask import bytes_of, explain
from pipeline.jobs.export import export_jekyll
from pipeline.jobs.place import Place, find_place
from pipeline.jobs.recording import COMPANIONS_MOST, Recorder
from pipeline.jobs.verify import verify
from pipeline.jobs.verify_records import look_at_records
from pipeline.model import Sha256
from pipeline.store.auditing import captures
from pipeline.store.session import reading
from pipeline.warc.fields import every, first
from pipeline.warc.limits import HEADER_MOST
from pipeline.warc.manifests import read_manifest
from pipeline.warc.reader import read_record, walk
from pipeline.warc.record import Record, RecordType
from tests.archives import LATER, NOW, archive, contents, rows, write_files
from tests.sources.workshop import Workshop
from tests.warc.building import INFO

PICTURE = b"\x89PNG\r\n\x1a\n the same picture in several places"
PAGE = "---\ntitle: A page\n---\nWords that stand twice.\n"
FILES: dict[str, str | bytes | None] = {
    "_config.yml": "title: Twice\nurl: https://twice.example\n",
    "a.md": PAGE,
    "pictures/one.png": PICTURE,
    "pictures/two.png": PICTURE,
    "empty/one.txt": "",
    "empty/two.txt": "",
}
MOVED: dict[str, str | bytes | None] = {"a.md": None, "b.md": PAGE, "c.md": "---\n---\nMore.\n"}
NEW_PICTURE = b"\x89PNG\r\n\x1a\n a picture that only the rendered site has"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An archive of two runs: the second reads a commit more, and a rendered folder."""

    folder: Path
    workshop: Workshop
    place: Place


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Nobody changes it."""
    base = tmp_path_factory.mktemp("revisits")
    workshop = Workshop.create(base / "twice")
    workshop.commit(FILES, "Begin")
    archive(workshop.folder, base / "archive")
    workshop.commit({**MOVED, "new.png": NEW_PICTURE, "again.png": PICTURE}, "Move the page")
    rendered = write_files(
        base / "_site",
        {"pictures/one.png": PICTURE, "only.png": NEW_PICTURE + b"!", "other.png": PICTURE},
    )
    summary = archive(workshop.folder, base / "archive", now=LATER, rendered=rendered)
    assert summary.verified is not None
    assert summary.verified.findings == ()
    return Made(
        folder=base / "archive", workshop=workshop, place=find_place(base / "archive", None)
    )


@pytest.fixture
def damaged(made: Made, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    return Path(shutil.copytree(made.folder, tmp_path / "archive"))


def records(folder: Path) -> list[Record]:
    found = [one for path in sorted((folder / "archive").iterdir()) for one in walk(path)]
    assert all(isinstance(one, Record) for one in found)
    return [one for one in found if isinstance(one, Record)]


def test_each_content_is_held_by_one_record(made: Made) -> None:
    held = [one.block for one in records(made.folder) if one.type is RecordType.RESOURCE]
    assert held.count(PICTURE) == 1
    assert held.count(PAGE.encode()) == 1
    assert held.count(b"") == 2  # a revisit would be no shorter
    full = [block for block in held if block]
    assert len(full) == len(set(full))


def test_every_other_place_has_a_revisit_that_says_where_the_bytes_are(made: Made) -> None:
    by_id = {one.record_id: one for one in records(made.folder)}
    revisits = [one for one in by_id.values() if one.type is RecordType.REVISIT]
    # two.png; then in another file: the page moved, the picture again, and twice as rendered.
    assert len(revisits) == 5
    for revisit in revisits:
        named = first(revisit.headers, "WARC-Refers-To") or ""
        original = by_id[named.strip("<>")]
        assert original.type is RecordType.RESOURCE
        said = dict(revisit.headers)
        assert said["WARC-Refers-To-Target-URI"] == original.target_uri
        assert said["WARC-Refers-To-Date"] == dict(original.headers)["WARC-Date"]
        assert said["WARC-Payload-Digest"] == str(Sha256.of(original.block))
        assert revisit.block == b""
    uris = sorted(one.target_uri or "" for one in revisits)
    assert [uri for uri in uris if uri.startswith("https:")] == [
        "https://twice.example/other.png",
        "https://twice.example/pictures/one.png",
    ]


def test_the_rows_say_which_record_holds_the_bytes(made: Made) -> None:
    table = {row["id"]: row for row in rows(made.folder)["captures"]}
    refers = {row["id"]: row["refers_to_id"] for row in table.values() if row["type"] == "revisit"}
    assert len(refers) == 5
    assert all(table[target]["type"] == "resource" for target in refers.values())
    assert all(target < own for own, target in refers.items())
    assert all(row["refers_to_id"] is None for row in table.values() if row["type"] != "revisit")


def test_a_commit_is_metadata_of_the_records_of_what_it_made(made: Made) -> None:
    found = records(made.folder)
    paths = {one.record_id: (one.target_uri or "").rpartition("path=/")[2] for one in found}
    commits = [one for one in found if (one.target_uri or "").startswith("swh:1:rev:")]
    assert {one.type for one in commits} == {RecordType.METADATA}
    told = {
        one.block.rpartition(b"\n\n")[2].decode().strip(): sorted(
            paths[name.strip("<>")] for name in every(one.headers, "WARC-Concurrent-To")
        )
        for one in commits
    }
    assert told == {
        "Begin": sorted(FILES),
        "Move the page": ["again.png", "b.md", "c.md", "new.png"],
    }


def test_bytes_are_found_through_a_revisit(made: Made, tmp_path: Path) -> None:
    (proof,) = explain(made.place, "document:b.md")
    assert proof.holds
    assert proof.data == PAGE.encode()
    evidence, revisit = proof.evidence, proof.evidence.revisit
    assert revisit is not None
    assert "path=/b.md" in (revisit.target_uri or "")
    assert "path=/a.md" in (evidence.target_uri or "")
    assert revisit.warc_path != evidence.warc_path  # the revisit is in the file of the second run
    again = read_record(
        made.folder / revisit.warc_path, revisit.record_offset, revisit.record_length
    )
    assert (again.type, again.record_id) == (RecordType.REVISIT, revisit.record_id)
    assert bytes_of(made.place, Sha256.of(PICTURE).hex) == PICTURE
    assert all(each.holds for each in explain(made.place, Sha256.of(PICTURE).hex))
    done = export_jekyll(made.place, tmp_path / "out")
    assert done.missing == ()
    given = {path: data for path, data in contents(tmp_path / "out").items() if data is not None}
    assert given == {
        path: data.encode() if isinstance(data, str) else data
        for path, data in {
            **FILES, **MOVED, "new.png": NEW_PICTURE, "again.png": PICTURE,
        }.items()
        if data is not None
    }  # fmt: skip


def test_a_rendered_file_is_found_through_a_revisit(made: Made) -> None:
    urls = [row for row in rows(made.folder)["captures"] if row["url_id"] and row["refers_to_id"]]
    assert len(urls) == 2
    for row in urls:
        (proof,) = explain(made.place, f"capture:{row['id']}")
        assert proof.holds
        assert proof.data == PICTURE
        assert proof.evidence.revisit is not None


def test_what_is_held_already_is_not_recorded_again(made: Made, damaged: Path) -> None:
    before = rows(damaged)["captures"]
    archive(made.workshop.folder, damaged, now=LATER)
    assert rows(damaged)["captures"] == before


def change(folder: Path, statement: str, **values: Any) -> None:  # noqa: ANN401 - any value
    engine = create_engine(f"sqlite:///{folder / 'catalogue.db'}", poolclass=NullPool)
    with engine.begin() as connection:
        done = connection.execute(text(statement), values)
        assert done.rowcount == 1, statement
    engine.dispose()


def found_by(folder: Path, *levels: Level) -> set[str]:
    report = verify(folder)
    assert report.verdict is Verdict.FAIL
    levels = levels or (Level.CONTENTS, Level.REVISITS)
    return {finding.code for level in levels for finding in report.levels[level].findings}


def one_revisit(folder: Path) -> dict[str, Any]:
    """Give the row of the revisit whose file is `b.md`."""
    engine = create_engine(f"sqlite:///{folder / 'catalogue.db'}", poolclass=NullPool)
    query = (
        "SELECT captures.* FROM captures JOIN files ON files.id = captures.file_id "
        "WHERE files.path = 'b.md'"
    )
    with engine.connect() as connection:
        row = dict(connection.execute(text(query)).mappings().one())
    engine.dispose()
    return row


def test_a_revisit_that_dangles_is_found(damaged: Path) -> None:
    row = one_revisit(damaged)
    change(damaged, "UPDATE captures SET refers_to_id = 9999 WHERE id = :id", id=row["id"])
    assert found_by(damaged) == {"VERIFY-CAPTURE-DIFFERS", "VERIFY-REVISIT-DIFFERS"}


def test_a_revisit_that_refers_to_nothing_is_found(damaged: Path) -> None:
    row = one_revisit(damaged)
    change(damaged, "UPDATE captures SET refers_to_id = NULL WHERE id = :id", id=row["id"])
    assert found_by(damaged) == {"VERIFY-CAPTURE-DIFFERS", "VERIFY-REVISIT-DIFFERS"}


def test_a_revisit_that_refers_to_another_record_is_found(damaged: Path) -> None:
    row = one_revisit(damaged)
    other = next(
        each["id"]
        for each in rows(damaged)["captures"]
        if each["type"] == "resource" and each["id"] != row["refers_to_id"]
    )
    statement = "UPDATE captures SET refers_to_id = :other WHERE id = :id"
    change(damaged, statement, other=other, id=row["id"])
    assert found_by(damaged) == {"VERIFY-CAPTURE-DIFFERS", "VERIFY-CONTENT-DIFFERS"}


def test_a_revisit_that_stands_for_another_content_is_found(damaged: Path) -> None:
    row = one_revisit(damaged)
    statement = (
        "UPDATE files SET blob_id = (SELECT id FROM blobs WHERE sha256 = :sha) WHERE id = :id"
    )
    change(damaged, statement, sha=Sha256.of(PICTURE).raw, id=row["file_id"])
    assert found_by(damaged) == {"VERIFY-CONTENT-DIFFERS"}


def test_a_revisit_of_a_revisit_is_found(damaged: Path) -> None:
    row = one_revisit(damaged)
    statement = "UPDATE captures SET refers_to_id = :id WHERE id = :id"
    change(damaged, statement, id=row["id"])
    assert "VERIFY-REVISIT-DIFFERS" in found_by(damaged)


def test_a_revisit_whose_original_is_damaged_is_found(damaged: Path) -> None:
    row = one_revisit(damaged)
    table = {each["id"]: each for each in rows(damaged)["captures"]}
    original = table[row["refers_to_id"]]
    path = min((damaged / "archive").iterdir())
    data = bytearray(path.read_bytes())
    data[original["offset"] + original["length"] - 8] ^= 1  # the CRC of the member
    path.write_bytes(data)
    assert found_by(damaged) == {"VERIFY-CAPTURE-MISSING", "VERIFY-REVISIT-DIFFERS"}
    assert "warc-gzip-check" in found_by(damaged, Level.RECORDS)


def test_a_record_that_is_only_called_a_revisit_is_found(damaged: Path) -> None:
    row = next(each for each in rows(damaged)["captures"] if each["type"] == "resource")
    statement = "UPDATE captures SET type = 'revisit', refers_to_id = 1 WHERE id = :id"
    change(damaged, statement, id=row["id"] if row["id"] != 1 else 2)
    assert "VERIFY-CAPTURE-DIFFERS" in found_by(damaged)


def test_a_companion_that_is_gone_is_found(damaged: Path) -> None:
    row = one_revisit(damaged)
    change(damaged, "UPDATE captures SET record_id = 'urn:x:y' WHERE id = :id", id=row["id"])
    report = verify(damaged)
    assert any("names the record" in str(finding) for finding in report.findings)


def test_a_block_that_was_too_long_to_be_held_is_proved_all_the_same(
    made: Made, damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.jobs.verify_records.KEPT_MOST", 10)
    assert verify(made.folder).findings == ()
    statement = "UPDATE blobs SET oid = :oid WHERE sha256 = :sha"
    change(damaged, statement, oid="0" * 40, sha=Sha256.of(NEW_PICTURE).raw)
    assert "VERIFY-CONTENT-DIFFERS" in found_by(damaged)


def test_without_a_catalogue_revisits_of_other_files_are_told(damaged: Path) -> None:
    (damaged / "catalogue.db").unlink()
    report: Report = verify(damaged)
    codes = {finding.code for finding in report.levels[Level.REVISITS].findings}
    assert codes == {"warc-revisit-elsewhere"}
    assert report.levels[Level.REVISITS].verdict is Verdict.NOT_VERIFIED


def test_a_single_file_proves_the_revisits_of_its_own_records(made: Made) -> None:
    one, two = sorted((made.folder / "archive").iterdir())
    assert verify(one).findings == ()
    assert {finding.code for finding in verify(two).findings} == {"warc-revisit-elsewhere"}


def test_a_commit_of_very_many_states_goes_on_in_further_records(tmp_path: Path) -> None:
    with Recorder(tmp_path, "many", INFO, NOW) as recorder:
        names = tuple(
            recorder.source_file(f"swh:x:{n}", "a.txt", b"%d" % n, n) or "" for n in range(1201)
        )
        recorder.commit("swh:1:rev:x", b"tree 0\n", 1, names)
        recorder.commit("swh:1:rev:x", b"tree 0\n", 1, names)  # once a run
        assert len(recorder.seal()) == 1
    found = [one for one in walk(tmp_path / "many.warc.gz") if isinstance(one, Record)]
    about = [one for one in found if one.type is RecordType.METADATA]
    named = [every(one.headers, "WARC-Concurrent-To") for one in about]
    assert [len(each) for each in named] == [COMPANIONS_MOST, COMPANIONS_MOST, 201]
    assert [name.strip("<>") for each in named for name in each] == list(names)
    assert [first(one.headers, "WARC-Refers-To") for one in about] == [
        None,
        *[f"<{about[0].record_id}>"] * 2,
    ]
    assert all(sum(len(n) + len(v) + 4 for n, v in one.headers) < HEADER_MOST for one in about)


def test_the_size_of_an_archive_follows_its_distinct_bytes(tmp_path: Path) -> None:
    picture = random.Random(1).randbytes(100_000)  # noqa: S311 - bytes that nothing compresses
    sizes = []
    for count in (1, 41):
        name = f"of-{count}"
        with Recorder(tmp_path, name, INFO, NOW) as recorder:
            for number in range(count):
                recorder.source_file(f"swh:x:{number}", f"{number}.png", picture, number)
            (sealed,) = recorder.seal()
        sizes.append(sealed.size)
    assert sizes[1] - sizes[0] < 40 * 700


def test_a_dry_recorder_records_nothing() -> None:
    with Recorder(None, "none", INFO, NOW) as recorder:
        assert recorder.source_file("swh:x:1", "a.txt", b"1", 1) is None
        recorder.commit("swh:1:rev:x", b"tree 0\n", 1, ())
        assert (recorder.seal(), recorder.held, recorder.proofs) == ((), [], [])


def test_the_level_of_contents_is_not_verified_without_rows(made: Made) -> None:
    filed = tuple(read_manifest(made.folder, number) for number in (1, 2))
    with reading(made.place.database) as connection:
        facts = tuple(captures(connection, 1))
    read = look_at_records(made.folder, filed, facts)
    assert read.levels[Level.CONTENTS].checked == len(facts)
    without = look_at_records(made.folder, filed, None)
    assert without.levels[Level.CONTENTS].verdict is Verdict.NOT_VERIFIED
    assert without.levels[Level.RECORDS].checked == read.levels[Level.RECORDS].checked
    assert look_at_records(made.folder, (), facts).levels[Level.RECORDS].not_verified
