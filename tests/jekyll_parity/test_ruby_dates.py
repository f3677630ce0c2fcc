"""Dates in every form that people write them, in zones of every kind, against Ruby."""

import random
from datetime import UTC, datetime

from pipeline.jekyll.ruby_time import InvalidDateError, parse_time, zone_named
from tests.jekyll_parity.conftest import need_ruby
from tests.jekyll_parity.ruby import ask_ruby

NOW = 1_700_000_000
WHOLE = (
    "2023-11-01", "November 01, 2023 11:00 AM", "March 31, 2025 16:00 PM", "01/02/2023",
    "2023-02-30", "2023-06-31", "2023-02-32", "2023-13-01", "2023-01-01 24:00", "2023-01-01 24:01",
    "2023-01-01 25:00", "23-7-1", "99-7-1", "069-7-1", "20230704", "20230704T103045Z",
    "202307041030",
    "2023-07-01 10:00 EST", "2023-07-01 10:00 EDT", "2023-07-01 10:00 BST", "2023-07-01 10:00 CEST",
    "2023-07-01 10:00 +0530", "2023-07-01 10:00 +05:30", "2023-07-01 10:00 +5", "2023-07-01 -00:00",
    "Thu, 10 Mar 2016 14:33:00 +0000", "2nd of May 2020", "May 2020", "May", "1. 2. 2020", "1.2.20",
    "4 Jul '19", "2020 Jan 5", "5-Jan-2020", "Jan-5-2020", "2020/1/5 5pm", "2020-W12-3", "2020-123",
    "2020-366", "2021-366", "--07-04", "H31.04.30", "S60.1.2", "44 BC Mar 15", "10:30", "10h30m",
    "noon", "", "   ", "2023", "123456789", "123456789.", "2023-07-01 10:30:45,5", "Monday 10:30",
    "2020年1月5日", "5 января 2020", "2023-07-01 trailing words", "2023-07-01 [abc]", "~",
    "x" * 129,
    "2023-03-26 01:30 Europe", "2015-03-29 01:30", "2015-10-25 01:30", "2015-03-08 02:30",
    "2015-11-01 01:30", "+2023-07-01", "-2023-07-01", "2023-07-01 99:99", "1 2 3", "2023-1",
    "0000-01-01",
    "2020-01-01 10:00 +99:00", "20230704 1030 [+09:JST]", "20230704[9]", "2020-05-31 23:30 -1200",
)  # fmt: skip
ZONES = (
    "UTC",
    "Europe/London",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Nope/Nope",
)
PIECES = (
    "2023", "23", "7", "07", "31", "30", "1st", "22nd", "Nov", "November", "sept.", "mar", "Mon",
    "10:30", "10:30:45", "24:00:00", "5 pm", "12:00 am", "10h", "EST", "Z", "CET", "+0100",
    "-05:30",
    "2023-07-01", "07/04/2023", "4.7.2023", "20230704T1030", "2023-123", "'99", "bc", "of",
    "and", "июля",
)  # fmt: skip
SEPARATORS = (" ", " ", "", "-", "/", ", ", ".", "T", ":")


def _texts() -> list[str]:
    """The list above, and three thousand texts put together from pieces."""
    chance = random.Random(20231101)  # noqa: S311 - the same texts every time
    made: set[str] = set()
    while len(made) < 3000:
        words = chance.choices(PIECES, k=chance.randint(2, 5))
        made.add("".join(word + chance.choice(SEPARATORS) for word in words))
    return [*WHOLE, *sorted(made)]


def _ours(text: str, zone: str) -> object:
    try:
        moment = parse_time(text, zone_named(zone), datetime.fromtimestamp(NOW, UTC))
    except InvalidDateError:
        return None
    return moment.isoformat()[:25]  # Ruby writes no seconds of an offset


def test_ruby_reads_the_same_moment_in_every_text() -> None:
    need_ruby()
    jobs = [
        {"date": text, "zone": ZONES[index % len(ZONES)], "now": NOW}
        for index, text in enumerate(_texts())
    ]
    jobs += [{"date": text, "zone": zone, "now": NOW} for text in WHOLE for zone in ZONES]
    differing = []
    for job, answer in zip(jobs, ask_ruby(jobs), strict=True):
        ruby = (answer.get("value") or {}).get("$t")
        ours = _ours(str(job["date"]), str(job["zone"]))
        if ruby is not None and (ruby.index("-", 1) != 4 or ruby < "0001"):
            continue  # a year that Python's datetime cannot hold
        if ruby != ours:
            differing.append((job, ruby, ours))
    assert differing == []
