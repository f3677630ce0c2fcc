"""Whatever the bytes are, a page is read within bounds, and what was cut is told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.html.attributes import MOST, spare
from pipeline.html.page import read_page
from pipeline.html.tree import MAX_TAGS

CUT = "HTML-CUT"


@pytest.mark.parametrize(
    "data",
    [
        b"<div>" * 100_000,
        b"<table><tr><td>x" * 10_000,
        b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">x</p>",
        b"<b>" * (MAX_TAGS + 1),
        b"<main>" + b"<p>x</p>" * 60_000,
    ],
)
def test_what_is_too_much_is_cut_and_told(data: bytes) -> None:
    assert CUT in {finding.code for finding in read_page(data, url=None).findings}


def test_attributes_after_the_first_thousands_are_dropped_and_nothing_else() -> None:
    many = " ".join(f"a{n}='>'" for n in range(MOST * 40))
    text = f"<!-- <p --><script>if (a <b && '\"') </script><p {many}>x</p><p>after</p>"
    spared = spare(text)
    assert len(spared) < len(text) / 10
    page = read_page(text.encode(), url=None)
    assert page.text.endswith("after")
    assert spare("<p a=1>") == "<p a=1>"


def test_a_long_script_is_no_tag_but_its_own_tag_is() -> None:
    script = "if (a < b) { c = 'd'; }\n" * 20_000
    assert spare(f"<script>{script}</script><p>x") == f"<script>{script}</script><p>x"
    many = " ".join(f"a{n}=1" for n in range(MOST * 40))
    spared = spare(f"<script {many}>{script}</script><p>x")
    assert spared.endswith(f">{script}</script><p>x")
    assert len(spared) < len(script) + 10 * MOST * 2


def test_nul_is_dropped_and_json_that_is_none_is_told() -> None:
    block = b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script>"
    page = read_page(block + b"<p>a\0b</p>", url=None)
    assert page.text == "ab"
    assert [finding.code for finding in page.findings] == ["HTML-JSON-LD"]


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=200),
    st.lists(
        st.sampled_from(
            [
                b"<p>",
                b"<a href='",
                b"'>",
                b"</a",
                b"<table>",
                b"<ul><li>",
                b"<pre>",
                b"<!--",
                b"<article>",
                b"<title>",
                b"&#0;",
                b"\0",
                b"<svg>",
                b"<img src=//[>",
                b"<base href=http://[>",
                b"</body>",
            ]
        ),
        max_size=30,
    ),
)
def test_nothing_raises(tail: bytes, pieces: list[bytes]) -> None:
    data = b"w ".join(pieces) + tail
    assert read_page(data, url="https://x.example/") == read_page(data, url="https://x.example/")
