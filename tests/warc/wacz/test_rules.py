"""Each rule for packages has a package that breaks it; a whole one breaks none."""

import gzip
import io
import json
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import NotVerifiableError
from pipeline.model import Severity, Sha256
from pipeline.warc.wacz import directory, rules
from pipeline.warc.wacz.check import check_wacz
from pipeline.warc.wacz.frame import frame
from tests.warc.wacz.packages import (
    DATAPACKAGE,
    DIGEST,
    INDEX,
    NOW,
    PAGES,
    SHORT,
    WARC,
    forge,
    members,
    patched,
    write_package,
    zipped,
)

THEIRS = "another tool 1"
Break = Callable[[Path], Path]


def changed(**of: bytes | None) -> Break:
    names = {"index": INDEX, "short": SHORT, "pages": PAGES, "warc": WARC, "digest": DIGEST}
    return lambda path: forge(path, {names[key]: data for key, data in of.items()}, software=THEIRS)


def said(**of: object) -> Break:
    return lambda path: forge(path, {}, **{"software": THEIRS, **of})


def added(name: str, data: bytes = b"x", **of: object) -> Break:
    return lambda path: forge(path, {name: data}, **{"software": THEIRS, **of})


def lines(path: Path) -> list[bytes]:
    return gzip.decompress(members(path)[INDEX]).splitlines(keepends=True)


def index(change: Callable[[list[bytes]], list[bytes]]) -> Break:
    """Change the lines of the index; of another tool, plain, so that nothing else is wrong."""

    def make(path: Path) -> Path:
        plain = b"".join(change(lines(path)))
        return forge(path, {INDEX: None, SHORT: None, "indexes/i.cdxj": plain}, software=THEIRS)

    return make


def each(old: bytes, new: bytes) -> Break:
    return index(lambda found: [line.replace(old, new) for line in found])


def resources(change: Callable[[list[dict[str, object]]], list[object]]) -> Break:
    def make(path: Path) -> Path:
        listed = json.loads(members(forge(path, {}))[DATAPACKAGE])["resources"]
        return forge(path, {}, software=THEIRS, resources=change(listed))

    return make


def with_entry(name: str, data: bytes = b"x", **attributes: int) -> Break:
    """Add a member as zipfile writes what it is told."""

    def make(path: Path) -> Path:
        memory = io.BytesIO(path.read_bytes())
        with zipfile.ZipFile(memory, "a") as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a name that is there twice
            info = frame("placeholder", NOW, len(data))
            for key, value in attributes.items():
                setattr(info, key, value)
            info.filename = name
            archive.writestr(info, data)
        out = path.with_name("more.wacz")
        out.write_bytes(memory.getvalue())
        return out

    return make


def field(name: str, offset: int, value: bytes) -> Break:
    """Set bytes in the directory's entry of a member."""

    def make(path: Path) -> Path:
        data = bytearray(path.read_bytes())
        at = data.rfind(name.encode()) - 46
        data[at + offset : at + offset + len(value)] = value
        out = path.with_name("field.wacz")
        out.write_bytes(data)
        return out

    return make


def both(name: str, local: int, central: int, value: bytes) -> Break:
    """Set bytes in a member's header and in the directory's entry."""

    def make(path: Path) -> Path:
        data = bytearray(field(name, central, value)(path).read_bytes())
        at = data.find(name.encode()) - 30
        data[at + local : at + local + len(value)] = value
        out = path.with_name("both.wacz")
        out.write_bytes(data)
        return out

    return make


