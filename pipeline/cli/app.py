"""The application: its commands in the order in which help shows them."""

from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli import (
    archive,
    ask,
    compare,
    crawl,
    database,
    demo,
    evidence,
    export,
    extract,
    lineage,
    links,
    past,
    reconcile,
    recover,
    render,
    replay,
    run,
    series,
    signing,
    urls,
    verify,
)

EPILOG = (
    "Exit codes: 0 done, 1 findings of severity error or damage, 2 usage, 3 could not be verified, "
    "10-18 the source, 19 the rendered folder, 20-24 the archive folder, 30-34 the database, "
    "40-41 Jekyll, 50-51 another viewer."
)

#: `-without` is a word to search for, not a bundle of options; so no option there is one letter.
WORDS = {"ignore_unknown_options": True, "help_option_names": ["--help"]}

app = typer.Typer(
    help="From a Jekyll site and its history to a SQL catalogue and archives that can be proved.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"jekyll-archive {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that go before any command."""


app.command("run")(run.run)
app.command("import")(run.import_site)
app.command("render")(render.render)
app.command("demo")(demo.demo)
app.command("crawl")(crawl.crawl)
app.command("recover")(recover.recover)
app.command("verify")(verify.verify)
app.command("replay")(replay.replay)
app.command("stale")(verify.stale)
app.command("keygen")(signing.keygen)
app.command("sign")(signing.sign)
app.command("signatures")(signing.signatures)
app.command("list")(ask.list_documents)
app.command("show")(ask.show)
app.command("history")(past.history)
app.command("diff")(past.diff)
app.add_typer(lineage.app, name="lineage")
app.add_typer(series.app, name="series")
app.command("archive")(archive.archive_part)
app.command("urls")(urls.urls)
app.command("links")(links.links)
app.command("compare")(compare.compare)
app.command("reconcile")(reconcile.reconcile)
app.command("search", context_settings=WORDS)(ask.search)
app.command("explain")(ask.explain)
app.command("evidence")(evidence.evidence)
app.command("findings")(ask.findings)
app.add_typer(export.app, name="export")
app.add_typer(extract.app, name="extract")
app.add_typer(database.app, name="db")
