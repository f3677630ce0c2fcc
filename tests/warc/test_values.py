"""Dates, digests, media types and ids: the small values of a header."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta, timezone
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Sha256
from pipeline.warc.dates import parse_warc_date, to_warc_date
from pipeline.warc.digest import algorithm_of, parse_digest
from pipeline.warc.errors import InvalidRecordError
from pipeline.warc.forms import is_media_type
from pipeline.warc.identity import record_id
from pipeline.warc.media import is_packed
from pipeline.warc.record import RecordType


@given(st.datetimes(timezones=st.timezones() | st.just(UTC)))
@settings(deadline=None, max_examples=100)
def test_a_date_comes_back_as_the_same_moment_in_utc(moment: datetime) -> None:
    try:
        text = to_warc_date(moment)
    except InvalidRecordError:
        assert moment.year in {1, 9999}
        return
    assert parse_warc_date(text) == moment.astimezone(UTC)
    assert parse_warc_date(text).tzinfo is UTC


def test_a_date_is_written_as_precisely_as_it_is_known() -> None:
    assert to_warc_date(datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)) == "2024-01-02T03:04:05Z"
    east = timezone(timedelta(hours=1))
    precise = datetime(2024, 1, 2, 3, 4, 5, 60, tzinfo=east)
    assert to_warc_date(precise) == "2024-01-02T02:04:05.000060Z"


def test_a_moment_without_a_year_in_utc_is_refused() -> None:
    with pytest.raises(InvalidRecordError, match="no year"):
        to_warc_date(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))))


def test_a_date_without_zone_is_refused() -> None:
    with pytest.raises(InvalidRecordError, match="no time zone"):
        to_warc_date(datetime(2024, 1, 2))  # noqa: DTZ001 - this is the case


@pytest.mark.parametrize(
    ("text", "moment"),
    [  # every granularity of W3CDTF, and annex A.6 of ISO 28500
        ("2016", datetime(2016, 1, 1, tzinfo=UTC)),
        ("2016-01", datetime(2016, 1, 1, tzinfo=UTC)),
        ("2016-01-11", datetime(2016, 1, 11, tzinfo=UTC)),
        ("2016-01-11T23:24Z", datetime(2016, 1, 11, 23, 24, tzinfo=UTC)),
        ("2016-01-11T23:24:25Z", datetime(2016, 1, 11, 23, 24, 25, tzinfo=UTC)),
        ("2016-01-11T23:24:25.4Z", datetime(2016, 1, 11, 23, 24, 25, 400000, tzinfo=UTC)),
        ("2016-01-11T23:24:25.412030999Z", datetime(2016, 1, 11, 23, 24, 25, 412030, tzinfo=UTC)),
    ],
)
def test_every_granularity_is_read(text: str, moment: datetime) -> None:
    assert parse_warc_date(text) == moment.astimezone(UTC)


@pytest.mark.parametrize(
    "text",
    ["", "20160111", "2016-13", "2016-01-11T23Z", "2016-01-11T23:24:25", "2016-01-11 23:24:25Z",
     "2016-01-11T23:24:25+01:00", "2016-01-11T23:24:25.1234567890Z", "٢٠١٦"],
)  # fmt: skip
def test_what_is_no_warc_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_warc_date(text)


@pytest.mark.parametrize("name", ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"])
def test_a_digest_is_read_in_every_encoding_that_is_written(name: str) -> None:
    raw = hashlib.new(name, b"x", usedforsecurity=False).digest()
    b32 = base64.b32encode(raw).decode()
    b64, safe = base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()
    written = {raw.hex(), raw.hex().upper(), b32, b32.rstrip("="), b32.lower(), b64, safe}
    for value in written | {b64.rstrip("=")}:
        parsed = parse_digest(f"{name}:{value}")
        assert (parsed.algorithm, parsed.raw) == (name, raw)
    hyphened = f"SHA-{name[3:]}" if name.startswith("sha") else "MD5"
    assert parse_digest(f"{hyphened}:{raw.hex()}").algorithm == name


@pytest.mark.parametrize(
    "text", ["", "sha1", "sha1:", "sha1:zz", "sha1:" + "0" * 38, "xxh3:00", "sha256:" + "g" * 64]
)
def test_what_is_no_digest_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_digest(text)


def test_an_unknown_algorithm_keeps_its_label() -> None:
    assert algorithm_of("XXH3:00") == "xxh3"
    assert algorithm_of("nothing") == ""
    assert str(Sha256.of(b"")).startswith("sha256:e3b0c442")


@pytest.mark.parametrize(
    ("media_type", "packed"),
    [
        ("image/jpeg", True),
        ("IMAGE/PNG", True),
        ("image/svg+xml", False),
        ("image/x-icon", False),
        ("video/mp4; codecs=a", True),
        ("audio/x-wav", False),
        ("application/zip", True),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", True),
        ("font/woff2", True),
        ("text/html; charset=utf-8", False),
        ("application/pdf", False),
        ("application/octet-stream", False),
    ],
)
def test_media_that_are_compressed_already_are_known(media_type: str, *, packed: bool) -> None:
    assert is_packed(media_type) is packed


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("text/html", True),
        ("text/html;charset=utf-8", True),
        ("text/html ; charset=utf-8", True),
        ('multipart/mixed; boundary="a b\\"c"', True),
        ("text", False),
        ("text/", False),
        ("text/html;", False),
        ("text/html; charset", False),
        ("text/html\r\nX: y", False),
    ],
)
def test_media_types_are_held_to_clause_5_6(text: str, *, valid: bool) -> None:
    assert is_media_type(text) is valid


def test_a_record_id_is_a_uuid_that_depends_on_every_field() -> None:
    one = record_id([("a", "b"), ("c", "d")])
    assert one == record_id([("a", "b"), ("c", "d")])
    assert len({one, record_id([("a", "b")]), record_id([("a", "b"), ("c", "d")], 1)}) == 3
    uuid = UUID(one.removeprefix("urn:uuid:"))
    assert (uuid.version, uuid.variant) == (8, RFC_4122)


def test_record_types_are_the_words_of_the_format() -> None:
    assert RecordType.of("response") is RecordType.RESPONSE
    assert RecordType.of("screenshot") is RecordType.EXTENSION
