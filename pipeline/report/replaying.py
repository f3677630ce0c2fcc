"""The pages of the replay server: the frame around a capture, the start page, and what is amiss."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from itertools import groupby
from shlex import join
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

from pipeline.replay.series import SeriesView
from pipeline.replay.views import Captures, Frame, Page, Problem, Start, Worth
from pipeline.replay.volume import Standing
from pipeline.report import wording
from pipeline.report.environment import environment, styled

FOLDER: Final = "templates/replay"
WORTH: Final = {
    Worth.ANSWER: (
        "A web server gave this answer then, by the clock of whoever captured it; nobody else "
        "vouches for that clock unless a trusted time stamp is told below."
    ),
    Worth.FILE: (
        "No web server was asked: a file was put into the archive then. When it was on the web, "
        "this date does not say."
    ),
    Worth.MADE: (
        "It was made then, by building the site's source again; no web server ever gave these "
        "bytes, and what another version of Jekyll or of a plugin made of it cannot be told."
    ),
    Worth.AGAIN: "The same bytes were met again then, and so not kept a second time.",
}
PROVED: Final = "The digest {digest}, which the record gives, was computed again now, and holds."
UNPROVED: Final = "The record gives no digest that can be checked: nothing says if it was changed."
CHANGED: Final = "The file was changed after it was sealed: this agrees with itself only."
MADE_NOW: Final = "They were made now, so no digest of then could vouch for them: the commit can."
Months = Sequence[tuple[str, Sequence[tuple[str, int]]]]


class ReplayPages:
    """Writes them. The same values give the same text; nothing of a source becomes markup."""

    def frame(self, view: Frame) -> Page:
        """Write the frame around a capture."""
        state, words = _state(view)
        return _page(
            "frame",
            script="frame.js",
            view=view,
            state=state,
            state_words=words,
            worth=WORTH[view.worth],
            digest_words=_digest_words(view),
            sandbox=f"allow-same-origin{' allow-scripts allow-forms' if view.scripts else ''}",
        )

    def problem(self, view: Problem) -> Page:
        """Write why something is not shown."""
        return _page("problem", view=view)

    def captures(self, view: Captures) -> Page:
        """Write the list of captures of a URL."""
        return _page("captures", view=view)

    def start(self, view: Start) -> Page:
        """Write the start page."""
        verify = join(("jekyll-archive", "verify", view.path))
        return _page(
            "start",
            script="start.js",
            view=view,
            verify=verify,
            calendar=tuple(_calendar(view.days)),
        )

    def series(self, view: SeriesView) -> Page:
        """Write the page of a series."""
        return _page("series", view=view)

    def hop(self, src: str) -> Page:
        """Write the page by which a page leads its frame on; `src` is for a frame within it."""
        return _page("hop", script="hop.js", src=src)


def viewer_page() -> str:
    """Write the page in which ReplayWeb.page runs."""
    return _environment().get_template("replay/viewer.html").render()


def _digest_words(view: Frame) -> str:
    if view.made:
        return MADE_NOW
    return PROVED.format(digest=view.declared) if view.declared else UNPROVED


def _state(view: Frame) -> tuple[str, str]:
    """Say what the bytes are worth, in a word for the style and some for the reader."""
    if view.made:
        return "none", "not a capture: no digest of then"
    if view.standing is Standing.CHANGED:
        return "bad", CHANGED
    if not view.declared:
        return "none", "no digest to check"
    signed = ", signed by whom you trust" if view.trusted else ""
    return "good", f"digest holds{signed}"


def _calendar(days: Sequence[tuple[str, int]]) -> Iterator[tuple[str, Months]]:
    for year, of_year in groupby(days, key=lambda each: each[0][:4]):
        months = [
            (
                datetime(2000, int(month), 1).strftime("%B"),  # noqa: DTZ001 - only its name
                [(day[6:].lstrip("0"), count) for day, count in of_month],
            )
            for month, of_month in groupby(of_year, key=lambda each: each[0][4:6])
        ]
        yield year, months


def _page(name: str, script: str = "", **facts: object) -> Page:
    style = styled()["style"] + _file("replay.css")
    code = _file(script) if script else Markup("")
    template = _environment().get_template(f"replay/{name}.html")
    html = template.render(style=style, script=code, **facts)
    return Page(html=html, styles=_digest(style), scripts=_digest(code) if script else "")


@lru_cache(maxsize=8)
def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@lru_cache(maxsize=8)
def _file(name: str) -> Markup:
    text = (files(__package__) / FOLDER / name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - it is our own file


@lru_cache(maxsize=1)
def _environment() -> Environment:
    filters: dict[str, Callable[..., object]] = {
        "number": wording.number,
        "times": wording.times,
        "clock": wording.clock,
        "day": wording.day,
        "machine_time": wording.machine_time,
        "shortened": wording.shortened,
        "name": wording.name,  # asked for by a macro of the other pages
    }
    return environment(filters)
