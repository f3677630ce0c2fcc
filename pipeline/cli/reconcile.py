"""`reconcile`: the rendered site held against its source."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import Archive, AsJson, Database, Site


def reconcile(
    render: Annotated[
        bool,
        typer.Option("--render", help="Build the commit again with Jekyll, and compare with that."),
    ] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Write a page that needs nothing else.", metavar="FILE"),
    ] = None,
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Tie each rendered page to its document, and say where the two differ, the worst first.

    Of every URL the newest capture is looked at. Pages without a source, documents without a page,
    text, titles, dates, people, links and images that are not the same, files and places that are
    missing. An earlier report is replaced by --html FILE, no other file ever.
    """
    from pipeline.cli.output import as_json, progress_bar, warn
    from pipeline.cli.telling_reconcile import tell_reconciliation
    from pipeline.jobs.place import find_place
    from pipeline.jobs.reconcile import reconcile as job

    if html is not None:
        from pipeline.jobs.report import refuse_foreign, write_reconciliation

        refuse_foreign(html)
    with progress_bar() as progress:
        found = job(find_place(archive, db, site), render=render, progress=progress)
    if html is not None:
        write_reconciliation(found, html)
        warn(f"written: {html}")
    if json:
        as_json(found)
    else:
        named = {"--archive": archive, "--db": db, "--site": site}
        chosen = [word for name, value in named.items() if value for word in (name, str(value))]
        words = [
            "jekyll-archive",
            "reconcile",
            *chosen,
            *(["--render"] if render else []),
            "--json",
        ]
        tell_reconciliation(found, shlex.join(words))
    raise typer.Exit(found.exit_code)
