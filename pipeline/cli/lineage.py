"""`lineage`: which paths were one document, why, and a person's word about it."""

from datetime import UTC, datetime
from pathlib import Path
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


@app.command("accept")
def accept(
    old: Old,
    new: New,
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Say that two paths held one document; it is told so at once, and by every later run.

    The line goes to lineage.txt in the archive folder, where it can be changed by hand.
    """
    _decide("accept", (old, new), (archive, db, site), json=json)


@app.command("refuse")
def refuse(
    old: Old,
    new: New,
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Say that two paths did not hold one document; it is told so at once, and by every later run.

    The line goes to lineage.txt in the archive folder, where it can be changed by hand.
    """
    _decide("refuse", (old, new), (archive, db, site), json=json)


def _decide(
    verdict: str,
    paths: tuple[str, str],
    where: tuple[Path | None, str | None, str | None],
    *,
    json: bool,
) -> None:
    from pipeline.cli.output import as_json, say_line, warn
    from pipeline.history.lineage.decisions import decision_line
    from pipeline.history.lineage.values import Verdict
    from pipeline.jobs.deciding import decide, decision_of
    from pipeline.jobs.place import find_place

    made = decision_of(Verdict(verdict), *paths)
    done = decide(find_place(*where), made, datetime.now(UTC))
    for finding in done.findings:
        warn(str(finding))
    if json:
        as_json(done)
        return
    say_line(f"{done.file}: {decision_line(done.decision)}")
    (before, now), (made_before, made_now) = done.documents, done.joins
    say_line(
        f"{now} documents (before: {before}), {made_now} joins (before: {made_before}); "
        f"{done.changed} rows changed"
    )
