"""`demo`: the main job on the sample site that comes with the package."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import AsJson, Clock, present
from pipeline.cli.output import progress_bar


def demo(
    archive: Annotated[Path, typer.Option("--archive", help="Where to write.")] = Path(
        "archives/sallow-quay"
    ),
    clock: Clock = None,
    json: AsJson = False,
) -> None:
    """Archive the sample site: source and rendered pages, catalogued, sealed and verified."""
    from pipeline.cli.summary import tell_summary
    from pipeline.jobs.demo import demo as job

    now = present(clock)
    with progress_bar() as progress:
        summary = job(archive, now, progress)
    tell_summary(summary, None, as_json=json)
    raise typer.Exit(summary.exit_code)
