"""`render`: build a site as it stood, with the Jekyll that is installed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import AsJson, At


def render(
    source: Annotated[
        str,
        typer.Argument(help="A folder, git repository, .bundle file, URL, or an archive of ours."),
    ],
    to: Annotated[Path, typer.Option("--to", help="A new or empty folder.", metavar="FOLDER")],
    at: At = None,
    rev: Annotated[
        str | None, typer.Option("--rev", help="The commit to build. Default: the tip.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Build a site as it stood with real Jekyll, locked in, and tell what could not be built."""
    from pipeline.cli.output import as_json, progress_bar, say, tell_findings
    from pipeline.jobs.render import RenderOptions
    from pipeline.jobs.render import render as job

    options = RenderOptions(source=source, folder=to, now=datetime.now(UTC), at=at, rev=rev)
    with progress_bar() as progress:
        done = job(options, progress)
    if json:
        as_json(done)
        raise typer.Exit(done.exit_code)
    commit = f"commit {done.commit[:12]}, " if done.commit else ""
    plugins = ", ".join(done.plugins) or "no plugins"
    kept = done.confinement
    say(f"{commit}as on {done.moment:%Y-%m-%d %H:%M} UTC, by Jekyll {done.jekyll} with {plugins}")
    say(
        f"network {'cut off' if kept.network else 'OPEN'}, "
        f"other files {'closed off' if kept.files else 'OPEN'}, nothing of the tree executed"
    )
    say(
        f"{done.found} files to build: {done.built} built, {done.failed} failed, "
        f"{done.absent} absent; {done.added} more from plugins"
    )
    say(f"{done.files} files, {done.size} bytes, written to {done.folder}")
    tell_findings(done.findings, "the same command with --json")
    raise typer.Exit(done.exit_code)
