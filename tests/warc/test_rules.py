"""One broken record for each rule of ISO 28500 that a record is held to, by its clause."""

from pathlib import Path

import pytest

from pipeline.model import Severity
from pipeline.warc.check import check
from pipeline.warc.damage import RULES
from pipeline.warc.reader import walk
from pipeline.warc.record import Record
from pipeline.warc.revisit import PROFILES
from tests.warc.building import (
    CHUNKED,
    CODED,
    HTTP,
    HTTP_TYPE,
    ID,
    PLAIN,
    a,
    basic,
    identical,
    info_record,
    members,
    put,
    raw,
    sha1,
)


def less(kind: str, name: str) -> bytes:
    """Give a record of this type without one of its mandatory fields."""
    return raw([(key, value) for key, value in basic(kind) if key != name])


def other(kind: str, name: str, value: str) -> bytes:
    """Give a record of this type with another value in one of its mandatory fields."""
    return raw([(key, value if key == name else old) for key, old in basic(kind)])


MISSING = {
    "5.2": less("resource", "WARC-Record-ID"),
    "5.4": less("resource", "WARC-Date"),
    "5.5": less("metadata", "WARC-Type"),
    "5.14": less("response", "WARC-Target-URI"),
    "5.18": less("revisit", "WARC-Profile"),
    "5.20": less("continuation", "WARC-Segment-Number"),
    "5.21": less("continuation", "WARC-Segment-Origin-ID"),
}
FORBIDDEN = {
    "5.7": a("conversion", ("WARC-Concurrent-To", ID.format(1))),
    "5.9": a("metadata", ("WARC-Payload-Digest", sha1(b""))),
    "5.10": a("warcinfo", ("WARC-IP-Address", "::1")),
    "5.11": a("response", ("WARC-Refers-To", ID.format(1))),
    "5.12": a("metadata", ("WARC-Refers-To-Target-URI", "a:b")),
    "5.13": a("resource", ("WARC-Refers-To-Date", "2024")),
    "5.14": a("warcinfo", ("WARC-Target-URI", "https://a/")),
    "5.16": a("warcinfo", ("WARC-Warcinfo-ID", ID.format(1))),
    "5.17": a("resource", ("WARC-Filename", "a")),
    "5.18": a("response", ("WARC-Profile", PROFILES[0])),
    "5.19": a("metadata", ("WARC-Identified-Payload-Type", "a/b")),
    "5.21": a("response", ("WARC-Segment-Origin-ID", ID.format(1))),
    "5.22": a("resource", ("WARC-Segment-Total-Length", "1")),
}
VALUE = {
    "5.2": other("warcinfo", "WARC-Record-ID", "urn:a:b"),
    "5.4": other("warcinfo", "WARC-Date", "yesterday"),
    "5.5": other("warcinfo", "WARC-Type", "a b"),
    "5.6": a("resource", ("Content-Type", "text")),
    "5.7": a("resource", ("WARC-Concurrent-To", "x")),
    "5.8": a("resource", ("WARC-Block-Digest", "nothing")),
    "5.8 size": a("resource", ("WARC-Block-Digest", "sha1:AAAA")),
    "5.10": a("resource", ("WARC-IP-Address", "1.2.3")),
    "5.14": a("metadata", ("WARC-Target-URI", "<https://a/>")),
    "5.14 space": a("metadata", ("WARC-Target-URI", "https://a/M\u00fchle b")),
    "5.14 direction": a("metadata", ("WARC-Target-URI", "https://a/M\u00fchle\u202e")),
    "5.17": a("warcinfo", ("WARC-Filename", "")),
    "5.20": a("resource", ("WARC-Segment-Number", "one")),
}
DIGESTS = [
    ("warc-block-digest", "5.8", a("resource", ("WARC-Block-Digest", sha1(b"a")))),
    ("warc-payload-digest", "5.9", a("resource", ("WARC-Payload-Digest", sha1(b"a")))),
    (
        "warc-payload-digest",
        "5.9 http",
        a("response", HTTP_TYPE, ("WARC-Payload-Digest", sha1(HTTP)), block=HTTP),
    ),
    ("warc-digest-unchecked", "5.8", a("resource", ("WARC-Block-Digest", "xxh3:00"))),
    ("warc-revisit-elsewhere", "6.7.2", identical()),
    (
        "warc-digest-unchecked",
        "7",
        a("response", ("WARC-Segment-Number", "1"), ("WARC-Payload-Digest", sha1(b"x"))),
    ),
    (
        "warc-digest-unchecked",
        "6.3.2 chunked, cut",
        a("response", HTTP_TYPE, ("WARC-Payload-Digest", sha1(b"body?")), block=CHUNKED[:-7]),
    ),
    (
        "warc-payload-coded",
        "5.9",
        a("response", HTTP_TYPE, ("WARC-Payload-Digest", sha1(CODED)), block=CHUNKED),
    ),
    (
        "warc-payload-digest",
        "5.9 chunked",
        a("response", HTTP_TYPE, ("WARC-Payload-Digest", sha1(b"BODY")), block=CHUNKED),
    ),
]
LINES = [
    ("warc-field-repeated", "5.1", a("resource", ("warc-type", "resource"))),
    ("warc-content-type", "5.6", a("resource", block=b"x")),
    ("warc-field-iri", "5.14", a("metadata", ("WARC-Target-URI", "https://a/M\u00fchle%20b"))),
    ("warc-type-unknown", "6.1", other("warcinfo", "WARC-Type", "screenshot")),
    ("warc-profile-unknown", "6.7.4", other("revisit", "WARC-Profile", "http://a/b")),
    ("warc-revisit-digest", "6.7.2", identical(without="WARC-Payload-Digest")),
    ("warc-revisit-refers", "6.7.3", less("revisit", "WARC-Refers-To")),
    ("warc-revisit-refers", "6.7.3 date", less("revisit", "WARC-Refers-To-Date")),
    ("warc-revisit-original", "5.11", other("revisit", "WARC-Refers-To", ID.format(1))),
    ("warc-version", "4", raw(basic("metadata"), version="WARC/3.0")),
    ("warc-version", "4 http", b"HTTP/1.1 200 OK\r\n\r\n\r\n\r\n"),
    ("warc-version-old", "4", raw(basic("metadata"), version="WARC/0.18")),
    ("warc-content-type-other", "6.2", a("warcinfo", PLAIN, block=b"x")),
    ("warc-content-type-other", "6.3.2", a("response", PLAIN, block=b"x")),
    ("warc-content-type-other", "6.5.2", a("request", HTTP_TYPE, block=b"x")),
    ("warc-segment-number", "5.20", a("response", ("WARC-Segment-Number", "2"))),
    ("warc-segment-number", "5.20 next", other("continuation", "WARC-Segment-Number", "1")),
    ("warc-header-line", "4 name", a("metadata", ("X Y", "a"))),
    ("warc-header-line", "4 LF", a("metadata").replace(b"Z\r\n", b"Z\n", 1)),
    ("warc-header-line", "4 UTF-8", a("metadata", ("X", "y")).replace(b"X: y", b"X: \xe9")),
    ("warc-header-folded", "4", a("metadata", ("X", "a\r\n b"))),
    ("warc-header-size", "bound", a("metadata", ("X", "a" * 70_000))),
    ("warc-header-size", "bound lines", a("metadata", *[("X", "y")] * 1_995)),
    ("warc-record-end", "4", a("metadata")[:-4] + b"\n\n\r\n"),
    ("warc-truncated", "4", b"WARC/1.1\r\nWARC-Type: metadata\r\n"),
    ("warc-content-length", "5.3 none", b"WARC/1.1\r\nWARC-Type: metadata\r\n\r\n\r\n\r\n"),
    ("warc-content-length", "5.3 form", a("metadata", ("Content-Length", "+0"))),
    ("warc-content-length", "5.3 long", a("metadata", ("Content-Length", "99"))),
    ("warc-content-length", "5.3 huge", a("metadata", ("Content-Length", "9" * 5000))),
    (
        "warc-content-length",
        "5.3 twice",
        a("metadata", ("Content-Length", "0"), ("Content-Length", "1")),
    ),
    ("warc-content-length", "D.2 more", a("metadata") + b"more"),
]
BROKEN = [
    *(("warc-field-missing", clause, data) for clause, data in MISSING.items()),
    *(("warc-field-forbidden", clause, data) for clause, data in FORBIDDEN.items()),
    *(("warc-field-value", clause, data) for clause, data in VALUE.items()),
    *DIGESTS,
    *LINES,
]


