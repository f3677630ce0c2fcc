"""A source file is cut where Jekyll cuts it, and nothing of it is lost."""

import re

import frontmatter
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.jekyll.frontmatter import (
    JekyllYamlHandler,
    has_yaml_header,
    header_text,
    split,
)

# Document::YAML_FRONT_MATTER_REGEXP of Jekyll, as Python writes it; too slow for hostile files.
JEKYLL = re.compile(rb"\A(---\s*\n.*?\n?)^((---|\.\.\.)\s*$\n?)", re.DOTALL | re.MULTILINE)
PIECES = st.sampled_from(
    (
        b"---",
        b"...",
        b"\n",
        b"\r\n",
        b" ",
        b"\t",
        b"\v",
        b"a: b",
        b"-",
        b"----",
        b"\xef\xbb\xbf",
        b"\xff",
        b"x",
    )
)


@settings(derandomize=True, deadline=None, max_examples=500)
@given(st.lists(PIECES, max_size=14).map(b"".join))
@example(b"---\n---")
@example(b"---\n\n\n---\n\n\nbody")
@example(b"--- \n a: 1\n---  \n  body")
@example(b"---\n...")
def test_the_cut_is_that_of_jekylls_own_expression(data: bytes) -> None:
    text = data.removeprefix(b"\xef\xbb\xbf")
    match = JEKYLL.match(text)
    cut = split(data)
    assert cut.present == (match is not None)
    if match:
        skipped = len(data) - len(text)
        assert cut.body_start == match.end() + skipped
        assert header_text(data, cut) == match[1]


@settings(derandomize=True, deadline=None)
@given(st.binary(max_size=200))
def test_header_and_body_rebuild_any_file(data: bytes) -> None:
    cut = split(data)
    assert data[: cut.body_start] + data[cut.body_start :] == data
    assert 0 <= cut.yaml_start <= cut.yaml_end <= cut.body_start <= cut.size == len(data)
    assert (
        data[: cut.yaml_start] + data[cut.yaml_start : cut.yaml_end] + data[cut.yaml_end :] == data
    )


@settings(derandomize=True, deadline=None)
@given(st.binary(max_size=60), st.binary(max_size=60), st.sampled_from((b"\n", b"\r\n")))
def test_what_was_put_between_the_fences_comes_back(yaml: bytes, body: bytes, end: bytes) -> None:
    inner = b"k: " + yaml.replace(b"-", b"").replace(b".", b"") + end
    data = b"---" + end + inner + b"---" + end + b"=" + body
    cut = split(data)
    assert data[cut.yaml_start : cut.yaml_end] == inner
    assert data[cut.body_start :] == b"=" + body


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"---\nx", True),
        (b"---  \t\nx", True),
        (b"---\r\nx", True),
        (b"---", False),
        (b"", False),
        (b"----\n", False),
        (b" ---\n", False),
        (b"--- #\n", False),
        (b"\xef\xbb\xbf---\n", False),
    ],
)
def test_only_a_first_line_of_three_dashes_makes_a_page(data: bytes, expected: bool) -> None:  # noqa: FBT001
    assert has_yaml_header(data) is expected


def test_a_byte_order_mark_is_read_over_only_where_the_encoding_is_unicode() -> None:
    data = b"\xef\xbb\xbf---\na: 1\n---\n"
    assert split(data).present
    assert not split(data, bom=False).present


def test_python_frontmatter_reads_with_our_handler() -> None:
    text = "---\ncontent: kept\nclock: 17:30\n---\n\n  body\n"
    metadata, body = frontmatter.parse(text, handler=JekyllYamlHandler())
    assert metadata == {"content": "kept", "clock": 1050.0}
    assert body == "body"
    with pytest.raises(ValueError, match="no front matter"):
        JekyllYamlHandler().split("no fences")
