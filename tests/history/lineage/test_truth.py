"""Lineage against ground truths: what people found by reading, on real sites."""

from pathlib import Path

import pytest

from pipeline.history.lineage.series import find_series
from pipeline.history.lineage.trace import trace
from pipeline.history.lineage.values import EvidenceKind, Lineage, RelationKind
from tests.history.lineage.reading import Past, read_past
from tests.history.lineage.truth import NONE, read_truth, score, successor

REDESIGN = "a3b5cff564fd"
FIRST_DAY = "5f8cad3"
LANDING = "_news/2023-01-11-cambridge-perspectives-genAI-governance"
INTERVIEWS = {
    "ann-glenster-sam-gilbert": "how-do-we-regulate-to-ensure-the-development-of-ai-for-societal-"
    "benefit",
    "david-krueger": "how-can-ai-safety-research-reduce-the-risks-of-ai",
    "diane-coyle": "how-can-we-harness-generative-ai-to-boost-productivity",
    "jennifer-cobbe-jat-singh": "how-can-we-make-ai-supply-chains-more-accountable",
    "verity-harding": "what-are-the-geopolitical-implications-of-ai",
}


@pytest.fixture(scope="session")
def real(aicam_bundle: Path) -> tuple[Past, Lineage]:
    past = read_past(str(aicam_bundle))
    return past, trace(past.lives)


@pytest.fixture(scope="session")
def sample(sample_bundle: Path) -> tuple[Past, Lineage]:
    past = read_past(str(sample_bundle))
    return past, trace(past.lives)


@pytest.mark.parametrize("name", ["moves_tuned.tsv", "moves_held_out.tsv"])
def test_the_real_site_is_traced_as_people_trace_it(real: tuple[Past, Lineage], name: str) -> None:
    moves = read_truth(name)
    result = score(real[1], moves)
    assert len(moves) > 130
    assert result.precision >= 0.98, result.rows
    assert result.recall >= 0.95, result.rows


@pytest.mark.parametrize(("folder", "count"), [("_posts/", 30), ("_news/", 38)])
def test_all_posts_and_news_of_the_redesign_find_theirs(
    real: tuple[Past, Lineage], folder: str, count: int
) -> None:
    moves = [*read_truth("moves_tuned.tsv"), *read_truth("moves_held_out.tsv")]
    wanted = [each for each in moves if each.commit == REDESIGN and each.old.startswith(folder)]
    assert len(wanted) == count
    assert [each for each in wanted if each.new == NONE] == []
    assert score(real[1], tuple(wanted)).rows == ()


def test_what_the_redesign_dropped_has_no_successor(real: tuple[Past, Lineage]) -> None:
    moves = [*read_truth("moves_tuned.tsv"), *read_truth("moves_held_out.tsv")]
    dropped = [each for each in moves if each.old.startswith("_research/") and each.new == NONE]
    assert len(dropped) == 28
    assert score(real[1], tuple(dropped)).wrong == 0


def test_the_landing_page_of_the_series_is_one_document_from_its_first_hour(
    real: tuple[Past, Lineage],
) -> None:
    (document,) = [each for each in real[1].documents if LANDING in each.paths]
    assert document.paths == (
        LANDING,
        f"{LANDING}.md",
        LANDING.replace("2023-01-11", "2023-11-01") + ".md",
        "_news/perspectives-on-progress-in-generative-ai.md",
    )
    named = [each.kind for join in document.joins for each in join.evidence]
    assert EvidenceKind.LINK in named  # a share link that was scraped names the old file


@pytest.mark.parametrize("who", INTERVIEWS)
def test_each_interview_has_its_successor(real: tuple[Past, Lineage], who: str) -> None:
    new = f"_blog_posts/{INTERVIEWS[who]}.md"
    assert new in successor(real[1], f"_posts/2023-11-01-{who}-generative-ai.md", REDESIGN)


def test_the_series_of_the_real_site_is_found(real: tuple[Past, Lineage]) -> None:
    past, found = real
    series = {each.name: each for each in find_series(past.lives, found)}
    one = series["perspectives-on-progress-in-generative-ai-2023"]
    members = {found.documents[member].paths[0] for member in one.members}
    assert {path.removesuffix(".md") for path in members} == {
        f"_posts/2023-11-01-{who}-generative-ai" for who in INTERVIEWS
    }
    assert len(series) <= 3


def test_files_named_after_what_they_do_not_hold_are_told(real: tuple[Past, Lineage]) -> None:
    """The site's editors began new articles as copies of old ones."""
    named = {
        each.one.path
        for each in real[1].relations
        if each.kind is RelationKind.NAME and each.commit.commit.startswith(REDESIGN)
    }
    assert sum(path.startswith("_blog_posts/ai-art-protection-tools") for path in named) == 9
    assert "_people/mihaela-van-der-schaar-1.md" in named


def test_nearly_everything_is_sure(real: tuple[Past, Lineage]) -> None:
    joins = [join for document in real[1].documents for join in document.joins]
    doubtful = [join for join in real[1].doubtful if join.joined]
    assert len(joins) > 400
    assert len(doubtful) < len(joins) / 20


def test_the_sample_site_is_traced_through_its_redesign(sample: tuple[Past, Lineage]) -> None:
    chains = {document.paths for document in sample[1].documents if document.joins}
    talks = {paths for paths in chains if paths[-1].startswith("_stories/")}
    assert len(talks) == 5
    assert all(len(paths) == 3 for paths in talks)
    assert (
        "_news/2024-01-14-conversations-at-the-wheel.md",
        "_news/2024-05-14-conversations-at-the-wheel.md",
        "_news/listening-at-the-wheel.md",
    ) in chains
    assert ("_events/night-at-the-mill.md", "_events/night-among-the-stones.md") in chains
    assert len(chains) == 7
    assert sample[1].doubtful == ()


def test_the_series_of_the_sample_site_is_found(sample: tuple[Past, Lineage]) -> None:
    past, found = sample
    (one,) = find_series(
        past.lives,
        found,
    )
    assert one.name == "conversations-at-the-wheel-2024"
    assert {found.documents[each].paths[-1].partition("/")[0] for each in one.members} == {
        "_stories"
    }
