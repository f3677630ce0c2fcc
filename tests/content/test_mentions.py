"""People in front matter, in every shape that sites write them in."""

import json
from collections.abc import Callable

import pytest

from pipeline.content.settings import Settings
from pipeline.content.values import Content, MentionKind, PersonRole

Say = Callable[..., Content]


@pytest.mark.parametrize(
    ("front_matter", "told"),
    [
        ("author: Ada Example", ["author Ada Example @author"]),
        (
            "author: Ada Example and Bo Sample",
            ["author Ada Example @author", "author Bo Sample @author"],
        ),
        (
            "author: [Ada Example, Dr Bo Sample]",
            ["author Ada Example @author[0]", "author Dr Bo Sample @author[1]"],
        ),
        (
            "author: {name: Ada Example, email: ada@mill.example, url: /ada}",
            ["author Ada Example @author.name"],
        ),
        (
            "author:\n- {given: 'Ada ', family: ' Example', preferred: Addie}",
            ["author Ada Example @author[0]"],
        ),
        (
            "authors: [{role: Miller, photo: /a.jpg, name: ' Ada  Example'}]",
            ["author Ada Example @authors[0].name"],
        ),
        (
            "authors: [{author_people: Ada Example, name: '', photo: /a.jpg}]",
            ["author Ada Example @authors[0].author_people"],
        ),
        (
            "authors: [{author_people: '', name: Ada Example}]",
            ["author Ada Example @authors[0].name"],
        ),
        (
            "authors: [{name: Ada Example and Bo Sample}]",
            ["author Ada Example @authors[0].name", "author Bo Sample @authors[0].name"],
        ),
        (
            "people: [Ada Example, ada-example]",
            ["person Ada Example @people[0]", "person ada-example @people[1]"],
        ),
        ("speakers: [Ada Example]", ["speaker Ada Example @speakers[0]"]),
        (
            "agenda: [{time: '9:00', speaker_manual: Ada Example}]",
            ["speaker Ada Example @agenda[0].speaker_manual"],
        ),
        ("organizers: Quay Museum & Friends", ["organizer Quay Museum & Friends @organizers"]),
        ("organisers: Ada Example & Bo Sample", ["organizer Ada Example @organisers",
                                                 "organizer Bo Sample @organisers"]),
        ("team_member: Ada Example", ["member Ada Example @team_member"]),
        ("quotes: [{text: Hi, author: Ada Example}]", ["person Ada Example @quotes[0].author"]),
        ("author: ''\nauthors:\npeople: []", []),
        ("author_note: Ada Example", []),
        ("miller: Ada Example", []),
    ],
)  # fmt: skip
def test_names_are_taken_with_role_and_place(say: Say, front_matter: str, told: list[str]) -> None:
    content = say(f"---\n{front_matter}\n---\nText.\n")
    assert [f"{m.role.value} {m.name} @{m.field}" for m in content.mentions] == told
    assert [m.position for m in content.mentions] == list(range(len(told)))
    assert content.findings == ()


def test_what_stood_there_is_kept_whole_beside_each_name(say: Say) -> None:
    source = (
        "---\ntitle: T\nauthors:\n- name: Ada Example\n  role: Miller\n  since: 2020-01-02\n---\n"
    )
    mention = say(source).mentions[0]
    assert json.loads(mention.raw) == {
        "name": "Ada Example",
        "role": "Miller",
        "since": "2020-01-02",
    }
    assert mention.line == 4
    both = say("---\nauthor: A and B\n---\n").mentions
    assert [m.raw for m in both] == ['"A and B"', '"A and B"']


def test_a_name_can_be_matched_in_other_forms_too(say: Say) -> None:
    given = say("---\nauthors: [{given: Adelaide, family: Example, preferred: Ada}]\n---\n")
    assert given.mentions[0].key == "adelaide example"
    assert given.mentions[0].other_keys == ("ada example",)
    turned = say("---\nauthor: Example, Ada\n---\n")
    assert turned.mentions[0].other_keys == ("ada example",)


@pytest.mark.parametrize(
    ("front_matter", "kind", "collection"),
    [
        ("authors: [{author_people: Ada Example}]", MentionKind.TITLE, "people"),
        ("authors: [{author_team: Ada Example}]", MentionKind.TITLE, "team"),
        ("team_member: Ada Example", MentionKind.TITLE, "team"),
        ("people: [ada-example]", MentionKind.SLUG, None),
        ("people: [Ada Example]", MentionKind.NAME, None),
    ],
)
def test_a_field_says_how_it_names_people(
    say: Say, front_matter: str, kind: MentionKind, collection: str | None
) -> None:
    mention = say(f"---\n{front_matter}\n---\n").mentions[0]
    assert (mention.kind, mention.collection) == (kind, collection)


@pytest.mark.parametrize(
    ("code", "front_matter", "line"),
    [
        ("PEOPLE-SHAPE", "title: T\nauthor: 42", 3),
        ("PEOPLE-SHAPE", "author: {ada: {name: Ada Example}}", 2),
        ("PEOPLE-SHAPE", "authors: [[Ada Example]]", 2),
        ("PEOPLE-EMPTY", "people:\n- Ada Example\n- ''", 4),
        ("PEOPLE-EMPTY", "authors:\n- {name: Ada Example}\n- {role: Miller}", 4),
        ("PEOPLE-NOT-PLAIN", "author: Ada Example, who keeps the mill", 2),
        ("PEOPLE-NOT-PLAIN", "authors: [{name: ada@mill}]", 2),
    ],
)
def test_what_is_no_name_is_told(say: Say, code: str, front_matter: str, line: int) -> None:
    findings = say(f"---\n{front_matter}\n---\nText.\n").findings
    assert [finding.code for finding in findings] == [code]
    assert findings[0].place.path == "_events/open-day.md"
    assert findings[0].place.line == line


def test_a_site_can_add_and_remove_fields(say: Say) -> None:
    settings = Settings(people_fields_add=("head-miller",), people_fields_remove=("organizers",))
    source = "---\nHeadMiller: Ada Example\norganizers: Bo Sample\n---\n"
    mentions = say(source, settings=settings).mentions
    assert [(m.role, m.name) for m in mentions] == [(PersonRole.PERSON, "Ada Example")]
