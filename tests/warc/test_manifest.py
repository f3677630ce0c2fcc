import hashlib
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ArchiveError, NotVerifiableError, NotWritableError
from pipeline.model import Sha256
from pipeline.warc.errors import InvalidRecordError
from pipeline.warc.manifest import Manifest, ManifestFile, is_safe_path, parse, render
from pipeline.warc.manifests import (
    Filed,
    chain_faults,
    manifest_path,
    read_manifest,
    sequences,
    write_manifest,
)
from tests.warc.building import NOW, small

ODD = ["a b", "#x", "-n", "a\\b", "a\nb", "a\rb", "\\n", "*star", "é", "x\udcff", "d/e\\\n/f", " "]
SHA = Sha256.of(b"x")

digests = st.binary(min_size=32, max_size=32).map(Sha256)
paths = (
    st.binary(min_size=1, max_size=20)
    .map(lambda raw: raw.decode("utf-8", "surrogateescape"))
    .filter(is_safe_path)
)
files = st.builds(
    ManifestFile,
    path=paths,
    size=st.integers(0, 10**15),
    sha256=digests,
    records=st.none() | st.integers(0, 10**9),
    order_sha256=st.none() | digests,
    stream_sha256=st.none() | digests,
)
manifests = st.builds(
    Manifest,
    sequence=st.integers(1, 10**6),
    site=st.sampled_from(["example", "Café", "https://example.org/"]),
    created=st.datetimes(timezones=st.just(UTC)),
    software=st.just("jekyll-archive 0.0"),
    previous=st.none() | digests,
    files=st.lists(files, max_size=4, unique_by=lambda file: file.path).map(tuple),
)


def manifest(*paths: str, sequence: int = 1, previous: Sha256 | None = None) -> Manifest:
    return Manifest(
        sequence=sequence,
        site="example",
        created=NOW,
        software="jekyll-archive 0.0",
        previous=previous,
        files=tuple(
            ManifestFile(path=path, size=len(path), sha256=Sha256.of(path.encode(errors="replace")))
            for path in paths
        ),
    )


@given(manifests)
@settings(deadline=None, max_examples=100)
def test_a_manifest_comes_back_from_its_bytes(value: Manifest) -> None:
    data = render(value)
    assert parse(data, "m") == value
    assert data.endswith(b"\n")


def test_sha256sum_reads_it_with_any_file_name(tmp_path: Path, need: Callable[[str], Path]) -> None:
    listed = []
    for name in ODD:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode(errors="replace"))
        listed.append(ManifestFile(path=name, size=1, sha256=Sha256.of(path.read_bytes())))
    (tmp_path / "m.txt").write_bytes(render(replace(manifest(), files=tuple(listed))))
    command = [str(need("sha256sum")), "--strict", "--warn", "--check", "m.txt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count(b": OK\n") == len(ODD)
    (tmp_path / "a\nb").write_bytes(b"changed")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"a\\nb: FAILED" in done.stdout


def test_sha256sum_writes_the_same_lines(tmp_path: Path, need: Callable[[str], Path]) -> None:
    for name in ODD:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    command = [str(need("sha256sum")), "--", *ODD]
    written = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
    ours = tuple(ManifestFile(path=name, size=1, sha256=SHA) for name in ODD)
    lines = render(replace(manifest(), files=ours)).splitlines(keepends=True)
    assert b"".join(line for line in lines if not line.startswith(b"# ")) == written


def test_every_flip_and_cut_of_a_manifest_is_found_in_itself() -> None:
    data = render(manifest("warc/a.warc.gz", "b\\c", previous=SHA))
    for index in range(len(data)):
        with pytest.raises(ArchiveError):
            parse(data[:index], "m")
        for bit in range(8):
            flipped = bytearray(data)
            flipped[index] ^= 1 << bit
            with pytest.raises(ArchiveError):
                parse(bytes(flipped), "m")
    for more in (b"\n", b"x", b"# a: b\n"):
        with pytest.raises(ArchiveError):
            parse(data + more, "m")


def redone(data: bytes, old: bytes, new: bytes) -> bytes:
    """Change a manifest and make its own digest hold again, as an enemy would."""
    assert data.count(old) == 1
    body = data.replace(old, new).rsplit(b"#", 1)[0]
    return body + b"# sha256 of the lines above: %s\n" % hashlib.sha256(body).hexdigest().encode()


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        (b"# jekyll-archive manifest 1", b"# manifest", "m:1: "),
        (b"# sequence: 1", b"# sequence: 01", "m:2: "),
        (b"# sequence: 1", b"# number: 1", "m:2: "),
        (b"# created: 2024", b"# created: 20", "m:4: "),
        (b"# previous: none", b"# previous: sha256:00", "m:6: "),
        (b"# files: 1", b"# files: 2", "m:13: "),
        (b"# files: 1", b"# files: 0", "m:8: "),
        (b"# files: 1", b"# files: 99999999", "m:7: "),
        (b"# records: none", b"# records: -1", "m:9: "),
        (b"  a", b" *a", "m:12: "),
        (b"  a", b"  a\\b", "m: the manifest is not written"),
        (b"  a", b"  ../a", "m: the manifest names what it must not"),
        (b"  a", b"  /etc/passwd", "m: the manifest names what it must not"),
        (b"# site: example", b"# site:  example", "m: the manifest names what it must not"),
        (b"T07:08:09.123456Z", b"T07:08:09.1234560Z", "m: the manifest is not written"),
    ],
)
def test_a_rewritten_manifest_is_refused_with_the_line(old: bytes, new: bytes, where: str) -> None:
    with pytest.raises(ArchiveError, match=re.escape(where)):
        parse(redone(render(manifest("a")), old, new), "m")


