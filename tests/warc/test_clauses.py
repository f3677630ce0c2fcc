"""Every SHALL of clauses 4 to 6 of ISO 28500:2017 is held by a test that names it."""

import gzip
import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from pipeline.content.media import media_type
from pipeline.model import Sha256
from pipeline.warc.check import Checked, check
from pipeline.warc.circumstances import Circumstances, Truncated
from pipeline.warc.errors import InvalidRecordError
from pipeline.warc.fields import by_name
from pipeline.warc.forms import FORMS
from pipeline.warc.reader import walk
from pipeline.warc.record import Record, RecordType
from pipeline.warc.recordwriter import RecordWriter
from pipeline.warc.revisit import PROFILES
from pipeline.warc.writer import WarcWriter
from tests.warc.building import (
    CHUNKED,
    HTTP,
    INFO,
    NOW,
    PLAIN,
    a,
    basic,
    identical,
    info_record,
    members,
    original,
    put,
    raw,
)
from tests.warc.clauses import COUNTS, SHALLS

held: dict[str, str] = {}
URI = "https://example.org/a"
ALL = tuple(RecordType)
KNOWN = tuple(kind for kind in RecordType if kind is not RecordType.EXTENSION)


Test = TypeVar("Test", bound=Callable[..., None])


def holds(*shalls: str) -> Callable[[Test], Test]:
    """Say which of the SHALLs a test holds."""

    def note(test: Test) -> Test:
        held.update(dict.fromkeys(shalls, test.__name__))
        return test

    return note


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a record of each type that we write, and of each form."""
    folder = tmp_path_factory.mktemp("written")
    with WarcWriter(folder, "all", INFO, NOW) as warc:
        page = warc.response(
            uri=URI, message=CHUNKED, date=NOW, about=Circumstances(ip="192.0.2.1")
        )
        beside = Circumstances(ip="2001:db8::1", concurrent_to=(page.record_id,))
        warc.request(uri=URI, message=b"GET /a HTTP/1.1\r\n\r\n", date=NOW, about=beside)
        cut = Circumstances(truncated=Truncated.DISCONNECT)
        warc.response(uri=URI, message=HTTP[:-1], date=NOW, about=cut)
        file = warc.resource(uri=f"{URI}b", payload=b"body", media_type="text/plain", date=NOW)
        warc.resource(uri="dns:a", payload=b"", media_type="text/dns", date=NOW, extra=[("X", "é")])
        warc.metadata(uri=URI, fields=[("via", URI)], date=NOW, concurrent_to=page.record_id)
        warc.revisit(uri=URI, original=original(page), date=NOW, head=b"HTTP/1.1 200 OK\r\n\r\n")
        warc.revisit(uri=f"{URI}c", original=original(file), date=NOW)
        head = b"HTTP/1.1 304 No\r\n\r\n"
        warc.not_modified(uri=URI, original=original(page), date=NOW, head=head)
        warc.conversion(of=file, payload=b"BODY", media_type="text/plain", date=NOW)
        sealed = warc.seal()
    assert sealed.damages == ()
    return folder / sealed.name


def read(path: Path) -> list[Record]:
    found = list(walk(path))
    assert all(isinstance(one, Record) for one in found)
    return [one for one in found if isinstance(one, Record)]


def raw_records(path: Path) -> list[bytes]:
    """Inflate the members of a file by their places."""
    data = path.read_bytes()
    return [gzip.decompress(data[one.offset : one.offset + one.length]) for one in read(path)]


def found_in(folder: Path, *records: bytes) -> Checked:
    return check(put(folder, members(info_record(), *records)))


def codes(folder: Path, *records: bytes) -> list[str]:
    return [damage.code for damage in found_in(folder, *records).damages]


def refused(folder: Path, ask: Callable[[RecordWriter], object]) -> bool:
    """Tell whether the writer refuses, and writes nothing of what it refused."""
    with WarcWriter(folder, "refused", INFO, NOW) as warc:
        with pytest.raises(InvalidRecordError):
            ask(warc)
        return warc.records == 1


@holds("4 #1", "4 #2", "4 #5", "4 #6", "4 #9")
def test_clause_4_a_record_is_version_fields_blank_line_block_two_lines(written: Path) -> None:
    for one, data in zip(read(written), raw_records(written), strict=True):
        head, _, rest = data.partition(b"\r\n\r\n")
        version, *lines = head.decode().split("\r\n")
        assert version == "WARC/1.1"
        assert [tuple(line.split(": ", 1)) for line in lines] == list(one.headers)
        assert rest == one.block + b"\r\n\r\n"
        assert len(one.block) == one.block_size


@holds("4 #3")
def test_clause_4_field_names_are_tokens_and_values_lines(tmp_path: Path) -> None:
    for name, value in [("A B", "c"), ("A:", "b"), ("é", "b"), ("A", "b\r\nC: d"), ("A", "\0")]:
        extra = [(name, value)]
        assert refused(
            tmp_path,
            lambda warc, e=extra: warc.resource(  # type: ignore[misc]
                uri=URI, payload=b"", media_type="a/b", date=NOW, extra=e
            ),
        )
    assert codes(tmp_path, a("metadata", ("A B", "c"))) == ["warc-header-line"]
    folded = raw([*basic("metadata"), ("X", "a\r\n\t b")])
    assert read(put(tmp_path, members(info_record(), folded)))[1].said("x") == "a b"


@holds("4 #4")
def test_clause_4_values_are_utf_8(written: Path, tmp_path: Path) -> None:
    assert [one.said("X") for one in read(written) if one.said("x")] == ["é"]
    assert codes(tmp_path, a("metadata", ("X", "é"))) == []
    latin = a("metadata", ("X", "é")).replace("é".encode(), b"\xe9")
    assert codes(tmp_path, latin) == ["warc-header-line"]


@holds("4 #7")
def test_clause_4_encoded_words_are_understood(tmp_path: Path) -> None:
    for value, meant in {
        "=?utf-8?q?caf=C3=A9?=": "café",
        "=?ISO-8859-1?B?Y2Fm6Q==?= crawl": "café crawl",
        "=?no-such-charset?q?a?=": "=?no-such-charset?q?a?=",
        "=?utf-8?b?A?=": "=?utf-8?b?A?=",
        "=?utf-8?q?=ff?=": "=?utf-8?q?=ff?=",
        "plain": "plain",
    }.items():
        record = read(put(tmp_path, members(info_record(), a("metadata", ("X", value)))))[1]
        assert record.said("X") == meant
        assert by_name(record.headers)["x"] == value  # what is in the file stays


MANDATORY = {
    "WARC-Type": ALL,
    "WARC-Record-ID": ALL,
    "WARC-Date": ALL,
    "Content-Length": ALL,
    "WARC-Target-URI": [k for k in KNOWN if k.value not in {"warcinfo", "metadata"}],
    "WARC-Profile": [RecordType.REVISIT],
    "WARC-Segment-Number": [RecordType.CONTINUATION],
    "WARC-Segment-Origin-ID": [RecordType.CONTINUATION],
}


@holds(
    *("4 #8", "4 #10", "5.2 #2", "5.3 #2", "5.4 #4", "5.5 #1", "5.14 #2", "5.18 #2", "5.20 #2"),
    *("5.21 #1", "6.7.1 #1", "6.9 #1"),
)
def test_clauses_5_and_6_mandatory_fields(written: Path, tmp_path: Path) -> None:
    assert {form.name: form.mandatory for form in FORMS if form.mandatory} == {
        name: frozenset(kinds) for name, kinds in MANDATORY.items()
    }
    for one in read(written):
        said = by_name(one.headers)
        assert all(name.lower() in said for name, kinds in MANDATORY.items() if one.type in kinds)
    for name, kinds in MANDATORY.items():
        for kind in kinds:
            if kind is RecordType.EXTENSION:
                continue
            fields = [*basic(kind.value), ("Content-Length", "0")]
            assert not [c for c in codes(tmp_path, raw(fields)) if "elsewhere" not in c]
            lines = [f"{key}: {value}\r\n" for key, value in fields if key != name]
            less = "".join(["WARC/1.1\r\n", *lines, "\r\n\r\n\r\n"]).encode()
            expected = "warc-content-length" if name == "Content-Length" else "warc-field-missing"
            assert expected in codes(tmp_path, less), (name, kind)


FORBIDDEN = {
    "WARC-Concurrent-To": "warcinfo conversion continuation",
    "WARC-Payload-Digest": "warcinfo metadata",
    "WARC-Identified-Payload-Type": "warcinfo metadata",
    "WARC-IP-Address": "warcinfo conversion continuation",
    "WARC-Refers-To": "warcinfo response resource request continuation",
    "WARC-Refers-To-Target-URI": (
        "warcinfo response metadata conversion resource request continuation"
    ),
    "WARC-Refers-To-Date": "warcinfo response metadata conversion resource request continuation",
    "WARC-Target-URI": "warcinfo",
    "WARC-Warcinfo-ID": "warcinfo",
    "WARC-Filename": "response resource request metadata revisit conversion continuation",
    "WARC-Profile": "warcinfo response resource request metadata conversion continuation",
    "WARC-Segment-Origin-ID": "warcinfo response resource request metadata revisit conversion",
    "WARC-Segment-Total-Length": "warcinfo response resource request metadata revisit conversion",
}
VALUES = {
    "WARC-Payload-Digest": str(Sha256.of(b"")),
    "WARC-Identified-Payload-Type": "text/plain",
    "WARC-IP-Address": "::1",
    "WARC-Refers-To-Target-URI": URI,
    "WARC-Refers-To-Date": "2024",
    "WARC-Target-URI": URI,
    "WARC-Filename": "a.warc",
    "WARC-Profile": PROFILES[0],
    "WARC-Segment-Total-Length": "1",
}


@holds(
    *("4 #11", "5.7 #2", "5.9 #2", "5.10 #3", "5.11 #1", "5.12 #1", "5.13 #1", "5.14 #3"),
    *("5.17 #1", "5.19 #2", "5.21 #2", "5.22 #2"),
)
def test_clause_5_fields_that_a_type_shall_not_have(written: Path, tmp_path: Path) -> None:
    assert {
        form.name: frozenset(KNOWN) - form.allowed
        for form in FORMS
        if frozenset(KNOWN) - form.allowed
    } == {name: frozenset(map(RecordType, kinds.split())) for name, kinds in FORBIDDEN.items()}
    for one in read(written):
        said = by_name(one.headers)
        for name, kinds in FORBIDDEN.items():
            assert name.lower() not in said or one.type.value not in kinds.split()
    for name, kinds in FORBIDDEN.items():
        value = VALUES.get(name, "<urn:uuid:00000000-0000-4000-8000-000000000009>")
        for kind in kinds.split():
            extra = [(key, old) for key, old in basic(kind) if key != name]
            assert "warc-field-forbidden" in codes(tmp_path, raw([*extra, (name, value)]))


@holds("5.1 #1", "5.1 #2")
def test_clause_5_1_no_field_twice(written: Path, tmp_path: Path) -> None:
    for one in read(written):
        names = [name.lower() for name, _ in one.headers if name != "WARC-Concurrent-To"]
        assert len(names) == len(set(names))
    for form in FORMS:
        if form.repeats or form.name == "Content-Length":
            continue
        kind = next(k for k in KNOWN if k in form.allowed)
        value = dict(basic(kind.value)).get(form.name) or VALUES.get(form.name, "1")
        twice = [*(f for f in basic(kind.value) if f[0] != form.name), *[(form.name, value)] * 2]
        assert "warc-field-repeated" in codes(tmp_path, raw(twice)), form.name
    assert "warc-field-repeated" not in codes(
        tmp_path, a("request", ("WARC-Concurrent-To", "<a:b>"), ("WARC-Concurrent-To", "<a:c>"))
    )


@holds("5.1 #3", "5.5 #2", "6.1 #1")
def test_clauses_5_1_and_6_1_what_is_not_known_is_passed_over(tmp_path: Path) -> None:
    assert codes(tmp_path, a("metadata", ("WARC-Page-ID", "1"), ("X", "y"))) == []
    other = [(k, "screenshot" if k == "WARC-Type" else v) for k, v in basic("resource")]
    found = found_in(tmp_path, raw(other), raw(basic("metadata", 3)))
    assert [damage.code for damage in found.damages] == ["warc-type-unknown"]
    assert (found.sound, found.records) == (True, 3)


@holds("5.2 #1")
def test_clause_5_2_ids_are_uris_of_a_registered_scheme(written: Path, tmp_path: Path) -> None:
    ids = [by_name(one.headers)["warc-record-id"] for one in read(written)]
    assert len(ids) == len(set(ids))
    assert all(value.startswith("<urn:uuid:") and value.endswith(">") for value in ids)
    for wrong in ("urn:uuid:1", "<>", "<a b>", "<no-scheme>"):
        fields = [(k, wrong if k == "WARC-Record-ID" else v) for k, v in basic("metadata")]
        assert codes(tmp_path, raw(fields)) == ["warc-field-value"]


@holds("5.3 #1", "6.7.3 #1", "5.15 #1")
def test_clause_5_3_content_length_is_that_of_the_block(written: Path) -> None:
    sizes = [by_name(one.headers)["content-length"] for one in read(written)]
    assert sizes == [str(len(one.block)) for one in read(written)]
    assert "0" in sizes  # a revisit without a block; and, below, a truncated one
    cut = next(one for one in read(written) if one.said("WARC-Truncated") == "disconnect")
    assert cut.said("Content-Length") == str(len(HTTP) - 1)


@holds("5.4 #1")
def test_clause_5_4_the_date_is_the_one_that_is_given(tmp_path: Path) -> None:
    moments = [NOW - timedelta(days=days) for days in (0, 1, 4000)]
    with WarcWriter(tmp_path, "dates", INFO, NOW) as warc:
        for moment in moments:
            warc.resource(uri=URI, payload=b"", media_type="a/b", date=moment)
        warc.seal()
    assert [one.date for one in read(tmp_path / "dates.warc.gz")] == [NOW, *moments]


@holds("5.4 #2")
def test_clause_5_4_records_of_one_capture_have_one_date(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "capture", INFO, NOW) as warc:
        page = warc.response(uri=URI, message=HTTP, date=NOW)
        beside = Circumstances(concurrent_to=(page.record_id,))
        later = NOW + timedelta(seconds=1)
        with pytest.raises(InvalidRecordError, match="WARC-Date"):
            warc.request(uri=URI, message=b"GET / HTTP/1.0\r\n\r\n", date=later, about=beside)
        warc.request(uri=URI, message=b"GET / HTTP/1.0\r\n\r\n", date=NOW, about=beside)
        assert warc.seal().records == 3


@holds("5.4 #3")
def test_clause_5_4_a_fraction_has_one_to_nine_digits(written: Path, tmp_path: Path) -> None:
    assert {by_name(one.headers)["warc-date"] for one in read(written)} == {
        "2024-05-06T07:08:09.123456Z"
    }
    for digits in range(12):
        date = f"2024-05-06T07:08:09.{'1' * digits}Z"
        fields = [(k, date if k == "WARC-Date" else v) for k, v in basic("metadata")]
        expected = [] if 1 <= digits <= 9 else ["warc-field-value"]
        assert codes(tmp_path, raw(fields)) == expected


@holds("5.7 #1")
def test_clause_5_7_a_concurrence_is_written_once_and_by_the_later(written: Path) -> None:
    """It holds both ways, so that nobody has to know of records that are still to come."""
    before: set[str] = set()
    for one in read(written):
        named = [v[1:-1] for name, v in one.headers if name == "WARC-Concurrent-To"]
        assert before.issuperset(named)
        before.add(one.record_id)


@holds("5.9 #1", "5.20 #1", "5.22 #1", "6.9 #2")
def test_clause_7_nothing_that_we_write_is_segmented(written: Path, tmp_path: Path) -> None:
    """What a series of segments shall have, we owe nobody: no method writes one, no field may."""
    assert not any("segment" in name.lower() for one in read(written) for name, _ in one.headers)
    assert not hasattr(RecordWriter, "continuation")
    for name in ("Number", "Origin-ID", "Total-Length"):
        extra = [(f"WARC-Segment-{name}", "1")]
        assert refused(
            tmp_path,
            lambda warc, e=extra: warc.resource(  # type: ignore[misc]
                uri=URI, payload=b"", media_type="a/b", date=NOW, extra=e
            ),
        )
    digest = ("WARC-Payload-Digest", str(Sha256.of(b"whole")))
    first = a("response", ("WARC-Segment-Number", "1"), digest)
    assert codes(tmp_path, first) == ["warc-digest-unchecked"]  # not taken for that of its part
    assert codes(tmp_path, a("response", ("WARC-Segment-Number", "2"))) == ["warc-segment-number"]


@holds("5.10 #1", "5.10 #2")
def test_clause_5_10_addresses(written: Path, tmp_path: Path) -> None:
    addresses = [one.said("WARC-IP-Address") for one in read(written)]
    assert {"192.0.2.1", "2001:db8::1"} <= set(addresses)
    for wrong in ("1.2.3", "1.2.3.4.5", "01.2.3.400", "[::1]", "example.org", ":::1", "1.2.3.4:80"):
        about = Circumstances(ip=wrong)
        assert refused(
            tmp_path,
            lambda warc, c=about: warc.response(  # type: ignore[misc]
                uri=URI, message=HTTP, date=NOW, about=c
            ),
        )
        assert codes(tmp_path, a("response", ("WARC-IP-Address", wrong))) == ["warc-field-value"]


@holds("5.14 #1")
def test_clause_5_14_targets_are_uris(tmp_path: Path) -> None:
    for wrong in ("/a", "https://a/ b", "https://é/", "<https://a/>", "https://a/[", ""):
        assert refused(
            tmp_path,
            lambda warc, w=wrong: warc.resource(  # type: ignore[misc]
                uri=w, payload=b"", media_type="a/b", date=NOW
            ),
        )
        fields = [*basic("metadata"), ("WARC-Target-URI", wrong)]
        told = "warc-field-value" if wrong.isascii() else "warc-field-iri"  # warcit writes these
        assert codes(tmp_path, raw(fields)) == [told]


@holds("5.18 #1", "6.7.1 #2")
def test_clause_6_7_1_an_unknown_profile_is_not_interpreted(tmp_path: Path) -> None:
    odd = identical(("WARC-Profile", "http://example.org/x"), ("WARC-Refers-To", "<a:b>"))
    assert codes(tmp_path, odd) == ["warc-profile-unknown"]


@holds("5.19 #1")
def test_clause_5_19_a_type_in_http_is_not_taken_for_identified(written: Path) -> None:
    assert all(one.said("WARC-Identified-Payload-Type") is None for one in read(written))
    assert any(b"Content-Type: text/plain" in one.block for one in read(written))


@holds("6.3.2 #1")
def test_clause_6_3_2_a_truncated_response_says_so(written: Path, tmp_path: Path) -> None:
    truncated = [one.said("WARC-Truncated") for one in read(written)]
    assert truncated.count("disconnect") == 1
    headless = HTTP[:20]
    assert refused(tmp_path, lambda warc: warc.response(uri=URI, message=headless, date=NOW))


@holds("6.4.2 #1", "6.4.3 #1")
def test_clause_6_4_a_resource_is_what_was_read_and_all_of_it(tmp_path: Path) -> None:
    data = random.Random(1).randbytes(200_000)  # noqa: S311 - no secret
    with WarcWriter(tmp_path, "resources", INFO, NOW) as warc:
        for uri in (URI, "ftp://example.org/a"):
            warc.resource(uri=uri, payload=data, media_type="text/plain", date=NOW)
        warc.seal()
    assert [one.block for one in read(tmp_path / "resources.warc.gz")][1:] == [data, data]


@holds("6.4.4 #1")
def test_clause_6_4_4_a_resource_of_dns_is_text_dns(tmp_path: Path) -> None:
    assert refused(
        tmp_path,
        lambda warc: warc.resource(uri="dns:a", payload=b"", media_type="text/plain", date=NOW),
    )
    fields = [(k, "dns:a" if k == "WARC-Target-URI" else v) for k, v in basic("resource")]
    assert codes(tmp_path, raw([*fields, PLAIN])) == ["warc-content-type-other"]
    assert codes(tmp_path, raw([*fields, ("Content-Type", "text/dns; charset=us-ascii")])) == []


@holds("6.7.2 #1", "6.7.2 #2", "6.7.2 #3")
def test_clause_6_7_2_revisits_by_payload(written: Path, tmp_path: Path) -> None:
    revisits = [one for one in read(written) if one.said("WARC-Profile") == PROFILES[0]]
    assert [one.said("WARC-Payload-Digest") for one in revisits] == [str(Sha256.of(b"body"))] * 2
    assert [one.said("WARC-Truncated") for one in revisits] == ["length", None]
    assert [one.said("Content-Type") for one in revisits] == [
        "application/http;msgtype=response",
        None,
    ]
    without = identical(without="WARC-Payload-Digest")
    assert codes(tmp_path, without) == ["warc-revisit-digest"]
    unsaid = identical(PLAIN, block=b"HTTP/1.1 200 OK\r\n\r\n")
    assert "warc-revisit-truncated" in codes(tmp_path, unsaid)


@holds("6.8 #1")
def test_clause_6_8_a_conversion_is_of_a_record(written: Path) -> None:
    by_id = {one.record_id: one for one in read(written)}
    (made,) = (one for one in by_id.values() if one.type is RecordType.CONVERSION)
    source = by_id[(made.said("WARC-Refers-To") or "")[1:-1]]
    assert (made.target_uri, made.block) == (source.target_uri, source.block.upper())


@holds("4 #12")
def test_clause_8_the_media_type_of_a_warc_file() -> None:
    assert media_type("a.warc") == "application/warc"


def test_every_shall_is_held_by_a_test() -> None:
    assert set(held) == set(SHALLS)
    assert Counter(shall.partition(" ")[0] for shall in SHALLS) == COUNTS
    for clause, count in COUNTS.items():
        assert all(f"{clause} #{number}" in SHALLS for number in range(1, count + 1))
