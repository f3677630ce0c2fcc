"""`keygen`, `sign` and `signatures`: who says that this archive is what it is, and since when."""

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.options import Archive, AsJson, Database, Site, Timestamp

if TYPE_CHECKING:
    from pipeline.jobs.signing import Signed
    from pipeline.jobs.verify_signatures import SignatureOf, Signatures

Trusted = Annotated[
    Path | None,
    typer.Option("--trust", help="Whom to trust: a trust.toml, or keys and roots in PEM."),
]
Required = Annotated[
    bool, typer.Option("--require-signature", help="Fail without a signature by a trusted key.")
]
Stamped = Annotated[
    bool, typer.Option("--require-timestamp", help="Fail without a time stamp that is trusted.")
]


class Kind(Enum):
    """Kinds of key, by the word that is typed."""

    P384 = "p384"
    P256 = "p256"
    ED25519 = "ed25519"


def keygen(
    file: Annotated[Path, typer.Argument(help="Where the private key goes; FILE.pub is public.")],
    kind: Annotated[
        Kind, typer.Option("--kind", help="Readers of WACZ files in browsers check only p384.")
    ] = Kind.P384,
    json: AsJson = False,
) -> None:
    """Make a key to sign with. Only its owner can read it, and no file is written over."""
    from pipeline.cli.output import as_json, say
    from pipeline.jobs.keys import keygen as job
    from pipeline.warc.signing.keys import Algorithm

    made = job(file, Algorithm[kind.name])
    if json:
        as_json(made)
        return
    say(f"{made.algorithm} key in {made.private}; keep it secret. Its public half: {made.public}")
    say(made.fingerprint.hex)
    say(made.openssh)


def sign(
    key: Annotated[Path, typer.Option("--key", help="The private key, as `keygen` makes it.")],
    timestamp: Timestamp = None,
    archive: Archive = None,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Sign the newest manifest and the newest event, and by them all that came before.

    Others can check it: ssh-keygen reads the signatures, openssl the time stamps.
    """
    from pipeline.cli.output import as_json
    from pipeline.jobs.keys import load_key
    from pipeline.jobs.place import find_place
    from pipeline.jobs.signing import sign_archive
    from pipeline.jobs.stamping import Authority

    authority = Authority(url=timestamp) if timestamp else None
    signed = sign_archive(find_place(archive, db, site), load_key(key), authority)
    if json:
        as_json(signed)
    else:
        tell_signed(signed)


def tell_signed(signed: "Signed") -> None:
    """Say which files a signing wrote, and which were there."""
    from pipeline.cli.output import say

    for path in signed.already:
        say(f"{path}: signed already")
    for path in signed.written:
        say(f"{path}: written")


def signatures(
    path: Annotated[Path, typer.Argument(help="An archive folder, or a WACZ.")],
    trust: Trusted = None,
    require_signature: Required = False,
    require_timestamp: Stamped = False,
    db: Database = None,
    site: Site = None,
    json: AsJson = False,
) -> None:
    """Check who signed, and when, against what is there; write nothing, ask no network.

    Exit code 0: all hold. 1: one does not, or a required one is not there. 3: nothing is signed.
    """
    from pipeline.audit.report import exit_code
    from pipeline.cli.output import as_json
    from pipeline.jobs.keys import load_trust
    from pipeline.jobs.place import find_place
    from pipeline.jobs.verify_signatures import look_at_package, look_at_signatures
    from pipeline.warc.signing.package import Demand

    demand = Demand(signature=require_signature, stamp=require_timestamp)
    trusted = load_trust(trust)
    if path.suffix == ".wacz":
        seen = look_at_package(path, trusted, demand)
    else:
        seen = look_at_signatures(find_place(path, db, site), trusted, demand)
    if json:
        as_json(
            {
                "verdict": seen.looked.verdict,
                "signatures": [_facts(each) for each in seen.of],
                "findings": seen.looked.findings,
                "not_verified": seen.looked.not_verified,
            }
        )
    else:
        _tell(seen)
    raise typer.Exit(exit_code(seen.looked.verdict))


def _facts(each: "SignatureOf") -> dict[str, object]:
    report, stamped = each.report, each.report.stamped
    return {
        "path": each.path,
        "about": each.about,
        "standing": report.standing,
        "form": report.form,
        "by": report.by or None,
        "fingerprint": report.fingerprint,
        "created": report.created,
        "stamped": None if stamped is None else stamped.time,
        "stamped_by": None if stamped is None else stamped.authority,
        "stamp_trusted": None if stamped is None else bool(stamped.trusted),
    }


def _tell(seen: "Signatures") -> None:
    from pipeline.cli.output import say_line

    for each in seen.of:
        report = each.report
        whose = f" by {report.by}" if report.by else ""
        when = f", stamped {report.stamped.time.isoformat()}" if report.stamped else ""
        say_line(f"{each.about}: {report.standing.value}{whose}{when}")
    for finding in seen.looked.findings:
        say_line(str(finding))
    if seen.looked.not_verified:
        say_line(f"not verified: {seen.looked.not_verified}")