def overlapping(path: Path) -> Path:
    """Let two entries of the directory lead to the same bytes."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr(frame("a", NOW, 1), b"x")
        archive.filelist.append(archive.filelist[0])
    path.with_name("over.wacz").write_bytes(memory.getvalue())
    return path.with_name("over.wacz")


def between(path: Path) -> Path:
    """Hide bytes before the first member; zipfile does not mind."""
    return _written(path, b"hidden" + path.read_bytes(), shift=6)


def _written(path: Path, data: bytes, shift: int) -> Path:
    found = bytearray(data)
    at = found.find(b"PK\x01\x02")
    while at >= 0:
        offset = struct.unpack_from("<L", found, at + 42)[0]
        struct.pack_into("<L", found, at + 42, offset + shift)
        at = found.find(b"PK\x01\x02", at + 4)
    at = found.rfind(b"PK\x05\x06")
    struct.pack_into("<L", found, at + 16, struct.unpack_from("<L", found, at + 16)[0] + shift)
    out = path.with_name("hidden.wacz")
    out.write_bytes(found)
    return out


def deflated(*names: str) -> Break:
    def make(path: Path) -> Path:
        found = members(forge(path, {}, software=THEIRS))
        return zipped(path.with_name("deflated.wacz"), found, frozenset(names))

    return make


def plain_warc(path: Path) -> Path:
    """Pack the WARC file without gzip, deflated by the zip."""
    data = gzip.decompress(members(path)[WARC])
    changes = {WARC: None, "archive/tiny.warc": data, INDEX: None, SHORT: None}
    forged = forge(path, {**changes, "indexes/i.cdxj": b""}, software=THEIRS)
    return zipped(path.with_name("plain.wacz"), members(forged), frozenset({"archive/tiny.warc"}))


def of_commit(path: Path) -> bytes:
    """Give the digest of the only record that is no capture, as the index has it."""
    (line,) = (line for line in lines(path) if line.startswith(b"swh:"))
    return str(json.loads(line[line.index(b"{") :])["digest"]).encode()


def of_nothing(_: Path) -> bytes:
    return str(Sha256.of(b"")).encode()


BROKEN: dict[str, Break] = {
    "wacz-suffix": lambda path: path.rename(path.with_name("tiny.zip")),
    "wacz-zip-end": lambda path: patched(path, b"PK\x05\x06", b"PK\x05\x07"),
    "wacz-zip-directory": lambda path: patched(path, b"PK\x01\x02", b"PK\x01\x03"),
    "wacz-zip-many": lambda path: zipped(path, {str(n): b"" for n in range(12)}),
    "wacz-zip-name": with_entry("../../etc/passwd"),
    "wacz-zip-twice": with_entry(WARC),
    "wacz-zip-special": with_entry("link", b"/etc/passwd", external_attr=0o120777 << 16),
    "wacz-zip-encrypted": both(DIGEST, 6, 8, b"\x01\x00"),
    "wacz-zip-method": both(DIGEST, 8, 10, b"\x0c\x00"),
    "wacz-zip-header": field(DIGEST, 16, b"\0\0\0\0"),
    "wacz-zip-overlap": overlapping,
    "wacz-zip-gap": between,
    "wacz-zip-crc": both(DIGEST, 14, 16, b"\0\0\0\0"),
    "wacz-zip-inflation": lambda path: both(DATAPACKAGE, 8, 10, b"\x08\x00")(
        both(DATAPACKAGE, 22, 24, b"\0\0\0\xf0")(path)
    ),
    "wacz-zip-frame": field(DIGEST, 38, b"\x01"),
    "wacz-not-stored": deflated(WARC),
    "wacz-deflated": plain_warc,
    "wacz-datapackage-missing": lambda path: forge(path, {DATAPACKAGE: None, DIGEST: None}),
    "wacz-datapackage-json": lambda path: forge(path, {DATAPACKAGE: b'{"a": 1, "a": 2}'}),
    "wacz-datapackage-form": said(profile="package"),
    "wacz-profile": said(profile=None),
    "wacz-version": said(wacz_version="9.0"),
    "wacz-context": said(title=None),
    "wacz-resource": resources(lambda listed: [*listed, listed[0]]),
    "wacz-hash-unknown": resources(lambda listed: [listed[0] | {"hash": "crc:1"}, *listed[1:]]),
    "wacz-hash-weak": resources(
        lambda listed: [
            {**one, "hash": "md5:" + "0" * 32} if one["path"] == PAGES else one for one in listed
        ]
    ),
    "wacz-file-missing": resources(lambda listed: [*listed, listed[0] | {"path": "gone"}]),
    "wacz-file-unlisted": resources(lambda listed: list(listed[1:])),
    "wacz-file-size": resources(lambda listed: [listed[0] | {"bytes": 3}, *listed[1:]]),
    "wacz-file-hash": lambda path: zipped(path, members(path) | {"manifests/000001.txt": b"?"}),
    "wacz-file-stray": added("archive/notes.txt"),
    "wacz-digest-missing": changed(digest=None),
    "wacz-digest-form": changed(digest=b'{"path": "other", "hash": "sha256:00"}'),
    "wacz-digest-hash": changed(
        digest=json.dumps({"path": DATAPACKAGE, "hash": "sha256:" + "0" * 64}).encode()
    ),
    "wacz-own": lambda path: forge(path, {SHORT: None}),
    "wacz-archive-missing": changed(warc=None),
    "wacz-archive-name": added("archive/odd.warc", gzip.compress(b"WARC/1.1")),
    "wacz-index-missing": changed(index=None, short=None),
    "wacz-index-data": changed(index=b"\x1f\x8b\x08no"),
    "wacz-index-line": index(lambda found: [*found, b"zzz\n"]),
    "wacz-index-field": each(b'"filename"', b'"emanelif"'),
    "wacz-index-digest": each(b'"digest"', b'"tsegid"'),
    "wacz-index-mime": each(b'"mime"', b'"emim"'),
    "wacz-index-order": index(lambda found: found[::-1]),
    "wacz-index-key": each(b"org,example)/about ", b"org,example)/abouu "),
    "wacz-index-short": changed(short=b'org,example)/ 2 {"offset": 0, "length": 1}\n'),
    "wacz-index-record": each(b'"offset": "', b'"offset": "9'),
    "wacz-index-differs": each(b'"url": "https://example.org/copy"', b'"url": "https://a.b/"'),
    "wacz-index-twice": index(lambda found: sorted([*found, found[0]])),
    "wacz-index-hollow": lambda path: each(of_commit(path), of_nothing(path))(path),
    "wacz-unindexed": index(lambda found: found[1:]),
    "wacz-pages-missing": changed(pages=None),
    "wacz-pages-line": changed(pages=b"{}\n[1]\n"),
    "wacz-pages-field": changed(pages=b'{"format": ""}\n{"url": "https://a/", "ts": "soon"}\n'),
    "wacz-pages-empty": changed(pages=b'{"format": "json-pages-1.0"}\n'),
    "wacz-page-unindexed": changed(pages=b'{"url": "https://a/", "ts": "2020-01-01T00:00:00Z"}\n'),
    "wacz-more": index(lambda _: [b"zzz\n"] * 1100),
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_package_that_breaks_a_rule_is_told(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if code == "wacz-zip-many":
        monkeypatch.setattr(directory, "MEMBERS_MOST", 10)
    path, _ = write_package(tmp_path)
    rule = next(rule for rule in rules.RULES if rule.code == code)
    found = {finding.code: finding for finding in check_wacz(BROKEN[code](path)).findings}
    assert code in found, found
    assert found[code].severity is rule.severity


def test_every_rule_has_a_package_that_breaks_it() -> None:
    assert set(BROKEN) == {rule.code for rule in rules.RULES}
    assert len({rule.code for rule in rules.RULES}) == len(rules.RULES)


def test_a_whole_package_breaks_none(tmp_path: Path) -> None:
    path, checked = write_package(tmp_path)
    assert checked.findings == ()
    assert (checked.files, checked.records, checked.entries, checked.pages) == (7, 6, 4, 2)
    assert check_wacz(forge(path, {}, software=THEIRS)).findings == ()


def test_what_is_not_there_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(NotVerifiableError):
        check_wacz(tmp_path / "none.wacz")


def test_every_flipped_bit_of_a_package_is_found(tmp_path: Path) -> None:
    path, _ = write_package(tmp_path)
    whole = path.read_bytes()
    flipped = tmp_path / "flipped.wacz"
    silent = []
    for at in range(len(whole)):
        data = bytearray(whole)
        data[at] ^= 1 << (at % 8)
        flipped.write_bytes(data)
        if all(found.severity is not Severity.ERROR for found in check_wacz(flipped).findings):
            silent.append((at, at % 8))
    assert silent == []


def test_every_cut_of_a_package_is_found(tmp_path: Path) -> None:
    path, _ = write_package(tmp_path)
    whole = path.read_bytes()
    for size in range(0, len(whole), 97):
        path.write_bytes(whole[:size])
        assert not check_wacz(path).sound


@pytest.mark.parametrize("line", [b"a" * (1 << 20) + b"a\n", b"a" * (1 << 21)])
def test_a_line_without_end_is_given_up(tmp_path: Path, line: bytes) -> None:
    path, _ = write_package(tmp_path)
    forged = forge(path, {"indexes/i.cdxj": line + b"b 20240101000000 {}\n"}, software=THEIRS)
    found = [each for each in check_wacz(forged).findings if "longer than" in each.message]
    assert [each.code for each in found] == ["wacz-index-line"]


def test_a_bomb_is_given_up(tmp_path: Path) -> None:
    path, _ = write_package(tmp_path)
    bomb = gzip.compress(b"\0" * (1 << 26))
    forged = forge(path, {INDEX: bomb, SHORT: None}, software=THEIRS)
    assert not check_wacz(forged).sound
    huge = zipped(path, {DATAPACKAGE: b" " * (1 << 24)}, frozenset({DATAPACKAGE}))
    assert "wacz-zip-inflation" in {found.code for found in check_wacz(huge).findings}


def test_large_members_and_described_ones_are_read(tmp_path: Path) -> None:
    """As other tools write them: sizes after the data, or in zip64 fields."""
    path, _ = write_package(tmp_path)
    found = members(forge(path, {}, software=THEIRS))

    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.data += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:
        for name, data in found.items():
            with archive.open(frame(name, NOW, len(data)), "w", force_zip64=name == WARC) as out:
                out.write(data)
    path.write_bytes(pipe.data)
    assert check_wacz(path).findings == ()
