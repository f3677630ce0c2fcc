"""`replay`: see pages as they were, in the browser or on stdout."""

import signal
from contextlib import ExitStack, contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Archive, present
from pipeline.cli.signing import Trusted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.jobs.replay import Opened
    from pipeline.jobs.replay_choosing import Chosen
    from pipeline.jobs.viewer import Viewer


class By(Enum):
    """Who shows it."""

    PYWB = "pywb"
    REPLAYWEBPAGE = "replaywebpage"


When = Annotated[
    str | None,
    typer.Option("--at", help="The capture nearest to this day, time or commit.", metavar="WHEN"),
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
    series: Annotated[
        str | None,
        typer.Option("--series", help="What was published together: then and now.", metavar="NAME"),
    ] = None,
    render: Annotated[
        bool, typer.Option("--render", help="Build the site of that day now, with Jekyll.")
    ] = False,
    source: Annotated[
        str | None,
        typer.Option("--source", help="What --render builds. Default: what the archive holds."),
    ] = None,
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
    What --render shows is no capture, and says so on every page: Jekyll builds it, locked in.

    Exit code 0: done. 1: it is there and is not what was captured, so nothing is shown. 24: nothing
    of that URL is held, or no such document. 40: --render, and Jekyll is not installed. 50: the
    viewer is not installed. 51: the viewer does not take it.
    """
    from pipeline.cli.output import progress_bar, warn
    from pipeline.cli.telling_replay import write_capture
    from pipeline.errors import UsageError
    from pipeline.jobs.keys import load_trust
    from pipeline.jobs.replay import Wanted
    from pipeline.jobs.replay import get as job
    from pipeline.jobs.replay_choosing import Choice, choose
    from pipeline.replay.moments import parse_moment

    if viewer and (get is not None or damaged or render or not scripts):
        raise UsageError("--viewer does not go with --get, --damaged, --render or --no-scripts")
    by = _installed(viewer) if viewer else None
    choice = Choice(
        what=what,
        archive=archive,
        at=at,
        render=render,
        source=source,
        now=present(None),
        series=series,
    )
    if series is not None and (get is not None or by):
        raise UsageError("--series is a page of our own: it does not go with --get or --viewer")
    if at and series is None and get is None and choice.document is None and not render:
        raise UsageError("--at goes with a document, with --get URL, or with --render")
    if get is not None and render:
        raise UsageError("--get writes what was captured; `render` writes what Jekyll builds")
    wanted = Wanted(trust=load_trust(trust), cache=cache, damaged_too=damaged)
    with ExitStack() as stack:
        stack.enter_context(_ended_by_term())
        with progress_bar() as progress:
            chosen = stack.enter_context(choose(choice, wanted, progress))
        for note in filter(None, (*chosen.remarks, chosen.opened.made, *chosen.opened.notes)):
            warn(note)
        if get is not None:
            moment = parse_moment(at) if at else None
            write_capture(job(chosen.opened, get, moment), raw=raw, include=include)
        elif by:
            _view(by, chosen, port, browser)
        else:
            _serve(chosen, port, browser, scripts)


def _serve(chosen: "Chosen", port: int, browser: bool, scripts: bool) -> None:
    """Serve until Ctrl-C, and say where and what."""
    from pipeline.jobs.replay_serving import serving

    told = "on this machine only; nothing is fetched from anywhere else; Ctrl-C ends it"
    with serving(chosen.opened, port, scripts=scripts, now=present(None)) as server:
        address = server.address + chosen.begin
        _until_ended(chosen.opened, address, browser, told, server.forever)


def _installed(viewer: By) -> "Viewer":
    """Take a viewer that is there, before anything is opened for it."""
    from pipeline.jobs.viewer import Viewer, installed

    by = Viewer(viewer.value)
    installed(by)
    return by


def _view(by: "Viewer", chosen: "Chosen", port: int, browser: bool) -> None:
    """Have a viewer of others show it until Ctrl-C."""
    from pipeline.jobs.viewer import viewing

    told = f"by {by.value}, on this machine only; no digest is checked as it shows; Ctrl-C ends it"
    with viewing(by, chosen.opened.named, port, chosen.begin, present(None)) as running:
        _until_ended(chosen.opened, running.address, browser, told, running.forever)


def _until_ended(
    opened: "Opened", address: str, browser: bool, told: str, forever: "Callable[[], None]"
) -> None:
    """Say where it is shown and how, open the browser there, and wait for Ctrl-C."""
    from threading import Thread

    from pipeline.cli.output import warn
    from pipeline.cli.telling_replay import tell_address

    tell_address(opened, address, told)
    try:
        if browser:
            # Beside serving: a browser of the terminal returns when it is left.
            Thread(target=_open_browser, args=(address,), daemon=True).start()
        forever()
    except KeyboardInterrupt:
        warn("ended")


@contextmanager
def _ended_by_term() -> "Iterator[None]":
    """Take SIGTERM as Ctrl-C, so that scratch folders and other programs' servers end with us."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _open_browser(address: str) -> None:
    import webbrowser

    from pipeline.cli.output import warn

    if not webbrowser.open(address):
        warn("no browser was found: open that address in one")
