"""Time stamps by RFC 3161: ask for one, read one. What it is worth is told in `stamp_check`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm

from pipeline.model import Sha256
from pipeline.warc.signing import der
from pipeline.warc.signing.codes import SignatureCode, SignatureFaultError
from pipeline.warc.signing.der import Node, Nodes

SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
TST_INFO: Final = "1.2.840.113549.1.9.16.1.4"
_SHA256: Final = "2.16.840.1.101.3.4.2.1"
HASHES: Final[Mapping[str, HashAlgorithm]] = {
    _SHA256: SHA256(),
    "2.16.840.1.101.3.4.2.2": SHA384(),
    "2.16.840.1.101.3.4.2.3": SHA512(),
}
SIZE_MOST: Final = 1 << 18
_STATUS: Final = ("granted", "granted with changes", "rejected", "waiting", "revoking", "revoked")
_GRANTED: Final = 0
_SIGNED_VERSION: Final = 3  # RFC 5652 section 5.1: for anything but plain data
_SIGNER_VERSION: Final = 1  # section 5.3: for a certificate that is named by its issuer


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signed a time stamp and how (CMS SignerInfo, RFC 5652 section 5.3)."""

    issuer: bytes = field(repr=False)
    serial: int
    digest: str
    algorithm: str
    attributes: Mapping[str, Node] = field(repr=False)
    signed: bytes = field(repr=False)
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A time stamp as it was read, nothing of it proved yet (TSTInfo, RFC 3161 section 2.4.2)."""

    policy: str
    imprint_algorithm: str
    imprint: bytes
    serial: int
    time: datetime
    nonce: int | None
    info: bytes = field(repr=False)
    signer: Signer
    certificates: tuple[bytes, ...] = field(repr=False)


def request(data: bytes, *, nonce: int | None, policy: str | None = None) -> bytes:
    """Write a request (RFC 3161 section 2.4.1) for the SHA-256 of the data. Raises DerError."""
    algorithm = der.wrap(der.SEQUENCE, der.write_oid(_SHA256), der.wrap(der.NULL))
    imprint = der.wrap(der.SEQUENCE, algorithm, der.wrap(der.OCTETS, Sha256.of(data).raw))
    parts = [der.write_integer(1), imprint]
    if policy is not None:
        parts.append(der.write_oid(policy))
    if nonce is not None:
        parts.append(der.write_integer(nonce))
    parts.append(der.wrap(der.BOOLEAN, b"\xff"))  # certReq: send the certificates along
    return der.wrap(der.SEQUENCE, *parts)


def read_response(data: bytes) -> Stamp:
    """Read a TimeStampResp. Raises SignatureFaultError where it is none, or was refused."""
    if len(data) > SIZE_MOST:
        raise SignatureFaultError(SignatureCode.STAMP_MALFORMED, f"over {SIZE_MOST} bytes")
    try:
        parts = der.read(data).children()
        status = parts.take().children().take().integer()
        if status != _GRANTED:
            said = _STATUS[status] if 0 <= status < len(_STATUS) else str(status)
            raise SignatureFaultError(SignatureCode.STAMP_REFUSED, f"the authority said: {said}")
        token = parts.take()
        parts.end()
        return _token(token)
    except der.DerError as error:
        raise SignatureFaultError(SignatureCode.STAMP_MALFORMED, str(error)) from error


def _token(token: Node) -> Stamp:
    outer = token.children()
    _require(outer.take().oid() == SIGNED_DATA, "the token is not signed")
    signed = outer.take().only(0xA0).children()
    outer.end()
    _require(signed.take().integer() == _SIGNED_VERSION, "an unknown version of CMS")
    digests = {_algorithm(each) for each in signed.take().children(der.SET)}
    content = signed.take().children()
    _require(content.take().oid() == TST_INFO, "what is signed is no time stamp")
    info = content.take().only(0xA0).expect(der.OCTETS).content
    certificates = signed.optional(0xA0)
    signed.optional(0xA1)
    signer = _signer(signed.take().only(der.SET).children())
    signed.end()
    _require(digests == {signer.digest}, "the lists of digests differ")
    inside = certificates.children(0xA0) if certificates else Nodes(())
    return _info(info, signer, tuple(each.expect(der.SEQUENCE).raw for each in inside))


def _signer(parts: Nodes) -> Signer:
    _require(parts.take().integer() == _SIGNER_VERSION, "an unknown version of a signer")
    named = parts.take().children()
    issuer, serial = named.take().expect(der.SEQUENCE).raw, named.take().integer()
    digest = _algorithm(parts.take())
    attributes = parts.take().expect(0xA0)
    algorithm = _algorithm(parts.take())
    signature = parts.take().expect(der.OCTETS).content
    parts.optional(0xA1)
    parts.end()
    return Signer(
        issuer=issuer,
        serial=serial,
        digest=digest,
        algorithm=algorithm,
        attributes=_attributes(attributes),
        # What is signed has the tag of a set, RFC 5652 section 5.4.
        signed=der.wrap(der.SET, attributes.content),
        signature=signature,
    )


def _algorithm(node: Node) -> str:
    """Read an AlgorithmIdentifier that has no settings."""
    parts = node.children()
    name, settings = parts.take().oid(), parts.optional(der.NULL)
    if any(True for _ in parts) or (settings and settings.content):
        raise SignatureFaultError(SignatureCode.STAMP_ALGORITHM, f"{name} with settings")
    return name


def _attributes(node: Node) -> Mapping[str, Node]:
    found: dict[str, Node] = {}
    for each in node.children(0xA0):
        pair = each.children()
        name, value = pair.take().oid(), pair.take().only(der.SET)
        pair.end()
        _require(name not in found, "an attribute is there twice")
        found[name] = value
    return found


def _info(info: bytes, signer: Signer, certificates: tuple[bytes, ...]) -> Stamp:
    parts = der.read(info).children()
    _require(parts.take().integer() == 1, "an unknown version")
    policy = parts.take().oid()
    imprint = parts.take().children()
    algorithm = _algorithm(imprint.take())
    digest = imprint.take().expect(der.OCTETS).content
    imprint.end()
    serial, time = parts.take().integer(), parts.take().moment()
    parts.optional(der.SEQUENCE)  # how exact the clock is
    parts.optional(der.BOOLEAN)
    nonce = parts.optional(der.INTEGER)
    parts.optional(0xA0)
    _require(parts.optional(0xA1) is None, "an extension that we do not know")
    parts.end()
    return Stamp(
        policy=policy,
        imprint_algorithm=algorithm,
        imprint=digest,
        serial=serial,
        time=time,
        nonce=nonce.integer() if nonce else None,
        info=info,
        signer=signer,
        certificates=certificates,
    )


def _require(holds: bool, why: str) -> None:  # noqa: FBT001 - a condition
    if not holds:
        raise der.DerError(why)
