"""Answer requests out of a holding: the server's own pages, and captured ones in their origins."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import parse_qs, quote, unquote

from pipeline.errors import NotFoundError, PipelineError, UsageError
from pipeline.replay import memento, policy
from pipeline.replay.answer import Answer, Fields, Request, moved, tailored
from pipeline.replay.errors import NotCapturedError, UntrueError
from pipeline.replay.finding import Found, find
from pipeline.replay.framing import Before, Framing
from pipeline.replay.holding import Holding
from pipeline.replay.message import Message
from pipeline.replay.moments import parse_moment, parse_stamp, stamp_of
from pipeline.replay.origins import Captured, Mapping, Origins
from pipeline.replay.picture import Pictures
from pipeline.replay.rendition import base_of, redirected, rendered
from pipeline.replay.views import Captures, Page, Pages, Problem
from pipeline.warc.cdxj import Entry

_DATED: Final = re.compile(r"/(?P<stamp>[0-9]{4,14})(?P<form>id_|mp_)?/(?P<url>.+)", re.DOTALL)
_NAMED: Final = re.compile(
    r"/(?P<what>timegate|timemap/link|captures|outside|(?:hop|picture)/[0-9]{14})/(?P<url>.+)",
    re.DOTALL,
)
_LED: Final = re.compile(
    r"/led/(?P<at>[0-9]{14})/(?P<source>[^/]+)/(?P<stamp>[0-9]{14})/(?P<url>.+)", re.DOTALL
)
DIGITS: Final = 14
SERIES: Final = "/series/"
_TEXT: Final = ("Content-Type", "text/plain; charset=utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayer:
    """Answers. `scripts`: what is captured may run its own."""

    holding: Holding
    origins: Origins
    pages: Pages
    framing: Framing
    pictures: Pictures
    scripts: bool = True

    def answer(self, request: Request) -> Answer:
        """Answer a request; whatever is asked, nothing is raised that a person should read."""
        host = request.said("host").lower()
        is_own = f"http://{host}" in self.origins.homes
        captured = None if is_own else self.origins.parse(host)
        if not is_own and captured is None:
            return _plain(421, "this server does not answer under that name")
        if request.method not in {"GET", "HEAD"}:
            return _plain(405, "nothing can be sent here", ("Allow", "GET, HEAD"))
        if request.said("service-worker"):
            return _plain(403, "an archived page may not install a service worker")
        try:
            made = self._captured(request, captured) if captured else self._own(request)
        except PipelineError as error:
            made = self._problem(request, error, captured is not None)
        return tailored(request, made)

    def _own(self, request: Request) -> Answer:
        path, _, query = request.target.partition("?")
        if path == "/":
            words = "".join(parse_qs(query).get("q", [""])[:1])
            return self._page(self.pages.start(self.framing.start(words)))
        if path.startswith(SERIES):
            view = self.framing.known.series_view(unquote(path.removeprefix(SERIES)))
            return self._page(self.pages.series(view))
        if path == "/go":
            return self._go(parse_qs(query))
        if found := _DATED.fullmatch(request.target):
            stamp, form, url = found.groups()
            at = parse_stamp_or_refuse(stamp)
            if form is None and len(stamp) < DIGITS:
                return moved(f"/{stamp_of(at)}/{url}")
            if form == "mp_" and self._leads_on(request):
                return moved(f"/hop/{stamp}/{url}")
            return self._dated(at, form or "", url)
        if found := _LED.fullmatch(request.target):
            at = parse_stamp_or_refuse(found["stamp"])
            return self._frame(
                at, found["url"], Before(at=found["at"], url=unquote(found["source"]))
            )
        if found := _NAMED.fullmatch(request.target):
            return self._named(request, found["what"], found["url"])
        if re.match(r"/https?://", path):
            return self._frame(None, request.target[1:])
        return self._page(self.framing.unknown(self.pages), status=404)

    def _go(self, asked: dict[str, list[str]]) -> Answer:
        """Lead to what a person typed."""
        url = "".join(asked.get("url", [""])[:1]).strip()
        day = "".join(asked.get("at", [""])[:1]).strip()
        if not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", url):
            url = f"https://{url}"
        stamp = f"{stamp_of(parse_moment(day))}/" if day else ""
        return moved(f"/{stamp}{url}") if stamp else self._frame(None, url)

    def _dated(self, at: datetime, form: str, url: str) -> Answer:
        if form == "id_":
            return self._raw(self.holding.read(self.holding.nearest(url, at)))
        if form == "mp_":
            return self._under_path(find(self.holding, url, at), url, at)
        return self._frame(at, url)

    def _named(self, request: Request, what: str, url: str) -> Answer:
        if what in {"timegate", "timemap/link"} and self.framing.about.made:
            raise NotCapturedError(url)
        if what == "timegate":
            said = request.said("accept-datetime")
            at = memento.parse_http_date(said)
            if said and at is None:
                return _plain(
                    400, "Accept-Datetime: that is no moment", ("Vary", "accept-datetime")
                )
            entry = find(self.holding, url, at).message.entry
            links = memento.fields(self.origins.home, entry, self.holding.captures(url))[1:]
            where = memento.address(self.origins.home, entry)
            return moved(where, ("Vary", "accept-datetime"), *links)
        if what == "outside":
            return self._page(self.framing.outside(self.pages, url), status=404, framed=True)
        if what.startswith("hop/"):
            stamp = what.removeprefix("hop/")
            src = Mapping(origins=self.origins, stamp=stamp).link(url)
            return self._page(self.pages.hop(src), framed=True, by_anyone=True)
        if what.startswith("picture/"):
            return self._picture(parse_stamp_or_refuse(what.removeprefix("picture/")), url)
        every = self.holding.captures(url)
        if not every:
            raise NotCapturedError(url)
        if what == "captures":
            others = self.framing.others(every, None)
            return self._page(self.pages.captures(Captures(url=url, every=others)))
        body = memento.time_map(self.origins.home, url, every).encode()
        return Answer(status=200, fields=(("Content-Type", "application/link-format"),), body=body)

    def _frame(self, at: datetime | None, url: str, before: Before | None = None) -> Answer:
        """Give the frame, at the address of exactly the capture that it is about."""
        found = find(self.holding, url, at)
        entry = found.message.entry
        if found.target:
            here = Before(at=entry.timestamp, url=entry.url)
            return moved(f"{here.address}/{entry.timestamp}/{found.target}")
        if at is None or stamp_of(at) != entry.timestamp or url.partition("#")[0] != entry.url:
            begin = before.address if before else ""
            return moved(f"{begin}/{entry.timestamp}/{entry.url}")
        return self._page(self.pages.frame(self.framing.frame(found, before)))

    def _raw(self, message: Message) -> Answer:
        kept = policy.passed(message, coded=True)
        every = self.holding.captures(message.entry.url)
        fields = (*kept, *policy.raw(), *self._memento(message.entry, every))
        return Answer(status=200, fields=fields, body=message.body, tag=message.sha256.hex)

    def _picture(self, at: datetime, url: str) -> Answer:
        """Give a page's own picture, as it was captured; the start page shows it small."""
        message = self.pictures.of(url, at)
        fields = (("Content-Type", message.media_type), *policy.raw())
        return Answer(status=200, fields=fields, body=message.body, tag=message.sha256.hex)

    def _under_path(self, found: Found, url: str, at: datetime) -> Answer:
        stamp, message = stamp_of(at), found.message
        entry = message.entry
        if _differs(entry, url):
            return moved(f"/{stamp}mp_/{entry.url}")
        mapping = Mapping(origins=self.origins, stamp=stamp, base=base_of(entry.url))
        fields = policy.under_path(self.origins, f"/{stamp}mp_/", scripts=self._may_run(found))
        links = self._memento(entry, self.holding.captures(entry.url))
        return _shown(found, mapping, (*fields, *links))

    def _captured(self, request: Request, captured: Captured) -> Answer:
        """Answer as a captured host; a page that is not in its frame yet is led there."""
        url = f"https://{captured.host}{request.target}"
        at = parse_stamp_or_refuse(captured.stamp) if captured.stamp else None
        stamp = captured.stamp or self.holding.nearest(url, None).timestamp
        home = self.origins.home
        if request.said("sec-fetch-dest") == "document":
            return moved(f"{home}/{stamp}/{url}")
        if self._leads_on(request):
            return moved(f"{home}/hop/{stamp}/{url}")
        found = find(self.holding, url, at)
        entry = found.message.entry
        mapping = Mapping(origins=self.origins, stamp=stamp)
        if _differs(entry, url):
            return moved(mapping.link(entry.url))
        fields = policy.inside(self.origins, scripts=self._may_run(found))
        return _shown(found, mapping, (*fields, *self._memento(entry, ())[:1]))

    def _memento(self, entry: Entry, every: Sequence[Entry]) -> Fields:
        """Give the fields of a memento; what was built today is no prior state (RFC 7089)."""
        is_made = bool(self.framing.about.made)
        return () if is_made else memento.fields(self.origins.home, entry, every)

    def _may_run(self, found: Found) -> bool:
        """Tell whether scripts may run; where none may, a browser follows no refresh either."""
        return self.scripts and not found.is_restless

    def _problem(self, request: Request, error: PipelineError, framed: bool) -> Answer:  # noqa: FBT001 - as it is called
        status = 400 if isinstance(error, UsageError) else 502
        status = 404 if isinstance(error, NotCapturedError | NotFoundError) else status
        if framed and not request.wants_document:
            return _plain(status, str(error), *policy.QUIET)
        title = "Not in this archive" if status == 404 else "Not shown"  # noqa: PLR2004 - HTTP
        led = _LED.fullmatch(request.target)
        url = led["url"] if led else request.target.lstrip("/")
        why = error.why if isinstance(error, UntrueError) else str(error)
        sentences = (why, "Nothing was fetched from anywhere else in its place.")
        view = Problem(title=title, sentences=sentences, url=url, framed=framed)
        return self._page(self.pages.problem(view), status=status, framed=True)

    def _leads_on(self, request: Request) -> bool:
        """Tell whether a page in a frame leads on, so that what is told of it has to follow.

        What the server's own pages load says so by its Referer, which no other page can forge.
        Without scripts no page of the server's own could tell the frame; it counts for itself.
        """
        is_framed = self.scripts and request.said("sec-fetch-dest") in {"iframe", "frame"}
        return is_framed and request.said("referer").rstrip("/") not in self.origins.homes

    def _page(
        self, page: Page, *, status: int = 200, framed: bool = False, by_anyone: bool = False
    ) -> Answer:
        ancestors = self.origins.homes if framed else ()
        if by_anyone:
            ancestors = (*self.origins.homes, self.origins.everyone)
        fields = policy.own(
            self.origins, styles=page.styles, scripts=page.scripts, ancestors=ancestors
        )
        return Answer(status=status, fields=fields, body=page.html.encode("utf-8", "replace"))


def parse_stamp_or_refuse(digits: str) -> datetime:
    """Read the digits of an address. Raises UsageError."""
    try:
        return parse_stamp(digits)
    except ValueError as error:
        raise UsageError(f"{digits}: these digits are no moment") from error


def _differs(entry: Entry, url: str) -> bool:
    """Tell whether a page was captured under another path, so that its own links would fail."""
    return _path(entry.url) != _path(url)


def _path(url: str) -> str:
    rest = url.partition("#")[0].partition("://")[2]
    return quote(rest[rest.find("/") :] if "/" in rest else "/", safe="/%?&=;:@!$'()*+,~-._")


def _shown(found: Found, mapping: Mapping, fields: Fields) -> Answer:
    if found.target:
        return redirected(found.target, found.message.status, mapping, fields)
    return rendered(found.message, mapping, fields)


def _plain(status: int, sentence: str, *fields: tuple[str, str]) -> Answer:
    return Answer(status=status, fields=(_TEXT, *fields), body=f"{sentence}\n".encode())
