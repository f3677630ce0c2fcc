"""Which paths become one document, in histories told by hand."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest

from pipeline.history.lineage.trace import trace
from pipeline.history.lineage.values import EvidenceKind, Life, Manner, Point, State
from tests.history.lineage.story import (
    Commit,
    chains,
    document_at,
    edited,
    lineage,
    page,
    points,
    prose,
    tell,
)

MILL, TIDE, RYE = page("The mill pond"), page("Tide tables"), page("Rye and barley")


def test_a_file_that_is_edited_stays_one_document() -> None:
    found = lineage({"a.md": MILL}, {"a.md": edited(MILL)}, {"a.md": edited(edited(MILL))})
    (document,) = found.documents
    assert document.paths == ("a.md",)
    assert document.joins == ()
    assert document.stays[0].states == (0, 3)


def test_a_renamed_and_edited_file_is_followed() -> None:
    found = lineage({"_posts/mill.md": MILL}, {"_posts/mill.md": None, "pond.md": edited(MILL)})
    (document,) = found.documents
    assert document.paths == ("_posts/mill.md", "pond.md")
    (join,) = document.joins
    assert join.manner is Manner.MOVED
    assert join.confidence > 0.95
    assert join.commit.order == 1
    assert join.sentence.startswith(
        "_posts/mill.md became pond.md with 000000000000 (moved in one commit): "
    )
    assert {each.kind for each in join.evidence} >= {EvidenceKind.TEXT, EvidenceKind.TITLE}


def test_two_texts_of_their_own_are_not_joined() -> None:
    found = lineage({"mill.md": MILL}, {"mill.md": None, "tide.md": TIDE})
    assert chains(found) == {("mill.md",), ("tide.md",)}
    assert found.doubtful == ()


def test_a_redesign_is_matched_as_a_whole() -> None:
    """Two articles share a paragraph: alone, the first would take the second's successor."""
    common = prose("a paragraph of both", 60)
    first = page("One", f"{common} {prose('one', 25)}")
    second = page("Two", f"{common} {prose('two', 70)}")
    new_first = page("An", f"{common} {prose('something else', 40)} {prose('one', 25)[:60]}")
    new_second = page("Other", f"{common} {prose('two', 70)}")
    found = lineage(
        {"_old/1.md": first, "_old/2.md": second},
        {"_old/1.md": None, "_old/2.md": None, "_new/x.md": new_first, "_new/y.md": new_second},
    )
    assert chains(found) == {("_old/1.md", "_new/x.md"), ("_old/2.md", "_new/y.md")}


def test_contents_that_moved_on_by_one_path_are_followed() -> None:
    """An editor reused files: each path now holds what another one held."""
    before = {"_e/mill.md": MILL, "_e/tide.md": TIDE, "_e/rye.md": RYE}
    after = {"_e/mill.md": TIDE, "_e/tide.md": RYE, "_e/rye.md": page("New"), "_e/rye-1.md": MILL}
    found = lineage(before, {path: edited(facts) for path, facts in after.items()})
    assert chains(found) == {
        ("_e/mill.md", "_e/rye-1.md"),
        ("_e/tide.md", "_e/mill.md"),
        ("_e/rye.md", "_e/tide.md"),
        ("_e/rye.md",),
    }


def test_a_file_that_is_wholly_rewritten_stays_a_document_but_is_doubtful() -> None:
    found = lineage({"a.md": MILL}, {"a.md": TIDE})
    assert chains(found) == {("a.md", "a.md")}
    (join,) = found.doubtful
    assert join.joined
    assert join.manner is Manner.REWRITTEN
    assert 0.5 < join.confidence < 0.9
    assert "was rewritten by 000000000000 and is still the same document" in join.sentence


def test_a_file_that_was_overwritten_by_accident_and_restored_stays_one_document() -> None:
    found = lineage({"a.md": MILL, "b.md": TIDE}, {"a.md": TIDE}, {"a.md": edited(MILL)})
    assert chains(found) == {("a.md", "a.md", "a.md"), ("b.md",)}


def test_a_file_may_be_rewritten_or_come_back_any_number_of_times() -> None:
    rewritten: list[Commit] = [{"a.md": page(f"Issue {number}")} for number in range(60)]
    back: list[Commit] = [{"a.md": MILL}, {"a.md": None}]
    assert len(lineage(*rewritten).documents) == 1
    assert len(lineage(*(back * 60)).documents) == 1


