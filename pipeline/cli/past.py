"""`history` and `diff`: one document through time."""

from typing import Annotated

import typer

from pipeline.cli.options import Archive, AsJson, Database, Site


def history(
    document: Annotated[
        str,
        typer.Argument(help="Any name that a document has or ever had: uid, path, URL, title."),
    ],
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """List every state of a document at all the paths that it had: when, by whom, its SHA-256."""
    from pipeline.cli.output import as_json
    from pipeline.cli.telling_past import tell_history
    from pipeline.jobs.lineage import history as job
    from pipeline.jobs.place import find_place

    found = job(find_place(archive, db, site), document)
    if json:
        as_json(found)
    else:
        tell_history(found)
