import json

import pytest

from pipeline.warc.bearable import VALUES_MOST, is_bearable


def test_a_long_text_is_borne_whatever_is_in_it() -> None:
    text = ',[{"\\' * (VALUES_MOST // 2)
    assert is_bearable(json.dumps({"url": "a", "text": text}).encode())


@pytest.mark.parametrize("one", [b"[],", b"{},", b'"a":1,', b"1,", b'"a",'])
def test_values_without_number_are_not(one: bytes) -> None:
    assert not is_bearable(one * (VALUES_MOST + 1))
    assert is_bearable(one * (VALUES_MOST // 4))


@pytest.mark.parametrize(
    "odd", [b'"' + b'\\"' * 2_000_000, b'"' + b"a" * 2_000_000 + b"\\", b'\\"' * 999_999]
)
def test_a_text_that_does_not_end_is_one(odd: bytes) -> None:
    assert is_bearable(odd)