def test_a_file_without_text_is_known_by_its_title_and_name() -> None:
    stub = page("Ada Archer", "")
    found = lineage(
        {"_people/ada-archer.md": stub},
        {"_people/ada-archer.md": None, "_team/ada-archer.md": stub},
    )
    assert chains(found) == {("_people/ada-archer.md", "_team/ada-archer.md")}


def test_a_file_with_broken_front_matter_is_compared_by_its_source() -> None:
    broken = replace(MILL, title=None, text=(b"".join(MILL.source).decode(),))
    found = lineage({"a.md": MILL}, {"a.md": None, "b.md": broken})
    assert chains(found) == {("a.md", "b.md")}


def test_a_path_that_comes_back_is_the_same_document_if_it_holds_it() -> None:
    found = lineage({"a.md": MILL}, {"a.md": None}, {"a.md": edited(MILL)})
    (document,) = found.documents
    assert [stay.until and stay.until.order for stay in document.stays] == [1, None]
    assert document.joins[0].manner is Manner.RETURNED
    assert chains(lineage({"a.md": MILL}, {"a.md": None}, {"a.md": TIDE})) == {("a.md",)}
    assert len(lineage({"a.md": MILL}, {"a.md": None}, {"a.md": TIDE}).documents) == 2


def test_a_copy_whose_original_is_soon_deleted_is_a_move() -> None:
    """As content management systems rename: create, then delete, in two commits."""
    found = lineage({"a.md": MILL}, {"b.md": edited(MILL)}, {"a.md": None}, hours=1)
    (document,) = found.documents
    assert document.paths == ("a.md", "b.md")
    assert document.joins[0].manner is Manner.MOVED_BY_COPY


def test_a_copy_that_lived_beside_its_original_for_long_is_another_document() -> None:
    quiet: list[Commit] = [{}] * 90
    found = lineage({"a.md": MILL}, {"b.md": MILL}, *quiet, {"a.md": None})
    assert chains(found) == {("a.md",), ("b.md",)}


def test_two_copies_of_which_one_is_thrown_away_are_one_document_with_the_original() -> None:
    found = lineage(
        {"_news/mill.md": MILL},
        {"_art/mill.md": MILL},
        {"_art/mill.md": None},
        {"_art/mill.md": edited(MILL)},
        {"_news/mill.md": None},
        hours=1,
    )
    (document,) = found.documents
    assert document.paths == ("_news/mill.md", "_art/mill.md")
    assert {join.manner for join in document.joins} == {Manner.RETURNED, Manner.MOVED_BY_COPY}


def test_what_another_document_held_in_the_meantime_is_a_copy_of_that() -> None:
    quiet: list[Commit] = [{}] * 200
    gone = ({"_a/mill.md": MILL, "_b/pond.md": MILL}, {"_a/mill.md": None})
    alone = ({"_a/mill.md": MILL}, {"_a/mill.md": None})
    assert chains(lineage(*gone, *quiet, {"_c/m.md": MILL})) == {
        ("_a/mill.md",),
        ("_b/pond.md",),
        ("_c/m.md",),
    }
    assert chains(lineage(*alone, *quiet[:40], {"_c/m.md": MILL})) == {("_a/mill.md", "_c/m.md")}


def test_a_move_is_believed_before_a_later_return_to_the_old_path() -> None:
    found = lineage(
        {"_e/mill.md": MILL},
        {"_e/mill.md": None, "_e/pond.md": edited(MILL)},
        {"_e/mill.md": MILL},
    )
    assert document_at(found, "_e/mill.md", 0) is document_at(found, "_e/pond.md", 1)
    assert document_at(found, "_e/mill.md", 2) is not document_at(found, "_e/pond.md", 2)


