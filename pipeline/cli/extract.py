"""`extract`: what Jekyll computes, as JSON lines for other programs."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import AllowLoopback, Delay, MaxUrls
from pipeline.model import Severity

if TYPE_CHECKING:
    from pipeline.jobs.crawl_plan import Asked
    from pipeline.jobs.crawled_pages import CrawledPages

DELAY = 1.0
MAX_URLS = 10_000

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
        str,
        typer.Argument(help="A rendered site, such as _site; a WARC or WACZ file; or a URL."),
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
    delay: Delay = DELAY,
    max_urls: MaxUrls = MAX_URLS,
    allow_loopback: AllowLoopback = False,
) -> None:
    """List every rendered page with the title and the length of its article; with --jsonl all else.

    Cookie banners, navigation and share links are no part of an article. Findings go to stderr.
    A URL is crawled, as `crawl` does; what came is not kept. The last three options are for that.
    """
    from pipeline.cli.output import as_json_line, say, warn
    from pipeline.content.settings import Settings
    from pipeline.errors import UsageError
    from pipeline.jobs.crawl_plan import Asked
    from pipeline.jobs.crawled_pages import is_web
    from pipeline.jobs.extract_html import extract_html, settings_of_file, told

    if markdown and not jsonl:
        raise UsageError("--markdown goes with --jsonl")
    if url is not None and (is_web(source) or Path(source).is_file()):
        raise UsageError("--url goes with a folder: captures say where they were")
    if not is_web(source) and (delay, max_urls, allow_loopback) != (DELAY, MAX_URLS, False):
        raise UsageError("--delay, --max-urls and --allow-loopback go with a URL")
    own = settings_of_file(settings) if settings else Settings()
    asked = Asked(urls=(source,), delay=delay, loopback=allow_loopback)
    with _opened(asked, max_urls, own.site_url if url is None else url) as found:
        worst = False
        for finding in found.findings:
            warn(str(finding))
            worst = worst or finding.severity is Severity.ERROR
        for read in extract_html(found.pages, own.selectors, markdown=markdown):
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


@contextmanager
def _opened(asked: "Asked", max_urls: int, address: str | None) -> "Iterator[CrawledPages]":
    """Open what was asked for: a URL, a file or a folder, which stands at `address`."""
    from pipeline.cli.output import progress_bar
    from pipeline.jobs.captured_pages import pages_of_captures
    from pipeline.jobs.crawled_pages import CrawledPages, is_web, pages_of_crawl
    from pipeline.jobs.extract_html import pages_of_folder
    from pipeline.sources.crawl.plan import Bounds

    (source,) = asked.urls
    if not is_web(source):
        place = Path(source)
        is_file = place.is_file()
        pages = pages_of_captures(place) if is_file else pages_of_folder(place, address)
        yield CrawledPages(pages=pages, findings=())
        return
    with ExitStack() as stack:
        with progress_bar() as progress:  # nothing is drawn any more while pages are told
            crawling = pages_of_crawl(asked, Bounds(pages=max_urls), progress=progress)
            found = stack.enter_context(crawling)
        yield found
