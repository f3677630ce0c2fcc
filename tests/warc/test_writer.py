import gzip
import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Sha256
from pipeline.warc.check import check
from pipeline.warc.errors import InvalidRecordError
from pipeline.warc.fields import first, parse_fields
from pipeline.warc.limits import LINES_MOST
from pipeline.warc.reader import read_record, walk
from pipeline.warc.record import Record, RecordType
from pipeline.warc.uri import to_uri, under
from pipeline.warc.writer import WarcWriter
from tests.warc.building import INFO, NOW, PAGE, PICTURE, small

URI = "https://example.org/"


def records(path: Path) -> list[Record]:
    found = list(walk(path))
    assert all(isinstance(one, Record) for one in found), found
    return [one for one in found if isinstance(one, Record)]


def one_resource(folder: Path, **changed: Any) -> Record:  # noqa: ANN401 - any wrong argument
    """Write one resource with some arguments changed, and read it back."""
    arguments: dict[str, Any] = {
        "uri": URI,
        "payload": b"x",
        "media_type": "text/plain",
        "date": NOW,
    } | changed
    with WarcWriter(folder, "one", INFO, NOW) as warc:
        capture = warc.resource(**arguments)
        warc.seal()
    path = folder / "one.warc.gz"
    record = read_record(path, capture.offset, capture.length)
    path.unlink()
    return record


def test_what_was_written_is_read_with_every_fact(tmp_path: Path) -> None:
    _, (page, picture, about) = small(tmp_path)
    found = records(tmp_path / "small.warc.gz")
    assert [one.type.value for one in found] == ["warcinfo", "resource", "resource", "metadata"]
    for capture, record in zip((page, picture, about), found[1:], strict=True):
        assert capture.file == "small.warc.gz"
        assert (capture.offset, capture.length) == (record.offset, record.length)
        assert (capture.record_id, capture.type) == (record.record_id, record.type)
        assert (capture.target_uri, capture.date) == (record.target_uri, record.date)
        assert capture.content_type == record.content_type
        assert capture.block_size == record.block_size == len(record.block)
        assert capture.block_sha256 == record.block_sha256 == Sha256.of(record.block)
        assert capture.payload_sha256 == record.payload_sha256
        assert read_record(tmp_path / capture.file, capture.offset, capture.length) == record
    assert (found[1].block, found[2].block) == (PAGE, PICTURE)
    assert first(found[1].headers, "x-source-path") == "_posts/2024-05-06-café.md"
    fields = (("source", "_posts/2024-05-06-café.md"), ("empty", ""))
    assert parse_fields(found[3].block) == fields
    assert first(found[3].headers, "WARC-Concurrent-To") == f"<{page.record_id}>"
    assert found[3].payload_sha256 is None


def test_clause_6_2_the_warcinfo_comes_first_and_says_what_the_file_is(tmp_path: Path) -> None:
    small(tmp_path)
    info = records(tmp_path / "small.warc.gz")[0]
    fields = dict(parse_fields(info.block))
    assert first(info.headers, "WARC-Filename") == "small.warc.gz"
    assert fields["software"] == "jekyll-archive 0.0"
    assert fields["format"] == "WARC File Format 1.1"
    assert fields["conformsTo"].endswith("/warc-1.1/")
    assert fields["operator"] == "Ünit Tests"
    assert (info.target_uri, info.payload_sha256, info.date) == (None, None, NOW)


def test_clause_5_16_every_other_record_names_the_warcinfo(tmp_path: Path) -> None:
    small(tmp_path)
    info, *rest = records(tmp_path / "small.warc.gz")
    named = {first(record.headers, "WARC-Warcinfo-ID") for record in rest}
    assert named == {f"<{info.record_id}>"}


def test_the_sealed_file_is_described_by_its_digests(tmp_path: Path) -> None:
    sealed, _ = small(tmp_path)
    data = (tmp_path / sealed.name).read_bytes()
    ids = [record.record_id for record in records(tmp_path / sealed.name)]
    assert (sealed.size, sealed.records) == (len(data), 4)
    assert sealed.sha256 == Sha256.of(data)
    assert sealed.stream_sha256 == Sha256.of(gzip.decompress(data))
    assert sealed.order_sha256 == Sha256.of("".join(f"{one}\n" for one in ids).encode())


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        small(tmp_path / name)
    first_bytes = (tmp_path / "a" / "small.warc.gz").read_bytes()
    assert (tmp_path / "b" / "small.warc.gz").read_bytes() == first_bytes
    stream = hashlib.sha256(gzip.decompress(first_bytes)).hexdigest()
    # A change here is a change of the format: every archive gets other bytes than before.
    assert stream == "954adfb3baad1b9b3007c5b6763ac83f7dba823fb6a92bcfaac9aad81ada3380"


def test_equal_records_in_one_file_have_ids_of_their_own(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "twice", INFO, NOW) as warc:
        for _ in range(3):
            warc.resource(uri=URI, payload=b"same", media_type="text/plain", date=NOW)
        assert warc.records == 4
        warc.seal()
    found = records(tmp_path / "twice.warc.gz")
    assert len({record.record_id for record in found}) == 4
    assert check(tmp_path / "twice.warc.gz").damages == ()


