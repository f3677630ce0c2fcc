"""Series that the site's settings name go before those that are found."""

from dataclasses import replace

from pipeline.content.settings import NamedSeries
from pipeline.history.lineage.named import every_series
from pipeline.history.lineage.series import Series, SeriesOptions
from pipeline.history.lineage.trace import trace
from pipeline.model import Finding
from tests.history.lineage.story import Commit, page, tell

TALKS = {f"_posts/{name}.md": page(f"Talk with {name}") for name in ("ada", "bo", "cy")}
LANDING = replace(page("Talks"), links=tuple(f"/{path}" for path in TALKS))
HISTORY: tuple[Commit, ...] = ({"index.md": page("Home")}, TALKS, {"_news/talks.md": LANDING})


def told(*wanted: NamedSeries) -> tuple[tuple[Series, ...], tuple[Finding, ...]]:
    lives = tell(*HISTORY)
    return every_series(lives, trace(lives), wanted, SeriesOptions())


def paths(series: Series) -> list[str]:
    documents = trace(tell(*HISTORY)).documents
    return [documents[number].paths[0] for number in (series.landing, *series.members)]


def test_a_series_is_named_by_paths_and_urls_of_any_time() -> None:
    named = NamedSeries(
        name="My talks", landing="index.md", members=("/_posts/cy.md", "_posts/ada.md"), line=7
    )
    (mine, found), findings = told(named)
    assert (mine.name, mine.settled, found.settled) == ("My talks", True, False)
    assert paths(mine) == ["index.md", "_posts/cy.md", "_posts/ada.md"]
    assert paths(found)[0] == "_news/talks.md"
    assert not findings


def test_what_is_found_around_a_named_landing_is_left_out() -> None:
    named = NamedSeries(name="One", landing="_news/talks.md", members=("_posts/bo.md",))
    (mine,), _ = told(named)
    assert paths(mine) == ["_news/talks.md", "_posts/bo.md"]


def test_names_are_told_apart() -> None:
    named = NamedSeries(name="Talks", landing="index.md", members=("_posts/bo.md",))
    every, _ = told(named, replace(named, landing="_posts/ada.md"))
    assert [each.name for each in every] == ["Talks", "Talks-2", "talks-2024"]


def test_what_is_not_there_is_a_finding() -> None:
    named = NamedSeries(name="A", landing="index.md", members=("_posts/bo.md", "/gone/"), line=3)
    lost = NamedSeries(name="B", landing="never.md", members=("_posts/bo.md",), line=9)
    (mine, found), findings = told(named, lost)
    assert paths(mine) == ["index.md", "_posts/bo.md"]
    assert not found.settled
    assert [(f.code, f.place.line) for f in findings] == [
        ("SERIES-UNKNOWN", 3),
        ("SERIES-UNKNOWN", 9),
    ]
    assert "/gone/" in findings[0].message
    assert str(findings[0]).startswith("jekyll-archive.toml:3:")