def test_an_unknown_escape_is_refused() -> None:
    data = render(manifest("a\nb"))
    with pytest.raises(ArchiveError, match="m:12: not a manifest: unknown escape"):
        parse(redone(data, b"a\\nb", b"a\\tb"), "m")


@pytest.mark.parametrize("path", ["", "/a", "a//b", "a/", "./a", "a/../b", "..", "-", "a\0b"])
def test_a_path_that_leaves_the_archive_is_not_written(path: str) -> None:
    with pytest.raises(InvalidRecordError):
        render(manifest(path))


def test_a_path_is_listed_once_and_a_site_is_one_line() -> None:
    with pytest.raises(InvalidRecordError):
        render(manifest("a", "a"))
    with pytest.raises(InvalidRecordError):
        render(replace(manifest(), site="a\n# previous: none"))
    with pytest.raises(InvalidRecordError):
        render(replace(manifest(), created=datetime(2024, 1, 1)))  # noqa: DTZ001 - this is the case


def test_manifests_are_filed_by_number_and_chained(tmp_path: Path) -> None:
    one = write_manifest(tmp_path, manifest("a"))
    two = write_manifest(tmp_path, manifest("a", "b", sequence=2, previous=one.sha256))
    assert (one.path, two.path) == ("manifests/000001.txt", "manifests/000002.txt")
    assert sequences(tmp_path) == (1, 2)
    filed = tuple(read_manifest(tmp_path, number) for number in sequences(tmp_path))
    assert filed == (one, two)
    assert chain_faults(filed) == ()
    assert two.sha256 == Sha256.of((tmp_path / two.path).read_bytes())
    assert list(tmp_path.glob("*.open")) == []


def test_what_breaks_the_chain_is_said(tmp_path: Path) -> None:
    one = write_manifest(tmp_path, manifest("a"))

    def faults(second: Manifest) -> tuple[str, ...]:
        return chain_faults((one, Filed(path="m2", sha256=SHA, manifest=second)))

    after = manifest("a", "b", sequence=2, previous=one.sha256)
    assert faults(after) == ()
    assert faults(replace(after, previous=SHA)) == (
        "m2: names another manifest as the one before it",
    )
    assert faults(replace(after, files=after.files[1:])) == (
        "m2: a file of the manifest before is gone or changed",
    )
    assert faults(replace(after, sequence=3)) == ("m2: manifest 2 is missing",)
    assert chain_faults((Filed(path="m1", sha256=SHA, manifest=manifest(previous=SHA)),)) == (
        "m1: names another manifest as the one before it",
    )


def test_a_manifest_is_never_replaced_and_must_hold_its_number(tmp_path: Path) -> None:
    write_manifest(tmp_path, manifest("a"))
    with pytest.raises(ArchiveError, match="never change"):
        write_manifest(tmp_path, manifest("b"))
    (tmp_path / manifest_path(2)).write_bytes(render(manifest("a")))
    with pytest.raises(ArchiveError, match="says that it is manifest 1"):
        read_manifest(tmp_path, 2)
    with pytest.raises(NotVerifiableError):
        read_manifest(tmp_path, 3)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "manifests").write_bytes(b"a file")
    with pytest.raises(NotWritableError):
        write_manifest(tmp_path, manifest("a"))
    assert (tmp_path / "manifests").read_bytes() == b"a file"


def test_an_endless_manifest_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.warc.manifests.SIZE_MOST", 100)
    write_manifest(tmp_path, manifest("a"))
    with pytest.raises(ArchiveError, match="longer than"):
        read_manifest(tmp_path, 1)


def test_a_sealed_warc_is_listed_as_it_is(tmp_path: Path, need: Callable[[str], Path]) -> None:
    sealed, _ = small(tmp_path)
    entry = ManifestFile(
        path=sealed.name,
        size=sealed.size,
        sha256=sealed.sha256,
        records=sealed.records,
        order_sha256=sealed.order_sha256,
        stream_sha256=sealed.stream_sha256,
    )
    filed = write_manifest(tmp_path, replace(manifest(), files=(entry,)))
    command = [str(need("sha256sum")), "--strict", "--check", filed.path]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "small.warc.gz: OK\n"
