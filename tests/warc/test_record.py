import hashlib
from pathlib import Path

from pipeline.warc.check import check
from pipeline.warc.reader import walk
from pipeline.warc.record import Record, RecordType
from tests.warc.building import HTTP, HTTP_TYPE, PLAIN, a, basic, members, put, raw, small


def test_an_unknown_type_is_passed_over_but_given(tmp_path: Path) -> None:
    data = raw([("WARC-Type", "screenshot"), *basic("warcinfo")[1:]])
    (record,) = walk(put(tmp_path, members(data)))
    assert isinstance(record, Record)
    assert record.type is RecordType.EXTENSION


def test_check_shows_the_records_that_walk_gives(tmp_path: Path) -> None:
    sealed, _ = small(tmp_path)
    shown: list[Record] = []
    check(tmp_path / sealed.name, show=shown.append)
    assert shown == list(walk(tmp_path / sealed.name, keep=0))
    assert len(shown) == sealed.records
    damaged = put(tmp_path, members(a("metadata"), a("resource", ("WARC-Date", "x"))))
    shown.clear()
    check(damaged, show=shown.append)
    assert [record.type for record in shown] == [RecordType.METADATA]


def test_the_payload_is_what_each_type_says(tmp_path: Path) -> None:
    long = b"no header at all" * 9000
    data = [
        a("response", HTTP_TYPE, block=HTTP),
        a("resource", PLAIN, block=b"body"),
        a("revisit", HTTP_TYPE, block=HTTP),
        a("response", HTTP_TYPE, block=long),
    ]
    found = [one for one in walk(put(tmp_path, members(*data))) if isinstance(one, Record)]
    payloads = [one.payload_sha256 and one.payload_sha256.raw for one in found]
    body, whole = hashlib.sha256(b"body").digest(), hashlib.sha256(long).digest()
    assert payloads == [body, body, None, whole]
