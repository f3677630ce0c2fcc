"""`verify`: is it all still there, and is it what it was?"""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import AsJson, Database, Site


def verify(
    path: Annotated[
        Path, typer.Argument(help="An archive folder, its catalogue, a WARC or WACZ file.")
    ],
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Re-read every byte against manifests, digests, git's ids and the catalogue; write nothing.

    Exit code 0: clean. 1: damage. 3: something could not be checked.
    """
    from pipeline.cli.output import as_json, plain
    from pipeline.cli.verdict import tell_verdict
    from pipeline.jobs.verify import verify as job

    report = job(path, db, site)
    if json:
        levels = {
            level.value: plain(looked) | {"verdict": looked.verdict.value}
            for level, looked in report.levels.items()
        }
        as_json({"place": report.place, "verdict": report.verdict.value, "levels": levels})
    else:
        tell_verdict(report)
    raise typer.Exit(report.exit_code)
