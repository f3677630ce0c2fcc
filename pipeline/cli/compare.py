"""`compare`: the fidelity report of a migration."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import Archive, AsJson, Database, Site

MOMENT = "a commit (7 digits or more), a day, a time, before:COMMIT or after:COMMIT."


def compare(
    before: Annotated[str, typer.Argument(metavar="A", help=f"The older moment: {MOMENT}")],
    after: Annotated[str, typer.Argument(metavar="B", help="The newer moment, likewise.")],
    collection: Annotated[
        str | None,
        typer.Option("--collection", help="Only what is or was in this collection.", metavar="C"),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Write a page that needs nothing else.", metavar="FILE"),
    ] = None,
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Say what became of every document between two moments, the worst losses first.

    `before:COMMIT` is the tree of the commit's first parent, `after:COMMIT` its own; commits of
    side lines can be compared, too. Documents are paired by lineage. Losses are what this command
    is for, so they do not change its exit code: 0 says that both moments were read and compared.
    An earlier report is replaced by --html FILE, no other file ever.
    """
    from pipeline.cli.output import as_json, warn
    from pipeline.cli.telling_losses import tell_comparison
    from pipeline.jobs.compare import compare as job
    from pipeline.jobs.place import find_place

    if html is not None:
        from pipeline.jobs.report import refuse_foreign, write_page

        refuse_foreign(html)
    found = job(find_place(archive, db, site), before, after, collection)
    if html is not None:
        write_page(found, html)
        warn(f"written: {html}")
    if json:
        as_json(found)
    else:
        tell_comparison(found)
