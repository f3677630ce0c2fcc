"""Files by others and by enemies: plain, large, empty, mixed up, endless."""

import gzip
import os
import random
import tracemalloc
import zlib
from pathlib import Path

import pytest

from pipeline.errors import NotVerifiableError
from pipeline.warc.check import check, digest_file
from pipeline.warc.damage import Damage
from pipeline.warc.errors import DamagedRecordError
from pipeline.warc.limits import PROBES_MOST
from pipeline.warc.reader import read_record, walk
from pipeline.warc.record import Record
from tests.warc.building import HTTP_TYPE, PLAIN, a, basic, info_record, members, put, raw


def codes(path: Path) -> list[str]:
    return [damage.code for damage in check(path).damages]


def test_a_plain_file_is_read_with_places(tmp_path: Path) -> None:
    parts = [
        info_record(),
        raw([*basic("resource"), PLAIN], b"a" * 70_000),
        raw(basic("metadata", 2)),
    ]
    path = put(tmp_path, b"".join(parts), "made.warc")
    found = [one for one in walk(path) if isinstance(one, Record)]
    assert [one.length for one in found] == [len(part) for part in parts]
    assert check(path).damages == ()
    second = read_record(path, found[1].offset, found[1].length)
    assert second.block == b"a" * 70_000


def test_a_plain_file_is_read_on_after_damage(tmp_path: Path) -> None:
    broken = raw([*basic("resource"), ("Content-Length", "x")])
    path = put(tmp_path, info_record() + broken + raw(basic("metadata", 2)) + b"junk", "m.warc")
    kinds = [one.code if isinstance(one, Damage) else one.record_id[-1] for one in walk(path)]
    assert kinds == ["0", "warc-content-length", "2", "warc-version"]


def test_the_reason_for_the_end_of_a_cut_plain_file(tmp_path: Path) -> None:
    whole = info_record() + raw([*basic("resource"), PLAIN], b"body")
    for size in range(len(info_record()) + 1, len(whole)):
        path = put(tmp_path, whole[:size], "cut.warc")
        assert len(codes(path)) == 1, size
        assert codes(path)[0] in {"warc-truncated", "warc-content-length"}, size


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ["warc-empty"]),
        (b"hello", ["warc-gzip-header"]),
        (b"\x1f", ["warc-truncated"]),
        (gzip.compress(b"", mtime=0), ["warc-truncated"]),
        (gzip.compress(b"hello", mtime=0), ["warc-version"]),
        (members(info_record()) + b"\0" * 100, ["warc-gzip-header"]),
        (b"junk" + members(info_record()), ["warc-gzip-header"]),
        (members(raw(basic("metadata"))), ["warc-no-warcinfo"]),
        (members(info_record(), info_record()), ["warc-id-repeated"]),
        (members(info_record())[:-8] + b"\0" * 8, ["warc-gzip-check"]),
    ],
)
def test_files_that_are_not_what_they_should_be(
    tmp_path: Path, data: bytes, expected: list[str]
) -> None:
    assert codes(put(tmp_path, data)) == expected


