"""Revisits (ISO 28500 clause 6.7): as we write them, and held against what they refer to."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.model import Sha256
from pipeline.warc.check import check
from pipeline.warc.errors import InvalidRecordError
from pipeline.warc.fields import every, first
from pipeline.warc.reader import read_record, walk
from pipeline.warc.record import Record, RecordType
from pipeline.warc.wacz.check import check_wacz
from pipeline.warc.writer import WarcWriter
from tests.warc.building import (
    CHUNKED,
    CODED,
    HTTP,
    HTTP_TYPE,
    ID,
    INFO,
    NOW,
    PAGE,
    PLAIN,
    a,
    basic,
    identical,
    info_record,
    members,
    original,
    put,
    raw,
    sha1,
)
from tests.warc.wacz.packages import zipped

LATER = NOW + timedelta(days=1)
BODY = ("WARC-Payload-Digest", str(Sha256.of(b"body")))
HERE = [("WARC-Refers-To", ID.format(1)), ("WARC-Refers-To-Target-URI", "https://example.org/")]
DATE = ("WARC-Refers-To-Date", "2024-05-06T07:08:09Z")
BODY_RECORD = a("resource", PLAIN, block=b"body")
SECOND = ("WARC-Record-ID", ID.format(2))


def test_a_revisit_says_all_that_clause_6_7_2_asks_for_and_holds_nothing(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "again", INFO, NOW) as warc:
        page = warc.resource(
            uri="https://example.org/",
            payload=PAGE,
            media_type="text/html",
            date=NOW,
        )
        again = warc.revisit(uri="https://example.org/b", original=original(page), date=LATER)
        warc.seal()
    path = tmp_path / "again.warc.gz"
    assert check(path).damages == ()
    found = read_record(path, again.offset, again.length)
    said = dict(found.headers)
    assert said == said | {
        "WARC-Type": "revisit",
        "WARC-Target-URI": "https://example.org/b",
        "WARC-Date": "2024-05-07T07:08:09.123456Z",
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To": f"<{page.record_id}>",
        "WARC-Refers-To-Target-URI": "https://example.org/",
        "WARC-Refers-To-Date": "2024-05-06T07:08:09.123456Z",
        "WARC-Payload-Digest": str(Sha256.of(PAGE)),
        "Content-Length": "0",
    }
    assert first(found.headers, "Content-Type") is None
    assert (found.type, found.block, found.payload_sha256) == (RecordType.REVISIT, b"", None)
    assert (again.payload_sha256, again.content_type) == (Sha256.of(PAGE), None)
    assert again.length < page.length + 250


def test_what_is_no_record_cannot_be_referred_to(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "x", INFO, NOW) as warc:
        page = warc.resource(uri="a:b", payload=PAGE, media_type="text/html", date=NOW)
        held = original(page)
        for wrong in (replace(held, record_id="no id"), replace(held, target_uri="no uri")):
            with pytest.raises(InvalidRecordError):
                warc.revisit(uri="a:c", original=wrong, date=NOW)
        with pytest.raises(InvalidRecordError):
            warc.revisit(uri="no uri", original=original(page), date=NOW)
        warc.seal()
    assert len(list(walk(tmp_path / "x.warc.gz"))) == 2


def test_a_metadata_record_may_have_any_block_and_many_companions(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "about", INFO, NOW) as warc:
        pages = [
            warc.resource(uri="a:b", payload=b"%d" % n, media_type="text/plain", date=NOW)
            for n in range(3)
        ]
        about = warc.metadata_block(
            uri="a:commit",
            block=b"tree 0\n\0raw",
            media_type="application/octet-stream",
            date=NOW,
            concurrent_to=[page.record_id for page in pages],
        )
        warc.seal()
    found = read_record(tmp_path / about.file, about.offset, about.length)
    assert (found.type, found.block) == (RecordType.METADATA, b"tree 0\n\0raw")
    named = every(found.headers, "WARC-Concurrent-To")
    assert named == tuple(f"<{page.record_id}>" for page in pages)
    assert check(tmp_path / about.file).damages == ()


TEXT = a("resource", PLAIN, block=b"body")
ANSWER = a("response", HTTP_TYPE, block=HTTP)
OTHER = ("WARC-Payload-Digest", str(Sha256.of(b"other")))
ALL_OF_IT = ("WARC-Payload-Digest", str(Sha256.of(CODED)))
SHORT = ("WARC-Payload-Digest", "sha256:00")
SIX = str(Sha256.of(b"six"))
LENGTH = ("WARC-Truncated", "length")
FINE = ("WARC-Refers-To-Date", "2024-05-06T07:08:09.000Z")
NO_ID = "WARC-Refers-To"
SHA1 = ("WARC-Payload-Digest", sha1(b"body"))
NAMED = a("resource", PLAIN, SHA1, block=b"body")
CHUNKS = a("response", HTTP_TYPE, SHA1, block=CHUNKED)
ASKED = a("request", ("Content-Type", "application/http; msgtype=request"), block=HTTP)
PAIRS = {
    "same, by URI and date alone": (
        TEXT,
        identical(SECOND, HERE[1], DATE, BODY, without=NO_ID),
        ["warc-revisit-refers"],
    ),
    "another payload, by URI and date alone": (
        TEXT,
        identical(SECOND, HERE[1], DATE, OTHER, without=NO_ID),
        ["warc-revisit-refers", "warc-revisit-original"],
    ),
    "of nothing at this URI and date": (
        TEXT,
        identical(SECOND, HERE[1], BODY, without=NO_ID),
        ["warc-revisit-refers", "warc-revisit-elsewhere"],
    ),
    "of a request at this URI and date": (
        ASKED,
        identical(SECOND, HERE[1], DATE, BODY, without=NO_ID),
        ["warc-revisit-refers", "warc-revisit-elsewhere"],
    ),
    "by the SHA-1 that the original has": (NAMED, identical(SECOND, *HERE, DATE, SHA1), []),
    "by the SHA-1 of a coded body": (
        CHUNKS,
        identical(SECOND, *HERE, DATE, ("WARC-Payload-Digest", sha1(CODED))),
        [],
    ),
    "by the SHA-1 of another payload": (
        NAMED,
        identical(SECOND, *HERE, DATE),
        ["warc-revisit-original"],
    ),
    "same": (TEXT, identical(SECOND, *HERE, DATE, BODY), []),
    "same, its date written otherwise": (TEXT, identical(SECOND, *HERE, FINE, BODY), []),
    "same, of HTTP": (ANSWER, identical(SECOND, *HERE, DATE, BODY), []),
    "of HTTP, its header kept": (
        ANSWER,
        identical(SECOND, *HERE, DATE, BODY, HTTP_TYPE, LENGTH, block=HTTP[:-4]),
        [],
    ),
    "of HTTP, not told as cut": (
        ANSWER,
        identical(SECOND, *HERE, DATE, BODY, HTTP_TYPE, block=HTTP[:-4]),
        ["warc-revisit-truncated"],
    ),
    "another payload": (TEXT, identical(SECOND, *HERE, DATE, OTHER), ["warc-revisit-original"]),
    "another URI": (TEXT, identical(SECOND, HERE[0], DATE, BODY), ["warc-revisit-place"]),
    "another date": (TEXT, identical(SECOND, *HERE, BODY), ["warc-revisit-place"]),
    "a date of no form": (
        TEXT,
        identical(SECOND, *HERE, BODY, ("WARC-Refers-To-Date", "then")),
        ["warc-field-value", "warc-revisit-place"],
    ),
    "of a record without payload": (
        a("metadata"),
        identical(SECOND, *HERE, DATE, BODY),
        ["warc-revisit-original"],
    ),
    "of a revisit": (
        a("revisit"),
        identical(SECOND, *HERE, DATE, BODY),
        ["warc-revisit-original"],
    ),
    "by SHA-1": (TEXT, identical(SECOND, *HERE, DATE), ["warc-revisit-elsewhere"]),
    "of a chunked payload": (
        a("response", HTTP_TYPE, block=CHUNKED),
        identical(SECOND, *HERE, DATE, BODY),
        [],
    ),
    "of a chunked payload by the digest of the coded body": (
        a("response", HTTP_TYPE, block=CHUNKED),
        identical(SECOND, *HERE, DATE, ALL_OF_IT),
        [],
    ),
    "of another chunked payload": (
        a("response", HTTP_TYPE, block=CHUNKED.replace(b"body", b"BODY")),
        identical(SECOND, *HERE, DATE, BODY),
        ["warc-revisit-original"],
    ),
    "of a payload that is not wholly chunked": (
        a("response", HTTP_TYPE, block=CHUNKED[:-7]),
        identical(SECOND, *HERE, DATE, BODY),
        ["warc-revisit-elsewhere"],
    ),
    "by half a digest": (TEXT, identical(SECOND, *HERE, DATE, SHORT), ["warc-field-value"]),
    "by another profile": (
        TEXT,
        identical(SECOND, *HERE, DATE, OTHER, ("WARC-Profile", "http://a/b")),
        ["warc-profile-unknown"],
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_a_revisit_is_held_against_the_record_that_it_refers_to(name: str, tmp_path: Path) -> None:
    one, revisit, codes = PAIRS[name]
    checked = check(put(tmp_path, members(info_record(), one, revisit)))
    assert [damage.code for damage in checked.damages] == codes
    assert all(damage.offset == len(members(info_record(), one)) for damage in checked.damages)


def test_several_records_of_one_uri_and_date_are_all_looked_at(tmp_path: Path) -> None:
    texts = [
        raw([*basic("resource", number), PLAIN], block)
        for number, block in ((1, b"one"), (3, b"body"), (4, b"more"))
    ]
    first = identical(SECOND, HERE[1], DATE, BODY, without=NO_ID)
    second = identical(
        ("WARC-Record-ID", ID.format(9)), HERE[1], DATE, ("WARC-Payload-Digest", SIX), without=NO_ID
    )
    after = raw([*basic("resource", 6), PLAIN], b"six")
    checked = check(put(tmp_path, members(info_record(), *texts, first, after, second)))
    assert {damage.code for damage in checked.damages} == {"warc-revisit-refers"}
    assert (checked.proved.revisits, checked.proved.dangling) == (2, 0)


def test_revisits_of_what_is_in_other_files_are_told_once(tmp_path: Path) -> None:
    many = [
        identical(("WARC-Record-ID", f"<urn:x:{n}>"), ("WARC-Payload-Digest", sha1(b"%d" % n)))
        for n in range(1200)  # more than are listed one by one
    ]
    checked = check(put(tmp_path, members(info_record(), *many)))
    (damage,) = checked.damages
    assert (damage.code, checked.sound) == ("warc-revisit-elsewhere", True)
    assert "1200" in damage.message


def test_a_revisit_of_an_unknown_profile_is_not_interpreted(tmp_path: Path) -> None:
    strange = ("WARC-Profile", "http://example.org/diff")
    data = raw([*basic("revisit")[:4], strange, PLAIN], b"1c1")
    (found,) = walk(put(tmp_path, members(data)))
    assert isinstance(found, Record)
    assert found.payload_sha256 is None


@pytest.mark.parametrize("without", ["", NO_ID])
def test_files_written_side_by_side_may_refer_to_one_that_is_read_later(
    without: str, tmp_path: Path
) -> None:
    named = HERE[1:] if without else HERE
    revisit = identical(SECOND, *named, DATE, BODY, without=without)
    lost = identical(("WARC-Record-ID", ID.format(8)))
    package = zipped(
        tmp_path / "a.wacz",
        {
            "archive/1.warc.gz": members(info_record(), revisit, lost),
            "archive/2.warc.gz": members(TEXT),
        },
    )
    checked = check_wacz(package)
    assert (checked.proved.revisits, checked.proved.dangling) == (2, 1)
    told = [each.message for each in checked.warcs if each.code == "warc-revisit-elsewhere"]
    assert told == ["revisit records whose payload is not in this file: 1"]
