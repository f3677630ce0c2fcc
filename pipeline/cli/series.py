"""`series`: what was published together, then and now."""

from typing import Annotated

import typer

from pipeline.cli.naming import Naming
from pipeline.cli.options import Archive, AsJson, Database, Site

HELP = """\
Say what was published together: a landing document and the documents that it leads to.

`series` alone is `series list`, `series NAME` is `series show NAME`.
"""

app = typer.Typer(help=HELP, cls=Naming, rich_markup_mode=None)


@app.command("list")
def list_series(
    archive: Archive = None, db: Database = None, site: Site = None, json: AsJson = False
) -> None:
    """List the series that the site names in jekyll-archive.toml, and those that were found."""
    from pipeline.cli.output import as_json
    from pipeline.cli.telling_series import tell_list
    from pipeline.jobs.place import find_place
    from pipeline.jobs.series import list_series as job

    found = job(find_place(archive, db, site))
    if json:
        as_json(found)
    else:
        tell_list(found)


@app.command("show")
def show(
    name: Annotated[
        str, typer.Argument(help="A part of its name, of a title or path in it, or of its text.")
    ],
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Show each document of a series as first published and as it is now, with its evidence."""
    from pipeline.cli.output import as_json
    from pipeline.cli.telling_series import tell_series
    from pipeline.jobs.place import find_place
    from pipeline.jobs.series import show_series

    found = show_series(find_place(archive, db, site), name)
    if json:
        as_json(found)
    else:
        tell_series(found)