@given(
    payload=st.binary(max_size=4000),
    path=st.binary(min_size=1, max_size=30).filter(lambda raw: b"\0" not in raw),
    media_type=st.sampled_from(["text/html; charset=utf-8", "image/png", "application/pdf"]),
    date=st.datetimes(datetime(1970, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone is the third argument
)
@settings(deadline=None, max_examples=40)
def test_any_payload_under_any_name_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    payload: bytes,
    path: bytes,
    media_type: str,
    date: datetime,
) -> None:
    folder = tmp_path_factory.mktemp("any")
    uri = under(URI, os.fsdecode(path))
    record = one_resource(folder, uri=uri, payload=payload, media_type=media_type, date=date)
    assert (record.block, record.target_uri, record.date) == (payload, uri, date)
    assert (record.content_type, record.payload_sha256) == (media_type, Sha256.of(payload))


evil = st.text(st.sampled_from("a:\r\n\0 é<>")) | st.text(max_size=12)


@given(name=evil, value=evil, uri=evil, media_type=evil)
@settings(deadline=None, max_examples=150)
def test_no_value_can_become_a_line_or_a_record(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: str, uri: str, media_type: str
) -> None:
    folder = tmp_path_factory.mktemp("evil")
    attempts: list[dict[str, object]] = [
        {"extra": [(f"X-{name}", value)]},
        {"extra": [(name, value)]},
        {"uri": uri},
        {"uri": f"https:{uri}"},
        {"media_type": media_type},
    ]
    for changed in attempts:
        try:
            record = one_resource(folder, **changed)
        except InvalidRecordError:
            continue
        extra = changed.get("extra", [])
        assert isinstance(extra, list)
        assert len(record.headers) == 9 + len(extra)
        assert all(pair in record.headers for pair in extra)
        assert record.target_uri == changed.get("uri", URI)
        assert record.content_type == changed.get("media_type", "text/plain")


@pytest.mark.parametrize(
    "extra",
    [
        ("WARC-Record-ID", "<urn:uuid:a>"),
        ("content-length", "1"),
        ("WARC-Type", "response"),
        ("WARC-Refers-To", "<urn:uuid:a>"),  # clause 5.11: not in a resource
        ("WARC-Filename", "x"),  # clause 5.17: only in a warcinfo
        ("WARC-Profile", "http://a/"),  # clause 5.18: only in a revisit
        ("WARC-IP-Address", "example.org"),  # clause 5.10
        ("WARC-Identified-Payload-Type", "html"),  # clause 5.19
        ("WARC-Concurrent-To", "urn:uuid:a"),  # clause 5.7: in angle brackets
        ("X-Long", "a" * 66_000),
    ],
)
def test_a_field_that_the_standard_forbids_is_refused(
    tmp_path: Path, extra: tuple[str, str]
) -> None:
    with pytest.raises(InvalidRecordError):
        one_resource(tmp_path, extra=[extra])
    assert list(tmp_path.iterdir()) == []


def test_clause_5_1_a_field_is_written_once(tmp_path: Path) -> None:
    twice = [("WARC-IP-Address", "127.0.0.1"), ("warc-ip-address", "::1")]
    with pytest.raises(InvalidRecordError, match="once"):
        one_resource(tmp_path, extra=twice)
    related = [("WARC-Concurrent-To", "<urn:a:b>"), ("WARC-Concurrent-To", "<urn:a:c>")]
    own = [("X-Seen", "a"), ("X-Seen", "b")]
    assert set(related + own) <= set(one_resource(tmp_path, extra=related + own).headers)


def test_no_header_has_more_lines_than_readers_take(tmp_path: Path) -> None:
    most = [("X", "y")] * (LINES_MOST - 11)  # the version, nine fields of the writer, a blank line
    assert len(one_resource(tmp_path, extra=most).headers) == LINES_MOST - 2
    (tmp_path / "again").mkdir()
    with pytest.raises(InvalidRecordError, match="readers"):
        one_resource(tmp_path / "again", extra=[*most, ("X", "z")])


def test_metadata_may_describe_a_record_of_another_capture(tmp_path: Path) -> None:
    with WarcWriter(tmp_path, "about", INFO, NOW) as warc:
        described = warc.resource(uri=URI, payload=b"x", media_type="text/plain", date=NOW)
        about = warc.metadata(
            uri=to_uri("urn:x:é"), fields=[("a", "b")], date=NOW, refers_to=described.record_id
        )
        warc.seal()
    found = records(tmp_path / "about.warc.gz")[-1]
    assert (about.type, found.target_uri) == (RecordType.METADATA, "urn:x:%C3%A9")
    assert first(found.headers, "WARC-Refers-To") == f"<{described.record_id}>"
    assert first(found.headers, "WARC-Concurrent-To") is None


def test_text_is_deflated_and_packed_media_are_stored(tmp_path: Path) -> None:
    text = b"the same words again. " * 1000
    with WarcWriter(tmp_path, "levels", INFO, NOW) as warc:
        deflated = warc.resource(uri=URI, payload=text, media_type="text/plain", date=NOW)
        stored = warc.resource(uri=URI, payload=text, media_type="image/jpeg", date=NOW)
        assert warc.size == stored.offset + stored.length
        warc.seal()
    assert deflated.length < 700
    assert len(text) < stored.length < len(text) + 700
    assert text[:8000] in (tmp_path / "levels.warc.gz").read_bytes()


def test_what_would_inflate_past_the_bound_of_readers_is_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.warc.writer.STORED_AFTER", 100_000)
    with WarcWriter(tmp_path, "zeros", INFO, NOW) as warc:
        lengths = [
            warc.resource(uri=URI, payload=b"\0" * 90_000, media_type="text/plain", date=NOW).length
            for _ in range(3)
        ]
        warc.seal()
    assert lengths[0] < 1_000
    assert lengths[1] > 90_000