@pytest.mark.parametrize(
    ("code", "data"),
    [pytest.param(code, data, id=f"{code} {clause}") for code, clause, data in BROKEN],
)
def test_a_broken_record_gives_exactly_its_code(tmp_path: Path, code: str, data: bytes) -> None:
    path = put(tmp_path, members(info_record(), data, raw(basic("metadata", 3))))
    checked = check(path)
    assert [damage.code for damage in checked.damages] == [code]
    damage = checked.damages[0]
    assert damage.offset == len(members(info_record()))
    is_error = damage.severity is Severity.ERROR
    assert checked.sound is not is_error
    assert [isinstance(one, Record) for one in walk(path)] == [True, not is_error, True]


def test_every_rule_is_broken_somewhere_in_the_tests() -> None:
    here = {code for code, _, _ in BROKEN}
    elsewhere = {  # test_damage.py, test_member.py, test_reader.py
        *("warc-empty", "warc-gzip-header", "warc-gzip-data", "warc-gzip-check", "warc-inflation"),
        *("warc-lost", "warc-more", "warc-id-repeated", "warc-no-warcinfo"),
        "warc-gzip-member",
        *("warc-revisit-truncated", "warc-revisit-place"),  # test_revisits.py
    }
    assert here | elsewhere == {rule.code for rule in RULES}


