"""A database without its folder, WARC files of anybody, several things at once."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from pipeline.audit.report import Level, Report, Scope, Verdict
from pipeline.errors import DatabaseError, NotVerifiableError, UsageError
from pipeline.jobs.verify import ALL, Wanted, verify
from pipeline.jobs.verify_alone import verify_database
from pipeline.jobs.verifying import refuse_inside, verify_all
from tests.archives import Source, archive, kept_as_it_was
from tests.warc.building import a, basic, identical, info_record, members, raw, sha1

IN_FOLDER = {
    Level.MANIFESTS, Level.FILES, Level.SIGNATURES, Level.RECORDS, Level.PAYLOADS, Level.REVISITS,
    Level.CONTENTS,
}  # fmt: skip


def alone(url: str, site: str | None = None) -> Report:
    (report,) = verify_database(url, site)
    return report


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'catalogue.db'}"


def change(url: str, *statements: str) -> None:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        names = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for name in names.all():
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        for statement in statements:
            assert connection.execute(text(statement)).rowcount, statement
    engine.dispose()


def test_a_database_alone_says_what_it_cannot_say(quay_archive: Path) -> None:
    with kept_as_it_was(quay_archive):
        report = alone(url_of(quay_archive))
    assert (report.verdict, report.exit_code, report.findings) == (Verdict.NOT_VERIFIED, 3, ())
    for level, looked in report.levels.items():
        if level in IN_FOLDER:
            assert (looked.verdict, looked.checked) == (Verdict.NOT_VERIFIED, 0)
            assert "name the archive folder" in looked.not_verified
    assert report.levels[Level.CATALOGUE].verdict is Verdict.NOT_VERIFIED
    assert report.levels[Level.EVENTS].verdict is Verdict.PASS
    assert report.levels[Level.TREES].verdict is Verdict.PASS
    assert report.levels[Level.PACKAGE].verdict is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("statement", "level"),
    [
        ("UPDATE events SET payload = '{}'", Level.EVENTS),
        ("UPDATE events SET sequence = 2", Level.EVENTS),
        ("UPDATE runs SET software = 'x'", Level.EVENTS),
        ("UPDATE manifests SET sha256 = zeroblob(32)", Level.EVENTS),
        ("DELETE FROM manifests", Level.EVENTS),
        ("DELETE FROM captures WHERE file_id IS NOT NULL", Level.CATALOGUE),
        ("UPDATE files SET mode = 33261", Level.TREES),
        ("UPDATE snapshots SET tree_oid = 'x'", Level.TREES),
        ("UPDATE commits SET site_id = 77", Level.CATALOGUE),
    ],
)
def test_what_can_be_seen_in_a_database_alone_is_seen(
    statement: str, level: Level, quay_copy: Path
) -> None:
    change(url_of(quay_copy), statement)
    report = alone(url_of(quay_copy))
    assert report.exit_code == 1
    assert report.levels[level].verdict is Verdict.FAIL


def test_a_database_file_under_another_name_is_a_database(quay_copy: Path, tmp_path: Path) -> None:
    other = tmp_path / "copy.sqlite"
    shutil.copy(quay_copy / "catalogue.db", other)
    assert verify(other).levels == alone(url_of(quay_copy)).levels


def test_a_database_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "noise.db").write_bytes(b"noise" * 999)
    with pytest.raises(DatabaseError):
        alone(f"sqlite:///{tmp_path}/noise.db")
    with pytest.raises(DatabaseError):
        alone(f"sqlite:///{tmp_path}/nowhere.db")
    assert not (tmp_path / "nowhere.db").exists()


def test_each_site_of_a_database_has_a_report(
    both_urls: tuple[str, str], quay: Source, tmp_path: Path
) -> None:
    for number, url in enumerate(both_urls):
        with pytest.raises((NotVerifiableError, DatabaseError)):
            verify_database(url, None)
        for name in ("one", "two"):
            archive(quay, tmp_path / f"{number}" / name, database=url)
        reports = verify_database(url, None)
        assert [report.place.rpartition(" ")[2] for report in reports] == ["one", "two"]
        assert {report.verdict for report in reports} == {Verdict.NOT_VERIFIED}
        assert alone(url, "two").place == reports[1].place
        with pytest.raises(NotVerifiableError, match="only: one, two"):
            verify_database(url, "three")


PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\none"
HTTP = ("Content-Type", "application/http;msgtype=response")
TEXT = ("Content-Type", "text/plain")


def written(path: Path, *records: bytes) -> Path:
    path.write_bytes(members(info_record(), *records))
    return path


def test_payloads_without_a_digest_are_not_called_verified(tmp_path: Path) -> None:
    page = raw([*basic("response"), HTTP, ("WARC-Payload-Digest", sha1(b"one"))], PAGE)
    digest = ("WARC-Block-Digest", sha1(b"2"))
    report = verify(
        written(tmp_path / "a.warc.gz", page, raw([*basic("resource", 2), TEXT, digest], b"2"))
    )
    assert (report.verdict, report.levels[Level.PAYLOADS].checked) == (Verdict.PASS, 2)
    report = verify(written(tmp_path / "b.warc.gz", page, raw([*basic("resource", 2), TEXT], b"2")))
    payloads = report.levels[Level.PAYLOADS]
    assert (report.verdict, report.exit_code) == (Verdict.NOT_VERIFIED, 3)
    assert (payloads.verdict, payloads.checked) == (Verdict.NOT_VERIFIED, 1)
    assert payloads.not_verified == "payloads without a digest that can be checked: 1"
    assert report.levels[Level.RECORDS].verdict is Verdict.PASS


@pytest.mark.parametrize("digest", ["md4:AAAA", "sha1024:AAAA"])
def test_a_digest_that_nobody_can_compute_vouches_for_nothing(digest: str, tmp_path: Path) -> None:
    record = raw([*basic("resource"), TEXT, ("WARC-Block-Digest", digest)], b"2")
    report = verify(written(tmp_path / "a.warc.gz", record))
    assert report.levels[Level.PAYLOADS].verdict is Verdict.NOT_VERIFIED


def test_a_file_without_payloads_has_none_to_verify(tmp_path: Path) -> None:
    levels = verify(written(tmp_path / "a.warc.gz", a("metadata", TEXT, block=b"x"))).levels
    assert levels[Level.PAYLOADS].verdict is Verdict.NOT_APPLICABLE
    assert levels[Level.REVISITS].verdict is Verdict.NOT_APPLICABLE


def test_a_revisit_of_another_file_is_not_verified(tmp_path: Path) -> None:
    report = verify(written(tmp_path / "a.warc.gz", identical()))
    revisits = report.levels[Level.REVISITS]
    assert (revisits.verdict, revisits.checked) == (Verdict.NOT_VERIFIED, 0)
    assert (report.verdict, report.exit_code) == (Verdict.NOT_VERIFIED, 3)


def test_a_payload_that_was_changed_fails_at_its_level(tmp_path: Path) -> None:
    record = a("resource", TEXT, ("WARC-Block-Digest", sha1(b"one")), block=b"two")
    report = verify(written(tmp_path / "a.warc.gz", record))
    assert {f.code for f in report.levels[Level.PAYLOADS].findings} == {"warc-block-digest"}
    assert report.levels[Level.PAYLOADS].verdict is Verdict.FAIL
    assert report.levels[Level.RECORDS].verdict is Verdict.PASS


def test_several_things_have_a_report_each(quay_archive: Path, tmp_path: Path) -> None:
    warc = min((quay_archive / "archive").iterdir())
    cut = tmp_path / "cut.warc.gz"
    cut.write_bytes(warc.read_bytes()[:-1])
    reports = verify_all((quay_archive, warc, cut), None, None, ALL)
    assert [report.place for report in reports] == [str(quay_archive), str(warc), str(cut)]
    assert [report.exit_code for report in reports] == [0, 0, 1]


def test_nothing_is_begun_when_one_thing_is_not_there(quay_archive: Path, tmp_path: Path) -> None:
    with pytest.raises(NotVerifiableError, match="nowhere"):
        verify_all((quay_archive, tmp_path / "nowhere"), None, None, ALL)


def test_what_makes_no_sense_together_is_refused(quay_archive: Path, tmp_path: Path) -> None:
    sample = Wanted(scope=Scope(sample=1, seed=1))
    with pytest.raises(UsageError, match="what is to be verified"):
        verify_all((), None, None, ALL)
    with pytest.raises(UsageError, match="archive folders"):
        verify_all((), url_of(quay_archive), None, sample)
    with pytest.raises(UsageError, match="archive folders"):
        verify_all((), url_of(quay_archive), None, ALL, tmp_path / "state")
    with pytest.raises(UsageError, match="one archive"):
        verify_all((quay_archive, quay_archive), url_of(quay_archive), None, ALL)
    with pytest.raises(UsageError, match="a sample is not resumed"):
        verify_all((quay_archive,), None, None, sample, tmp_path / "state")
    assert not (tmp_path / "state").exists()


def test_no_file_is_written_into_what_is_verified(quay_archive: Path, tmp_path: Path) -> None:
    warc = min((quay_archive / "archive").iterdir())
    with pytest.raises(UsageError, match="name a file outside"):
        refuse_inside(quay_archive / "report.html", (warc, quay_archive))
    with pytest.raises(UsageError, match="name a file outside"):
        refuse_inside(warc, (warc,))
    refuse_inside(tmp_path / "report.html", (quay_archive, warc))
