"""Records changed by someone who makes every digest anew that the file itself has, and more."""

import gzip
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from pipeline.audit.report import Level, Verdict
from pipeline.jobs.verify import verify
from pipeline.model import Sha256
from pipeline.store.engine import sqlite_url
from pipeline.warc.check import check
from pipeline.warc.manifests import read_manifest, write_manifest
from pipeline.warc.reader import walk
from pipeline.warc.record import Record

Members = list[bytes]
Forgery = Callable[[Members], Members]


def members_of(path: Path) -> Members:
    """Give the records of a file, each as its gzip member."""
    data = path.read_bytes()
    found = [one for one in walk(path) if isinstance(one, Record)]
    return [data[one.offset : one.offset + one.length] for one in found]


def edited(member: bytes, *changes: tuple[bytes, bytes]) -> bytes:
    """Change a record, with its length and all of its digests."""
    head, _, rest = gzip.decompress(member).partition(b"\r\n\r\n")
    block = rest[:-4]
    was = hashlib.sha256(block).hexdigest().encode()
    for old, new in changes:
        assert old in head + block, old
        head, block = head.replace(old, new), block.replace(old, new)
    head = head.replace(was, hashlib.sha256(block).hexdigest().encode())
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
    lines.append(b"Content-Length: %d" % len(block))
    return gzip.compress(b"\r\n".join(lines) + b"\r\n\r\n" + block + b"\r\n\r\n", mtime=0)


def holding(members: Members, what: bytes) -> int:
    return next(n for n, one in enumerate(members) if what in gzip.decompress(one))


def dropped(members: Members) -> Members:
    return members[:-1]


def dropped_in_the_middle(members: Members) -> Members:
    return members[:3] + members[4:]


def doubled(members: Members) -> Members:
    return [*members, members[-1]]


def swapped(members: Members) -> Members:
    return [*members[:2], members[3], members[2], *members[4:]]


def of_another_target(members: Members) -> Members:
    number = holding(members, b"WARC-Type: resource")
    one = edited(members[number], (b"WARC-Target-URI: swh:1:cnt:", b"WARC-Target-URI: swh:1:cnt:0"))
    return [*members[:number], one, *members[number + 1 :]]


def of_another_date(members: Members) -> Members:
    number = holding(members, b"WARC-Type: resource")
    one = edited(members[number], (b"WARC-Date: 2026", b"WARC-Date: 2023"))
    return [*members[:number], one, *members[number + 1 :]]


def of_another_text(members: Members) -> Members:
    number = holding(members, b"The gate is [stuck]")
    one = edited(members[number], (b"is [stuck]", b"is [fixed]"))
    return [*members[:number], one, *members[number + 1 :]]


def of_another_commit(members: Members) -> Members:
    number = holding(members, b"\n\nOpen the mill")
    one = edited(members[number], (b"Open the mill", b"Shut the mill"))
    return [*members[:number], one, *members[number + 1 :]]


def with_another_origin(members: Members) -> Members:
    return [edited(members[0], (b"isPartOf: ", b"isPartOf: un")), *members[1:]]


FORGERIES = (
    *(dropped, dropped_in_the_middle, doubled, swapped, of_another_target, of_another_date),
    *(of_another_text, of_another_commit, with_another_origin),
)


def forge(folder: Path, forgery: Forgery) -> Path:
    (path,) = (folder / "archive").iterdir()
    path.write_bytes(b"".join(forgery(members_of(path))))
    return path


def forge_manifest(folder: Path, path: Path) -> Sha256:
    """Let the manifest name the forged file with all of its facts."""
    manifest = read_manifest(folder, 1).manifest
    facts = check(path)
    (folder / "manifests/000001.txt").unlink()
    files = tuple(
        replace(
            file,
            size=facts.size,
            sha256=facts.sha256,
            records=facts.records,
            order_sha256=facts.order_sha256,
            stream_sha256=facts.stream_sha256,
        )
        if file.records
        else file
        for file in manifest.files
    )
    return write_manifest(folder, replace(manifest, files=files)).sha256


def forge_catalogue(folder: Path, path: Path, manifest: Sha256) -> None:
    """Let the catalogue know the forged manifest and file, as far as one row each can."""
    facts = check(path)
    engine = create_engine(sqlite_url(folder / "catalogue.db"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE manifests SET sha256 = :sha"), {"sha": manifest.raw})
        connection.execute(
            text("UPDATE warc_files SET size=:size, sha256=:sha, records=:n, order_sha256=:o"),
            {
                "size": facts.size,
                "sha": facts.sha256.raw,
                "n": facts.records,
                "o": facts.order_sha256.raw,
            },
        )
    engine.dispose()


@pytest.mark.parametrize("forgery", FORGERIES)
def test_the_file_alone_is_sound_and_the_archive_is_not(
    forgery: Forgery, quay_copy: Path, tmp_path: Path
) -> None:
    """The forgeries are good: nothing in the file gives them away. The archive does, each time."""
    path = forge(quay_copy, forgery)
    assert check(path).sound
    report = verify(quay_copy)
    failed = {level for level, looked in report.levels.items() if looked.verdict is Verdict.FAIL}
    assert {Level.FILES, Level.RECORDS} <= failed
    assert any(f"archive/{path.name}" in str(finding) for finding in report.findings)
    shutil.copytree(quay_copy, tmp_path / "manifest")
    forge_manifest(tmp_path / "manifest", tmp_path / "manifest" / "archive" / path.name)
    report = verify(tmp_path / "manifest")
    assert report.verdict is Verdict.FAIL
    assert any("manifests/000001.txt" in str(finding) for finding in report.findings)


@pytest.mark.parametrize("forgery", FORGERIES)
def test_with_manifest_and_catalogue_forged_too(forgery: Forgery, quay_copy: Path) -> None:
    path = forge(quay_copy, forgery)
    forge_catalogue(quay_copy, path, forge_manifest(quay_copy, path))
    report = verify(quay_copy)
    assert report.levels[Level.CATALOGUE].verdict is Verdict.FAIL  # the ledger has the true rows
    assert report.levels[Level.EVENTS].verdict is Verdict.FAIL  # and the log the true manifest
    if forgery is not with_another_origin:
        assert report.levels[Level.CONTENTS].verdict is Verdict.FAIL
