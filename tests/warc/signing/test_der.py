"""DER is read in the one way in which it may be written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.warc.signing import der

NUMBERS = st.integers(min_value=0, max_value=1 << 200)


@given(NUMBERS)
@settings(deadline=None, max_examples=60)
def test_integers_come_back(number: int) -> None:
    assert der.read(der.write_integer(number)).integer() == number


@given(
    st.tuples(st.integers(0, 2), st.integers(0, 39)), st.lists(st.integers(0, 1 << 40), max_size=8)
)
@settings(deadline=None, max_examples=60)
def test_names_come_back(first: tuple[int, int], rest: list[int]) -> None:
    dotted = ".".join(map(str, (*first, *rest)))
    assert der.read(der.write_oid(dotted)).oid() == dotted


@given(st.binary(max_size=70_000))
@settings(deadline=None, max_examples=20)
def test_lengths_come_back(content: bytes) -> None:
    assert der.read(der.wrap(der.OCTETS, content)).content == content


@given(st.binary(max_size=40))
@settings(deadline=None, max_examples=200)
def test_whatever_is_read_was_written_so(data: bytes) -> None:
    try:
        node = der.read(data)
    except der.DerError:
        return
    assert der.wrap(node.tag, node.content) == data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "a part is missing"),
        (b"\x05", "ends in a tag"),
        (b"\x05\x00\x00", "ends in a tag"),
        (b"\x05\x00\x05\x00", "more than there should be"),
        (b"\x1f\x81\x01\x00", "more than one byte"),
        (b"\x04\x02x", "ends too early"),
        (b"\x04\x81\x01x", "not written as DER"),
        (b"\x04\x82\x00\x80" + b"x" * 128, "not written as DER"),
        (b"\x30\x80\x00\x00", "not written as DER"),
        (b"\x04\x85\x01\x00\x00\x00\x00", "not written as DER"),
    ],
)
def test_what_is_not_der_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(der.DerError, match=why):
        der.read(data)


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"\xff\xff"])
def test_long_integers_are_refused(content: bytes) -> None:
    with pytest.raises(der.DerError, match="as short as it can be"):
        der.read(der.wrap(der.INTEGER, content)).integer()


@pytest.mark.parametrize("content", [b"", b"\x80\x01", b"\x2a\x86"])
def test_odd_names_are_refused(content: bytes) -> None:
    with pytest.raises(der.DerError, match="object identifier"):
        der.read(der.wrap(der.OID, content)).oid()


def test_another_type_is_refused() -> None:
    with pytest.raises(der.DerError, match="type 0x02 should be here, not 0x05"):
        der.read(b"\x05\x00").integer()
    with pytest.raises(der.DerError, match="more than there should be"):
        der.read(der.wrap(der.SET, b"\x05\x00\x05\x00")).only(der.SET)


@pytest.mark.parametrize("tag", [der.INTEGER, der.OID])
def test_numbers_without_end_are_refused(tag: int) -> None:
    node = der.read(der.wrap(tag, b"\x7f" * 200))
    with pytest.raises(der.DerError, match="too long"):
        _ = node.integer() if tag == der.INTEGER else node.oid()
