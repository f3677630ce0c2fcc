"""Options that several commands share."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

Archive = Annotated[
    Path | None,
    typer.Option("--archive", help="The archive folder. Default: the only one under archives/."),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--db", help="The catalogue, sqlite:///PATH or postgresql+psycopg://HOST/DB.", metavar="URL"
    ),
]
Site = Annotated[str | None, typer.Option("--site", help="Which site, where there are several.")]
At = Annotated[
    str | None,
    typer.Option(
        "--at",
        help="As it stood then: a day (2023-11-02), a time, or a commit.",
        metavar="WHEN",
    ),
]
Clock = Annotated[
    str | None,
    typer.Option(
        "--clock",
        help="What to note as the present, to make the same bytes again: 2026-11-23T09:00:00Z.",
        metavar="TIME",
    ),
]
SignKey = Annotated[
    Path | None, typer.Option("--sign", help="Sign it with this key, as `keygen` makes it.")
]
Timestamp = Annotated[
    str | None,
    typer.Option(
        "--timestamp", help="Have the signature stamped by this authority.", metavar="URL"
    ),
]
Delay = Annotated[
    float, typer.Option("--delay", min=0, help="Seconds between two requests to a host.")
]
MaxUrls = Annotated[int, typer.Option("--max-urls", min=1, help="URLs asked for, images and all.")]
AllowLoopback = Annotated[
    bool, typer.Option("--allow-loopback", help="This machine itself may be asked.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Write the same facts as JSON.")]


def present(clock: str | None) -> datetime:
    """Give the present to the second, or what a person says it is. Raises UsageError."""
    from pipeline.errors import UsageError

    try:
        said = datetime.fromisoformat(clock) if clock else datetime.now(UTC)
        if said.tzinfo is not None:
            return said.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        pass
    raise UsageError(f"--clock {clock!r}: not a time with its zone, such as 2026-11-23T09:00:00Z")
