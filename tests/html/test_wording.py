"""White space and words of texts of any length."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.html import wording
from pipeline.html.wording import all_in_one_line, count_words


@given(text=st.text(alphabet="ab \n\t\u00a0", max_size=40), piece=st.integers(1, 7))
@settings(deadline=None, max_examples=300)
def test_pieces_collapse_as_the_whole_does(text: str, piece: int) -> None:
    whole = " ".join(text.split())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wording, "PIECE", piece)
        assert all_in_one_line(text) == whole


def test_words_of_a_long_text_are_counted_as_those_of_a_short_one() -> None:
    short = "two words "
    assert count_words(short) == 2
    assert count_words(short * 10_000) == 20_000
