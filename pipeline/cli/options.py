"""Options that several commands share."""

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
AsJson = Annotated[bool, typer.Option("--json", help="Write the same facts as JSON.")]
