"""`links`: where the internal links of every version led, and where they lead today."""

from typing import Annotated

import typer

from pipeline.cli.options import Archive, AsJson, Database, Site


def links(
    document: Annotated[
        str | None,
        typer.Argument(
            help="Any name that a document has or ever had: uid, path, URL, title.",
            show_default=False,
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", help="Only the links that stood then: a day, a time, or a commit."),
    ] = None,
    broken: Annotated[
        bool,
        typer.Option("--broken", help="Only those that led, or lead today, to nothing or astray."),
    ] = False,
    files: Annotated[
        bool, typer.Option("--files", help="Links to files, too: images, PDFs.")
    ] = False,
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """List internal links of every version: what each led to in its time, and leads to today.

    Then: fine, redirected or broken. Today: fine, redirected, taken over by another document,
    moved (the URL is gone, but what it meant is elsewhere) or broken.
    """
    from pipeline.cli.output import as_json
    from pipeline.cli.telling_urls import tell_links
    from pipeline.jobs.links import LinkChoice
    from pipeline.jobs.links import links as job
    from pipeline.jobs.place import find_place

    place = find_place(archive, db, site)
    found = job(place, LinkChoice(document=document, at=at, broken=broken, files=files))
    if json:
        as_json(found)
    else:
        tell_links(found)
