"""`replay`: see pages as they were, in the browser or on stdout."""

from contextlib import ExitStack
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Archive, present
from pipeline.cli.signing import Trusted

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.jobs.replay import Opened
    from pipeline.jobs.replay_document import Sought
    from pipeline.jobs.viewer import Viewer
    from pipeline.replay.message import Message


class By(Enum):
    """Who shows it."""

    PYWB = "pywb"
    REPLAYWEBPAGE = "replaywebpage"


When = Annotated[
    str | None,
    typer.Option("--at", help="The capture nearest to this day or time.", metavar="WHEN"),
]


def replay(
    what: Annotated[
        str | None,
        typer.Argument(
            help="An archive folder, a package (WACZ), a WARC file, or a document of --archive.",
            metavar="WHAT",
        ),
    ] = None,
    get: Annotated[
        str | None, typer.Option("--get", help="Write what was captured of it.", metavar="URL")
    ] = None,
    at: When = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="Leave a content coding such as gzip as it was.")
    ] = False,
    include: Annotated[
        bool, typer.Option("--include", "-i", help="Write status and header first.")
    ] = False,
    damaged: Annotated[
        bool,
        typer.Option("--damaged", help="Show what is in files that were changed since sealed."),
    ] = False,
    cache: Annotated[
        Path | None,
        typer.Option("--cache", help="Where indexes are kept. Default: the user's cache."),
    ] = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")
    ] = 8321,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the browser, or say where to look.")
    ] = True,
    scripts: Annotated[
        bool, typer.Option("--scripts/--no-scripts", help="Whether captured scripts may run.")
    ] = True,
    viewer: Annotated[
        By | None,
        typer.Option("--viewer", help="Show it with this one, which is not ours, if installed."),
    ] = None,
    trust: Trusted = None,
    archive: Archive = None,
) -> None:
    """Show captured pages in the browser, on this machine only, or write one with --get.

    The digest of each is computed again before it is shown; nothing is fetched from anywhere else.

    Exit code 0: done. 1: it is there and is not what was captured, so nothing is shown. 24: nothing
    of that URL is held. 50: the viewer is not installed. 51: the viewer does not take it.
    """
    from pipeline.cli.output import progress_bar, warn
    from pipeline.errors import UsageError
    from pipeline.jobs.keys import load_trust
    from pipeline.jobs.place import find_place
    from pipeline.jobs.replay import Wanted, open_replay
    from pipeline.jobs.replay import get as job
    from pipeline.jobs.replay_document import When, seek
    from pipeline.replay.moments import parse_moment

    if viewer and (get is not None or damaged or not scripts):
        raise UsageError("--viewer does not go with --get, --damaged or --no-scripts")
    by = _installed(viewer) if viewer else None
    if at and get is None and not (what and is_document(what, archive)):
        raise UsageError("--at goes with a document or with --get URL")
    wanted = Wanted(trust=load_trust(trust), cache=cache, damaged_too=damaged)
    begin = ""
    if what is None or is_document(what, archive):
        place = find_place(archive, None)
        path = place.archive
        if what is not None:
            begin = _begin(seek(place, what, When.of(at) if at else None))
    else:
        path = Path(what)
    with ExitStack() as stack:
        with progress_bar() as progress:
            opened = stack.enter_context(open_replay(path, wanted, progress))
        for note in opened.notes:
            warn(note)
        if get is not None:
            _write(job(opened, get, parse_moment(at) if at else None), raw, include)
        elif by:
            _view(by, opened, port, browser, begin)
        else:
            _serve(opened, port, browser, scripts, begin)


def is_document(what: str, archive: Path | None) -> bool:
    """Tell whether a word names a document: an archive is named beside it, or nothing lies here."""
    if archive is not None:
        return True
    return not what.endswith((".wacz", ".warc", ".gz", ".open")) and not Path(what).exists()


def _begin(sought: "Sought") -> str:
    """Give the address of the capture nearest to the moment, and tell how near that is."""
    from pipeline.cli.output import warn
    from pipeline.replay.moments import stamp_of

    nearest, moment = sought.nearest, sought.moment
    if not sought.stood:
        when = f"on {moment:%Y-%m-%d}" if moment else "today"
        warn(f"{sought.path} was not published {when}; it was at {sought.url} {sought.stay}")
    if moment is None:
        return nearest.url
    if days := abs((nearest.at - moment).days):
        order = "after" if nearest.at > moment else "before"
        warn(f"the nearest capture is of {nearest.at:%Y-%m-%d}, {days} days {order} that")
    return f"{stamp_of(nearest.at)}/{nearest.url}"


def _serve(opened: "Opened", port: int, browser: bool, scripts: bool, begin: str) -> None:
    """Serve until Ctrl-C, and say where and what."""
    from pipeline.jobs.replay_serving import serving

    told = "on this machine only; nothing is fetched from anywhere else; Ctrl-C ends it"
    with serving(opened, port, scripts=scripts) as server:
        _until_ended(opened, server.address + begin, browser, told, server.forever)


def _installed(viewer: By) -> "Viewer":
    """Take a viewer that is there, before anything is opened for it."""
    from pipeline.jobs.viewer import Viewer, installed

    by = Viewer(viewer.value)
    installed(by)
    return by


def _view(by: "Viewer", opened: "Opened", port: int, browser: bool, begin: str) -> None:
    """Have a viewer of others show it until Ctrl-C."""
    from pipeline.jobs.viewer import viewing

    told = f"by {by.value}, on this machine only; no digest is checked as it shows; Ctrl-C ends it"
    with viewing(by, opened.named, port, begin, present(None)) as running:
        _until_ended(opened, running.address, browser, told, running.forever)


def _until_ended(
    opened: "Opened", address: str, browser: bool, told: str, forever: "Callable[[], None]"
) -> None:
    """Say where it is shown and how, open the browser there, and wait for Ctrl-C."""
    import webbrowser

    from pipeline.cli.output import say_line, warn

    say_line(address)
    warn(f"{opened.named.title}: {opened.holding.survey.captures} captures, {opened.signed}")
    warn(told)
    if browser and not webbrowser.open(address):
        warn("no browser was found: open that address in one")
    try:
        forever()
    except KeyboardInterrupt:
        warn("ended")


def _write(message: "Message", raw: bool, include: bool) -> None:
    """Write a capture to stdout."""
    from pipeline.cli.output import as_bytes, say, warn

    body = message.body if raw else message.decoded()
    if body is None:
        warn("its content coding cannot be taken off; it is written as it was captured")
        body = message.body
    if include:
        for line in _head(message, len(body)):
            say(line)
    as_bytes(body)


def _head(message: "Message", size: int) -> list[str]:
    """Give the header of a capture, and what is known of it, a line each."""
    from pipeline.warc.dates import to_warc_date

    told = [f"HTTP/1.1 {message.status or 200}"]
    told += [f"{name}: {value}" for name, value in message.headers]
    told += [
        f"X-Archive-URL: {message.entry.url}",
        f"X-Archive-Date: {to_warc_date(message.date)}",
        f"X-Archive-Record: {message.record_id}",
        f"X-Archive-Size: {size}",
        f"X-Archive-Digest: {message.sha256}",
        "",
    ]
    return [" ".join(line.splitlines()) for line in told]
