"""Every finding of verification has a damage that yields it; the sound archive yields none."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.audit.codes import AuditCode
from pipeline.audit.report import Verdict
from pipeline.jobs.verify import verify
from pipeline.warc.manifests import manifest_path, read_manifest, write_manifest

Break = Callable[[Path], object]


def sql(*statements: str) -> Break:
    """Change rows, past every trigger and foreign key."""

    def change(folder: Path) -> None:
        with closing(sqlite3.connect(folder / "catalogue.db")) as database:
            named = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for (name,) in database.execute(named).fetchall():
                database.execute(f'DROP TRIGGER "{name}"')
            for statement in statements:
                assert database.execute(statement).rowcount > 0, statement
            database.commit()

    return change


def one(folder: Path, where: str) -> Path:
    (path,) = (folder / where).iterdir()
    return path


def flip(folder: Path) -> None:
    path = one(folder, "archive")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def lengthen(folder: Path) -> None:
    with one(folder, "manifests").open("ab") as file:
        file.write(b"more\n")


def other_records(folder: Path) -> None:
    """Write a manifest that counts a record more than there is."""
    manifest = read_manifest(folder, 1).manifest
    (folder / manifest_path(1)).unlink()
    files = tuple(
        replace(each, records=each.records + 1) if each.records else each for each in manifest.files
    )
    write_manifest(folder, replace(manifest, files=files))


BROKEN: dict[AuditCode, Break] = {
    AuditCode.MANIFEST_DAMAGED: lengthen,
    AuditCode.MANIFEST_UNKNOWN: sql("UPDATE manifests SET sha256 = zeroblob(32)"),
    AuditCode.FILE_MISSING: lambda folder: one(folder, "archive").unlink(),
    AuditCode.FILE_CHANGED: flip,
    AuditCode.FILE_UNLISTED: lambda folder: (folder / "archive" / "b.warc.gz").write_bytes(b""),
    AuditCode.RECORDS_DIFFER: other_records,
    AuditCode.CAPTURE_MISSING: sql('UPDATE captures SET "offset" = 99999999 WHERE id = 1'),
    AuditCode.CAPTURE_DIFFERS: sql("UPDATE captures SET target_uri = 'x:y' WHERE id = 1"),
    AuditCode.CONTENT_DIFFERS: sql("UPDATE blobs SET oid = replace(oid, 'a', 'b') WHERE id = 1"),
    AuditCode.REVISIT_DIFFERS: sql("UPDATE captures SET refers_to_id = 99 WHERE type = 'revisit'"),
    AuditCode.CONTENT_NOT_KEPT: sql(
        "DELETE FROM captures"
        " WHERE id = (SELECT min(id) FROM captures WHERE file_id IS NOT NULL AND type = 'resource')"
    ),
    AuditCode.TREE_DIFFERS: sql("UPDATE files SET mode = 33261 WHERE path = 'about.md'"),
    AuditCode.ROW_MISSING: sql("DELETE FROM links WHERE id = 1"),
    AuditCode.ROW_CHANGED: sql("UPDATE versions SET title = 'Another' WHERE id = 1"),
    AuditCode.ROW_UNKNOWN: sql(
        "INSERT INTO tags (site_id, kind, key, name) SELECT site_id, kind, 'x', 'x' FROM tags"
        " WHERE id = 1"
    ),
    AuditCode.EVENT_BROKEN: sql("UPDATE events SET digest = zeroblob(32)"),
    AuditCode.RUN_DIFFERS: sql("UPDATE runs SET software = 'by hand'"),
    AuditCode.DATABASE_DAMAGED: sql("UPDATE manifests SET created_at = 'soon'"),
}


@pytest.mark.parametrize("code", BROKEN, ids=lambda code: code.code)
def test_a_damage_yields_its_code(code: AuditCode, quay_copy: Path) -> None:
    BROKEN[code](quay_copy)
    report = verify(quay_copy)
    assert report.verdict is Verdict.FAIL
    assert code.code in {finding.code for finding in report.findings}
    assert verify(quay_copy).findings == report.findings  # looking changes nothing


def test_a_sound_archive_yields_none(quay_archive: Path) -> None:
    assert verify(quay_archive).findings == ()


def test_no_code_is_without_its_damage() -> None:
    assert set(BROKEN) == set(AuditCode)
