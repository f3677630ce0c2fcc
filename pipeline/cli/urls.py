"""`urls`: where everything was ever published, and what has become of it."""

from typing import Annotated

import typer

from pipeline.cli.options import Archive, AsJson, Database, Site


def urls(
    document: Annotated[
        str | None,
        typer.Argument(
            help="Any name that a document has or ever had: uid, path, URL, title.",
            show_default=False,
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", help="Only what was published then: a day, a time, or a commit."),
    ] = None,
    gone: Annotated[
        bool,
        typer.Option("--gone", help="Only the broken promises; those that stood longest first."),
    ] = False,
    files: Annotated[
        bool, typer.Option("--files", help="Files that are no documents, too: images, PDFs.")
    ] = False,
    suggest: Annotated[
        bool,
        typer.Option(
            "--suggest-redirects",
            help="Write a patch for `git apply` that adds the missing `redirect_from` lines.",
        ),
    ] = False,
    audit: Annotated[
        bool,
        typer.Option(
            "--audit",
            help="What is wrong with the redirects of today: onto themselves, in circles, hidden, "
            "claimed twice; two files at one place.",
        ),
    ] = False,
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """List every URL at which something was ever published, since when, and what it is today.

    Today a URL is served by the same document, redirected, taken over by another one, or gone.
    """
    from pipeline.cli.output import as_bytes, as_json, say_line
    from pipeline.cli.telling_urls import tell_suggested, tell_urls
    from pipeline.errors import UsageError
    from pipeline.jobs.place import find_place
    from pipeline.jobs.suggesting import suggestions
    from pipeline.jobs.urls import Choice
    from pipeline.jobs.urls import audit as find_faults
    from pipeline.jobs.urls import urls as job

    if audit and (document or at or gone or files or suggest):
        raise UsageError("--audit is about the whole site of today: leave the other options out")
    place = find_place(archive, db, site)
    choice = Choice(document=document, at=at, gone=gone, files=files)
    if audit:
        found = find_faults(place)
        if json:
            as_json(found)
        for finding in () if json else found:
            say_line(str(finding))
    elif suggest:
        suggested = suggestions(place, choice)
        if json:
            as_json({"files": suggested.files, "remarks": suggested.remarks})
        else:
            as_bytes(suggested.patch)
            tell_suggested(suggested)
    elif json:
        as_json(job(place, choice))
    else:
        tell_urls(job(place, choice), by_document=not gone)
