"""`run`: the whole way from a source to a verified archive."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import AsJson, Database
from pipeline.cli.output import progress_bar


def run(
    source: Annotated[
        str,
        typer.Argument(
            help="A Jekyll folder, a git repository, a .bundle file, or an https/ssh URL."
        ),
    ],
    rev: Annotated[
        str | None, typer.Option("--rev", help="The commit to read. Default: the tip.")
    ] = None,
    rendered: Annotated[
        Path | None, typer.Option("--rendered", help="A rendered _site folder to capture with it.")
    ] = None,
    archive: Annotated[
        Path | None, typer.Option("--archive", help="Where to write. Default: archives/<site>.")
    ] = None,
    db: Database = None,
    history: Annotated[
        bool,
        typer.Option("--history", help="Keep every commit and every former state of every file."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and report; write nothing.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Read a site, put it into the catalogue and the archive, verify, and report."""
    from pipeline.cli.summary import tell_summary
    from pipeline.jobs.run import RunOptions
    from pipeline.jobs.run import run as job

    options = RunOptions(
        source=source,
        now=datetime.now(UTC).replace(microsecond=0),
        rev=rev,
        rendered=rendered,
        archive=archive,
        database=db,
        dry_run=dry_run,
        history=history,
    )
    with progress_bar() as progress:
        summary = job(options, progress)
    tell_summary(summary, db, as_json=json)
    raise typer.Exit(summary.exit_code)
