"""What differs between a document and what it became, field by field."""

import pytest

from pipeline.history.comparison.fields import image_key
from pipeline.history.comparison.people import same_person
from pipeline.history.comparison.values import RunKind, Status
from tests.history.comparison.trees import Field, became, change, compared, effects, page

TEXT = "The sluice gate has been stuck since the spring tide, and nobody has the key to it."


def test_a_document_without_a_visible_difference_is_kept() -> None:
    old = page("It's **here**.", title="Open day", layout="old", tags="[a, b]")
    new = page("It\u2019s *here*.\n", layout="new", tags="[B, a]", title="Open  day")
    found = became(old, new)
    assert (found.status, found.changes, found.text) == (Status.KEPT, (), None)
    assert (found.loss, found.sentence) == (0.0, "kept")


def test_authors_and_people_are_lost_by_name() -> None:
    found = became(page(author="Mara Quill", people="[Bram Oakhanger, Ines Holt]"), page())
    assert effects(found) == {"authors": "lost", "people": "lost"}
    assert change(found, Field.PEOPLE).lost == ("Bram Oakhanger", "Ines Holt")
    assert "1 author (Mara Quill)" in found.sentence
    assert found.loss > 35


def test_some_people_lost_is_a_reduction_and_others_in_their_place_a_change() -> None:
    old = page(people="[Mara Quill, Bram Oakhanger]")
    assert effects(became(old, page(people="[Mara Quill]"))) == {"people": "reduced"}
    assert effects(became(old, page(people="[Ann Other, Mara Quill]"))) == {"people": "changed"}
    assert effects(became(page(), old)) == {"people": "added"}


def test_an_author_who_is_still_among_the_people_has_moved() -> None:
    found = became(page(author="Mara Quill"), page(people="[Mara Quill]"))
    assert effects(found) == {"authors": "moved", "people": "added"}
    assert found.loss == 0
    back = became(page(people="[Mara Quill]"), page(author="Mara Quill"))
    assert change(back, Field.PEOPLE).sentence == "people: now among its authors"


def test_a_person_written_otherwise_is_not_lost() -> None:
    found = became(
        page(people="[Neve D. Rook, Vasco Carvalho, Ada Finch]"),
        page(people="[Neve Rook, Vasco Carvalo]"),
    )
    assert change(found, Field.PEOPLE).lost == ("Ada Finch",)
    only = became(page(author="Neve D. Rook"), page(author="Neve Rook"))
    assert change(only, Field.AUTHORS).sentence == "authors: writes Neve D. Rook as Neve Rook"
    assert only.loss == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("neve-rook", "Dr Neve Rook", True),
        ("Neve Rook", "Neve Crook", True),
        ("Ann Lee", "Ian Moss", False),
        ("A" * 500, "A" * 500, True),
        ("A" * 500, "A" * 499, False),
    ],
)
def test_names_are_one_person_or_two(one: str, other: str, *, same: bool) -> None:
    assert same_person(one, other) is same


def test_dates_are_compared_as_the_author_gave_them() -> None:
    old = page(date="2024-05-04 11:00:00 +0100")
    assert effects(became(old, page())) == {"date": "lost"}
    time_lost = change(became(old, page(date="2024-05-04")), Field.DATE)
    assert (time_lost.effect.value, time_lost.lost) == ("reduced", ("11:00",))
    assert effects(became(old, page(date="2024-06-04"))) == {"date": "changed"}
    assert effects(became(old, page(date="2024-05-04 10:00:00 +0000"))) == {}
    assert effects(became(page(), old)) == {"date": "added"}
    moved = change(became(old, page(event_date="2024-05-04")), Field.DATE)
    assert moved.sentence == "date: now in event_date"


def test_a_category_that_became_a_tag_has_moved() -> None:
    found = became(page(category="policy"), page(tags="[{tag: Policy}]"))
    assert effects(found) == {"categories": "moved", "tags": "added"}
    assert effects(became(page(categories="[a, b]"), page())) == {"categories": "lost"}
    back = became(page(tags="[a, b]"), page(categories="[a, b]"))
    assert change(back, Field.TAGS).sentence == "tags: now categories"


def test_excerpts_and_descriptions() -> None:
    excerpt = "A gate that nobody can open."
    assert effects(became(page(excerpt=excerpt), page())) == {"excerpt": "lost"}
    found = became(page(excerpt=excerpt), page(description=excerpt))
    assert effects(found) == {"excerpt": "moved", "description": "added"}
    stays = became(page(excerpt, excerpt=excerpt), page(excerpt))
    assert change(stays, Field.EXCERPT).sentence.endswith("its words still stand in the text")
    other = became(page(excerpt=excerpt), page(excerpt="Another."))
    assert effects(other) == {"excerpt": "changed"}
    assert other.loss == 0


