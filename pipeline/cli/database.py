"""`db`: look after the catalogue's schema."""

import typer

from pipeline.cli.options import Archive, AsJson, Database

app = typer.Typer(
    help="Look after the catalogue's schema.", no_args_is_help=True, rich_markup_mode=None
)


@app.command("upgrade")
def upgrade(archive: Archive = None, db: Database = None, json: AsJson = False) -> None:
    """Bring a catalogue to the schema of this version; an empty database becomes one."""
    from pipeline.cli.output import as_json, say
    from pipeline.jobs.database import upgrade as job
    from pipeline.jobs.place import find_place

    schema = job(find_place(archive, db))
    if json:
        as_json(schema)
    elif schema.found == schema.wanted:
        say(f"{schema.database}: schema {schema.wanted}, nothing to do")
    else:
        say(f"{schema.database}: from schema {schema.found or 'none'} to {schema.wanted}")


@app.command("current")
def current(archive: Archive = None, db: Database = None, json: AsJson = False) -> None:
    """Say which schema a catalogue has, and which this version wants."""
    from pipeline.cli.output import as_json, say
    from pipeline.jobs.database import current as job
    from pipeline.jobs.place import find_place

    schema = job(find_place(archive, db))
    if json:
        as_json(schema)
    else:
        say(f"{schema.database}: schema {schema.found or 'none'}, this version has {schema.wanted}")


@app.command("check")
def check(archive: Archive = None, db: Database = None, json: AsJson = False) -> None:
    """Compare the tables of a catalogue with those of this version. Exit code 1: they differ."""
    from pipeline.cli.output import as_json, say
    from pipeline.jobs.database import check as job
    from pipeline.jobs.place import find_place

    schema = job(find_place(archive, db))
    if json:
        as_json(schema)
    else:
        for difference in schema.differences:
            say(difference)
        say(f"{schema.database}: schema {schema.found}, {len(schema.differences)} differences")
    raise typer.Exit(1 if schema.differences else 0)
