"""`extract`: what Jekyll computes, as JSON lines for other programs."""

from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.model import Severity

app = typer.Typer(
    help="Compute what Jekyll computes, for other programs.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Yaml(Enum):
    """Whose YAML: upstream Jekyll's, or that of Debian's package."""

    SAFEYAML = "safeyaml"
    PSYCH = "psych"


@app.callback()
def options() -> None:
    """Compute what Jekyll computes, for other programs."""


@app.command("repo")
def repo(
    source: Annotated[
        str, typer.Argument(help="A folder, a git repository, a .bundle file or a URL.")
    ],
    rev: Annotated[str | None, typer.Option("--rev", help="The commit. Default: the tip.")] = None,
    folder: Annotated[
        str | None, typer.Option("--source", help="The site's folder in it, such as docs.")
    ] = None,
    yaml: Annotated[
        Yaml, typer.Option("--yaml", help="The YAML engine of the Jekyll that is meant.")
    ] = Yaml.SAFEYAML,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="One JSON object a line; see docs/extract.schema.json.")
    ] = False,
) -> None:
    """List every document, page and static file with the URL, date, slug, ... that Jekyll gives it.

    Findings go to stderr. A post dated after now is not written, as with Jekyll.
    """
    from pipeline.cli.output import as_json_line, columns, say, warn
    from pipeline.jekyll.rules import ReadOptions, YamlEngine
    from pipeline.jobs.extract import extract

    choice = ReadOptions(yaml_engine=YamlEngine(yaml.value), now=datetime.now(UTC))
    found = extract(source, rev=rev, folder=folder, options=choice)
    if jsonl:
        for line in found.lines:
            as_json_line(line)
    else:
        rows = [[line["kind"], line["url"] or "", line["path"]] for line in found.lines]
        for row in columns(rows):
            say(row)
    for finding in found.findings:
        warn(str(finding))


@app.command("html")
def html(
    source: Annotated[
        Path, typer.Argument(help="A rendered site, such as _site; or a WARC or WACZ file.")
    ],
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="One JSON object a line; docs/extract-html.schema.json.")
    ] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="With --jsonl: the articles as Markdown, too.")
    ] = False,
    url: Annotated[
        str | None,
        typer.Option("--url", help="Where a folder stands, so that its links become absolute."),
    ] = None,
    settings: Annotated[
        Path | None,
        typer.Option("--settings", help="The site's jekyll-archive.toml: its [html] selectors."),
    ] = None,
) -> None:
    """List every rendered page with the title and the length of its article; with --jsonl all else.

    Cookie banners, navigation and share links are no part of an article. Findings go to stderr.
    """
    from pipeline.cli.output import as_json_line, say, warn
    from pipeline.content.settings import Settings
    from pipeline.errors import UsageError
    from pipeline.jobs.captured_pages import pages_of_captures
    from pipeline.jobs.extract_html import extract_html, pages_of_folder, settings_of_file, told

    if markdown and not jsonl:
        raise UsageError("--markdown goes with --jsonl")
    if url is not None and source.is_file():
        raise UsageError("--url goes with a folder: captures say where they were")
    worst = False
    own = settings_of_file(settings) if settings else Settings()
    if source.is_file():
        pages = pages_of_captures(source)
    else:
        pages = pages_of_folder(source, own.site_url if url is None else url)
    for read in extract_html(pages, own.selectors, markdown=markdown):
        if jsonl:
            as_json_line(told(read))
        elif read.page is not None:
            title = read.page.title.text if read.page.title else "(no title)"
            say(f"{read.place}  {title}  {len(read.page.text.split())} words")
        for finding in read.findings:
            warn(str(finding))
            worst = worst or finding.severity is Severity.ERROR
    if worst:
        raise typer.Exit(1)
