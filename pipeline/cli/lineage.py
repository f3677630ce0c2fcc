"""`lineage`: which paths were one document, why, and a person's word about it."""

from typing import Annotated

import typer

from pipeline.cli.naming import Naming
from pipeline.cli.options import Archive, AsJson, Database, Site

HELP = """\
Say which paths were one document over time, and why; confirm or refuse it.

`lineage DOCUMENT` is short for `lineage show DOCUMENT`, `lineage` alone for `lineage overview`.
"""

app = typer.Typer(help=HELP, cls=Naming, rich_markup_mode=None)

Old = Annotated[str, typer.Argument(help="The path that it had first.")]
New = Annotated[str, typer.Argument(help="The path that it had later.")]


@app.command("overview")
def overview(
    archive: Archive = None, db: Database = None, site: Site = None, json: AsJson = False
) -> None:
    """Count documents, moves and joins, and list the doubtful joins for a person to decide."""
    from pipeline.cli.output import as_json
    from pipeline.cli.telling_past import tell_overview
    from pipeline.jobs.lineage import overview as job
    from pipeline.jobs.place import find_place

    found = job(find_place(archive, db, site))
    if json:
        as_json(found)
    else:
        tell_overview(found, archive)


@app.command("show")
def show(
    document: Annotated[
        str, typer.Argument(help="Any name that it has or ever had: uid, path, URL, slug, title.")
    ],
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Say at which paths a document stood, when, why they are one, and what is related to it."""
    from pipeline.cli.output import as_json
    from pipeline.cli.telling_past import tell_line
    from pipeline.jobs.lineage import line_of
    from pipeline.jobs.place import find_place

    found = line_of(find_place(archive, db, site), document)
    if json:
        as_json(found)
    else:
        tell_line(found, archive)
