"""The comparison as a page: in which order it tells, and that it tells what the values say."""

from dataclasses import replace
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup, Tag

from pipeline.history.comparison.values import Comparison, Effect, Field, FieldChange, Status
from pipeline.report.page import comparison_page
from tests.report.building import A, B, documents, empty_comparison, plain_comparison

SECTIONS = [
    "worst", "fields", "collections", "timeline", "boilerplate", "people", "addresses",
    "documents", "totals", "made",
]  # fmt: skip


def parsed(comparison: Comparison) -> BeautifulSoup:
    return BeautifulSoup(comparison_page(comparison), "html.parser")


def part(page: BeautifulSoup, anchor: str) -> Tag:
    """Give the section with this heading, or the element with this id."""
    found = page.find(id=anchor)
    assert found is not None, anchor
    return found.find_parent("section") or found if found.name == "h2" else found


def said(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def row(table: Tag, head: str) -> list[str]:
    """Give the cells of the row with this head."""
    heads = [th for th in table.find_all("th", scope="row") if th.get_text(strip=True) == head]
    assert len(heads) == 1, head
    line = heads[0].parent
    assert line is not None
    return [said(cell) for cell in line.find_all("td")]


@pytest.mark.parametrize("comparison", [plain_comparison(), empty_comparison()])
def test_it_opens_with_the_losses_and_ends_with_the_totals_and_how_it_was_made(
    comparison: Comparison,
) -> None:
    page = parsed(comparison)
    assert [heading["id"] for heading in page.find_all("h2")] == SECTIONS
    contents = page.find("nav")
    assert contents is not None
    assert [link["href"] for link in contents.find_all("a")] == [f"#{each}" for each in SECTIONS]


@pytest.mark.parametrize("comparison", [plain_comparison(), empty_comparison()])
def test_headings_never_skip_a_level_and_every_link_arrives(comparison: Comparison) -> None:
    page = parsed(comparison)
    levels = [int(tag.name[1]) for tag in page.find_all(["h1", "h2", "h3", "h4", "h5"])]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert {link["href"] for link in page.find_all("a")} <= {f"#{each}" for each in ids}
    attributes = [tag.get("aria-labelledby", "") for tag in page.find_all(name=True)]
    named = {word for each in attributes for word in str(each).split()}
    assert named
    assert named <= set(ids)


def test_each_of_the_worst_losses_says_what_was_lost_and_leads_there() -> None:
    worst = part(parsed(plain_comparison()), "worst").find_all("li")
    losses = [item for item in worst if item.find("h3")]
    assert [said(loss) for loss in losses] == [
        "1 document One of two news items has no successor The title of _news/two.md",
        "2 names Two authors are gone “ Ada Miller ” · “ Ben Sluice ” The title of _stories/one.md",
    ]
    leads = [[link["href"] for link in loss.find_all("a")] for loss in losses]
    assert leads == [["#d2"], ["#d1"]]


def test_losses_by_field_have_the_numbers_and_every_document_with_what_it_lost() -> None:
    fields = part(parsed(plain_comparison()), "fields")
    assert row(fields, "Authors") == ["1,200", "1", "0", "0", "0", "0", "0"]
    assert row(fields, "Tags") == ["1", "0", "0", "1", "0", "0", "1"]
    assert row(fields, "The title of _stories/one.md") == ["Ada Miller Ben Sluice"]
    assert "is a loss too: there are 2, told under URLs" in said(fields)
    drawn = [svg["aria-label"] for svg in fields.find_all("svg", attrs={"aria-label": True})]
    assert drawn == ["Authors: 1 lost", "Tags: 1 changed"]


def test_collections_are_told_and_drawn_with_the_same_numbers() -> None:
    collections = part(parsed(plain_comparison()), "collections")
    assert row(collections, "news") == ["1", "0", "0", "1", "0", "0", "0"]
    assert row(collections, "pages, in no collection") == ["0", "0", "0", "0", "1", "0", "0"]
    bars = collections.find_all("svg", class_="bar")
    assert bars[1]["aria-label"] == "news: 1 lost, 1 kept"
    lost, kept = bars[1].find_all("rect")
    assert (lost["class"], lost["x"], lost["width"]) == (["s-lost"], "0%", "50%")
    assert (kept["class"], kept["x"], kept["width"]) == (["s-kept"], "50%", "50%")


def test_totals_are_those_of_the_values_and_add_up() -> None:
    totals = part(parsed(plain_comparison()), "totals")
    names = ("before", "kept", "changed", "lost", "unread", "moved_out", "moved_in", "new", "after")
    comparison = plain_comparison()
    for head, tally in zip(
        ["pages, in no collection", "news", "posts", "stories", "All"],
        [*comparison.collections, comparison.total],
        strict=True,
    ):
        assert row(totals, head) == [str(getattr(tally, name)) for name in names]
    assert "Before: 4 = 1 kept + 1 changed + 1 lost + 1 not compared." in said(totals)
    assert "After: 4 = 1 kept + 1 changed + 1 new + 1 not compared." in said(totals)


def test_every_document_is_there_once_those_that_are_kept_in_a_list() -> None:
    page = part(parsed(plain_comparison()), "documents")
    told = [article["id"] for article in page.find_all("article")]
    assert told == ["d2", "d1", "d4", "d5"]
    kept = page.find(id="d3")
    assert kept is not None
    assert kept.name == "li"
    assert kept.find_parent("details") is not None
    badges = [said(article.find(class_="badge") or article) for article in page.find_all("article")]
    assert badges == ["lost", "changed", "new", "not compared"]
    assert [said(heading) for heading in page.find_all("h3")] == [
        "news", "posts", "pages, in no collection", "stories", "Files that could not be read",
    ]  # fmt: skip


def test_a_changed_document_shows_paths_urls_lineage_fields_and_words() -> None:
    one = part(parsed(plain_comparison()), "d1")
    text = said(one)
    assert "_posts/one.md became _stories/one.md" in text
    assert "/blog/one/ became /stories/one/ The old URL is gone." in text
    assert "confidence 0.99" in text
    assert "same title; confidence 0.99 A person said so." in text
    assert row(one, "Authorslost") == ["Ada Miller Ben Sluice", "nothing"]
    assert row(one, "Tagschanged") == ["water mill", "water tide"]
    diff = one.find(class_="diff")
    assert isinstance(diff, Tag)
    assert [said(tag) for tag in diff.find_all("del")] == ["since always"]
    assert [said(tag) for tag in diff.find_all("ins")] == ["since the flood"]
    assert "and so … 496 equal words … the end" in said(diff)
    assert (
        "700 before, 703 after: 690 kept, 3 moved within the document, 7 removed, 13 added (6 of "
        "them in lines that many documents were given alike). They stood in body and stand in "
        "event_content, faqs[0].answer. Too long to compare every word" in text
    )


def test_a_link_that_still_stands_but_leads_nowhere_is_told_as_such() -> None:
    stays, goes, comes = "/old/place/", "https://example.org/gone", "https://example.org/new"
    links = FieldChange(
        field=Field.LINKS,
        effect=Effect.CHANGED,
        old=(stays, goes),
        new=(stays, comes),
        lost=(stays, goes),
        gained=(comes,),
        sentence="links: lost one; 1 of its links now leads nowhere",
    )
    one = next(each for each in documents() if each.status is Status.CHANGED)
    page = parsed(replace(plain_comparison(), documents=(replace(one, changes=(links,)),)))
    section = part(page, "d1")
    assert row(section, "Linkschanged") == [f"{stays} {goes}", f"{stays} leads nowhere now {comes}"]
    table = section.find("table")
    assert isinstance(table, Tag)
    assert [said(tag) for tag in table.find_all("del")] == [goes]
    assert [said(tag) for tag in table.find_all("ins")] == [comes]


def test_a_change_says_in_words_what_its_values_do_not() -> None:
    def change(field: Field, effect: Effect, sentence: str) -> FieldChange:
        return FieldChange(field=field, effect=effect, old=("x",), new=(), lost=(), gained=(),
                           sentence=f"{field.value}: {sentence}")  # fmt: skip

    changes = (
        change(Field.TITLE, Effect.CHANGED, "changed"),
        change(Field.CATEGORIES, Effect.MOVED, "now a tag"),
        change(Field.EXCERPT, Effect.LOST, "lost; its words still stand in the text"),
        change(Field.DATE, Effect.LOST, "lost"),
        change(Field.URL, Effect.CHANGED, "/x/ is now /y/"),
    )
    one = next(each for each in documents() if each.status is Status.CHANGED)
    page = parsed(replace(plain_comparison(), documents=(replace(one, changes=changes),)))
    heads = [said(th) for th in part(page, "d1").find_all("th", scope="row")]
    assert heads == [
        "Title changed",
        "Categories moved now a tag",
        "Excerpt lost lost; its words still stand in the text",
        "Date lost",
        "URL changed",
    ]


def test_a_lost_document_says_what_it_was() -> None:
    text = said(part(parsed(plain_comparison()), "d2"))
    assert "Cora Weir ( speaker )" in text
    assert "Categories river" in text
    assert "Tags weir" in text
    assert "120 words: “ It began with water …”" in text
    assert f"1,234 bytes, SHA-256 {'5e' * 32}" in text


def test_boilerplate_people_and_urls_lead_to_their_documents() -> None:
    page = parsed(plain_comparison())
    foreign = part(page, "boilerplate")
    assert "At the end of 1 document, 4 words" in said(foreign)
    assert [said(line) for line in foreign.find_all("p")] == ["Share this page", "Print"]
    assert [link["href"] for link in foreign.find_all("a")] == ["#d1"]
    people = part(page, "people")
    assert row(people, "Ada Miller") == [
        "author , speaker still in a text, in no field",
        "The title of _stories/one.md _posts/unknown.md",
    ]
    urls = part(page, "addresses")
    assert [said(heading) for heading in urls.find_all("h3")] == [
        "Gone: nothing answers there (1)",
        "Taken over by another document (1)",
        "Redirected (1)",
    ]
    assert row(urls, "/blog/other/") == ["/stories/one/ by _stories/other.md", "The title of one"]


def test_it_says_how_it_was_made() -> None:
    comparison = plain_comparison()
    page = comparison_page(comparison, software="jekyll-archive 9.9")
    made = said(part(BeautifulSoup(page, "html.parser"), "made"))
    for fact in (A, B, "jekyll-archive 9.9", "sallow-quay", "before:aaaaaaa", "The commit bbbb"):
        assert fact in made
    assert "4 March 2025, 16:00 +01:00" in made
    assert "on a side line" in made
    assert "jekyll-archive compare before:aaaaaaa before:bbbbbbb --html again.html" in made


def test_the_timeline_is_drawn_from_the_first_to_the_last_clock_in_words_too() -> None:
    timeline = part(parsed(plain_comparison()), "timeline")
    assert "12 commits between the two; 1 commit of the older side is not part" in said(timeline)
    drawing = timeline.find("svg")
    assert isinstance(drawing, Tag)
    title = drawing.find("title")
    assert title is not None
    assert title.string == "Commits from 2 May 2024, 09:30 UTC to 4 March 2025, 16:00 +01:00"
    assert [tick.string for tick in drawing.find_all("text")] == ["2025", "before", "after"]
    assert len(drawing.find_all("rect")) == 2
    (dot,) = drawing.find_all("circle")  # the commit without a clock is in the table only
    assert dot["cx"] == "98%"
    assert row(timeline, "a" * 12) == ["at a time that cannot be read", "1", "No clock"]


def test_nothing_to_tell_is_said_in_every_section() -> None:
    page = parsed(empty_comparison())
    sentences = {each: said(part(page, each)) for each in SECTIONS}
    assert "Nothing that a reader sees was lost." in sentences["worst"]
    assert "No field of any document lost anything." in sentences["fields"]
    assert "There is no document on either side." in sentences["collections"]
    assert "0 commits between the two." in sentences["timeline"]
    assert "No lines were added alike" in sentences["boilerplate"]
    assert "Everybody whom the site named" in sentences["people"]
    assert "Every URL of before is still" in sentences["addresses"]
    assert "After: 0 = 0 kept" in sentences["totals"]
    assert "None" not in page.get_text()


def test_the_same_values_give_the_same_bytes_and_ten_losses_are_called_ten() -> None:
    comparison = plain_comparison()
    assert comparison_page(comparison) == comparison_page(plain_comparison())
    ten = replace(comparison, worst=comparison.worst * 5)
    assert said(part(parsed(ten), "worst")).startswith("The ten worst losses")
    assert "The ten" not in comparison_page(comparison)


def test_many_documents_stay_a_page_that_a_browser_opens() -> None:
    changed = next(each for each in documents() if each.status is Status.CHANGED)
    many = tuple(replace(changed, id=f"d{number}") for number in range(500))
    page = comparison_page(replace(plain_comparison(), documents=many))
    assert page.count('<article class="doc') == 500
    assert len(page.encode()) < 4_000_000
