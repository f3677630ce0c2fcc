"""A corpus of packages that no checker should pass, made of one small valid package.

Where a name says "forged", every hash that would give the damage away is made anew: those of the
zip, of the list of files, and of that list.
"""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.model import Severity
from pipeline.warc.wacz.rules import RULES
from tests.warc.damaged import damaged as damaged_warcs
from tests.warc.wacz.packages import (
    DATAPACKAGE,
    DIGEST,
    INDEX,
    PAGES,
    SHORT,
    WARC,
    forge,
    members,
    write_package,
    zipped,
)
from tests.warc.wacz.test_rules import BROKEN, THEIRS

_NAMED_ONLY = {"wacz-suffix", "wacz-zip-many"}
"""Rules about a file's name, and about a bound that the tests lower."""

_EACH_WARC = 4
_CUTS = (1, 22, 100, 1000)
Named = Iterator[tuple[str, bytes]]


def valid(folder: Path) -> Path:
    """Write the package that all are made of, as another tool's."""
    folder.mkdir(parents=True, exist_ok=True)
    path, _ = write_package(folder)
    return forge(path, {}, software=THEIRS)


def damaged(folder: Path) -> dict[str, bytes]:
    """Make the corpus, each once; `folder` is for scratch."""
    made: dict[str, bytes] = {}
    for part in (_rules, _bytes, _members, _forged, _forged_indexes, _forged_warcs):
        made |= dict(part(folder / part.__name__))
    once = {data: name for name, data in reversed(made.items())}
    return {name: data for name, data in made.items() if once[data] == name}


def _rules(folder: Path) -> Named:
    for rule in RULES:
        if rule.severity is Severity.ERROR and rule.code not in _NAMED_ONLY:
            place = folder / rule.code
            place.mkdir(parents=True)
            path, _ = write_package(place)
            yield f"{rule.code} {rule.clause}", BROKEN[rule.code](path).read_bytes()


def _bytes(folder: Path) -> Named:
    whole = valid(folder).read_bytes()
    for left in _CUTS:
        yield f"cut {left} bytes before the end", whole[:-left]
    yield "cut after the first half", whole[: len(whole) // 2]
    yield "cut to nothing", b""
    yield "something after the end", whole + b"more"
    yield "something before the beginning", b"#!/bin/sh\n" + whole
    yield "twice, one after the other", whole + whole
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        places = {info.filename: (info.header_offset, info.file_size) for info in archive.filelist}
    for name, (start, size) in places.items():
        for part in (0, size // 2, size - 1):
            data = bytearray(whole)
            data[start + 30 + len(name) + part] ^= 4
            yield f"a bit of byte {part} of {name}", bytes(data)


def _members(folder: Path) -> Named:
    """Change what is in the zip, and none of the lists."""
    path = valid(folder)
    found = members(path)
    out = path.with_name("out.wacz")
    for name in found:
        if name != DIGEST:
            kept = {each: data for each, data in found.items() if each != name}
            yield f"without {name}", zipped(out, kept).read_bytes()
            yield f"{name} is empty", zipped(out, found | {name: b""}).read_bytes()
    swapped = found | {WARC: found[INDEX], INDEX: found[WARC]}
    yield "WARC file and index swapped", zipped(out, swapped).read_bytes()
    yield (
        "an unlisted WARC file",
        zipped(out, found | {"archive/b.warc.gz": found[WARC]}).read_bytes(),
    )
    yield "an unlisted page list", zipped(out, found | {"pages/b.jsonl": found[PAGES]}).read_bytes()
    yield "an unlisted program", zipped(out, found | {"run.sh": b"rm -rf ."}).read_bytes()
    other = found[DATAPACKAGE].replace(b'"Example"', b'"Another"')
    yield "another title", zipped(out, found | {DATAPACKAGE: other}).read_bytes()


def _forged(folder: Path) -> Named:
    path = valid(folder)
    found = members(path)
    for name in (WARC, PAGES):
        yield f"forged: without {name}", forge(path, {name: None}, software=THEIRS).read_bytes()
    without = {INDEX: None, SHORT: None}
    yield "forged: without an index", forge(path, without, software=THEIRS).read_bytes()
    empty = {INDEX: None, SHORT: None, "indexes/i.cdxj": b""}
    yield "forged: an index of nothing", forge(path, empty, software=THEIRS).read_bytes()
    lines = found[PAGES].splitlines(keepends=True)
    for what, data in (
        ("a page without its time", lines[0] + b'{"url": "https://example.org/"}\n'),
        ("a page without its URL", lines[0] + b'{"ts": "2024-05-06T07:08:09Z"}\n'),
        ("a page cut in half", lines[0] + lines[1][:20]),
        ("pages that are HTML", b"<!doctype html><title>No</title>\n"),
    ):
        yield f"forged: {what}", forge(path, {PAGES: data}, software=THEIRS).read_bytes()


def _forged_indexes(folder: Path) -> Named:
    path = valid(folder)
    lines = gzip.decompress(members(path)[INDEX]).splitlines(keepends=True)

    def of(changed: list[bytes]) -> bytes:
        changes = {INDEX: None, SHORT: None, "indexes/i.cdxj": b"".join(changed)}
        return forge(path, changes, software=THEIRS).read_bytes()

    captures = [at for at, line in enumerate(lines) if b"swh:" not in line]
    for at in captures:
        yield f"forged: line {at + 1} of the index dropped", of([*lines[:at], *lines[at + 1 :]])
    yield "forged: lines of the index swapped", of(lines[::-1])
    for field, value in (
        ("offset", "7"),
        ("length", "9"),
        ("filename", "other.warc.gz"),
        ("url", "https://example.org/other"),
        ("recordDigest", "sha256:" + "0" * 64),
        ("digest", "sha256:" + "0" * 64),
    ):
        for at in captures[:2]:
            head, brace, rest = lines[at].partition(b"{")
            said = json.loads(brace + rest) | {field: value}
            line = head + json.dumps(said).encode() + b"\n"
            name = f"forged: another {field} in line {at + 1} of the index"
            yield name, of([*lines[:at], line, *lines[at + 1 :]])


def _forged_warcs(folder: Path) -> Named:
    """Put each fourth damaged WARC file into a package that lists it as it is."""
    path = valid(folder)
    found = damaged_warcs(folder)
    for name in list(found)[::_EACH_WARC]:
        forged = forge(path, {WARC: found[name]}, software=THEIRS)
        yield f"forged: the WARC file: {name}", forged.read_bytes()
