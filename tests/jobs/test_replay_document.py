"""Where a document was on a day, by any name that it ever had, and what was captured of it."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.errors import NotFoundError, UsageError
from pipeline.jobs.lineage import history
from pipeline.jobs.place import Place, find_place
from pipeline.jobs.replay_document import Sought, When, seek
from tests.archives import NOW, archive, write_files

GONE = "_posts/2024-01-15-closed-for-the-winter.md"


SIDE = "2024-01-14"  # the date that the file names had at first, on a side line
PAGES = ("journal/closed-for-the-winter", "journal/ines-ferreira-holt-wheel", "visit")


@pytest.fixture(scope="module")
def then(sample_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The sample's whole history, with three pages as they were long before its newest state."""
    folder = tmp_path_factory.mktemp("then")
    site = write_files(folder / "_site", {f"{each}.html": "<p>A page" for each in PAGES})
    archive(sample_bundle, folder / "mill", rendered=site, history=True)
    return find_place(folder / "mill", None)


def at(place: Place, name: str, when: str = "") -> Sought:
    return seek(place, name, When.of(when) if when else None)


@pytest.mark.parametrize(
    "name",
    [
        GONE,
        "closed-for-the-winter",
        "/journal/closed-for-the-winter",
        "https://tidemill.example/journal/closed-for-the-winter",
    ],
)
def test_what_is_gone_today_is_found_by_any_name_that_it_had(then: Place, name: str) -> None:
    for when in ("2024-03-10", ""):
        found = at(then, name, when)
        assert found.path == GONE
        assert found.nearest.url == "https://tidemill.example/journal/closed-for-the-winter.html"
        assert found.nearest.at == NOW
        assert found.stood == bool(when)
        assert (found.stay.since, found.stay.until) == (date(2024, 1, 15), date(2024, 3, 20))


def test_the_url_is_that_of_the_day(then: Place) -> None:
    old = at(then, "ines-ferreira-holt-wheel", "2024-06-01")
    assert (old.url, old.stood) == ("/journal/ines-ferreira-holt-wheel", True)
    assert old.nearest.url == "https://tidemill.example/journal/ines-ferreira-holt-wheel.html"
    new = at(then, "ines-ferreira-holt-wheel")
    assert (new.path, new.stood) == ("_stories/how-do-you-mend-a-wheel-that-never-stops.md", True)
    with pytest.raises(NotFoundError) as refused:
        _ = new.nearest
    assert new.url in str(refused.value)
    assert f"another of its URLs: {old.nearest.url} on {NOW:%Y-%m-%d}" in str(refused.value)


def test_an_ending_that_a_host_leaves_out_is_the_same_url(then: Place) -> None:
    for when, url in (("2024-03-10", "/visit"), ("", "/visit/")):
        found = at(then, "visit.md", when)
        assert found.url == url
        assert found.nearest.url == "https://tidemill.example/visit.html"


def test_of_a_day_on_which_it_was_not_there_the_nearest_stay_counts(then: Place) -> None:
    for when in ("2015-01-01", "2024-04-01", "2026-01-01"):
        found = at(then, GONE, when)
        assert (found.stood, found.url) == (False, "/journal/closed-for-the-winter")
        assert str(found.stay) == "from 2024-01-15 until 2024-03-20"
    moved = at(then, "_people/bram-oakhanger.md", "2015-01-01")
    assert moved.url == "/people/bram-oakhanger/"


def test_a_moment_is_a_day_a_time_or_a_commit(then: Place) -> None:
    day = at(then, GONE, "2024-03-10")
    assert day.moment == datetime(2024, 3, 10, 12, tzinfo=UTC)
    assert at(then, GONE, "20240310120000") == day
    assert at(then, GONE, "2024-03-10T12:00:00+00:00") == day
    with pytest.raises(UsageError, match="soon"):
        at(then, GONE, "soon")
    with pytest.raises(NotFoundError):
        at(then, "nothing", "2024-03-10")


def test_a_commit_has_its_own_time(then: Place) -> None:
    states = history(then, "visit.md")
    commit, moment = states[1].since, states[1].since_at
    found = at(then, "visit.md", commit)
    assert (found.url, found.moment) == ("/visit/", moment)
    assert at(then, "visit.md", f"before:{commit}").url == "/visit"
    with pytest.raises(UsageError):
        at(then, "visit.md", "before:0000000")


def test_a_commit_of_a_side_line_is_read_by_itself(then: Place) -> None:
    found = at(then, "ines-ferreira-holt-wheel", "a0a456f")
    assert (found.path, found.stood) == (f"_posts/{SIDE}-ines-ferreira-holt-wheel.md", True)
    assert found.nearest.url == "https://tidemill.example/journal/ines-ferreira-holt-wheel.html"
    with pytest.raises(NotFoundError):
        at(then, "flour-day", "a0a456f")


def test_without_a_history_the_newest_state_is_all_that_is_known(
    sample_bundle: Path, tmp_path: Path
) -> None:
    archive(sample_bundle, tmp_path / "mill", history=False)
    place = find_place(tmp_path / "mill", None)
    found = at(place, "visit.md", "2024-03-10")
    assert (found.url, found.stood, found.captures) == ("/visit/", True, ())
    with pytest.raises(NotFoundError, match=r"'/visit/'.*in that state; `--render` builds"):
        _ = found.nearest
    with pytest.raises(NotFoundError, match="no document"):
        at(place, GONE, "2024-03-10")
