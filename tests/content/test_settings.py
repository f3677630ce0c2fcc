"""`jekyll-archive.toml`: what it sets, and one line for each thing that it cannot say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.content.settings import NamedSeries, Settings, TextFields, parse_settings
from pipeline.errors import BadConfigError
from pipeline.html.values import Selectors

FULL = b"""\
[site]
name = "The tide mill"
url = "https://mill.example"

[collections.events]
text = ["event_content", "faqs[].answer"]

[collections.people]
text_add = ["motto"]
text_remove = ["desc"]

[people]
collections = ["staff"]
fields_add = ["miller"]
fields_remove = ["chair"]

[html]
article = [".words", "main"]
title = ["h1"]

[series."the talks"]
landing = "_news/talks.md"
members = ["/talks/ada/", "_posts/bo.md"]
"""


def test_everything_that_can_be_set() -> None:
    read = parse_settings(FULL, "jekyll-archive.toml")
    assert (read.site_name, read.site_url) == ("The tide mill", "https://mill.example")
    assert read.text_of("events") == TextFields(only=("event_content", "faqs[].answer"))
    assert read.text_of("people") == TextFields(add=("motto",), remove=("desc",))
    assert read.text_of("posts") == read.text_of(None) == TextFields()
    assert read.people_collections == ("staff",)
    assert read.selectors == Selectors(article=(".words", "main"), title=("h1",))
    assert (read.people_fields_add, read.people_fields_remove) == (("miller",), ("chair",))
    assert read.series == (
        NamedSeries(
            name="the talks",
            landing="_news/talks.md",
            members=("/talks/ada/", "_posts/bo.md"),
            line=21,
        ),
    )


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf# nothing\r\n", b"[site]\n[people]\n"])
def test_an_empty_file_sets_nothing(data: bytes) -> None:
    assert parse_settings(data) == Settings()
    assert Settings().people_collections == ("people", "team_members")


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("[html]\n\narticle = ['p', 'a[']\n", 3, "html.article: not a CSS selector"),
        ("[html]\nshare = ['p']\n", 2, "html.share: unknown; known are article, remove"),
        ("[html]\ntitle = 1\n", 2, "html.title: should be a list of strings"),
        ("[site]\nurl = \n", 2, "not TOML: Invalid value"),
        ('[site]\nname = "x', None, "not TOML: "),
        ("\n[sites]\n", 2, "sites: unknown; known are site, "),
        ("[site]\n\nsite = 1", 3, "site.site: unknown; "),
        ("[people]\nfields = []", 2, "people.fields: unknown"),
        ("[site]\nname = 3", 2, "site.name: should be a str"),
        ("site = 3", 1, "site: should be a table: [site]"),
        ('[series.a]\nlanding = "x"', 1, "series.a: should name `landing"),
        ('[series.a]\nlanding = "x"\nmembers = []', 1, "series.a: should name `landing"),
        ('[series.a]\nlanding = "x"\nmembers = "y"', 3, "series.a.members: should be a list"),
        ('[series.a]\nlead = "x"', 2, "series.a.lead: unknown; known are landing, members"),
        ("collections.x = 3", 1, "collections.x: should be"),
        (
            "[collections.a]\ntext = []\n[collections.b]\ntext = [1]",
            4, "collections.b.text: should be a list of str",
        ),
        (
            "[collections]\nb = {text = 'x'}",
            2, "collections.b.text: should be a list of str",
        ),
        (
            '[collections.a]\ntext_add = ["x"]\ntext = ["y"]',
            3, "collections.a.text: say either text, or ",
        ),
        ("a = " + "[" * 10_000, None, "not TOML that we read"),
        ('"k\\u0065y" = 1', None, "key: unknown; known are "),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_its_place(text: str, line: int | None, why: str) -> None:
    with pytest.raises(BadConfigError) as caught:
        parse_settings(text.encode(), "s.toml")
    place = f"s.toml:{line}" if line else "s.toml"
    assert str(caught.value).startswith(f"{place}: the configuration cannot be read: {why}")
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    with pytest.raises(BadConfigError, match=r"^s\.toml:2: .*: not UTF-8$"):
        parse_settings(b"[site]\nname = '\xff'\n", "s.toml")


@settings(deadline=None, derandomize=True, max_examples=150)
@given(
    st.text(st.sampled_from("[]{}.='\"\n site people collections text url name 1#"), max_size=60)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read = parse_settings(text.encode())
    except BadConfigError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either way is right
    else:
        assert read.people_collections
