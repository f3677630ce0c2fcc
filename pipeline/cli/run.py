"""`run`: the whole way from a source to a verified archive; `import`: only the catalogue."""

import gc
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import AsJson, Database, SignKey, Timestamp
from pipeline.cli.output import progress_bar

if TYPE_CHECKING:
    from pipeline.audit.report import Report
    from pipeline.jobs.run import RunOptions
    from pipeline.jobs.signing import Signed, Signer

Source = Annotated[
    str,
    typer.Argument(help="A Jekyll folder, a git repository, a .bundle file, or an https/ssh URL."),
]
Rev = Annotated[str | None, typer.Option("--rev", help="The commit to read. Default: the tip.")]
Target = Annotated[
    Path | None, typer.Option("--archive", help="Where to write. Default: archives/<site>.")
]
Rendered = Annotated[
    Path | None,
    typer.Option("--rendered", help="The rendered site with it: a _site folder, WARC or WACZ."),
]
NoHistory = Annotated[
    bool, typer.Option("--no-history", help="Read the newest state alone, not its history.")
]
AllRefs = Annotated[
    bool, typer.Option("--all-refs", help="Read the history of every branch and tag.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Read and report; write nothing.")]


def run(
    source: Source,
    rev: Rev = None,
    rendered: Rendered = None,
    archive: Target = None,
    db: Database = None,
    no_history: NoHistory = False,
    all_refs: AllRefs = False,
    sign: SignKey = None,
    timestamp: Timestamp = None,
    dry_run: DryRun = False,
    json: AsJson = False,
) -> None:
    """Read a site and its whole history, catalogue and archive it, verify, and report.

    `--sign` then does what the command `sign` does, if it verifies.
    """
    _look_for_cycles_rarely(rendered)
    from pipeline.errors import UsageError
    from pipeline.jobs.run import RunOptions

    by = _signer(sign, timestamp)
    if by and dry_run:
        raise UsageError("a dry run writes nothing that could be signed: leave --sign out")
    options = RunOptions(
        source=source,
        now=_now(),
        rev=rev,
        rendered=rendered,
        archive=archive,
        database=db,
        dry_run=dry_run,
        history=not no_history,
        all_refs=all_refs,
    )
    _perform(options, db, json, by)


def import_site(
    source: Source,
    rev: Rev = None,
    rendered: Rendered = None,
    archive: Target = None,
    db: Database = None,
    no_history: NoHistory = False,
    all_refs: AllRefs = False,
    dry_run: DryRun = False,
    json: AsJson = False,
) -> None:
    """Read a site and its whole history into the catalogue alone; `run` later archives it.

    Of a rendering its pages are described, and no bytes are kept.
    """
    _look_for_cycles_rarely(rendered)
    from pipeline.jobs.run import RunOptions

    options = RunOptions(
        source=source,
        now=_now(),
        rev=rev,
        rendered=rendered,
        archive=archive,
        database=db,
        dry_run=dry_run,
        history=not no_history,
        all_refs=all_refs,
        records=False,
    )
    _perform(options, db, json)


def _look_for_cycles_rarely(rendered: Path | None) -> None:
    # Nearly all that is made of a history is kept to the end, so Python's looks at it take a
    # fortieth of the time and find nothing. The pages of a rendering leave trees behind.
    if rendered is None:
        gc.set_threshold(1_000_000)


def _signer(sign: Path | None, timestamp: str | None) -> "Signer | None":
    if sign is None and timestamp is None:
        return None
    from pipeline.jobs.signing import signer  # takes a while to load

    return signer(sign, timestamp)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _perform(options: "RunOptions", db: str | None, json: bool, by: "Signer | None" = None) -> None:
    from pipeline.cli.summary import tell_summary
    from pipeline.jobs.run import run as job

    signed = None
    with progress_bar() as progress:
        summary = job(options, progress)
    try:
        if by and summary.verified:
            signed = _sign(summary.archive, db, summary.verified, by)
    finally:  # an authority that is away undoes nothing of the run
        tell_summary(summary, db, as_json=json, signed=signed)
    raise typer.Exit(summary.exit_code)


def _sign(archive: str, db: str | None, verified: "Report", by: "Signer") -> "Signed | None":
    from pipeline.jobs.place import find_place
    from pipeline.jobs.signing import sign_verified

    return sign_verified(find_place(Path(archive), db), verified, by)
