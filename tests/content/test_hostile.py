"""Whatever a front matter holds, it is read without an exception, the same way every time."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.content.codes import Code
from pipeline.content.fields import MAX_DEPTH, MAX_VALUES, TooLargeError, fields, step
from pipeline.content.normalise import normalise
from pipeline.content.people import PeopleIndex, person_page
from pipeline.content.settings import Settings
from pipeline.content.values import Content
from pipeline.jekyll.item import Item, ItemKind, Split
from pipeline.model import Severity

Say = Callable[..., Content]

WORDS = (
    "title name author authors people team_member author_people given family preferred tags tag "
    "categories event_categories content answer date event_date start link image photo url slug "
    "permalink text link_text time faqs x"
)
KEYS = st.sampled_from(WORDS.split()) | st.text(max_size=6)
TEXTS = st.sampled_from(
    [
        "Ada Example and Bo Sample",
        "10:30",
        "[x](/y)",
        "['a', 'b']",
        "2024-05-06 10:00 +0200",
        "May 99, 2024",
        "https://mill.example/a.pdf",
        "{{ a }}{% b",
        "\0\ud800",
        "<p>a<b>c",
    ]
) | st.text(max_size=30)
SCALARS = (
    TEXTS
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.datetimes(timezones=st.just(UTC))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def item_with(own: Mapping[str, Any], data: bytes = b"") -> Item:
    split = Split(present=True, yaml_start=0, yaml_end=0, body_start=0, size=len(data))
    return Item(
        kind=ItemKind.DOCUMENT,
        collection="people",
        path="_people/x.md",
        url=None,
        destination=None,
        written=True,
        own=own,
        front_matter=own,
        split=split,
    )


@settings(deadline=None, derandomize=True, max_examples=150)
@given(st.dictionaries(KEYS, VALUES, max_size=6), TEXTS)
def test_any_front_matter_is_read(own: dict[str, Any], body: str) -> None:
    data = body.encode("utf-8", "surrogatepass")
    item = item_with(own, data)
    content = normalise(item, data, Settings())
    assert content == normalise(item, data, Settings())
    "".join(part.plain or "" for part in content.parts).encode()
    assert [part.position for part in content.parts] == list(range(len(content.parts)))
    assert len({part.name for part in content.parts}) == len(content.parts)
    for raw in (*(m.raw for m in content.mentions), *(t.raw for t in content.terms)):
        json.loads(raw)
        raw.encode()
    for text in (
        *(m.name + m.key + m.field for m in content.mentions),
        *(t.name + t.key for t in content.terms),
        *(link.target + link.text + link.part for link in content.links),
        *(d.name + d.raw for d in content.dates),
        *(p.text for p in content.parts),
        content.title or "",
    ):
        assert "\0" not in text
        text.encode()
    page = person_page(item, Settings())
    assert page is not None
    people = PeopleIndex([page], Settings())
    assert all(people.find(m) in {None, item.path} for m in content.mentions)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.binary(max_size=60) | st.text(st.sampled_from("a:-[]{}&*!|>'\" \n#?,"), max_size=60))
def test_any_bytes_are_read(say: Say, written: bytes | str) -> None:
    text = written.encode() if isinstance(written, str) else written
    data = b"---\n" + text + b"\n---\n" + text
    assert say(data) == say(data)


def test_a_number_too_long_to_print_is_read() -> None:
    own = {"title": 10**5000, "author": {"name": "Ada", "age": 10**5000}, "tags": [10**5000]}
    content = normalise(item_with(own), b"", Settings())
    assert json.loads(content.mentions[0].raw)["age"] == hex(10**5000)
    assert content.title == content.terms[0].name == hex(10**5000)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_two_fields_never_have_one_path(own: dict[str, Any]) -> None:
    paths = [field.path for field in fields(own)]
    assert len(paths) == len(set(paths))


def test_odd_keys_are_quoted_in_paths() -> None:
    assert step("a", "b") == "a.b"
    assert step("a", 'b.c"d') == 'a."b.c\\"d"'
    assert step("", "") == '""'


def bomb() -> Mapping[str, Any]:
    value: Any = ["x"] * 10
    for _ in range(10):
        value = [value] * 10
    return {"title": "T", "content": value}


def circle() -> Mapping[str, Any]:
    own: dict[str, Any] = {"title": "T"}
    own["self"] = own
    return own


@pytest.mark.parametrize(
    "own",
    [
        bomb(),
        circle(),
        {"x": ["y" * 50_000] * 100},
        {str(number): 1 for number in range(MAX_VALUES + 1)},
    ],
    ids=["aliases", "circle", "texts", "values"],
)
def test_a_front_matter_that_unfolds_without_end_is_left_and_told(own: Mapping[str, Any]) -> None:
    with pytest.raises(TooLargeError):
        fields(own)
    content = normalise(item_with(own, b"Body."), b"Body.", Settings())
    assert [finding.code for finding in content.findings] == ["CONTENT-FIELDS-TOO-MANY"]
    assert [part.name for part in content.parts] == ["body"]


def test_what_is_within_the_bounds_is_read() -> None:
    deep: Any = "x"
    for _ in range(MAX_DEPTH - 1):
        deep = [deep]
    assert len(fields({"deep": deep})) == MAX_DEPTH


def test_a_text_past_a_bound_is_told(say: Say) -> None:
    content = say("---\ntitle: T\n---\n" + "[" * 30_000)
    assert [finding.code for finding in content.findings] == ["CONTENT-NOT-READ"]
    assert content.parts[0].plain == "[" * 30_000


def test_lines_are_known_for_every_shape_of_yaml(say: Say) -> None:
    source = (
        "---\n# first\ntitle: &t T\n? [odd, key]\n: {text: x}\nnote: *t\n"
        "list:\n  - {a: b}\n  - summary: >\n      Words\n---\n"
    )
    assert [(part.name, part.line) for part in say(source).parts] == [
        ('"[\\"odd\\", \\"key\\"]".text', None),  # Jekyll's own name for such a key
        ("note", 6),
        ("list[1].summary", 9),
    ]


def test_lines_are_known_up_to_a_mistake() -> None:
    data = b"---\nsummary: One\nevent_date: moon\nlist: ]\nnote: Two\n---\n"
    item = item_with({"summary": "One", "note": "Two", "event_date": date(24, 1, 2)}, data)
    cut = replace(
        item, split=Split(present=True, yaml_start=4, yaml_end=51, body_start=55, size=55)
    )
    content = normalise(cut, data, Settings())
    assert [(part.name, part.line) for part in content.parts] == [("summary", 2), ("note", None)]
    assert [(d.raw, d.day, d.line) for d in content.dates] == [("moon", date(24, 1, 2), 3)]


def test_front_matter_that_is_not_yaml_leaves_the_body(say: Say) -> None:
    content = say("---\ntitle: T\nlist: {a: b, c: |-\n  x}\n---\nBody\n")
    assert content.title is None
    assert [(part.name, part.text, part.line) for part in content.parts] == [("body", "Body\n", 6)]


def test_dates_stay_dates_in_raw(say: Say) -> None:
    own = {
        "author": {
            "name": "Ada",
            "since": date(2024, 1, 2),
            "n": float("inf"),
            "s": {1, 2},
            "b": b"x",
        }
    }
    raw = normalise(item_with(own), b"", Settings()).mentions[0].raw
    assert json.loads(raw) == {
        "name": "Ada",
        "since": "2024-01-02",
        "n": "inf",
        "s": [1, 2],
        "b": "b'x'",
    }
    when = {"author": {"name": "Ada", "since": datetime(2024, 1, 2, tzinfo=UTC)}}
    assert (
        "2024-01-02T00:00:00+00:00" in normalise(item_with(when), b"", Settings()).mentions[0].raw
    )
    assert say("---\ntitle: T\n---\nText\n").mentions == ()


def test_codes_are_unique_stable_words_and_never_errors() -> None:
    codes = [code.code for code in Code]
    assert len(set(codes)) == len(codes)
    for code in Code:
        assert code.code.startswith(("CONTENT-", "PEOPLE-"))
        assert code.severity in {Severity.INFO, Severity.WARNING}
        assert code.meaning.endswith(".")
