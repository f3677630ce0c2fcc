"""Tags and categories, in every shape that sites write them in."""

import json
from collections.abc import Callable

import pytest

from pipeline.content.values import Content

Say = Callable[..., Content]


@pytest.mark.parametrize(
    ("front_matter", "told"),
    [
        ("tags: [{tag: Policy}]", ["tag Policy"]),
        ("tags: [{tag: 'Policy, Open day'}, {name: Mill}]", ["tag Policy", "tag Open day",
                                                              "tag Mill"]),
        ("tags: tide mill quay", ["tag tide", "tag mill", "tag quay"]),
        ("tags: open day, mill", ["tag open day", "tag mill"]),
        ("tags: [Open day, mill]", ["tag Open day", "tag mill"]),
        ("tags: [2024, true]", ["tag 2024", "tag true"]),
        ("tag: open day", ["tag open day"]),
        ("category: open day", ["category open day"]),
        ("categories: tide mill", ["category tide", "category mill"]),
        ("categories: [Tide, Mill]", ["category Tide", "category Mill"]),
        ("event_categories: Past Events", ["category Past Events"]),
        ("team_categories: [' Millers', Leaders]", ["category Millers", "category Leaders"]),
        ("tags: [Mill, MILL, ' mill ']", ["tag Mill"]),
        ("tags: mill\ncategories: mill", ["tag mill", "category mill"]),
        ("tags: ['', {}, null, [x]]", []),
        ("tags:\ncategory: ''", []),
        ("faqs: [{tags: mill}]", []),
    ],
)  # fmt: skip
def test_terms_are_taken_once_in_order(say: Say, front_matter: str, told: list[str]) -> None:
    content = say(f"---\n{front_matter}\n---\nText.\n")
    assert [f"{term.kind.value} {term.name}" for term in content.terms] == told
    assert [term.position for term in content.terms] == list(range(len(told)))
    assert content.findings == ()


def test_the_raw_form_stays_beside_the_term(say: Say) -> None:
    term, other = say("---\ntitle: T\ntags: [{tag: 'Mill, Quay'}]\n---\n").terms
    assert json.loads(term.raw) == json.loads(other.raw) == {"tag": "Mill, Quay"}
    assert (term.key, term.field, term.line) == ("mill", "tags", 3)


def test_a_list_in_a_string_is_read_and_told(say: Say) -> None:
    content = say("---\ncategory: \"['open-day', 'mill']\"\n---\nText.\n", "_posts/2024-01-02-a.md")
    assert [term.name for term in content.terms] == ["open-day", "mill"]
    assert [finding.code for finding in content.findings] == ["CONTENT-LIST-IN-STRING"]


def test_folders_and_defaults_count_where_jekyll_counts_them(say: Say) -> None:
    post = say("---\ntags: mill\ncategory: tide\n---\n", "quay/_posts/2024-01-02-a.md")
    assert [(t.name, t.field) for t in post.terms] == [
        ("mill", "tags"),
        ("tide", "category"),
        ("quay", None),
    ]
    by_default = say("---\ntitle: T\n---\n", "_staff/ada.md")
    assert [(t.name, t.field) for t in by_default.terms] == [("house", None)]
    own = say("---\ntags: mill\n---\n", "_staff/ada.md")
    assert [t.name for t in own.terms] == ["mill"]
