"""A corpus of packages that were signed once, and are not as they were signed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.model import Sha256
from pipeline.warc.signing.anonymous import package_signer, sign_package
from pipeline.warc.signing.keys import Algorithm, SigningKey
from pipeline.warc.signing.trust import Trust, TrustedKey
from tests.warc.wacz.packages import (
    DATAPACKAGE,
    DIGEST,
    WARC,
    Changes,
    forge,
    members,
    write_package,
    zipped,
)

SOFTWARE = "jekyll-archive 0"
KEY, STRANGER = SigningKey.generate(Algorithm.P384), SigningKey.generate(Algorithm.P384)
TRUST = Trust(keys=(TrustedKey(name="Us", fingerprint=KEY.public.fingerprint),))
Named = Iterator[tuple[str, bytes]]


def signed(folder: Path) -> Path:
    """Write the package that all are made of."""
    folder.mkdir(parents=True, exist_ok=True)
    path, _ = write_package(folder, sign=package_signer(KEY, SOFTWARE))
    return path


def taken_away(folder: Path) -> Named:
    """Take the signature away, or put another's there: whole packages, but not who we trust."""
    path = signed(folder)
    found = members(path)
    bare = json.loads(found[DIGEST])
    del bare["signedData"]
    yield "stripped of its signature", _with(path, {DIGEST: json.dumps(bare).encode()})
    yield "stripped of its digest", _with(path, {DIGEST: None})
    yield "stripped, all digests forged", forge(path, {}).read_bytes()
    theirs = sign_package(found[DATAPACKAGE], STRANGER)
    yield "signed by a stranger", _with(path, {DIGEST: theirs})


def broken(folder: Path) -> Named:
    """Change what was signed, or the signature: nobody's demand is needed to find it."""
    path = signed(folder)
    found = members(path)
    told = json.loads(found[DIGEST])
    theirs = json.loads(sign_package(found[DATAPACKAGE], STRANGER))["signedData"]
    for field in ("signature", "publicKey"):
        yield f"a stranger's {field}", _told(path, told, **{field: theirs[field]})
    for field, value in (
        ("created", "2023-05-06T07:08:09Z"),
        ("software", "jekyll-archive 1"),
        ("version", "9"),
        ("hash", str(Sha256.of(b"other"))),
    ):
        yield f"another {field}", _told(path, told, **{field: value})
    for field in told["signedData"]:
        rest = {name: value for name, value in told["signedData"].items() if name != field}
        data = json.dumps(told | {"signedData": rest}).encode()
        yield f"without {field}", _with(path, {DIGEST: data})
    title = json.loads(found[DATAPACKAGE]) | {"title": "Another"}
    listed = json.dumps(title, indent=2).encode()
    yield "another title", _with(path, {DATAPACKAGE: listed})
    forged = told | {"hash": str(Sha256.of(listed))}
    data = json.dumps(forged).encode()
    yield "another title, its digest forged", _with(path, {DATAPACKAGE: listed, DIGEST: data})
    both = forged | {"signedData": told["signedData"] | {"hash": forged["hash"]}}
    changes = {DATAPACKAGE: listed, DIGEST: json.dumps(both).encode()}
    yield "another title, both its digests forged", _with(path, changes)
    cut = forge(path, {WARC: found[WARC][:-100], DIGEST: found[DIGEST]})
    yield "another WARC file under the old signature", cut.read_bytes()


def _told(path: Path, told: dict[str, Any], **said: str) -> bytes:
    data = json.dumps(told | {"signedData": told["signedData"] | said}, indent=2).encode()
    return _with(path, {DIGEST: data})


def _with(path: Path, changes: Changes) -> bytes:
    """Replace members; no digest is made anew."""
    found = {name: changes.get(name, data) for name, data in members(path).items()}
    kept = {name: data for name, data in found.items() if data is not None}
    return zipped(path.with_name("out.wacz"), kept).read_bytes()
