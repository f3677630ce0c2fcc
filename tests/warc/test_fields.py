import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.warc.damage import HEADER_FOLDED, HEADER_LINE, VERSION
from pipeline.warc.errors import InvalidRecordError
from pipeline.warc.fields import (
    checked_field,
    every,
    first,
    one_line,
    parse_fields,
    parse_header,
    render_fields,
)

anything = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-A", "a\r\nWARC-Type: response"),
        ("X-A", "a\rb"),
        ("X-A", "a\nb"),
        ("X-A", "a\0b"),
        ("X-A", "a\x7fb"),
        ("X-A", "a\tb"),
        ("X-A", " a"),
        ("X-A", "a\u00a0"),
        ("X-A", "a\udcffb"),
        ("X-A: b", "c"),
        ("", "c"),
        ("X\r\nA", "c"),
        ("Ü", "c"),
    ],
)
def test_a_field_that_is_not_one_line_is_refused(name: str, value: str) -> None:
    with pytest.raises(InvalidRecordError, match="the record was not written"):
        checked_field(name, value)


@given(st.lists(st.tuples(anything, anything)))
@settings(deadline=None, max_examples=200)
def test_fields_come_back_as_they_were_or_are_refused(fields: list[tuple[str, str]]) -> None:
    try:
        block = render_fields(fields)
    except InvalidRecordError:
        return
    assert parse_fields(block) == tuple(fields)
    head = b"WARC/1.1\r\n" + block + b"\r\n"
    assert parse_header(head, 0) == ("WARC/1.1", tuple(fields), ())


@given(anything)
@settings(deadline=None, max_examples=300)
def test_one_line_makes_any_text_a_legal_value(text: str) -> None:
    line = one_line(text)
    assert checked_field("title", line) == ("title", line)
    assert parse_fields(render_fields([("title", line)])) == (("title", line),)


def test_one_line_keeps_the_words() -> None:
    assert one_line(" Two\r\n  lines\tand \0 more ") == "Two lines and more"
    assert one_line("a\udcffb") == "a\ufffdb"


@pytest.mark.parametrize(
    ("head", "rule"),
    [
        (b"WARC/1.1\r\nA: b\n\r\n", HEADER_LINE),
        (b"WARC/1.1\r\nno colon\r\n\r\n", HEADER_LINE),
        (b"WARC/1.1\r\nA b: c\r\n\r\n", HEADER_LINE),
        (b"WARC/1.1\r\nA: b\x00c\r\n\r\n", HEADER_LINE),
        (b"WARC/1.1\r\nA: b\rc\r\n\r\n", HEADER_LINE),
        (b"WARC/1.1\r\nA: \xff\r\n\r\n", HEADER_LINE),
        (b"WARC/1.1\r\n folded first\r\n\r\n", HEADER_LINE),
        (b"WARC/1.1\r\nA: b\r\n c\r\n\r\n", HEADER_FOLDED),
        (b"WARC/2.0\r\nA: b\r\n\r\n", VERSION),
        (b"WARC/1.1 \r\nA: b\r\n\r\n", VERSION),
    ],
)
def test_a_malformed_header_is_read_and_told(head: bytes, rule: object) -> None:
    _, _, damages = parse_header(head, 7)
    assert [(damage.rule, damage.offset) for damage in damages] == [(rule, 7)]


def test_continued_lines_are_one_value() -> None:
    head = b"WARC/1.0\r\nA: b\r\n\tc\r\n  d\r\nE:f\r\n\r\n"
    version, fields, _ = parse_header(head, 0)
    assert (version, fields) == ("WARC/1.0", (("A", "b c d"), ("E", "f")))


def test_names_are_compared_without_case() -> None:
    fields = (("Warc-Concurrent-To", "a"), ("WARC-CONCURRENT-TO", "b"))
    assert first(fields, "WARC-Concurrent-To") == "a"
    assert every(fields, "WARC-Concurrent-To") == ("a", "b")
    assert first(fields, "WARC-Date") is None
