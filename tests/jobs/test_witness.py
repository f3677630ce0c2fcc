"""What sealing has read and proved is not read again; whatever does not fit is, and is found."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from pipeline.audit.report import Level, Verdict
from pipeline.jobs.place import find_place
from pipeline.jobs.verify import verify, verify_archive
from pipeline.jobs.witness import Proof, Witness
from pipeline.warc.check import check
from pipeline.warc.limits import KEPT_MOST
from pipeline.warc.manifests import manifest_path, read_manifest, write_manifest
from pipeline.warc.record import SealedFile
from tests.archives import Source, archive, kept_as_it_was, rows

Break = Callable[[Path], None]


@pytest.fixture(scope="module")
def sealed(quay: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of one run with a rendered folder. Nobody changes it."""
    folder = tmp_path_factory.mktemp("sealed") / "quay"
    archive(quay, folder, rendered=quay.rendered)
    return folder


@pytest.fixture
def copied(sealed: Path, tmp_path: Path) -> Path:
    """A copy of it, to be broken."""
    return Path(shutil.copytree(sealed, tmp_path / "quay"))


def warc_of(folder: Path) -> Path:
    (path,) = (folder / "archive").iterdir()
    return path


def witnessed(folder: Path) -> Proof:
    """See the file of an archive as a run sees it when it is sealed."""
    table = rows(folder)["captures"]
    commits = {row["record_id"] for row in table if row["commit_id"]}
    files = {row["record_id"] for row in table if row["file_id"]}
    witness = Witness(commits, files)
    path = warc_of(folder)
    checked = check(path, show=witness.see, keep=KEPT_MOST)
    return witness.proof(
        path,
        SealedFile(
            name=path.name,
            size=checked.size,
            sha256=checked.sha256,
            records=checked.records,
            order_sha256=checked.order_sha256,
            proved=checked.proved,
            stream_sha256=checked.stream_sha256,
        ),
    )


