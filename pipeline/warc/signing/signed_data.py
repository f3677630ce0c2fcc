"""`datapackage-digest.json` (wacz-auth 0.1.0): read strictly, written in one way."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from pipeline.model import Sha256
from pipeline.warc.bearable import VALUES_MOST, is_bearable
from pipeline.warc.signing.codes import SignatureCode as Code
from pipeline.warc.signing.codes import SignatureFaultError

DIGEST_PATH: Final = "datapackage-digest.json"
PACKAGE_PATH: Final = "datapackage.json"
VERSION: Final = "0.1.0"
SIZE_MOST: Final = 1 << 20
_HASH: Final = re.compile(r"([a-z0-9]{2,16}):([0-9a-f]{32,128})", re.ASCII)
_FIELDS: Final = {
    "hash": "hash",
    "created": "created",
    "software": "software",
    "version": "version",
    "signature": "signature",
    "publicKey": "public_key",
    "domain": "domain",
    "domainCert": "domain_cert",
    "timeSignature": "time_signature",
    "timestampCert": "timestamp_cert",
    "crossSignedCert": "cross_signed_cert",
}
_MAY_BE_EMPTY: Final = frozenset({"software", "version"})
_DOMAIN: Final = ("domain", "domainCert", "timeSignature", "timestampCert")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedData:
    """`signedData`, each field as it is written; empty where it is not there.

    The anonymous form has `public_key`; the domain form has `domain` and what goes with it. A time
    stamp may stand in both: the format forbids only fields that neither form has.
    """

    hash: str
    created: str
    software: str = ""
    version: str = ""
    signature: str
    public_key: str = ""
    domain: str = ""
    domain_cert: str = ""
    time_signature: str = ""
    timestamp_cert: str = ""
    cross_signed_cert: str = ""

    @property
    def created_at(self) -> datetime:
        """When it says that it was made. Raises SignatureFaultError where that is no time."""
        return read_moment(self.created)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageDigest:
    """The whole file: the digest of `datapackage.json`, and who signed it."""

    hash: str
    signed: SignedData | None = None


def hash_of(datapackage: bytes) -> str:
    """Give the digest of `datapackage.json` in the form that is signed: the text `sha256:…`."""
    return str(Sha256.of(datapackage))


def render_digest(digest: PackageDigest) -> bytes:
    """Write the file: indented by two, fields in the order of the specification, one LF."""
    told: dict[str, object] = {"path": PACKAGE_PATH, "hash": digest.hash}
    if digest.signed is not None:
        told["signedData"] = fields_of(digest.signed)
    return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()


def fields_of(signed: SignedData) -> dict[str, str]:
    """Give `signedData` as it is written: the fields that are there, under their names."""
    values = ((name, getattr(signed, field)) for name, field in _FIELDS.items())
    return {name: value for name, value in values if value}


def parse_digest(data: bytes) -> PackageDigest:
    """Read the file. Raises SignatureFaultError with MALFORMED, STRIPPED or ALGORITHM."""
    told = read_json(data, DIGEST_PATH)
    if unknown := told.keys() - {"path", "hash", "signedData"}:
        raise malformed(f"a field that there is not: {min(unknown)!r}")
    if told.get("path") != PACKAGE_PATH:
        raise malformed(f"`path` is not {PACKAGE_PATH}")
    digest = _text(told, "hash")
    found = _HASH.fullmatch(digest)
    if found is None:
        raise malformed("`hash` is not a digest")
    if found[1] != "sha256" or len(found[2]) != 64:  # noqa: PLR2004 - hex digits of SHA-256
        raise SignatureFaultError(Code.ALGORITHM, f"a digest by {found[1]}, not SHA-256")
    if "signedData" not in told:
        return PackageDigest(hash=digest)
    signed = told["signedData"]
    if not isinstance(signed, dict):
        raise malformed("`signedData` is not an object")
    return PackageDigest(hash=digest, signed=_signed(signed))


def _signed(told: Mapping[str, Any]) -> SignedData:
    if unknown := told.keys() - _FIELDS.keys():
        raise malformed(f"a field of `signedData` that there is not: {min(unknown)!r}")
    values = {field: _text(told, name) for name, field in _FIELDS.items() if name in told}
    if missing := [name for name in ("hash", "created", "signature") if name not in told]:
        raise SignatureFaultError(Code.STRIPPED, f"`{missing[0]}` is not there")
    if "publicKey" in told and "domain" in told:
        raise malformed("both `publicKey` and `domain`: which form is it?")
    if "publicKey" not in told:
        if missing := [name for name in _DOMAIN if name not in told]:
            raise SignatureFaultError(Code.STRIPPED, f"neither `publicKey` nor `{missing[0]}`")
    elif odd := told.keys() & {"domainCert", "crossSignedCert"}:
        raise malformed(f"`{min(odd)}` beside `publicKey`")
    if ("timeSignature" in told) != ("timestampCert" in told):
        raise SignatureFaultError(Code.STRIPPED, "half of the time stamp is not there")
    signed = SignedData(**values)
    if signed.version not in {"", VERSION}:
        raise malformed(f"version {signed.version!r} of the format")
    return signed


def read_json(data: bytes, name: str) -> dict[str, Any]:
    """Read a JSON object in which nothing is said twice. Raises SignatureFaultError."""
    if len(data) > SIZE_MOST and name == DIGEST_PATH:
        raise malformed(f"over {SIZE_MOST} bytes")
    if not is_bearable(data):
        raise malformed(f"{name} holds more than {VALUES_MOST} values")
    try:
        told = json.loads(data, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise malformed(f"{name} is not JSON: {error}") from error
    if not isinstance(told, dict):
        raise malformed(f"{name} is not a JSON object")
    return told


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError("a field is there twice")
    return told


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not (value or name in _MAY_BE_EMPTY):
        raise malformed(f"`{name}` is not a text")
    return value


def read_moment(text: str) -> datetime:
    """Read a time as ISO 8601; one without a zone is in UTC, as authsign has it."""
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise malformed(f"`created` is not a time: {text!r}") from error


def to_base64(data: bytes) -> str:
    """Write bytes as the format has them."""
    return base64.b64encode(data).decode()


def from_base64(text: str, name: str, code: Code = Code.MALFORMED) -> bytes:
    """Read base64 that is written in the one way. Raises SignatureFaultError."""
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error) as error:
        raise SignatureFaultError(code, f"`{name}` is not base64") from error
    if to_base64(data) != text:
        raise SignatureFaultError(code, f"`{name}` is not base64 as it is written")
    return data


def malformed(why: str) -> SignatureFaultError:
    """Make the error for what the format does not allow."""
    return SignatureFaultError(Code.MALFORMED, why)
