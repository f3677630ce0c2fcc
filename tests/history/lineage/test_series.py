"""A landing document and what it led to are found where they were published together."""

from dataclasses import replace
from datetime import date

import pytest

from pipeline.history.lineage.series import Series, SeriesOptions, find_series
from pipeline.history.lineage.trace import trace
from pipeline.history.lineage.values import Facts
from tests.history.lineage.story import Commit, page, tell

TALKS = {f"_posts/{name}.md": page(f"Talk with {name}") for name in ("ada", "bo", "cy", "dee")}
LINKS = tuple(f"https://mill.example/_posts/{name}.md" for name in ("bo", "ada", "cy", "dee"))
LANDING = replace(page("Talks at the mill"), links=LINKS)
OLD = {"_news/old.md": page("Old news"), "index.md": page("Home")}


def series(*commits: Commit, hours: int = 24, **options: object) -> tuple[Series, ...]:
    lives = tell(*commits, hours=hours)
    return find_series(lives, trace(lives), SeriesOptions(**options))  # type: ignore[arg-type]


def landing(**changes: object) -> Facts:
    return replace(LANDING, **changes)  # type: ignore[arg-type]


def test_a_series_is_found_with_its_members_in_the_order_of_the_links() -> None:
    told = (OLD, TALKS, {"_news/2024-03-03-talks.md": LANDING})
    lives = tell(*told)
    found = trace(lives)
    (one,) = find_series(lives, found)
    assert one.name == "talks-at-the-mill-2024"
    assert found.documents[one.landing].paths == ("_news/2024-03-03-talks.md",)
    members = [found.documents[member].paths[0] for member in one.members]
    assert members == [f"_posts/{name}.md" for name in ("bo", "ada", "cy", "dee")]
    assert one.published.order == 2
    assert one.reason == (
        "_news/2024-03-03-talks.md links to 4 documents of posts that were published"
        " within 24 hours of it; 4 documents are linked in all"
    )


def test_links_may_be_added_a_little_later_but_not_much() -> None:
    bare = landing(links=())
    later: list[Commit] = [{}] * 40
    assert series(OLD, {**TALKS, "t.md": bare}, {"t.md": LANDING})
    assert not series(OLD, {**TALKS, "t.md": bare}, *later, {"t.md": LANDING})


def test_documents_published_long_before_make_no_series() -> None:
    quiet: list[Commit] = [{}] * 10
    assert not series(OLD, TALKS, *quiet, {"t.md": LANDING})
    assert series(OLD, TALKS, *quiet, {"t.md": LANDING}, hours=1)


def test_a_page_that_leads_everywhere_is_no_landing_page() -> None:
    many = {f"_old/{n}.md": page(f"Old {n}") for n in range(9)}
    links = (*LINKS, *(f"/_old/{n}.md" for n in range(9)))
    quiet: list[Commit] = [{}] * 10
    assert not series(many, *quiet, {**TALKS, "t.md": landing(links=links)})


def test_what_one_commit_brought_in_bulk_is_no_series() -> None:
    assert not series({**TALKS, "t.md": LANDING}, bulk=5)
    assert series({**TALKS, "t.md": LANDING}, bulk=6)


def test_links_to_other_hosts_are_not_the_sites_own() -> None:
    told = (OLD, {**TALKS, "t.md": LANDING})
    assert series(*told, hosts=frozenset({"mill.example"}))
    assert series(*told, hosts=frozenset({"www.mill.example"}))
    assert not series(*told, hosts=frozenset({"other.example"}))
    relative = landing(links=(*(f"/_posts/{n}.md#top" for n in ("ada", "bo", "cy")), "http://["))
    assert series(OLD, {**TALKS, "t.md": relative}, hosts=frozenset({"other.example"}))


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"title": "Talks of 2024", "day": date(2024, 2, 1)}, "talks-of-2024"),
        ({"title": "Talks", "day": date(2023, 12, 31)}, "talks-2023"),
        ({"title": None}, "the-landing-2024"),
        (
            {"title": "word " * 40},
            "word-word-word-word-word-word-word-word-word-word-word-word-2024",
        ),
        ({"title": "x" * 90}, "x" * 60 + "-2024"),
        ({"title": "谈话 — 2"}, "谈话-2-2024"),
    ],
)
def test_a_series_is_called_after_its_first_title_and_year(
    changes: dict[str, object], name: str
) -> None:
    story = (OLD, TALKS, {"_news/the-landing.md": landing(**changes)})
    assert [each.name for each in series(*story)] == [name]
    moved: Commit = {"_news/the-landing.md": None, "_news/new.md": landing(title="Renamed")}
    assert [each.name for each in series(*story, moved)] == [name]


def test_members_that_link_to_each_other_make_one_series() -> None:
    """Of the landing page and its members, the one that leads to most is the landing page."""
    talks = {
        path: replace(facts, links=tuple(link for link in LINKS if not link.endswith(path)))
        for path, facts in TALKS.items()
    }
    (one,) = series(OLD, {**talks, "t.md": LANDING})
    assert len(one.members) == 4