REFERS = [
    ("WARC-Refers-To", ID.format(7)),
    ("WARC-Refers-To-Date", "2024-05"),
    ("WARC-Refers-To-Target-URI", "https://a/"),
]
VALID = [
    a("response", HTTP_TYPE, ("WARC-Payload-Digest", sha1(b"body")), block=HTTP),
    a("response", HTTP_TYPE, ("WARC-Block-Digest", sha1(HTTP)), block=HTTP),
    a("response", HTTP_TYPE, ("WARC-Payload-Digest", sha1(b"body")), block=CHUNKED),
    a(
        "request",
        ("Content-Type", "application/http; MsgType=request"),
        block=b"GET / HTTP/1.1\r\n\r\n",
    ),
    a("request", ("WARC-Concurrent-To", ID.format(7)), ("WARC-Concurrent-To", ID.format(8))),
    a("revisit", REFERS[2]),
    a("revisit", HTTP_TYPE, block=HTTP),
    a("revisit").replace(b"WARC/1.1", b"WARC/1.0").replace(b"warc/1.1", b"warc/1.0"),
    a("conversion", PLAIN, REFERS[0], ("WARC-Payload-Digest", sha1(b"x")), block=b"x"),
    a("continuation", ("WARC-Segment-Total-Length", "1"), block=b"x"),
    a("metadata", ("WARC-Target-URI", "metadata://x/y"), ("WARC-IP-Address", "2001:db8::1")),
    other("resource", "WARC-Target-URI", "<https://a/>").replace(b"WARC/1.1", b"WARC/1.0"),
    a("resource", ("WARC-Truncated", "length"), ("X-Own", ""), ("X-Own", "twice")),
    a("resource", ("Content-Type", "text/plain; charset=utf-8"), block=b"x" * 200_000),
    a("resource", ("WARC-Identified-Payload-Type", "a/b")),
    a("metadata", *[("X", "y")] * 1_994),
    a("response", PLAIN, block=b"x").replace(b"https://example.org/", b"dns:example.org"),
    a("response", ("WARC-Segment-Number", "1")),
    a("resource").replace(b"WARC/1.1", b"warc/1.1").replace(b"resource", b"RESOURCE"),
    a("resource", ("WARC-Block-Digest", "md5:1B2M2Y8AsgTpgAmY7PhCfg==")),
]


@pytest.mark.parametrize("data", VALID)
def test_a_valid_record_gives_nothing(tmp_path: Path, data: bytes) -> None:
    compressed = put(tmp_path, members(info_record(), data))
    plain = put(tmp_path, info_record() + data, "made.warc")
    for path in (compressed, plain):
        assert check(path).damages == ()
        record = list(walk(path))[1]
        assert isinstance(record, Record)
        assert record.target_uri is None or "<" not in record.target_uri
