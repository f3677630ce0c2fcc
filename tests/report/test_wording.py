"""How the page writes times, numbers and names."""

import shlex
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from pipeline.history.comparison.values import Compared, Status
from pipeline.report import wording
from tests.report.building import plain_comparison, side


def at(hours: float, local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=timezone(timedelta(hours=hours)))


@pytest.mark.parametrize(
    ("moment", "shown", "machine"),
    [
        (datetime(2024, 1, 31, 0, 5, tzinfo=UTC), "31 January 2024, 00:05 UTC",
         "2024-01-31T00:05:00Z"),
        (at(5.75, "2024-01-01T03:00"), "1 January 2024, 03:00 +05:45", "2023-12-31T21:15:00Z"),
        (at(-9.5, "2024-12-31T23:59"), "31 December 2024, 23:59 -09:30", "2025-01-01T09:29:00Z"),
        (at(14, "0001-01-01T00:00"), "1 January 1, 00:00 +14:00", "0001-01-01T00:00:00Z"),
    ],
)  # fmt: skip
def test_a_time_is_shown_with_its_own_offset_and_marked_up_in_utc(
    moment: datetime, shown: str, machine: str
) -> None:
    assert wording.clock(moment) == shown
    assert wording.machine_time(moment) == machine


def test_a_time_that_cannot_be_read_is_said_to_be_one() -> None:
    assert wording.clock(None) == "at a time that cannot be read"


def test_what_is_counted_is_as_many_as_the_number_says() -> None:
    counted = [wording.times(number, "category") for number in (0, 1, 2, 1000)]
    assert counted == ["0 categories", "1 category", "2 categories", "1,000 categories"]
    assert wording.times(3, "URL") == "3 URLs"
    assert wording.times(2, "person", "people") == "2 people"


def test_a_document_is_called_by_its_newest_title_or_else_by_its_path() -> None:
    old, new = side("_a/old.md", "a", title="Old"), side("_a/new.md", "a", title="New")
    both = Compared(id="d1", document="u", status=Status.CHANGED, before=old, after=new)
    assert wording.name(both) == "New"
    assert wording.name(replace(both, after=replace(new, title=" \n"))) == "Old"
    nameless = replace(both, before=None, after=replace(new, title=None))
    assert wording.name(nameless) == "_a/new.md"
    long = replace(both, after=replace(new, title="two\nlines " + "x" * 500))
    assert wording.name(long).startswith("two lines xxx")
    assert len(wording.name(long)) == wording.LONGEST_NAME


def test_a_document_without_any_side_is_a_mistake_of_ours() -> None:
    nowhere = Compared(id="d7", document="u", status=Status.LOST, before=None, after=None)
    with pytest.raises(ValueError, match="d7"):
        wording.name(nowhere)


def test_what_was_asked_for_can_be_pasted_into_a_shell() -> None:
    comparison = replace(plain_comparison(), collection="it's; rm -rf")
    assert shlex.split(wording.arguments(comparison)) == [
        "--collection", "it's; rm -rf", "before:aaaaaaa", "before:bbbbbbb",
    ]  # fmt: skip
