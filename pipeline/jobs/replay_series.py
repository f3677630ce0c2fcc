"""Gather the page of a series: each document then and now, and what was captured of it."""

import shlex
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from pipeline.jobs import member as told_of
from pipeline.jobs.ask import asked
from pipeline.jobs.place import Place
from pipeline.jobs.replay_document import captures_of, nearest
from pipeline.jobs.series import SeriesLine, list_series, show_series
from pipeline.jobs.urls import UrlLine
from pipeline.replay.moments import stamp_of
from pipeline.replay.series import Address, Member, Nearest, SeriesMark, SeriesView, State
from pipeline.store.answers import Site
from pipeline.store.captured import CaptureAt, capture_in
from pipeline.store.session import Connection


def series_marks(place: Place) -> tuple[SeriesMark, ...]:
    """List the series of an archive. Raises as `list_series` does."""
    return tuple(_mark(each) for each in list_series(place))


def series_view(place: Place, name: str) -> SeriesView:
    """Tell all about one, by any part of its name. Raises as `show_series` does."""
    told = show_series(place, name)
    with asked(place) as (connection, site):
        desk = _Desk(connection=connection, site=site, place=place)
        return SeriesView(
            archive=str(place.archive),
            mark=_mark(told.series),
            reason=told.series.reason,
            lost=tuple((person.name, person.elsewhere) for person in told.lost_people),
            members=tuple(desk.member(each) for each in told.members),
        )


def _mark(line: SeriesLine) -> SeriesMark:
    return SeriesMark(
        name=line.name,
        title=line.title or line.name,
        published=line.published_at,
        documents=line.documents,
        gone=line.gone,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """Looks for captures in one catalogue."""

    connection: Connection
    site: Site
    place: Place

    def member(self, told: told_of.Member) -> Member:
        """Tell of one document. What it is now is looked for near today, so the newest."""
        return Member(
            landing=told.landing,
            gone=told.gone,
            then=self.state(told.first, told.first.at),
            now=self.state(told.now, told.now.until_at if told.gone else None),
            lost=tuple(person.name for person in told.lost_people),
            addresses=tuple(_address(each) for each in told.urls),
            changed=told.sentence,
        )

    def state(self, told: told_of.StateTold, at: datetime | None) -> State:
        """Tell of one state, with the capture of its URL that is nearest to a moment."""
        side, proof = told.side, told.proof
        people: dict[str, list[str]] = defaultdict(list)
        for person in side.people if side else ():
            people[person.role].append(person.name)
        url = side.url if side and side.url and side.written else ""
        found = nearest(captures_of(self.connection, self.site, url), at) if url else None
        return State(
            at=told.at,
            title=(side.title if side else None) or proof.path,
            url=url,
            date=(side.date or "")[:10] if side else "",
            words=side.words if side else 0,
            people=tuple((role, tuple(names)) for role, names in people.items()),
            why=told.why,
            capture=_nearest(found, at) if found else None,
            source=self.source(proof),
            build=self.build(told),
        )

    def source(self, proof: told_of.Proof) -> str:
        """Give where the record of a file is shown."""
        if proof.warc_path is None or proof.record_offset is None:
            return ""
        found = capture_in(self.connection, self.site, proof.warc_path, proof.record_offset)
        return f"/{stamp_of(found.at)}/{found.url}" if found else ""

    def build(self, told: told_of.StateTold) -> str:
        """Give the command that builds the page of the day when it was published, with Jekyll.

        That is the day of its own date where it was committed before: until then it is not built.
        """
        if told.at is None:
            return ""
        day = max(told.at.date().isoformat(), (told.side.date or "")[:10] if told.side else "")
        words = ("jekyll-archive", "replay", told.proof.path, "--archive", str(self.place.archive))
        return shlex.join((*words, "--at", day, "--render"))


def _nearest(found: CaptureAt, at: datetime | None) -> Nearest:
    days = round((found.at - at).total_seconds() / 86_400) if at else 0
    return Nearest(at=found.at, href=f"/{stamp_of(found.at)}/{found.url}", days=days)


def _address(line: UrlLine) -> Address:
    return Address(
        url=line.url,
        periods=tuple((each.since_at, each.until_at) for each in line.periods),
        today=line.told_today,
    )
