"""`export`: give back what went in."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import (
    Archive,
    AsJson,
    At,
    Clock,
    Database,
    SignKey,
    Site,
    Timestamp,
    present,
)

app = typer.Typer(help="Give back what went in.", no_args_is_help=True, rich_markup_mode=None)


@app.command("jekyll")
def jekyll(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    at: At = None,
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Write the source files, byte for byte, of the newest snapshot or as they stood `--at`."""
    from pipeline.cli.output import as_json, say
    from pipeline.jobs.export import export_jekyll
    from pipeline.jobs.place import find_place

    done = export_jekyll(find_place(archive, db, site), folder, at)
    if json:
        as_json(done)
        return
    for path, why in done.missing:
        say(f"{path}: not given back: {why}")
    say(f"{done.files} files, {done.size} bytes, written to {done.folder}; every digest holds")


@app.command("jsonl")
def jsonl(archive: Archive = None, db: Database = None, site: Site = None) -> None:
    """Print every document with all that the catalogue knows, one JSON object a line."""
    from pipeline.cli.output import as_json_line
    from pipeline.jobs.export import export_jsonl
    from pipeline.jobs.place import find_place

    for line in export_jsonl(find_place(archive, db, site)):
        as_json_line(line)


@app.command("wacz")
def wacz(
    file: Annotated[Path, typer.Argument(help="A new file; its name ends with .wacz.")],
    sign: SignKey = None,
    timestamp: Timestamp = None,
    clock: Clock = None,
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Pack every sealed record, indexed, with the list of pages, for replay in a browser (WACZ)."""
    from pipeline.cli.output import as_json, say
    from pipeline.jobs.place import find_place
    from pipeline.jobs.signing import signer
    from pipeline.jobs.wacz import export_wacz

    by = signer(sign, timestamp)
    place = find_place(archive, db, site)
    done = export_wacz(place, file, present(clock), by.of_package if by else None)
    if json:
        as_json(done)
        return
    say(
        f"{done.path}: {done.size} bytes, {done.warc_files} WARC files, {done.records} records, "
        f"{done.captures} in the index, {done.pages} pages; checked, every digest holds"
    )
    say(f"datapackage {done.datapackage_sha256}{', signed' if done.signed else ', not signed'}")


@app.command("bagit")
def bagit(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    organization: Annotated[
        str | None,
        typer.Option("--organization", help="Who sends it, for bag-info.txt.", metavar="NAME"),
    ] = None,
    clock: Clock = None,
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Pack the archive folder as a bag (BagIt 1.0, RFC 8493), with PREMIS metadata."""
    from pipeline.cli.output import as_json, say
    from pipeline.jobs.bagit import export_bagit
    from pipeline.jobs.place import find_place

    done = export_bagit(find_place(archive, db, site), folder, present(clock), organization)
    if json:
        as_json(done)
        return
    say(f"{done.folder}: {done.files} files, {done.size} bytes; every digest holds")
    if not done.catalogue:
        say("the catalogue is a database elsewhere and not in the bag; the ledgers are")


@app.command("premis")
def premis(
    file: Annotated[Path, typer.Argument(help="A new file.")],
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Tell of the archive's files and events as PREMIS 3.0 XML."""
    from pipeline.cli.output import as_json, say
    from pipeline.jobs.place import find_place
    from pipeline.jobs.premis import export_premis

    done = export_premis(find_place(archive, db, site), file)
    if json:
        as_json(done)
    else:
        say(f"{done.path}: {done.objects} files, {done.events} events")
