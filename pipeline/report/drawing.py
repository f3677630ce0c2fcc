"""The geometry of the charts, in per cent of the width, so that they fit any screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from math import sqrt
from typing import Final

from pipeline.history.comparison.values import Beat, Comparison, FieldTally, Tally, Timeline

WIDTH: Final = 100.0
HEIGHT: Final = 72.0
_EDGE: Final = 2.0
_MOST_TICKS: Final = 6
_SMALLEST_DOT, _LARGEST_DOT = 4.0, 13.0
_THINNEST: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of a bar: what it counts, where it begins, how long it is."""

    word: str
    count: int
    x: str
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar and the sentence that says the same."""

    segments: tuple[Segment, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The commits of a day: `y` from the top, `height` down to the axis."""

    x: str
    width: str
    y: str
    height: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A commit that moved documents; the more, the larger."""

    x: str
    r: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """The beginning of a year, or one of the two moments."""

    x: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A drawn timeline."""

    columns: tuple[Column, ...]
    dots: tuple[Dot, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Tick, ...]


def collection_bars(tallies: Sequence[Tally]) -> tuple[Bar, ...]:
    """Draw for each collection what became of its documents, all on one scale."""
    return _bars(
        [
            [
                ("lost", tally.lost),
                ("changed", tally.changed),
                ("unread", tally.unread),
                ("kept", tally.kept),
                ("new", tally.new),
            ]
            for tally in tallies
        ]
    )


def field_bars(tallies: Sequence[FieldTally]) -> tuple[Bar, ...]:
    """Draw for each field what became of it, all on one scale."""
    return _bars(
        [
            [
                ("lost", tally.lost),
                ("reduced", tally.reduced),
                ("changed", tally.changed),
                ("moved", tally.moved),
                ("added", tally.added),
            ]
            for tally in tallies
        ]
    )


def _bars(rows: Sequence[Sequence[tuple[str, int]]]) -> tuple[Bar, ...]:
    longest = max((sum(number for _, number in row) for row in rows), default=0) or 1
    return tuple(_bar(row, longest) for row in rows)


def _bar(row: Sequence[tuple[str, int]], longest: int) -> Bar:
    ends = accumulate((number for _, number in row), initial=0)
    segments = tuple(
        Segment(
            word=word,
            count=number,
            x=_text(WIDTH * begin / longest),
            width=_text(WIDTH * number / longest),
        )
        for (word, number), begin in zip(row, ends, strict=False)
        if number
    )
    words = ", ".join(f"{each.count:,} {each.word}" for each in segments)
    return Bar(segments=segments, words=words or "none")


def strip(comparison: Comparison) -> Strip | None:
    """Draw the timeline; None where there is no stretch of time to draw."""
    timeline = comparison.timeline
    since, until = timeline.since, timeline.until
    if since is None or until is None or since >= until:
        return None
    scale = _Scale(since=since, until=until)
    return Strip(
        columns=_columns(timeline, scale),
        dots=_dots(timeline.beats, scale),
        ticks=tuple(_ticks(scale)),
        marks=tuple(
            Tick(x=_text(scale.at(moment.at)), label=label)
            for label, moment in (("before", comparison.before), ("after", comparison.after))
            if moment.at is not None
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    since: datetime
    until: datetime

    def at(self, moment: datetime) -> float:
        share = (moment - self.since) / (self.until - self.since)
        return _EDGE + (WIDTH - 2 * _EDGE) * min(1.0, max(0.0, share))


def _columns(timeline: Timeline, scale: _Scale) -> tuple[Column, ...]:
    most = max((day.commits for day in timeline.days), default=1)
    days = (scale.until - scale.since).total_seconds() / 86_400
    width = min(_EDGE, max(_THINNEST, 0.8 * (WIDTH - 2 * _EDGE) / max(days, 1.0)))
    found = []
    for each in timeline.days:
        noon = datetime.fromisoformat(each.day).replace(hour=12, tzinfo=UTC)
        # A square root: one busy day would flatten all others.
        height = max(1.0, HEIGHT * sqrt(each.commits / most))
        found.append(
            Column(
                x=_text(scale.at(noon) - width / 2),
                width=_text(width),
                y=_text(HEIGHT - height),
                height=_text(height),
            )
        )
    return tuple(found)


def _dots(beats: Sequence[Beat], scale: _Scale) -> tuple[Dot, ...]:
    most = max((beat.documents for beat in beats), default=1) or 1
    grown = _LARGEST_DOT - _SMALLEST_DOT
    return tuple(
        Dot(
            x=_text(scale.at(beat.at)),
            r=_text(_SMALLEST_DOT + grown * sqrt(beat.documents / most)),
        )
        for beat in beats
        if beat.at is not None
    )


def _ticks(scale: _Scale) -> list[Tick]:
    first, last = scale.since.year + 1, scale.until.year
    years = range(first, last + 1)
    step = max(1, -(-len(years) // _MOST_TICKS))
    return [
        Tick(x=_text(scale.at(datetime(year, 1, 1, tzinfo=UTC))), label=str(year))
        for year in years[::step]
    ]


def _text(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
