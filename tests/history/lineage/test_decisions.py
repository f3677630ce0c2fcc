"""A person's decisions are read from a text file, and hold whatever the evidence says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.history.lineage.decisions import decision_line, parse_decisions
from pipeline.history.lineage.values import Decision, Manner, Verdict
from tests.history.lineage.story import chains, edited, lineage, page

MILL, TIDE = page("The mill pond"), page("Tide tables")
FILE = """\
# what we know of the redesign
accept _posts/mill.md _stories/pond.md      # Ada said so

refuse "_news/two words.md" "_news/caf\\303\\251 #1.md"
"""
PATHS = st.text(
    st.characters(exclude_characters="\0", max_codepoint=0x2FFF) | st.sampled_from("\udcff\udc80"),
    min_size=1,
    max_size=12,
)


def accept(old: str, new: str) -> tuple[Decision, ...]:
    return (Decision(verdict=Verdict.ACCEPT, old=old, new=new),)


def refuse(old: str, new: str) -> tuple[Decision, ...]:
    return (Decision(verdict=Verdict.REFUSE, old=old, new=new),)


def test_the_file_is_read() -> None:
    decisions, findings = parse_decisions(FILE, "lineage.txt")
    assert decisions == (
        Decision(verdict=Verdict.ACCEPT, old="_posts/mill.md", new="_stories/pond.md", line=2),
        Decision(verdict=Verdict.REFUSE, old="_news/two words.md", new="_news/café #1.md", line=4),
    )
    assert findings == ()


@given(old=PATHS, new=PATHS, verdict=st.sampled_from(Verdict))
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_again(old: str, new: str, verdict: Verdict) -> None:
    raw = [path.encode("utf-8", "surrogateescape") for path in (old, new)]
    old, new = (each.decode("utf-8", "surrogateescape") for each in raw)
    decision = Decision(verdict=verdict, old=old, new=new, line=1)
    assert parse_decisions(decision_line(decision) + "\n", "l.txt") == ((decision,), ())


@pytest.mark.parametrize(
    "line", ["accept a.md", "maybe a.md b.md", "accept a b c", 'accept "a b.md']
)
def test_a_line_that_cannot_be_read_is_a_finding_with_its_place(line: str) -> None:
    decisions, findings = parse_decisions(f"accept a.md b.md\n{line}\n", "lineage.txt")
    assert len(decisions) == 1
    (finding,) = findings
    assert str(finding) == (
        "lineage.txt:2: warning: write `accept OLD NEW` or `refuse OLD NEW`"
        " [LINEAGE-DECISION-UNREADABLE]"
    )


def test_the_later_of_two_decisions_about_the_same_paths_holds() -> None:
    decisions, _ = parse_decisions("accept a b\nrefuse c d\nrefuse a b\n", "l.txt")
    assert [(each.verdict, each.line) for each in decisions] == [
        (Verdict.REFUSE, 2),
        (Verdict.REFUSE, 3),
    ]


def test_what_is_accepted_is_joined_against_all_evidence() -> None:
    story = ({"a.md": MILL}, {"a.md": None, "b.md": edited(MILL), "c.md": TIDE})
    assert chains(lineage(*story)) == {("a.md", "b.md"), ("c.md",)}
    found = lineage(*story, decisions=accept("a.md", "c.md"))
    assert chains(found) == {("a.md", "c.md"), ("b.md",)}
    (join,) = [join for document in found.documents for join in document.joins]
    assert join.decided
    assert join.confidence == 1
    assert "a person said so" in join.sentence
    assert found.doubtful == ()


def test_what_is_refused_is_not_joined() -> None:
    story = ({"a.md": MILL}, {"a.md": None, "b.md": MILL})
    found = lineage(*story, decisions=refuse("a.md", "b.md"))
    assert chains(found) == {("a.md",), ("b.md",)}
    assert found.doubtful == ()
    assert found.unused == ()


def test_a_rewritten_file_can_be_refused_to_be_the_same_document() -> None:
    story = ({"a.md": MILL}, {"a.md": TIDE})
    found = lineage(*story, decisions=refuse("a.md", "a.md"))
    assert len(found.documents) == 2


def test_of_several_pairs_the_nearest_in_time_is_meant() -> None:
    story = ({"a.md": MILL}, {"a.md": None}, {"b.md": TIDE}, {"b.md": None}, {"b.md": page("X")})
    found = lineage(*story, decisions=accept("a.md", "b.md"))
    (document,) = [each for each in found.documents if "a.md" in each.paths]
    assert [stay.since.order for stay in document.stays] == [0, 2]
    assert document.joins[0].manner is Manner.MOVED_OVER_GAP


@pytest.mark.parametrize(
    "decision", [accept("a.md", "nothing.md"), accept("b.md", "a.md"), refuse("nothing.md", "a.md")]
)
def test_a_decision_that_fits_nothing_is_given_back(decision: tuple[Decision, ...]) -> None:
    found = lineage({"a.md": MILL}, {"b.md": TIDE}, decisions=decision)
    assert found.unused == decision
    assert len(found.documents) == 2
