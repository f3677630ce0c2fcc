"""Who is who: names are tied to pages when they are equal, and to none when that is not sure."""

from collections.abc import Callable, Mapping

import pytest

from pipeline.content.people import PeopleIndex, person_page
from pipeline.content.settings import Settings
from pipeline.content.values import Content, Mention
from pipeline.jekyll.item import Item

Say = Callable[..., Content]
ReadItem = Callable[..., Item]
Index = Callable[..., PeopleIndex]

SITE = {
    "_people/ada-example.md": "title: Ada Example\nteam_member: Ada Example",
    "_people/bo.md": "title: Prof. Bo Sample",
    "_people/cy.md": "title: Dr\ngiven: Cyril\npreferred: Cy\nfamily: Trial",
    "_people/di-one.md": "title: Di Double",
    "_people/di-two.md": "name: Di Double",
    "_people/ed.md": "title: Ed Both",
    "_people/fay-nobody.md": "title: Fay Nobody\nteam_member: Somebody Else",
    "_team_members/ada.md": "title: Ada Example\nslug: ada-e",
    "_team_members/ed.md": "title: Ed Both",
    "_events/bo.md": "title: Only Event",
}


@pytest.fixture
def index(read_item: ReadItem) -> Index:
    def build(site: Mapping[str, str], settings: Settings) -> PeopleIndex:
        items = [read_item(f"---\n{text}\n---\n", path) for path, text in site.items()]
        pages = [page for item in items if (page := person_page(item, settings))]
        return PeopleIndex(pages, settings)

    return build


def mention(say: Say, front_matter: str) -> Mention:
    return say(f"---\n{front_matter}\n---\nText\n").mentions[0]


@pytest.mark.parametrize(
    ("front_matter", "path"),
    [
        ("author: Bo Sample", "_people/bo.md"),
        ("author: Dr BO  SAMPLE", "_people/bo.md"),
        ("author: 'Sample, Bo'", "_people/bo.md"),
        ("author: Cyril Trial", "_people/cy.md"),
        ("author: Cy Trial", "_people/cy.md"),
        ("authors: [{given: Cyril M., preferred: Cy, family: Trial}]", "_people/cy.md"),
        ("people: [ada-e]", "_team_members/ada.md"),
        ("people: [di-two]", "_people/di-two.md"),
        ("people: [ada-example]", "_team_members/ada.md"),
        # a page that only points to another
        ("author: Ada Example", "_team_members/ada.md"),
        ("authors: [{author_people: Ada Example}]", "_team_members/ada.md"),
        ("authors: [{author_team: Ada Example}]", "_team_members/ada.md"),
        ("author: Fay Nobody", "_people/fay-nobody.md"),
        # pages in two collections
        ("author: Ed Both", "_people/ed.md"),
        ("authors: [{author_team: Ed Both}]", "_team_members/ed.md"),
        # a relation into a collection that has none of the name
        ("authors: [{author_team: Bo Sample}]", "_people/bo.md"),
        # not equal, not tied
        ("author: Bo B. Sample", None),
        ("author: Only Event", None),
        ("author: Dr", None),
        ("author: Di Double", None),
    ],
)
def test_a_mention_leads_to_the_page_of_that_name(
    say: Say, index: Index, front_matter: str, path: str | None
) -> None:
    assert index(SITE, Settings()).find(mention(say, front_matter)) == path


def test_two_pages_of_one_name_are_told(index: Index) -> None:
    (finding,) = index(SITE, Settings()).findings()
    assert finding.code == "PEOPLE-TWICE"
    assert finding.place.path == "_people/di-two.md"
    assert "_people/di-one.md" in finding.message


def test_a_name_that_two_pages_have_is_told_where_it_stands(say: Say, index: Index) -> None:
    people = index(SITE, Settings())
    finding = people.ambiguity(mention(say, "title: T\nauthor: Di Double"), "_events/x.md")
    assert finding is not None
    assert (finding.code, str(finding.place)) == ("PEOPLE-AMBIGUOUS", "_events/x.md:3")
    assert people.ambiguity(mention(say, "author: Ed Both"), "_events/x.md") is None


def test_the_order_of_the_pages_does_not_matter(say: Say, index: Index) -> None:
    backwards = dict(reversed(SITE.items()))
    for front_matter in ("author: Ed Both", "author: Ada Example", "author: Di Double"):
        wanted = mention(say, front_matter)
        there, back = index(SITE, Settings()), index(backwards, Settings())
        assert there.find(wanted) == back.find(wanted)
        assert there.findings() == back.findings()


def test_a_site_says_where_its_people_are(say: Say, index: Index) -> None:
    people = index(SITE, Settings(people_collections=("events",)))
    assert people.find(mention(say, "author: Only Event")) == "_events/bo.md"
    assert people.find(mention(say, "author: Bo Sample")) is None
