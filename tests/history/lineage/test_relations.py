"""What was copied, split, merged, misnamed or taken over is told, and not joined."""

from pipeline.history.lineage.values import Lineage, RelationKind
from tests.history.lineage.story import chains, edited, lineage, page, prose, said

MILL, TIDE, RYE = page("The mill pond"), page("Tide tables"), page("Rye and barley")


def told(found: Lineage) -> set[tuple[RelationKind, str, str]]:
    return {(each.kind, each.one.path, each.other.path) for each in found.relations}


def test_a_copy_whose_original_stays() -> None:
    found = lineage({"a.md": MILL}, {"b.md": MILL})
    assert chains(found) == {("a.md",), ("b.md",)}
    (relation,) = found.relations
    assert (relation.kind, relation.one.path, relation.other.path) == (
        RelationKind.COPY,
        "b.md",
        "a.md",
    )
    assert relation.similarity == 1
    assert relation.commit.order == 1
    assert relation.sentence == ("b.md began with the text of a.md, which kept it (000000000000)")


def test_a_second_copy_made_by_the_move_itself() -> None:
    """One commit moved a document and left a copy: one continues it, the other is told."""
    gone_on = {"a.md": None, "mill-pond.md": MILL, "other.md": page("Another title", said(MILL))}
    found = lineage({"a.md": MILL}, gone_on)
    assert ("a.md", "mill-pond.md") in chains(found)
    assert (RelationKind.COPY, "other.md", "a.md") in told(found)


def test_text_that_left_a_document_which_goes_on() -> None:
    whole = page("The mill", f"{prose('first half', 80)} {prose('second half', 80)}")
    rest = page("The mill", prose("first half", 80))
    part = page("The barn", prose("second half", 80))
    found = lineage({"mill.md": whole}, {"mill.md": rest, "barn.md": part})
    assert chains(found) == {("mill.md",), ("barn.md",)}
    assert told(found) == {(RelationKind.SPLIT, "barn.md", "mill.md")}


def test_two_documents_that_became_one() -> None:
    both = page("Mill and tide", f"{said(MILL)}\n\n{said(TIDE)}")
    found = lineage({"m.md": MILL, "t.md": TIDE}, {"m.md": None, "t.md": None, "mt.md": both})
    joined = {chain for chain in chains(found) if len(chain) > 1}
    merged = [each for each in found.relations if each.kind is RelationKind.MERGE]
    assert len(joined) == 1
    assert [each.other.path for each in merged] == ["mt.md"]
    assert any(join.new.path == "mt.md" for join in found.doubtful)


def test_a_file_named_after_a_document_that_it_does_not_hold() -> None:
    found = lineage(
        {"_news/the-mill-pond-dries-up.md": page("The mill pond dries up")},
        {"_news/the-mill-pond-dries-up-1.md": TIDE},
    )
    assert told(found) == {
        (
            RelationKind.NAME,
            "_news/the-mill-pond-dries-up-1.md",
            "_news/the-mill-pond-dries-up.md",
        )
    }


def test_a_file_that_kept_the_name_of_its_own_earlier_title_is_not_misnamed() -> None:
    renamed = page("Ponds of the county", said(MILL))
    found = lineage({"the-mill-pond.md": MILL}, {"the-mill-pond.md": renamed})
    assert found.relations == ()


def test_a_path_that_another_document_takes_over() -> None:
    found = lineage({"_e/mill.md": MILL}, {"_e/mill.md": edited(TIDE), "_e/pond.md": edited(MILL)})
    assert ("_e/mill.md", "_e/pond.md") in chains(found)
    (relation,) = [each for each in found.relations if each.kind is RelationKind.PATH]
    assert (relation.one.since.order, relation.other.since.order) == (1, 0)
    assert relation.sentence.startswith("_e/mill.md took the path over")


def test_short_texts_are_no_copies() -> None:
    assert (
        lineage({"a.md": page("A", "To be told")}, {"b.md": page("B", "To be told")}).relations
        == ()
    )


def test_a_path_with_braces_and_quotes_is_told_as_git_shows_it() -> None:
    found = lineage({'{a}"\udcff.md': MILL}, {"b.md": MILL})
    (relation,) = found.relations
    assert '"{a}\\"\\377.md"' in relation.sentence
