"""`archive`: a part of an archive, as an archive by itself."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import (
    Archive,
    AsJson,
    Clock,
    Database,
    SignKey,
    Site,
    Timestamp,
    present,
)


def archive_part(
    series: Annotated[
        str, typer.Option("--series", help="A part of its name, of a title or path in it.")
    ],
    to: Annotated[Path, typer.Option("--to", help="A new or empty folder.", metavar="FOLDER")],
    sign: SignKey = None,
    timestamp: Timestamp = None,
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    clock: Clock = None,
    json: AsJson = False,
) -> None:
    """Pack a series into an archive of its own: every version, its commits, its pages and images.

    It can be handed on and verified by itself: `verify FOLDER`. `--sign` does to it what the
    command `sign` does.
    """
    from pipeline.cli.output import as_json, plain, say_line
    from pipeline.cli.signing import tell_signed
    from pipeline.jobs.packing import pack_series
    from pipeline.jobs.place import find_place
    from pipeline.jobs.signing import sign_verified, signer

    by = signer(sign, timestamp)
    done = pack_series(find_place(archive, db, site), series, to, present(clock))
    signed = sign_verified(find_place(to, None), done.verified, by) if by else None
    if json:
        as_json({**plain(done), "signed": signed})
    else:
        for path, why in done.missing:
            say_line(f"{path}: not packed: {why}")
        say_line(
            f"{done.series}: {done.documents} documents, {done.files} files, {done.commits} "
            f"commits, {done.pages} rendered pages, written to {done.folder}"
        )
        say_line(f"verified: {done.verified.verdict.value}")
        if signed is not None:
            tell_signed(signed)
    raise typer.Exit(done.verified.exit_code)