def test_what_most_files_of_a_folder_did_speaks_for_the_others() -> None:
    """The last text was rewritten; that its whole collection went the same way decides."""
    articles = {f"_posts/{n}.md": page(f"Article {n} of many") for n in range(6)}
    moved = {f"_stories/{n}.md": edited(articles[f"_posts/{n}.md"]) for n in range(6)}
    text = prose("Last", 60)
    last, changed = page("Last", text), page("Final", f"{text[:130]} {prose('other words', 60)}")
    others = {f"_pages/{n}.md": page(f"Page {n}") for n in range(3)}
    gone = dict.fromkeys([*articles, "_posts/last.md"])
    found = lineage(
        {**articles, "_posts/last.md": last, **others},
        {**gone, **moved, "_stories/z.md": changed},
    )
    joins = document_at(found, "_stories/z.md", 1).joins
    assert [each.kind for join in joins for each in join.evidence].count(EvidenceKind.COMPANY) == 1
    alone = lineage({"_posts/last.md": last}, {"_posts/last.md": None, "_stories/z.md": changed})
    assert document_at(alone, "_stories/z.md", 1).joins == ()


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ({"redirect_from": ()}, {"redirect_from": ("/old/",)}, EvidenceKind.REDIRECT),
        ({}, {"links": ("https://code.example/edit/main/_a/x.md",)}, EvidenceKind.LINK),
        ({"people": ("ada", "bo")}, {"people": ("ada", "bo")}, EvidenceKind.PEOPLE),
        ({"images": ("/i/pond.jpg",)}, {"images": ("/img/pond.jpg",)}, EvidenceKind.IMAGE),
        ({"day": date(2024, 5, 1)}, {"day": date(2024, 5, 1)}, EvidenceKind.DATE),
    ],
)
def test_each_sign_is_evidence(
    before: dict[str, object], after: dict[str, object], kind: EvidenceKind
) -> None:
    old = replace(MILL, url="/old/", **before)  # type: ignore[arg-type]
    new = replace(edited(MILL), url="/new/", **after)  # type: ignore[arg-type]
    (document,) = lineage({"_a/x.md": old}, {"_a/x.md": None, "_b/y.md": new}).documents
    weights = {each.kind: each.weight for each in document.joins[0].evidence}
    assert weights[kind] > 0


def test_a_redirect_alone_can_join_what_was_rewritten() -> None:
    old, new = replace(MILL, url="/old.html"), replace(TIDE, redirect_from=("/old",))
    short = replace(new, text=("All new.",), title="The mill pond, again")
    found = lineage({"a.md": old}, {"a.md": None, "b.md": short})
    assert chains(found) == {("a.md", "b.md")}


def test_boilerplate_joins_nothing() -> None:
    share = prose("share buttons", 20)
    old = {f"_a/old-{n}.md": page(f"O{n}", f"{prose(f'o {n}', 80)} {share}") for n in range(40)}
    new = {f"_b/new-{n}.md": page(f"N{n}", f"{prose(f'n {n}', 80)} {share}") for n in range(40)}
    found = lineage(old, {**dict.fromkeys(old), **new})
    assert not any(document.joins for document in found.documents)


def test_a_file_that_was_changed_while_absent_stood_on_another_branch() -> None:
    first, second, third, fourth = points(4)
    states = (
        State(blob="1", since=first, until=second, facts=MILL),
        State(blob="2", since=third, until=fourth, added=False, facts=edited(MILL)),
    )
    moved = State(blob="1", since=second, facts=MILL)
    found = trace([Life(path="a.md", states=states), Life(path="b.md", states=(moved,))])
    (document,) = found.documents
    assert {join.manner for join in document.joins} == {Manner.MOVED, Manner.BRANCH}
    assert document.paths == ("a.md", "b.md")


def test_times_that_nobody_knows_do_not_matter() -> None:
    timeless = [Point(order=order, commit=f"{order:040x}") for order in range(3)]
    old = Life(
        path="a.md",
        states=(State(blob="1", since=timeless[0], until=timeless[1], facts=MILL),),
    )
    new = Life(path="b.md", states=(State(blob="1", since=timeless[2], facts=MILL),))
    assert chains(trace([old, new])) == {("a.md", "b.md")}


def test_the_order_of_the_input_changes_nothing() -> None:
    story = (
        {f"_a/{n}.md": page(f"Article {n}") for n in range(12)},
        {f"_a/{n}.md": None for n in range(12)}
        | {f"_b/{n}.md": edited(page(f"Article {n}")) for n in range(0, 12, 2)},
        {f"_c/{n}.md": page(f"Article {n}") for n in range(1, 12, 2)},
    )
    told = list(tell(*story))
    expected = trace(told)
    Random(5).shuffle(told)  # noqa: S311
    assert trace(told) == expected


def test_every_state_is_in_exactly_one_stay() -> None:
    lives = tell(
        {"a.md": MILL, "b.md": TIDE},
        {"a.md": TIDE, "b.md": None},
        {"b.md": RYE, "c.md": MILL},
        {"a.md": None},
        {"a.md": edited(TIDE)},
    )
    stays = [stay for document in trace(lives).documents for stay in document.stays]
    held = [(stay.path, position) for stay in stays for position in range(*stay.states)]
    assert sorted(held) == sorted(
        (life.path, position) for life in lives for position in range(len(life.states))
    )


def test_no_lives_are_no_documents() -> None:
    assert trace(()).documents == ()
