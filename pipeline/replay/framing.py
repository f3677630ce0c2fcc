"""Gather what the server's own pages tell of a capture and of the archive as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from pipeline.errors import PipelineError
from pipeline.replay.finding import Found, find
from pipeline.replay.holding import Holding, moment
from pipeline.replay.leading import is_page
from pipeline.replay.moments import parse_stamp
from pipeline.replay.origins import Origins
from pipeline.replay.survey import host_of
from pipeline.replay.views import (
    Frame,
    Led,
    Other,
    Page,
    Pages,
    Problem,
    Shelfmarks,
    Start,
    Worth,
)
from pipeline.warc.cdxj import Entry
from pipeline.warc.record import RecordType
from pipeline.warc.surt import searchable

OTHERS_MOST: Final = 60
LISTED_MOST: Final = 1_000
FOUND_MOST: Final = 100
_WORTH: Final = {RecordType.RESPONSE: Worth.ANSWER, RecordType.REVISIT: Worth.AGAIN}


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is said of an archive on every page; `made`, where what is shown is no captures.

    `fixity` says when it was last verified as a whole, `is_fixed` whether that is good.
    """

    title: str
    kind: str
    path: str
    signed: str
    trusted: bool
    notes: tuple[str, ...]
    made: str = ""
    fixity: str = ""
    is_fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The capture that led to another, as an address names it: timestamp and URL."""

    at: str
    url: str

    @property
    def address(self) -> str:
        """How the address of a frame begins that tells of it."""
        return f"/led/{self.at}/{quote(self.url, safe='', errors='surrogateescape')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """Gathers it. `scripts`: what is captured may run its own."""

    about: About
    holding: Holding
    origins: Origins
    known: Shelfmarks
    scripts: bool = True

    def frame(self, found: Found, before: Before | None = None) -> Frame:
        """Gather the frame around a capture."""
        message = found.message
        entry = message.entry
        every = self.holding.captures(entry.url)
        original = message.original
        return Frame(
            url=entry.url,
            at=message.date,
            asked=None,
            title=self.about.title,
            src=self._src(entry),
            raw=f"/{entry.timestamp}id_/{entry.url}",
            captures=f"/captures/{entry.url}",
            worth=Worth.MADE if self.about.made else _WORTH.get(message.type, Worth.FILE),
            made=self.about.made,
            since=moment(original) if original else None,
            status=message.status,
            media_type=message.media_type,
            size=len(message.body),
            declared=message.declared,
            sha256=str(message.sha256),
            standing=self.holding.standing(entry),
            signed=self.about.signed,
            trusted=self.about.trusted,
            truncated=message.truncated,
            others=self.others(_around(every, entry), entry),
            count=len(every),
            scripts=self.scripts and not found.is_restless,
            is_restless=found.is_restless,
            led=self._led(before, entry) if before else None,
            record_id=message.record_id,
            notes=self.about.notes,
        )

    def others(self, every: Sequence[Entry], this: Entry | None) -> tuple[Other, ...]:
        """Give links to captures."""
        return tuple(
            Other(at=moment(each), href=f"/{each.timestamp}/{each.url}", is_this=each == this)
            for each in every
        )

    def start(self, words: str) -> Start:
        """Gather the start page."""
        survey, listed = self.holding.survey, self.known.listed()
        found = tuple(self.known.search(words)[:FOUND_MOST]) if words.strip() else None
        return Start(
            title=self.about.title,
            kind=self.about.kind,
            path=self.about.path,
            signed=self.about.signed,
            trusted=self.about.trusted,
            notes=self.about.notes,
            made=self.about.made,
            fixity=self.about.fixity,
            is_fixed=self.about.is_fixed,
            records=survey.records,
            captures=survey.captures,
            revisits=survey.revisits,
            answers=survey.answers,
            days=survey.days,
            hosts=survey.hosts,
            pages=tuple(listed[:LISTED_MOST]),
            more=max(0, len(listed) - LISTED_MOST),
            series=tuple(self.known.series()),
            words=words,
            found=found,
        )

    def outside(self, pages: Pages, url: str) -> Page:
        """Say that a link leads out of the archive."""
        sentences = (
            "A link of the captured page leads here, and nothing of this host was captured.",
            "It was not fetched: whatever is there today is not what was there then.",
        )
        view = Problem(title="Outside the archive", sentences=sentences, url=url, framed=True)
        return pages.problem(view)

    def unknown(self, pages: Pages) -> Page:
        """Say that an address of this server is none."""
        sentences = ("This server has no such page.",)
        return pages.problem(
            Problem(title="No such page", sentences=sentences, url="", framed=False)
        )

    def _led(self, before: Before, entry: Entry) -> Led | None:
        """Say what led here, if it does: an address is easily written."""
        try:
            found = find(self.holding, before.url, parse_stamp(before.at))
        except (PipelineError, ValueError):
            return None
        this = found.message.entry
        if this.timestamp != before.at or searchable(found.target) != entry.key:
            return None
        status = None if is_page(found.message) else found.message.status
        raw = f"/{this.timestamp}id_/{this.url}"
        return Led(url=this.url, at=moment(this), status=status, raw=raw)

    def _src(self, entry: Entry) -> str:
        """Give where a capture is shown: in its origin, else under a path, else as it is."""
        host = host_of(entry.url)
        if not host:
            return f"/{entry.timestamp}id_/{entry.url}"
        origin = self.origins.origin(host, entry.timestamp)
        if origin is None:
            return f"/{entry.timestamp}mp_/{entry.url}"
        rest = entry.url.partition("://")[2]
        path = rest[len(rest.partition("/")[0].partition("?")[0]) :]
        return f"{origin}{path if path.startswith('/') else f'/{path}'}"


def _around(every: Sequence[Entry], entry: Entry) -> Sequence[Entry]:
    """Choose the captures near one, where there are many."""
    if len(every) <= OTHERS_MOST or entry not in every:
        return every[-OTHERS_MOST:]
    before = max(0, every.index(entry) - OTHERS_MOST // 2)
    at = min(before, len(every) - OTHERS_MOST)
    return every[at : at + OTHERS_MOST]
