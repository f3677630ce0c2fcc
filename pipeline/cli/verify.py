"""`verify`: is it all still there, and is it what it was? `stale`: when was that last asked?"""

from datetime import UTC, datetime
from pathlib import Path
from secrets import randbelow
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import AsJson, Database, Site
from pipeline.cli.signing import Required, Stamped, Trusted

if TYPE_CHECKING:
    from pipeline.audit.report import Report, Scope
    from pipeline.jobs.verify_record import Fixity

Paths = Annotated[
    list[Path] | None,
    typer.Argument(help="Archive folders, catalogues, WARC files, packages (WACZ)."),
]
SEEDS = 1 << 32
DAMAGE = 1  # the exit code


def verify(
    paths: Paths = None,
    sample: Annotated[
        int | None,
        typer.Option("--sample", min=1, help="Only N records, chosen by the seed.", metavar="N"),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", min=0, help="Choose the same sample again.", metavar="SEED"),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            help="Only what this run and later ones wrote (its number), or runs since a time.",
            metavar="RUN|TIME",
        ),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(
            "--resume",
            help="Keep the state here until all is done; go on from it after an interruption.",
            metavar="FILE",
        ),
    ] = None,
    record: Annotated[
        bool, typer.Option("--record", help="Note the verdict in the archive's event log.")
    ] = False,
    junit: Annotated[
        Path | None,
        typer.Option("--junit", help="Write JUnit XML for a CI server.", metavar="FILE"),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Write a page that needs nothing else.", metavar="FILE"),
    ] = None,
    trust: Trusted = None,
    require_signature: Required = False,
    require_timestamp: Stamped = False,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Re-read every byte against manifests, digests, git's ids and the catalogue; write nothing.

    Each level passes, fails, is not verified, or does not apply. A folder that is no archive stands
    for the archives, packages and WARC files in it. Only --record writes to an
    archive, one event in its log; --resume, --junit and --html write files outside of it. With --db
    and no path the database alone is verified, as far as it can be.

    Exit code 0: all that applies passed. 1: damage. 3: something could not be verified.
    """
    plain_call = not (record or require_signature or require_timestamp)
    if plain_call and {sample, seed, since, resume, junit, html, trust, db, site} == {None}:
        _lone_warcs(tuple(paths or ()), json=json)

    from pipeline.cli.output import warn
    from pipeline.errors import PipelineError
    from pipeline.jobs.keys import load_trust
    from pipeline.jobs.report import Writable, refuse_foreign, write_report
    from pipeline.jobs.verify import Wanted
    from pipeline.jobs.verify_record import record_reports, recordable
    from pipeline.jobs.verifying import all_in, refuse_inside, verify_all
    from pipeline.warc.signing.package import Demand

    now, named = datetime.now(UTC), all_in(tuple(paths or ()))
    scope = _scope(sample, seed, since)
    wanted = Wanted(
        scope=scope,
        trust=load_trust(trust),
        demand=Demand(signature=require_signature, stamp=require_timestamp),
    )
    reports_to = tuple(
        (kind, file) for kind, file in ((Writable.HTML, html), (Writable.JUNIT, junit)) if file
    )
    for kind, file in reports_to:
        refuse_inside(file, named)
        refuse_foreign(file, kind.value)
    if record:
        recordable(named)
    reports = verify_all(named, db, site, wanted, resume)
    for kind, file in reports_to:
        write_report(kind, reports, now, file)
        warn(f"written: {file}")
    code = _tell(reports, json=json)
    if record:
        try:
            record_reports(named, db, site, reports, now)
        except PipelineError as error:
            if code != DAMAGE:
                raise
            warn(f"not recorded: {error}")
    raise typer.Exit(code)


def _lone_warcs(paths: tuple[Path, ...], *, json: bool) -> None:
    """Verify WARC files that stand alone, if all are: without what takes long to import."""
    from pipeline.jobs.found_at import is_lone_warc
    from pipeline.jobs.verify_warc import verify_warc

    if paths and all(map(is_lone_warc, paths)):
        raise typer.Exit(_tell(tuple(map(verify_warc, paths)), json=json))


def _tell(reports: "tuple[Report, ...]", *, json: bool) -> int:
    """Print what came of it; give the exit code."""
    from pipeline.audit.report import exit_code, worst
    from pipeline.cli.output import as_json
    from pipeline.cli.verdict import facts, tell_reports

    if json:
        as_json(facts(reports))
    else:
        tell_reports(reports)
    return exit_code(worst(report.verdict for report in reports))


def stale(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(help="Archive folders. Default: all under archives/."),
    ] = None,
    days: Annotated[
        int, typer.Option("--days", min=0, help="How old a verification may be.", metavar="N")
    ] = 90,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """List when archives were last verified as a whole, by what `verify --record` noted.

    Exit code 0: all passed within that time. 1: one did not, was never verified, or cannot be read.
    """
    from pipeline.cli.output import as_json, columns, say, say_line
    from pipeline.jobs.verify_record import stale as job

    found = job(tuple(folders or ()), days, datetime.now(UTC), db, site)
    if json:
        as_json([plain_fixity(each) for each in found])
    else:
        rows = [
            [each.state.value, each.at.date().isoformat() if each.at else "-", each.place, each.why]
            for each in found
        ]
        for line in columns(rows):
            say_line(line)
        count = sum(each.is_stale for each in found)
        say(f"stale: {count} of {len(found)}")
    raise typer.Exit(DAMAGE if any(each.is_stale for each in found) else 0)


def plain_fixity(fixity: "Fixity") -> dict[str, object]:
    """Give the facts of one archive for JSON."""
    from pipeline.cli.output import plain

    facts: dict[str, object] = plain(fixity)
    return facts | {"stale": fixity.is_stale}


def _scope(sample: int | None, seed: int | None, since: str | None) -> "Scope":
    from pipeline.audit.report import Scope
    from pipeline.errors import UsageError

    if sample is None and seed is not None:
        raise UsageError("--seed chooses a sample: say how many records with --sample N")
    if sample is not None and since is not None:
        raise UsageError("--sample and --since do not go together: leave one out")
    if sample is None:
        return Scope(since=since)
    return Scope(sample=sample, seed=randbelow(SEEDS) if seed is None else seed)