def quietly(path: Path, change: Callable[[bytearray], None]) -> None:
    """Change bytes of a file in place and give it back its time: nobody can tell but by reading."""
    status = path.stat()
    data = bytearray(path.read_bytes())
    change(data)
    with path.open("r+b") as file:
        file.write(data)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def flip(data: bytearray) -> None:
    data[len(data) // 2] ^= 1


def test_a_proof_says_what_reading_says(sealed: Path) -> None:
    with kept_as_it_was(sealed):
        assert verify_archive(find_place(sealed, None), [witnessed(sealed)]) == verify(sealed)


def test_a_run_verifies_by_what_sealing_has_read(quay: Source, tmp_path: Path) -> None:
    summary = archive(quay, tmp_path / "quay", rendered=quay.rendered)
    assert summary.verified == verify(tmp_path / "quay")


def test_the_file_is_not_read_again(copied: Path) -> None:
    proof = witnessed(copied)
    quietly(warc_of(copied), flip)
    assert verify(copied).verdict is Verdict.FAIL
    assert verify_archive(find_place(copied, None), [proof]).verdict is Verdict.PASS


def touched(folder: Path) -> None:
    data = bytearray(warc_of(folder).read_bytes())
    flip(data)
    warc_of(folder).write_bytes(data)


def replaced(folder: Path) -> None:
    path = warc_of(folder)
    status = path.stat()
    data = bytearray(path.read_bytes())
    flip(data)
    path.with_suffix(".new").write_bytes(data)
    path.with_suffix(".new").rename(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def removed(folder: Path) -> None:
    warc_of(folder).unlink()


@pytest.mark.parametrize("break_it", [touched, replaced, removed])
def test_another_file_in_its_place_is_read_and_found(break_it: Break, copied: Path) -> None:
    proof = witnessed(copied)
    break_it(copied)
    report = verify_archive(find_place(copied, None), [proof])
    assert report == verify(copied)
    assert report.levels[Level.FILES].verdict is Verdict.FAIL
    assert report.levels[Level.RECORDS].verdict is Verdict.FAIL


def test_a_manifest_that_says_otherwise_is_found(copied: Path) -> None:
    proof = witnessed(copied)
    manifest = read_manifest(copied, 1).manifest
    (copied / manifest_path(1)).unlink()
    files = tuple(
        replace(file, records=file.records + 1) if file.records else file for file in manifest.files
    )
    write_manifest(copied, replace(manifest, files=files))
    report = verify_archive(find_place(copied, None), [proof])
    assert "VERIFY-RECORDS-DIFFER" in {finding.code for finding in report.findings}


#: What the capital words in the statements below stand for.
CHOSEN = {
    "FILE": "(SELECT max(id) FROM captures WHERE type = 'resource' AND file_id)",
    "COMMIT": "(SELECT max(id) FROM captures WHERE commit_id)",
    "REVISIT": "(SELECT max(id) FROM captures WHERE type = 'revisit')",
    "OWN": "id = (SELECT commit_id FROM captures WHERE id = COMMIT)",
}
CHANGES = {
    "record id": "UPDATE captures SET record_id = 'urn:x:y' WHERE id = FILE",
    "type": "UPDATE captures SET type = 'metadata' WHERE id = FILE",
    "target URI": "UPDATE captures SET target_uri = 'a:b' WHERE id = FILE",
    "date": "UPDATE captures SET captured_at = '2001-01-01T00:00:00.000000Z' WHERE id = FILE",
    "content type": "UPDATE captures SET content_type = 'a/b' WHERE id = FILE",
    "offset": 'UPDATE captures SET "offset" = "offset" + 1 WHERE id = FILE',
    "length": "UPDATE captures SET length = length + 1 WHERE id = FILE",
    "size": "UPDATE captures SET block_size = 1 WHERE id = FILE",
    "digest": "UPDATE captures SET block_sha256 = zeroblob(32) WHERE id = FILE",
    "no row": "DELETE FROM captures WHERE id = FILE",
    "one row more": """
        INSERT INTO captures SELECT 9999, warc_file_id, 0, length, 'urn:x:y', type, target_uri,
        captured_at, content_type, block_sha256, block_size, file_id, commit_id, url_id,
        refers_to_id FROM captures WHERE id = FILE""",
    "git id of a file": """
        UPDATE blobs SET oid = 'beef' || substr(oid, 5) WHERE id = (SELECT blob_id FROM files
        JOIN captures ON file_id = files.id WHERE captures.id = FILE)""",
    "git id of a commit": "UPDATE commits SET oid = 'beef' || substr(oid, 5) WHERE OWN",
    "tree of a commit": "UPDATE commits SET tree_oid = 'beef' || substr(tree_oid, 5) WHERE OWN",
    "another original": "UPDATE captures SET refers_to_id = COMMIT WHERE id = REVISIT",
    "no original": "UPDATE captures SET refers_to_id = NULL WHERE id = REVISIT",
    "an original that is none": "UPDATE captures SET refers_to_id = 9999 WHERE id = REVISIT",
    "an original for what needs none": "UPDATE captures SET refers_to_id = 1 WHERE id = FILE",
    "names of SHA-256": "UPDATE blobs SET oid = oid || substr(oid, 1, 24)",
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_row_that_says_otherwise_is_found(name: str, copied: Path) -> None:
    proof = witnessed(copied)
    statement = CHANGES[name]
    for word in ("OWN", "FILE", "COMMIT", "REVISIT"):
        statement = statement.replace(word, CHOSEN[word])
    engine = create_engine(f"sqlite:///{copied / 'catalogue.db'}", poolclass=NullPool)
    with engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount >= 1
    engine.dispose()
    report = verify_archive(find_place(copied, None), [proof])
    assert report == verify(copied)
    assert report.levels[Level.CONTENTS].verdict is Verdict.FAIL
