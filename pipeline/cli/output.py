"""How things are printed: JSON, columns, findings, progress."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from itertools import groupby
from pathlib import Path
from typing import Any

import typer
from rich.cells import cell_len

from pipeline.errors import NotWritableError
from pipeline.jobs.progress import Progress, silent
from pipeline.model import Finding, Sha256

EXAMPLES = 3
GAP = "  "
#: Control characters of a source must not reach a terminal: they could move its cursor.
CONTROLS = {
    code: "\ufffd" for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"
}
ESCAPES = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}  # JSON has escaped the others
NOBODY_READS = 141  # as shells have it for a program that SIGPIPE ended


def say(text: str = "") -> None:
    """Print results."""
    _print(text.translate(CONTROLS).encode("utf-8", "replace").decode())


def say_line(text: str) -> None:
    """Print results of which each has to be one line, whatever is in them."""
    say(" ".join(text.splitlines()))


def warn(text: str) -> None:
    """Print a line about the results, beside them."""
    typer.echo(text.translate(CONTROLS).encode("utf-8", "replace").decode(), err=True)


def as_json(value: Any) -> None:  # noqa: ANN401
    """Print a value as JSON, one document."""
    _print(json.dumps(plain(value), ensure_ascii=False, indent=2).translate(ESCAPES))


def as_json_line(value: Any) -> None:  # noqa: ANN401
    """Print a value as one line of JSON."""
    _print(json.dumps(plain(value), ensure_ascii=False).translate(ESCAPES))


def as_bytes(data: bytes) -> None:
    """Write bytes as they are."""
    with printing():
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def _print(text: str) -> None:
    with printing():
        try:
            typer.echo(text)
        except UnicodeEncodeError:  # a terminal that does not have all letters
            typer.echo(text.encode(sys.stdout.encoding, "replace").decode(sys.stdout.encoding))


@contextmanager
def printing() -> Iterator[None]:
    """Map what goes wrong with stdout. Raises NotWritableError; ends at once if nobody reads."""
    try:
        yield
    except OSError as error:
        # Python would complain once more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # `| head` has what it wanted
            raise typer.Exit(NOBODY_READS) from error
        raise NotWritableError("standard output", error.strerror or str(error)) from error


def plain(value: Any) -> Any:  # noqa: ANN401
    """Turn our values into what JSON has: digests as `sha256:…`, times as ISO 8601."""
    match value:
        case Sha256() | Path():
            return str(value)
        case Enum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case dict():
            return {str(plain(key)): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case str():
            return value.encode("utf-8", "replace").decode()
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    return value


def columns(rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> Iterator[str]:
    """Align rows in columns; those in `right` to the right. The last column is not padded."""
    if not rows:
        return
    widths = [max(cell_len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = []
        for index, cell in enumerate(row):
            pad = " " * (widths[index] - cell_len(cell))
            last = index == len(row) - 1
            cells.append(pad + cell if index in right else cell + ("" if last else pad))
        yield GAP.join(cells).rstrip()


def tell_findings(findings: Sequence[Finding], hint: str) -> None:
    """Print findings by code, the grave first, with a few examples of each."""
    if not findings:
        return
    order = ("error", "warning", "info")
    ranked = sorted(findings, key=lambda f: (order.index(f.severity.value), f.code))
    cut = False
    for (severity, code), group in groupby(ranked, key=lambda f: (f.severity.value, f.code)):
        found = list(group)
        say(f"{severity} {code} ({len(found)})")
        for finding in found[:EXAMPLES]:
            say_line(f"  {finding.place}: {finding.message}")
        if len(found) > EXAMPLES:
            cut = True
            say(f"  … and {len(found) - EXAMPLES} more")
    if cut:
        say(f"all of them: {hint}")


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Show progress on stderr if it is a terminal; else be silent."""
    if not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars

    bars = Bars(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bars:
        task = bars.add_task("opening", total=None)

        def show(stage: str, done: int, total: int) -> None:
            bars.update(task, description=stage, completed=done, total=total or None)

        yield show
