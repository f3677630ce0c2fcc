"""`crawl`: capture a live site as a WARC file or a package."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import AllowLoopback, AsJson, Delay, MaxUrls

_MEBI = 1024 * 1024


def crawl(
    urls: Annotated[list[str], typer.Argument(help="Where to begin; the scope is its folder.")],
    to: Annotated[
        Path, typer.Option("--to", help="A new file, .warc.gz or .wacz.", metavar="FILE")
    ],
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", help="URLs never asked for, with * and ?.", metavar="PATTERN"),
    ] = None,
    delay: Delay = 1.0,
    depth: Annotated[int, typer.Option("--depth", min=0, help="Links away from the start.")] = 30,
    max_urls: MaxUrls = 10_000,
    max_bytes: Annotated[
        int, typer.Option("--max-bytes", min=1, help="Bytes taken, all answers together.")
    ] = 800 * _MEBI,
    max_file_bytes: Annotated[
        int, typer.Option("--max-file-bytes", min=1, help="Bytes taken of one answer.")
    ] = 100 * _MEBI,
    max_seconds: Annotated[
        float, typer.Option("--max-seconds", min=1, help="Time that the crawl may take.")
    ] = 6 * 3600,
    max_alike: Annotated[
        int,
        typer.Option("--max-alike", min=1, help="URLs that differ in digits or query alone."),
    ] = 500,
    agent: Annotated[
        str | None,
        typer.Option("--user-agent", help="What we call ourselves; robots.txt goes by its name."),
    ] = None,
    port: Annotated[
        list[int] | None,
        typer.Option("--port", min=1, max=65535, help="A port to ask, beside 80 and 443."),
    ] = None,
    allow_loopback: AllowLoopback = False,
    json: AsJson = False,
) -> None:
    """Capture a live site: requests and responses as they went by, politely, then verify the file.

    Interrupted, the same command goes on where it was; nothing is asked for twice.
    """
    from pipeline.cli.output import progress_bar
    from pipeline.cli.telling_crawl import tell_crawl
    from pipeline.jobs.crawl import crawl as job
    from pipeline.jobs.crawl_plan import Asked, plan_of
    from pipeline.sources.crawl.plan import Bounds

    bounds = Bounds(
        pages=max_urls,
        bytes=max_bytes,
        file_bytes=max_file_bytes,
        depth=depth,
        seconds=max_seconds,
        alike=max_alike,
    )
    asked = Asked(
        urls=tuple(urls),
        exclude=tuple(exclude or ()),
        delay=delay,
        ports=tuple(port or ()),
        loopback=allow_loopback,
        agent=agent,
    )
    plan = plan_of(asked, bounds)
    with progress_bar() as progress:
        done = job(plan, to, progress=progress)
    tell_crawl(done, as_json=json)
    raise typer.Exit(done.exit_code)
