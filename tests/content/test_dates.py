"""Dates that documents name, and where a document's own date comes from."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from pipeline.content.dates import Provenance, dated, read_date
from pipeline.content.values import Content
from pipeline.jekyll.item import Item

Say = Callable[..., Content]
ReadItem = Callable[..., Item]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-05-06", date(2024, 5, 6)),
        ("2024-5-6 9:00", date(2024, 5, 6)),
        ("2024/05/06", date(2024, 5, 6)),
        ("May 6, 2024", date(2024, 5, 6)),
        ("November 01, 2023 11:00 AM", date(2023, 11, 1)),
        ("March 31, 2025 16:00 PM", date(2025, 3, 31)),
        ("Mon, 6 May 2024", date(2024, 5, 6)),
        ("Monday 6th of May 2024 at 10.30", date(2024, 5, 6)),
        ("1st January 2022", date(2022, 1, 1)),
        ("Sept 3 2024", date(2024, 9, 3)),
        ("2024-05-06T10:00:00Z", date(2024, 5, 6)),
        # no date, or two
        ("03/04/2025", None),
        ("2023-14-09 11:00", None),
        ("February 30, 2024", None),
        ("Mill 6, 2024", None),
        ("soon", None),
        ("2024", None),
        ("2024-05-06 and on", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, day: date | None) -> None:
    assert read_date(text)[0] == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-05-06 10:30 +0100", datetime(2024, 5, 6, 9, 30, tzinfo=UTC)),
        ("2024-05-06T10:30:15.5-05:00", datetime(2024, 5, 6, 15, 30, 15, tzinfo=UTC)),
        ("2001-12-14 21:59:43.10 -5", datetime(2001, 12, 15, 2, 59, 43, tzinfo=UTC)),
        ("2024-05-06 12:15 AM UTC", datetime(2024, 5, 6, 0, 15, tzinfo=UTC)),
        ("May 6, 2024 1:00 p.m. GMT", datetime(2024, 5, 6, 13, tzinfo=UTC)),
        ("2024-05-06 10:30", None),  # where? a zone is not made up
        ("2024-05-06", None),
        ("2024-05-06 16:00 PM UTC", None),
        ("2024-05-06 25:00 UTC", None),
        ("0001-01-01 00:00 +14:00", None),  # before the first year
        ("2024-05-06 10:00 +99:00", None),
    ],
)
def test_a_moment_needs_a_time_and_a_zone(text: str, moment: datetime | None) -> None:
    assert read_date(text)[1] == moment


def test_named_dates_keep_what_was_written(say: Say) -> None:
    source = (
        "---\ntitle: T\ndate: 2024-01-02\nevent_date: 2024-05-06\n"
        "closing_date: May 7, 2024 5:00 PM\nstart: 9:00\nodd: 2024-05-08 10:00:00 +0200\n"
        "end_date: ''\nagenda: [{deadline: '2024-05-09'}]\n---\nText\n"
    )
    content = say(source)
    assert [(d.name, d.raw, d.day, d.line) for d in content.dates] == [
        ("event_date", "2024-05-06", date(2024, 5, 6), 4),
        ("closing_date", "May 7, 2024 5:00 PM", date(2024, 5, 7), 5),
        ("odd", "2024-05-08 10:00:00 +0200", date(2024, 5, 8), 7),
        ("agenda[0].deadline", "2024-05-09", date(2024, 5, 9), 9),
    ]
    assert content.dates[2].at == datetime(2024, 5, 8, 8, tzinfo=UTC)
    assert [d.at for d in content.dates if d.name != "odd"] == [None, None, None]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("event_date: soon", True),
        ("deadline: next week", True),
        ("start: 2023-14-09 11:00", True),
        ("start: at dawn", False),
        ("event_date: 2024-05-06", False),
        ("event_date: ''", False),
    ],
)
def test_a_date_that_is_none_is_told_and_kept(say: Say, field: str, told: bool) -> None:  # noqa: FBT001
    content = say(f"---\n{field}\n---\nText\n")
    codes = [finding.code for finding in content.findings]
    assert codes == (["CONTENT-DATE-NOT-UNDERSTOOD"] if told else [])
    assert [bool(d.raw) for d in content.dates] == [True] * (told or "2024" in field)


def test_a_document_is_dated_by_the_best_that_is_known(read_item: ReadItem) -> None:
    first = datetime(2024, 3, 4, 5, tzinfo=timezone(timedelta(hours=1)))
    written = dated(read_item("---\ndate: 2024-05-06 10:00 +0200\n---\n"), first)
    assert (written.source, written.at) == (
        Provenance.FRONT_MATTER,
        datetime(2024, 5, 6, 8, tzinfo=UTC),
    )
    assert written.raw is not None
    named = dated(read_item("---\ntitle: T\n---\n", "_posts/2024-02-03-mill.md"), first)
    assert (named.source, named.at) == (Provenance.FILE_NAME, datetime(2024, 2, 3, tzinfo=UTC))
    undated = read_item("---\ntitle: T\n---\n")
    assert dated(undated, first).source is Provenance.FIRST_COMMIT
    assert dated(undated, first).at == datetime(2024, 3, 4, 4, tzinfo=UTC)
    nothing = dated(undated)
    assert (nothing.source, nothing.at, nothing.raw) == (Provenance.NONE, None, None)
