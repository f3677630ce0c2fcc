"""Write docs/cli.md: what `--help` says of every command, and every exit code with its class."""

from collections.abc import Iterator

from typer.main import get_command
from typer.testing import CliRunner

from pipeline.cli import INTERRUPTED
from pipeline.cli.app import app
from pipeline.errors import PipelineError
from tests.docs.markdown import cell, columns

NAME = "jekyll-archive"
INTRODUCTION = """\
# The command line

Results go to stdout, progress and errors to stderr; an error is one line, and never a traceback.
`--json` gives the same facts as JSON.
"""
RESULTS = (
    (0, "done; findings up to warning are told"),
    (1, "done, with findings of severity error, or damage was found"),
)


def render() -> str:
    """Give the whole page."""
    return "\n".join([INTRODUCTION, *_commands(), *_exit_codes()])


def names(command: object, *path: str) -> Iterator[tuple[str, ...]]:
    """Give the words that call a command, and those of the commands below it."""
    yield path
    below: dict[str, object] = getattr(command, "commands", {})
    for name, inner in below.items():
        yield from names(inner, *path, name)


def _commands() -> Iterator[str]:
    for path in names(get_command(app)):
        depth = "##" if len(path) <= 1 else "###"
        yield f"{depth} {' '.join((NAME, *path))}\n\n```text\n{said(path)}\n```\n"


def said(path: tuple[str, ...]) -> str:
    """Give what a command's `--help` prints on a terminal of 80 columns."""
    runner = CliRunner(env={"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"})
    result = runner.invoke(app, [*path, "--help"], prog_name=NAME)
    if result.exit_code != 0:
        raise RuntimeError(path, result.output)
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines())


def _exit_codes() -> Iterator[str]:
    yield f"## Exit codes\n\n{columns('Code', 'Meaning', 'In `pipeline.errors`')}"
    for code, meaning in RESULTS:
        yield cell(str(code), meaning, "")
    for error in sorted(_classes(PipelineError), key=lambda each: each.exit_code):
        meaning = (error.__doc__ or "").strip().splitlines()[0]
        yield cell(str(error.exit_code), meaning, f"`{error.__name__}`")
    yield cell(str(INTERRUPTED), "Interrupted from the keyboard.", "")
    yield ""


def _classes(error: type[PipelineError]) -> Iterator[type[PipelineError]]:
    if error is PipelineError or "exit_code" in vars(error):
        yield error
    for inner in error.__subclasses__():
        yield from _classes(inner)
