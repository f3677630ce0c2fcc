"""How the end of a run is told."""

from collections import Counter
from typing import TYPE_CHECKING

from pipeline.cli.output import as_json as write_json
from pipeline.cli.output import columns, plain, say, tell_findings
from pipeline.cli.signing import tell_signed
from pipeline.cli.verdict import tell_verdict
from pipeline.jobs.summary import Counts, Over, Summary

if TYPE_CHECKING:
    from pipeline.jobs.signing import Signed

FATES = ("found", "stored", "skipped", "failed", "absent")


def tell_summary(
    summary: Summary, database: str | None, *, as_json: bool, signed: "Signed | None" = None
) -> None:
    """Print a run's summary."""
    if as_json:
        write_json(_facts(summary) | {"signed": plain(signed)})
        return
    say(_headline(summary))
    say()
    for line in columns(_rows(summary), right=frozenset(range(1, len(FATES) + 1))):
        say(line)
    say()
    say(f"{summary.documents} documents and pages, {summary.people} people, {summary.links} links")
    if summary.past is not None:
        say(_over(summary.past))
    _tell_outcome(summary)
    if signed is not None:
        tell_signed(signed)
    if summary.findings:
        say()
        say(_weights(summary))
        where = f" --archive {summary.archive}" + (f" --db {database}" if database else "")
        tell_findings(summary.findings, f"jekyll-archive findings{where}")
    if not summary.dry_run:
        say()
        say(f"next: jekyll-archive list --archive {summary.archive}")


def _headline(summary: Summary) -> str:
    at = f" at {summary.revision[:12]}" if summary.revision else ""
    when = f" of {summary.committed_at:%Y-%m-%d}" if summary.committed_at else ""
    return f"{summary.title or summary.site}: {summary.source}{at}{when}"


def _over(past: Over) -> str:
    return (
        f"over time: {past.commits} commits, {past.states} states of files, "
        f"{past.documents} documents, {past.gone} of them gone, {past.series} series"
    )


def _rows(summary: Summary) -> list[list[str]]:
    rows = [["collection", *FATES]]
    counts = dict(summary.counts)
    if summary.rendered is not None:
        counts["(rendered)"] = summary.rendered
    for name, row in [*counts.items(), ("total", sum(counts.values(), Counts()))]:
        rows.append([name, *(str(number) for number in row.as_row().values())])
    return rows


def _tell_outcome(summary: Summary) -> None:
    if summary.dry_run:
        say("dry run: nothing was written")
        return
    for path in summary.quarantined:
        say(f"left by a run that did not end, now set aside: {path}")
    if summary.unchanged:
        say("nothing new: all of it was in the archive already, nothing was stored twice")
    else:
        say()
        say(f"written to {summary.archive}")
        for path in summary.written:
            say(f"  {path}")
    if summary.verified is not None:
        tell_verdict(summary.verified)
    else:
        say(f"not verified: jekyll-archive verify {summary.archive}")


def _weights(summary: Summary) -> str:
    weights = Counter(finding.severity.value for finding in summary.findings)
    return "findings: " + ", ".join(
        f"{weights[name]} {name}" for name in ("error", "warning", "info")
    )


def _facts(summary: Summary) -> dict[str, object]:
    facts: dict[str, object] = plain(summary)
    facts["counts"] = {name: counts.as_row() for name, counts in summary.counts.items()}
    facts["rendered"] = summary.rendered.as_row() if summary.rendered else None
    facts["total"] = summary.total.as_row()
    facts["verified"] = summary.verified.verdict.value if summary.verified else None
    facts["unchanged"] = summary.unchanged
    return facts
