"""Words of a text: the fast way gives what the pattern gives."""

import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.content.raw import plain_words
from pipeline.history.lineage.passages import words
from pipeline.store.search import fold

ANY = st.text(st.characters(max_codepoint=0x250))
USUAL = st.text("aZ09_-.\t\n\x1c \u2019\u201c\u2026\xa0")


@given(ANY | USUAL)
def test_words_are_those_of_the_pattern(text: str) -> None:
    assert words(text) == re.findall(r"[^\W_]+", text.casefold())


@given(USUAL)
def test_the_usual_marks_part_words_and_are_none(text: str) -> None:
    found = plain_words(text)
    assert found is not None
    assert fold(text) == " ".join(found)


def test_letters_beyond_ascii_are_left_to_the_pattern() -> None:
    assert plain_words("\u201cCr\u00e8me\u201d") is None
    assert words("\u201cCr\u00e8me\u201d br\u00fbl\u00e9e_2") == [
        "cr\u00e8me",
        "br\u00fbl\u00e9e",
        "2",
    ]
    assert fold("\u201cCr\u00e8me\u201d br\u00fbl\u00e9e_2") == "creme brulee 2"
