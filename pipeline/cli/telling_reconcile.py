"""How a reconciliation is told: the worst first, the sums at the end."""

from pipeline.cli.output import columns, say, say_line, tell_findings
from pipeline.cli.telling import cut
from pipeline.reconciliation.values import Kind, PageLine, Reconciliation

WORST = 10
WIDTH = 60
NOT_LOOKED = "not looked for: the bytes of the rendering are not archived"


def tell_reconciliation(found: Reconciliation, again: str) -> None:
    """Print the pages that differ most, all findings by code, and how everything adds up.

    `again` is the command that tells all of it.
    """
    totals = found.totals
    when = f"{found.rendered_at:%Y-%m-%d %H:%M} UTC" if found.rendered_at else "unknown"
    if not found.archived:
        when = "an import, whose bytes are not archived,"
    source = found.revision[:12] or "a folder"
    say_line(f"The rendering of {when} held against {source} of {found.title or found.site}")
    say()
    worst = [page for page in found.pages if page.differences][:WORST]
    if worst:
        say("The pages that differ most")
        for line in columns([_row(page) for page in worst]):
            say_line(line)
        say()
    tell_findings(found.findings, again)
    if found.findings:
        say()
    say("In all")
    kinds = [f"{count} {kind.value}" for kind, count in totals.differences.items() if count]
    made = [f"{count} {what.value}" for what, count in totals.made.items()]
    tied = (
        f"{totals.by_url} by URL, {totals.by_path} by source path, {totals.by_content} by content"
    )
    compared = f"{totals.compared} pages" if found.archived else f"{totals.compared} titles alone"
    dates = f"{totals.made_up_dates} pages say a date that only the build made up"
    missing = (
        f"{totals.missing_assets} files that pages need,"
        f" {totals.dead_links} places that they link to"
    )
    others = (
        f"{totals.third_party_pages} pages need files of other hosts that are not in the archive"
    )
    rebuilt = f"with Jekyll {found.rebuilt}" if found.rebuilt else "no (see --render)"
    if not found.archived:
        dates = missing = others = NOT_LOOKED
        rebuilt = "no"
    rows = [
        ["  pages", totals.pages_sum],
        ["  tied", tied],
        ["  generated", ", ".join(made) or "none"],
        ["  documents", totals.documents_sum],
        ["  compared", f"{compared}; different: {', '.join(kinds) or 'none'}"],
        ["  dates", dates],
        ["  missing", missing],
        ["  other hosts", others],
        ["  built again", rebuilt],
    ]
    for line in columns(rows):
        say_line(line)


def _row(page: PageLine) -> list[str]:
    kinds = ", ".join(kind.value for kind in Kind if kind in page.differences)
    lost = f"{page.missing} of {page.words} words" if Kind.TEXT in page.differences else ""
    return [f"  {cut(page.url, WIDTH)}", lost, kinds]
