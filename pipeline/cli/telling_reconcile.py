"""How a reconciliation is told: the worst first, the sums at the end."""

from pipeline.cli.output import columns, say, say_line, tell_findings
from pipeline.cli.telling import cut
from pipeline.reconciliation.values import Kind, PageLine, Reconciliation

WORST = 10
WIDTH = 60


def tell_reconciliation(found: Reconciliation) -> None:
    """Print the pages that differ most, all findings by code, and how everything adds up."""
    totals = found.totals
    when = f"{found.rendered_at:%Y-%m-%d %H:%M} UTC" if found.rendered_at else "unknown"
    source = found.revision[:12] or "a folder"
    say_line(f"The rendering of {when} held against {source} of {found.title or found.site}")
    say()
    worst = [page for page in found.pages if page.differences][:WORST]
    if worst:
        say("The pages that differ most")
        for line in columns([_row(page) for page in worst]):
            say_line(line)
        say()
    tell_findings(found.findings, "jekyll-archive reconcile --json")
    if found.findings:
        say()
    say("In all")
    kinds = [f"{count} {kind.value}" for kind, count in totals.differences.items() if count]
    made = [f"{count} {what.value}" for what, count in totals.made.items()]
    tied = (
        f"{totals.by_url} by URL, {totals.by_path} by source path, {totals.by_content} by content"
    )
    missing = (
        f"{totals.missing_assets} files that pages need,"
        f" {totals.dead_links} places that they link to"
    )
    others = (
        f"{totals.third_party_pages} pages need files of other hosts that are not in the archive"
    )
    rows = [
        ["  pages", totals.pages_sum],
        ["  tied", tied],
        ["  generated", ", ".join(made) or "none"],
        ["  documents", totals.documents_sum],
        ["  compared", f"{totals.compared} pages; different: {', '.join(kinds) or 'none'}"],
        ["  dates", f"{totals.made_up_dates} pages say a date that only the build made up"],
        ["  missing", missing],
        ["  other hosts", others],
        ["  built again", f"with Jekyll {found.rebuilt}" if found.rebuilt else "no (see --render)"],
    ]
    for line in columns(rows):
        say_line(line)


def _row(page: PageLine) -> list[str]:
    kinds = ", ".join(kind.value for kind in Kind if kind in page.differences)
    lost = f"{page.missing} of {page.words} words" if Kind.TEXT in page.differences else ""
    return [f"  {cut(page.url, WIDTH)}", lost, kinds]
