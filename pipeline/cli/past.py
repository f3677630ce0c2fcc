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


def diff(
    document: Annotated[
        str,
        typer.Argument(help="Any name that a document has or ever had: uid, path, URL, title."),
    ],
    a: Annotated[
        str | None,
        typer.Argument(
            help="A day, a time, a commit, before:COMMIT or after:COMMIT. Default: its first state."
        ),
    ] = None,
    b: Annotated[
        str | None, typer.Argument(help="The same, for the other side. Default: its newest state.")
    ] = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="The source bytes, as a patch (diff -u).")
    ] = False,
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Tell what changed in one document, field by field and word by word, across its paths."""
    from pipeline.cli.output import as_bytes, as_json
    from pipeline.cli.telling_diff import tell_difference
    from pipeline.errors import UsageError
    from pipeline.jobs.diffing import diff as job
    from pipeline.jobs.diffing import diff_raw
    from pipeline.jobs.place import find_place

    if raw and json:
        raise UsageError("--raw is bytes and --json is not: choose one")
    place = find_place(archive, db, site)
    moments = [moment for moment in (a, b) if moment is not None]
    if raw:
        as_bytes(diff_raw(place, document, moments))
        return
    found = job(place, document, moments)
    if json:
        as_json(found)
    else:
        tell_difference(found)