def test_images_are_known_by_name_wherever_they_lie() -> None:
    old = page(image="/assets/uploads/Quill_Mara.jpg")
    new = page(cover_image="/assets/images/uploads/quill_mara-1-.jpg")
    assert effects(became(old, new)) == {"images": "moved"}
    assert effects(became(old, page())) == {"images": "lost"}
    assert effects(became(old, page(image="/assets/wheel.jpg"))) == {"images": "changed"}
    assert became(old, page(image="/assets/wheel.jpg")).loss == 0
    assert image_key("???") == "???"


def test_text_that_moved_into_a_field_is_kept_and_told_as_moved() -> None:
    found = became(page(TEXT), page(event_content=TEXT))
    assert effects(found) == {"text": "moved"}
    assert found.text is not None
    assert found.text.moved == (("body",), ("event_content",))
    assert (found.text.kept, found.text.removed, found.text.added) == (17, 0, 0)
    assert found.loss == 0


def test_words_that_went_into_the_excerpt_are_shifted_not_removed() -> None:
    found = became(page(f"Come and see.\n\n{TEXT}"), page("Come and see.", excerpt=TEXT))
    assert found.text is not None
    assert (found.text.shifted, found.text.removed) == (17, 0)
    assert change(found, Field.TEXT).effect.value == "moved"


def test_lost_text_is_counted_and_weighed() -> None:
    found = became(page(f"{TEXT}\n\nIt rains."), page("It rains."))
    assert change(found, Field.TEXT).sentence == "text: 17 words removed"
    assert found.text is not None
    assert [run.kind for run in found.text.runs] == [RunKind.REMOVED, RunKind.EQUAL]
    assert found.sentence == "lost 17 of 19 words"
    assert effects(became(page(TEXT), page())) == {"text": "lost"}
    assert effects(became(page(), page(TEXT))) == {"text": "added"}
    rewritten = became(page(TEXT), page("Quite another text stands here today, " * 4))
    assert effects(rewritten) == {"text": "changed"}
    assert rewritten.loss == 0


def test_texts_of_other_names_are_paired_by_their_words() -> None:
    other = "Tickets are sold at the door of the mill from nine in the morning."
    found = became(
        page(call_content=TEXT, biography=other), page(event_content=other, abstract=TEXT)
    )
    assert found.text is not None
    assert (found.text.kept, found.text.removed, found.text.added) == (31, 0, 0)


def test_titles() -> None:
    assert effects(became(page(title="Gate"), page(title="Sluice"))) == {"title": "changed"}
    assert became(page(title="Gate"), page(title="Sluice")).sentence == "title changed"


def test_a_link_to_a_document_that_moved_is_the_same_link() -> None:
    found = compared(
        {"_news/a.md": page("See [b](/news/b/)."), "_news/b.md": page("b")},
        {"_news/a.md": page("See [b](/talks/b/)."), "_talks/b.md": page("b")},
        moves={"_news/b.md": "_talks/b.md"},
    )
    assert effects(found.documents[0]) == {}


def test_a_link_that_now_leads_nowhere_is_lost() -> None:
    body = "See [b](https://quay.example/news/b/) and [c](https://other.example/c)."
    found = compared(
        {"_news/a.md": page(body), "_news/b.md": page("b")},
        {"_news/a.md": page(body), "_talks/b.md": page("b")},
        moves={"_news/b.md": "_talks/b.md"},
    )
    dead = change(found.documents[0], Field.LINKS)
    assert dead.lost == ("https://quay.example/news/b/",)
    assert "lead nowhere" in dead.sentence
    more = compared(
        {"_news/a.md": page(body), "_news/b.md": page("b")},
        {"_news/a.md": page(f"{body} [d](https://d.example)")},
    )
    assert change(more.documents[0], Field.LINKS).effect.value == "changed"


def test_links_are_the_same_in_either_scheme() -> None:
    old, new = "[c](http://www.c.example/x/)", "[c](https://c.example/x)"
    assert effects(became(page(old), page(new))) == {}
    assert effects(became(page(old), page("c"))) == {"links": "lost"}


def test_redirects_that_are_no_longer_asked_for_are_lost() -> None:
    found = became(page(redirect_from="/old/"), page())
    assert effects(found) == {"redirects": "lost"}
