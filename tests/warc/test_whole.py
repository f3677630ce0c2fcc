"""The quick way of reading a record gives what the careful way gives, or leaves it to that."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.warc import members as quick
from pipeline.warc.check import check
from pipeline.warc.damage import Damage
from pipeline.warc.limits import CHUNK, WHOLE_MOST
from pipeline.warc.members import Members
from pipeline.warc.reader import scan
from pipeline.warc.scan import Scanned
from pipeline.warc.whole import inflate_whole, scan_whole
from tests.warc.building import (
    CHUNKED,
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
    small,
)
from tests.warc.test_rules import BROKEN, VALID

DATA = [data for _, _, data in BROKEN] + VALID
ODD = {
    "no space after the colon": a("metadata", ("X", "y")).replace(b"X: y", b"X:y"),
    "a tab after the colon": a("metadata", ("X", "y")).replace(b"X: y", b"X:\ty"),
    "two spaces": a("metadata", ("X", " y")),
    "space at the end": a("metadata", ("X", "y ")),
    "an empty value": a("metadata", ("X", "")),
    "letters of any alphabet": a("metadata", ("X", "é 𝄞 ñ")),
    "space that is none": a("metadata", ("X", "a\u00a0b\u2028c\u200bd")),
    "names in lower case": a("metadata").lower(),
    "a field twice": a("metadata", ("X", "1"), ("x", "2")),
    "the digest twice": a("resource", *[("WARC-Block-Digest", sha1(b""))] * 2),
    "companions": a("request", *[("WARC-Concurrent-To", ID.format(n)) for n in (7, 8)]),
    "a line without colon": a("metadata").replace(b"WARC-Date: ", b"WARC-Date "),
    "blank lines in the block": a("resource", PLAIN, block=b"\r\n\r\n" * 5),
    "HTTP": a("response", HTTP_TYPE, block=HTTP),
    "chunked": a("response", HTTP_TYPE, block=CHUNKED),
    "one that ends in the trailer": a("resource", PLAIN, block=b"\0" * (CHUNK - 300)),
    "one as long as a piece": a("resource", PLAIN, block=bytes(range(256)) * 256),
    "one of almost the most": a("resource", PLAIN, block=b"\1" * (WHOLE_MOST - CHUNK - 1)),
    "one of more than the most": a("resource", PLAIN, block=b"\1" * (WHOLE_MOST + 1)),
    "revisit": identical(),
    "two records in one member": a("metadata") + a("metadata"),
    "nothing": b"",
    "only an end": b"\r\n\r\n",
}


def found(path: Path, *, keep: int) -> tuple[list[Scanned | Damage], bytes]:
    seen = bytearray()
    return list(scan(path, keep=keep, tap=seen.extend)), bytes(seen)


def carefully(path: Path, monkeypatch: pytest.MonkeyPatch, *, keep: int) -> object:
    with monkeypatch.context() as patch:
        patch.setattr(Members, "_whole", lambda *_: None)
        return found(path, keep=keep)


def assert_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for keep in (0, 1 << 30):
        assert found(path, keep=keep) == carefully(path, monkeypatch, keep=keep)


@pytest.mark.parametrize("data", [*DATA, *(pytest.param(v, id=k) for k, v in ODD.items())])
def test_both_ways_see_the_same(
    data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_same(put(tmp_path, members(info_record(), data, a("metadata"))), monkeypatch)


header_text = st.text(st.sampled_from("aZ:-; \t\r\n\0é\u00a0<>=/\ud7ff"), max_size=12)


@given(
    name=header_text | st.sampled_from(["Content-Type", "WARC-Date", "X", "WARC-Block-Digest"]),
    value=header_text,
    block=st.binary(max_size=40) | st.sampled_from([HTTP, b"\r\n\r\n"]),
    kind=st.sampled_from(["resource", "metadata", "response", "revisit", "odd"]),
    cut=st.integers(0, 4),
    flip=st.none() | st.tuples(st.integers(0, 300), st.integers(1, 255)),
)
@settings(deadline=None, max_examples=300)
def test_both_ways_see_the_same_of_anything(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    value: str,
    block: bytes,
    kind: str,
    cut: int,
    flip: tuple[int, int] | None,
) -> None:
    record = raw([*basic(kind), (name, value)], block)
    data = bytearray(members(record[: len(record) - cut], a("metadata")))
    if flip is not None and flip[0] < len(data):
        data[flip[0]] ^= flip[1]
    path = put(tmp_path_factory.mktemp("any"), bytes(data))
    with pytest.MonkeyPatch.context() as patch:
        assert_same(path, patch)


def lengths(path: Path) -> Iterator[tuple[int, bool]]:
    """Say of each member whether it was read the quick way."""
    with path.open("rb") as file:
        for one in scan(path):
            assert isinstance(one, Scanned)
            whole = inflate_whole(file, one.offset)
            quickly = whole is not None and scan_whole(*_of(whole, one.offset), keep=0) == replace(
                one, block=None if one.size else b""
            )
            yield one.length, quickly


def _of(whole: tuple[bytes, int], offset: int) -> tuple[bytes, int, int]:
    return whole[0], offset, whole[1]


def test_what_we_write_is_read_the_quick_way(tmp_path: Path) -> None:
    sealed, captures = small(tmp_path)
    told = list(lengths(tmp_path / sealed.name))
    assert [length for length, _ in told[1:]] == [capture.length for capture in captures]
    # The first page has a field with a letter that is not ASCII, which is not odd.
    assert [quickly for _, quickly in told] == [True] * 4


def test_a_member_that_inflates_to_very_much_is_left_to_the_careful_way() -> None:
    bomb = gzip.compress(a("resource", PLAIN, block=b"\0" * (WHOLE_MOST + 1)), mtime=0)
    assert inflate_whole(BytesIO(bomb), 0) is None
    liar = gzip.compress(a("resource", ("Content-Length", "1"), block=b"\0" * 5_000_000), mtime=0)
    assert inflate_whole(BytesIO(liar), 0) is None


def test_the_bound_on_inflation_holds_for_small_members_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quick, "INFLATED_FREE", 100_000)
    monkeypatch.setattr(quick, "INFLATED_RATIO", 1)
    bombs = members(*[a("resource", PLAIN, block=b"\0" * 60_000)] * 3)
    checked = check(put(tmp_path, bombs))
    assert "warc-inflation" in {damage.code for damage in checked.damages}