def test_a_file_that_cannot_be_read_is_no_damage(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.warc.gz", tmp_path):
        with pytest.raises(NotVerifiableError, match="cannot be checked"):
            list(walk(path))
        with pytest.raises(NotVerifiableError):
            read_record(path, 0, 1)
        with pytest.raises(NotVerifiableError):
            digest_file(path)


def test_a_block_larger_than_asked_for_is_digested_and_not_held(tmp_path: Path) -> None:
    block = os.urandom(300_000)
    path = put(tmp_path, members(raw([*basic("resource"), PLAIN], block)))
    (passed,) = walk(path, keep=1000)
    assert isinstance(passed, Record)
    assert (passed.held, passed.block_size) == (None, 300_000)
    with pytest.raises(ValueError, match="not kept"):
        _ = passed.block
    loaded = read_record(path, passed.offset, passed.length)
    assert loaded.block == block
    assert loaded.block_sha256 == passed.block_sha256


def peak_of_check(path: Path) -> tuple[list[str], int]:
    tracemalloc.start()
    try:
        return codes(path), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_is_bounded_whatever_a_record_holds(tmp_path: Path) -> None:
    zeros = bytes(30_000_000)
    bodies = {
        "block": raw([*basic("resource"), PLAIN], zeros),
        "header": b"WARC/1.1\r\nX: " + zeros,
        "headers": b"WARC/1.1\r\n" + b"X: y\r\n" * 3_000_000,
        "payload": raw([*basic("response"), HTTP_TYPE], zeros),
    }
    for name, data in bodies.items():
        path = put(tmp_path, members(info_record(), data), f"{name}.warc.gz")
        found, peak = peak_of_check(path)
        assert found == ([] if name in {"block", "payload"} else ["warc-header-size"]), name
        assert peak < 4_000_000, name


def test_a_bomb_is_told_and_not_inflated_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.warc.members.INFLATED_FREE", 1 << 20)
    bomb = members(raw([*basic("resource"), PLAIN], bytes(50_000_000)))
    path = put(tmp_path, members(info_record()) + bomb + bomb)
    checked = check(path)
    assert [damage.code for damage in checked.damages] == ["warc-inflation"]
    assert checked.records == 1
    # The same within what is only skipped, after damage.
    path = put(tmp_path, members(b"nothing\r\n\r\n" + bytes(50_000_000), info_record()))
    assert codes(path)[0] == "warc-version"


def test_the_search_after_damage_has_an_end(tmp_path: Path) -> None:
    fakes = b"\x1f\x8b\x08\xff" * (PROBES_MOST + 10)
    path = put(tmp_path, fakes + members(info_record()))
    assert codes(path) == ["warc-gzip-header", "warc-lost"]
    few = b"\x1f\x8b\x08\xff" * 100
    assert codes(put(tmp_path, few + members(info_record()))) == ["warc-gzip-header"]


def test_the_next_member_is_found_across_chunks(tmp_path: Path) -> None:
    for size in range((1 << 16) - 5, (1 << 16) + 5):
        path = put(tmp_path, b"#" * size + members(info_record()))
        found = list(walk(path))
        assert isinstance(found[-1], Record), size
        assert found[-1].offset == size


def test_noise_never_raises(tmp_path: Path) -> None:
    noise = random.Random(28500)  # noqa: S311 - the same noise each time
    whole = members(info_record(), raw([*basic("resource"), PLAIN], b"body" * 50))
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(noise.randrange(1, 8)):
            start = noise.randrange(len(data))
            data[start : start + noise.randrange(9)] = noise.randbytes(noise.randrange(9))
        path = put(tmp_path, bytes(data))
        for one in walk(path):
            assert isinstance(one, Record | Damage)
        assert check(path).size == len(data)


def test_a_deflate_stream_with_rubbish_behind_its_end_is_found(tmp_path: Path) -> None:
    deflate = zlib.compressobj(wbits=31)
    data = deflate.compress(info_record()) + deflate.flush()
    path = put(tmp_path, data + b"\0" + data)
    assert codes(path) == ["warc-gzip-header", "warc-id-repeated"]
    with pytest.raises(DamagedRecordError, match="not 3"):
        read_record(path, 0, 3)


def test_records_that_share_a_gzip_member_are_read_and_told(tmp_path: Path) -> None:
    shared = gzip.compress(
        info_record() + a("resource", PLAIN, block=b"x") + raw(basic("metadata", 3))
    )
    path = put(tmp_path, shared + members(raw(basic("metadata", 2))))
    checked = check(path)
    assert [damage.code for damage in checked.damages] == ["warc-gzip-member"]
    assert (checked.sound, checked.records) == (True, 4)
    found = [one for one in walk(path) if isinstance(one, Record)]
    assert [one.length > 0 for one in found] == [False, False, False, True]
    with pytest.raises(DamagedRecordError, match="more than one record"):
        read_record(path, 0, len(shared))
    hurt = put(tmp_path, shared[:-8] + b"\0" * 8 + members(raw(basic("metadata", 2))))
    assert codes(hurt) == ["warc-gzip-member", "warc-gzip-check"]


def test_the_search_in_a_plain_file_has_an_end(tmp_path: Path) -> None:
    path = put(tmp_path, b"WARC/1.1\r\n\r\n" * (PROBES_MOST + 10), "many.warc")
    last = list(walk(path))[-1]
    assert isinstance(last, Damage)
    assert last.code == "warc-lost"
