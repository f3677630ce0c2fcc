"""Names of people: one person, one key; strings that hold several people are cut."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.content.names import display, is_slug, person_key, split_names, term_key


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Example", ["Ada Example"]),
        ("Ada Example and Bo Sample", ["Ada Example", "Bo Sample"]),
        ("A and B", ["A", "B"]),
        ("A, B and C", ["A", "B", "C"]),
        ("Ada, Bo and Cy", ["Ada", "Bo", "Cy"]),
        ("Ada Example & Bo Sample", ["Ada Example", "Bo Sample"]),
        ("Ada Example; Bo Sample", ["Ada Example", "Bo Sample"]),
        ("Ada Example, Bo Sample, and Cy Trial", ["Ada Example", "Bo Sample", "Cy Trial"]),
        ("Dr Ada Example, Bo Sample & Dr Cy Trial", ["Dr Ada Example", "Bo Sample", "Dr Cy Trial"]),
        ("Ada van der Example and Åsa O\u2019Sample", ["Ada van der Example", "Åsa O\u2019Sample"]),
        ("李雷 and 韩梅梅", ["李雷", "韩梅梅"]),
        ("ada and bo", ["ada", "bo"]),
        # a surname before a first name, a degree, a job: one person
        ("Example, Ada", ["Example, Ada"]),
        ("Ada Example, PhD", ["Ada Example, PhD"]),
        ("Example, Ada and Sample, Bo", ["Example, Ada", "Sample, Bo"]),
        ("Ada Example, PhD and Bo Sample", ["Ada Example, PhD", "Bo Sample"]),
        # not to be told apart: kept whole
        ("Example, A., Sample, B. and Trial, C.", ["Example, A., Sample, B. and Trial, C."]),
        ("Ada Example, Minister of Mills", ["Ada Example, Minister of Mills"]),
        # bodies
        ("Centre for Tides and Mills", ["Centre for Tides and Mills"]),
        ("Quay University Press & Museum", ["Quay University Press & Museum"]),
        # dirt
        ("  Ada \t Example ,", ["Ada Example"]),
        ("\ufeffAda\u200b Example", ["Ada Example"]),
        ("A and ", ["A and"]),
        (" ;, ", []),
        ("", []),
    ],
)
def test_a_string_is_cut_only_where_every_piece_is_a_name(text: str, names: list[str]) -> None:
    assert list(split_names(text)) == names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Prof. Ada D. Example,", "ada d example"),
        ("Professor Dame Ada Example", "Ada Example"),
        ("Assistant Professor Ada Example", "Ada Example"),
        ("Ada Example, PhD", "Ada Example"),
        ("Ada O\u2019Sample", "ADA O'SAMPLE"),
        ("Ada Example\u2010Sample", "Ada Example-Sample"),
        ("Zoe\u0308 Example", "Zo\u00eb Example"),
        ("\ufb01nn Example", "Finn  Example"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    assert person_key(one) == person_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoe Example", "Zoë Example"),
        ("Ada Example", "Ada B Example"),
        ("Example, Ada", "Ada Example"),
        ("Dr", "Prof"),
    ],
)
def test_what_may_be_two_people_has_two_keys(one: str, other: str) -> None:
    assert person_key(one) != person_key(other)


def test_a_slug_is_told_from_a_name() -> None:
    assert is_slug("ada-example")
    assert not is_slug("Ada-Example")
    assert not is_slug("ada")


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    st.text(st.sampled_from("Aab .,;&-'\u2019\u0308é李\0\ud800 \n") | st.characters(), max_size=40)
)
def test_any_text_gives_clean_names_that_stay_as_they_are(text: str) -> None:
    for name in split_names(text):
        assert name
        assert display(name) == name
        assert person_key(name)
        name.encode()
    assert person_key(person_key(text)) == person_key(text)
    assert term_key(term_key(text)) == term_key(text)
