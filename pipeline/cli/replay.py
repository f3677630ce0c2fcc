"""`replay`: see pages as they were, in the browser or on stdout."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Archive
from pipeline.cli.signing import Trusted

if TYPE_CHECKING:
    from pipeline.replay.message import Message

When = Annotated[
    str | None,
    typer.Option("--at", help="The capture nearest to this day or time.", metavar="WHEN"),
]


def replay(
    what: Annotated[
        Path | None,
        typer.Argument(help="An archive folder, a package (WACZ) or a WARC file.", metavar="WHAT"),
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
    trust: Trusted = None,
    archive: Archive = None,
) -> None:
    """Write a page as it was captured, its digest checked first.

    Exit code 0: written. 1: it is there and is not what was captured, so nothing is written. 24:
    nothing of that URL is held.
    """
    from pipeline.cli.output import as_bytes, progress_bar, say, warn
    from pipeline.errors import UsageError
    from pipeline.jobs.keys import load_trust
    from pipeline.jobs.place import find_place
    from pipeline.jobs.replay import Wanted, open_replay
    from pipeline.jobs.replay import get as job
    from pipeline.replay.moments import parse_moment

    if get is None:
        raise UsageError("say which URL: --get URL")
    moment = parse_moment(at) if at else None
    wanted = Wanted(trust=load_trust(trust), cache=cache, damaged_too=damaged)
    with progress_bar() as progress:
        path = what or find_place(archive, None).archive
        with open_replay(path, wanted, progress) as opened:
            for note in opened.notes:
                warn(note)
            message = job(opened, get, moment)
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
