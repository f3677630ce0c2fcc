"""`evidence`: what proves one document, to hand on."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import Archive, AsJson, Clock, Database, Site, present


def evidence(
    document: Annotated[
        str, typer.Argument(help="Any name that it has or ever had: uid, path, URL, slug, title.")
    ],
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            help="A new folder, or a new file whose name ends with .zip. "
            "Default: evidence-UID, here.",
        ),
    ] = None,
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    clock: Clock = None,
    json: AsJson = False,
) -> None:
    """Put what proves a document into a folder with a page and a checker that need nothing else.

    The records of every version and captured page byte for byte, commits and trees that name them,
    manifests, signatures, events; check.py in it runs on bare Python.
    """
    from pipeline.cli.output import as_json, say, say_line, warn
    from pipeline.jobs.evidence import make_evidence
    from pipeline.jobs.place import find_place
    from pipeline.report.wording import times

    done = make_evidence(find_place(archive, db, site), document, to, present(clock))
    if done.missing:
        warn(f"{done.missing} states are not in the archive: the page says why")
    if json:
        as_json(done)
        return
    say_line(f"{done.title} ({done.document})")
    say(f"{done.path}: {done.files} files, {done.size} bytes")
    states, pages = times(done.states, "state"), times(done.pages, "rendered page")
    say(f"{states}, {pages}, {times(done.records, 'record')}")
    say("index.html says what is proved and what is not; `python3 check.py` checks it")
