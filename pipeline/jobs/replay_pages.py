"""What is known of an archive's pages beyond their captures: titles, texts, collections."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Final

from pipeline.errors import DatabaseError, NotFoundError, UsageError
from pipeline.jobs.ask import asked, documents
from pipeline.jobs.place import Place
from pipeline.jobs.replay_series import series_marks, series_view
from pipeline.replay.holding import Holding
from pipeline.replay.moments import parse_stamp, stamp_of
from pipeline.replay.opening import Named
from pipeline.replay.series import SeriesMark, SeriesView
from pipeline.replay.survey import host_of
from pipeline.replay.views import Listed
from pipeline.store.captured import captured_pages
from pipeline.store.search import fold

PAGES_MOST: Final = 50_000
TEXT_MOST: Final = 20_000
LINE_MOST: Final = 1 << 20
AROUND: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    listed: Listed
    text: str


class Known:
    """The pages of what is open, read when they are asked for. `place` is of an archive folder."""

    def __init__(self, named: Named, holding: Holding, place: Place | None) -> None:
        self._named, self._holding, self._place = named, holding, place
        self._told: dict[str, SeriesView] = {}

    def listed(self) -> Sequence[Listed]:
        """Give all pages, those of a group together."""
        return [each.listed for each in self._pages]

    def search(self, words: str) -> Sequence[Listed]:
        """Find pages that have all the words, those that have them in the title first."""
        wanted = fold(words).split()
        found: list[tuple[bool, int, Listed]] = []
        for number, each in enumerate(self._pages):
            title = fold(f"{each.listed.title} {each.listed.url}")
            text = fold(each.text)
            if wanted and all(word in title or word in text for word in wanted):
                in_title = all(word in title for word in wanted)
                snippet = _around(each.text, text, wanted)
                found.append((not in_title, number, replace(each.listed, snippet=snippet)))
        return [listed for _, _, listed in sorted(found, key=lambda each: each[:2])]

    def series(self) -> Sequence[SeriesMark]:
        """List what was published together, nothing where no catalogue can tell."""
        return self._series

    def series_view(self, name: str) -> SeriesView:
        """Tell of one of them. Raises NotFoundError, UsageError and what a catalogue raises."""
        if self._place is None:
            raise NotFoundError("series", name, "only an archive folder has a catalogue that tells")
        if name not in self._told:
            self._told[name] = series_view(self._place, name)
        return self._told[name]

    @cached_property
    def _series(self) -> tuple[SeriesMark, ...]:
        try:
            return () if self._place is None else series_marks(self._place)
        except (DatabaseError, NotFoundError, UsageError):
            return ()  # without a history there are none; what is damaged is told by `verify`

    @cached_property
    def _pages(self) -> tuple[_Known, ...]:
        every = tuple(self._catalogued()) or tuple(self._packed()) or tuple(self._surveyed())
        key = [(each.listed.group, each.listed.url, each.listed.at) for each in every]
        return tuple(every[i] for i in sorted(range(len(every)), key=key.__getitem__))

    def _catalogued(self) -> Iterator[_Known]:
        """Read the catalogue; what it cannot tell is told by the captures alone."""
        if self._place is None:
            return
        try:
            with asked(self._place) as (connection, site):
                groups = {each.url: each.collection or "" for each in documents(connection, site)}
                for page in captured_pages(connection, site):
                    group = groups.get(page.path, "")
                    yield _known(page.url, page.at, page.title or "", group, page.text or "")
        except (DatabaseError, NotFoundError, UsageError):
            return

    def _packed(self) -> Iterator[_Known]:
        """Read the list of pages in a package."""
        for line in self._named.pages.split(b"\n")[:PAGES_MOST]:
            try:
                said = json.loads(line) if 0 < len(line) < LINE_MOST else None
                if not isinstance(said, dict) or not isinstance(said.get("url"), str):
                    continue
                at = datetime.fromisoformat(str(said.get("ts", ""))).astimezone(UTC)
            except (ValueError, OverflowError, RecursionError):
                continue  # told by `verify`
            title, text = str(said.get("title") or ""), str(said.get("text") or "")
            yield _known(said["url"], at, title, host_of(said["url"]), text)

    def _surveyed(self) -> Iterator[_Known]:
        for url, stamp in self._holding.survey.pages:
            yield _known(url, parse_stamp(stamp), "", host_of(url), "")


def _known(url: str, at: datetime, title: str, group: str, text: str) -> _Known:
    href = f"/{stamp_of(at)}/{url}"
    listed = Listed(url=url, at=at, href=href, title=title[:500], group=group)
    return _Known(listed=listed, text=text[:TEXT_MOST])


def _around(text: str, folded: str, wanted: Sequence[str]) -> str:
    """Give what stands around the first word; folding moves it by little."""
    at = min((folded.find(word) for word in wanted if word in folded), default=-1)
    if at < 0:
        return ""
    start, end = max(0, at - AROUND), at + 2 * AROUND
    words = text[start:end].split()
    if start and len(words) > 1:
        words[0] = "…"
    if end < len(text) and len(words) > 1:
        words[-1] = "…"
    return " ".join(words)
