"""Every finding about what documents say has a site that yields it, and no other."""

from collections.abc import Callable

import pytest

from pipeline.content.codes import Code
from pipeline.content.people import PeopleIndex, person_page
from pipeline.content.settings import Settings
from pipeline.content.values import Content
from pipeline.jekyll.item import Item
from pipeline.model import Finding

Say = Callable[..., Content]
ReadItem = Callable[..., Item]
Site = dict[str, str | bytes]

EVENT = "_events/open-day.md"
TWICE: Site = {
    "_people/di-one.md": "---\ntitle: Di Double\n---\nMiller.\n",
    "_people/di-two.md": "---\ntitle: Di Double\n---\nBaker.\n",
}
BROKEN: dict[Code, Site] = {
    Code.FIELDS_TOO_MANY: {EVENT: f"---\nn: [{'1,' * 20_001}]\n---\nText.\n"},
    Code.NO_TEXT: {EVENT: "---\ntitle: T\n---\n"},
    Code.NOT_UTF8: {EVENT: b"---\ntitle: T\n---\nCaf\xe9\n"},
    Code.NOT_READ: {EVENT: "---\ntitle: T\n---\n" + "[" * 30_000},
    Code.CLOCK_AS_NUMBER: {EVENT: "---\nclock: 10:30\n---\nText.\n"},
    Code.LIST_IN_STRING: {EVENT: "---\ntags: \"['mill', 'tide']\"\n---\nText.\n"},
    Code.DATE_NOT_UNDERSTOOD: {EVENT: "---\nevent_date: soon\n---\nText.\n"},
    Code.PERSON_SHAPE: {EVENT: "---\nauthor: 42\n---\nText.\n"},
    Code.PERSON_EMPTY: {EVENT: "---\npeople: [Ada Example, '']\n---\nText.\n"},
    Code.PERSON_NOT_PLAIN: {EVENT: "---\nauthor: Ada Example, who keeps the mill\n---\nText.\n"},
    Code.PERSON_TWICE: TWICE,
    Code.PERSON_AMBIGUOUS: TWICE | {EVENT: "---\nauthor: Di Double\n---\nText.\n"},
}
#: Where one finding cannot be without another.
ALSO = {Code.PERSON_AMBIGUOUS: {Code.PERSON_TWICE}}


def found(site: Site, say: Say, read_item: ReadItem) -> list[Finding]:
    """Read a site's files, then who is who in them."""
    settings = Settings()
    contents = {path: say(data, path) for path, data in site.items()}
    items = [read_item(data, path) for path, data in site.items()]
    people = PeopleIndex(
        [page for item in items if (page := person_page(item, settings))], settings
    )
    unclear = (
        people.ambiguity(mention, path)
        for path, content in contents.items()
        for mention in content.mentions
    )
    return [
        *(finding for content in contents.values() for finding in content.findings),
        *people.findings(),
        *(finding for finding in unclear if finding is not None),
    ]


@pytest.mark.parametrize("code", BROKEN, ids=lambda code: code.code)
def test_a_broken_site_yields_its_code(code: Code, say: Say, read_item: ReadItem) -> None:
    findings = found(BROKEN[code], say, read_item)
    assert {each.code for each in findings} == {each.code for each in {code, *ALSO.get(code, ())}}
    assert all(each.place.path in BROKEN[code] for each in findings)
    (finding,) = (each for each in findings if each.code == code.code)
    assert finding.severity is code.severity


def test_a_sound_site_yields_none(say: Say, read_item: ReadItem) -> None:
    sound = "---\ntitle: Open day\nauthor: Ada Example\nevent_date: 2024-05-06\n---\nText.\n"
    assert found({EVENT: sound}, say, read_item) == []


def test_no_code_is_without_its_site() -> None:
    assert set(BROKEN) == set(Code)
