"""What a time stamp is worth: whose it is, what it is about, whether it was his to give."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import HashAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from pipeline.model import Finding
from pipeline.warc.signing import der
from pipeline.warc.signing.chains import (
    ChainError,
    Path,
    find_path,
    name_of,
    odd_extensions,
    read_ders,
    write_pem,
)
from pipeline.warc.signing.codes import SignatureCode as Code
from pipeline.warc.signing.codes import SignatureFaultError
from pipeline.warc.signing.stamp import HASHES, TST_INFO, Stamp
from pipeline.warc.signing.trust import Trust, Use

_CONTENT_TYPE: Final = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST: Final = "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE: Final = "1.2.840.113549.1.9.16.2.12"
_SIGNING_CERTIFICATE_V2: Final = "1.2.840.113549.1.9.16.2.47"
_RSA: Final[Mapping[str, str]] = {
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
}
_PLAIN_RSA: Final = "1.2.840.113549.1.1.1"
_ECDSA: Final[Mapping[str, str]] = {
    "1.2.840.10045.4.3.2": "sha256",
    "1.2.840.10045.4.3.3": "sha384",
    "1.2.840.10045.4.3.4": "sha512",
}
_ED25519: Final = "1.3.101.112"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamped:
    """A time that is proved, as far as `trusted` (the root's name; empty: by nobody we trust)."""

    time: datetime
    authority: str
    policy: str
    serial: int
    trusted: str
    chain: tuple[x509.Certificate, ...]
    findings: tuple[Finding, ...] = ()


def check_answer(stamp: Stamp, *, nonce: int | None, policy: str | None) -> None:
    """Hold a stamp that was just given to what was asked for. Raises SignatureFaultError."""
    if stamp.nonce != nonce:
        raise SignatureFaultError(Code.STAMP_NONCE, "the answer has not the number of the request")
    if policy is not None and stamp.policy != policy:
        raise SignatureFaultError(Code.STAMP_POLICY, f"{stamp.policy}, but asked was {policy}")


def check_stamp(
    stamp: Stamp,
    data: bytes,
    trust: Trust,
    *,
    place: str,
    also: Sequence[x509.Certificate] = (),
) -> Stamped:
    """Check a stamp over data, offline; `also` are certificates that came along beside it.

    Raises SignatureFaultError for what is wrong; what is only unknown is among the findings.
    """
    _imprint(stamp, data)
    pool = (*_pool(stamp), *also)
    signer = _certificate(stamp, pool)
    _signature(stamp, signer)
    _may_stamp(signer)
    try:
        path = find_path(signer, pool, trust, Use.TIME, stamp.time)
    except ChainError as error:
        raise SignatureFaultError(Code.STAMP_CHAIN, str(error)) from error
    return _judged(stamp, signer, pool, path, place)


def chain_of(stamp: Stamp) -> str:
    """Give the certificates that came with a stamp, the signer's first, in PEM.

    Raises SignatureFaultError where the signer's is not among them.
    """
    pool = _pool(stamp)
    return write_pem(_in_order(_certificate(stamp, pool), pool))


def _pool(stamp: Stamp) -> tuple[x509.Certificate, ...]:
    try:
        return read_ders(stamp.certificates) if stamp.certificates else ()
    except ChainError as error:
        raise SignatureFaultError(Code.STAMP_CHAIN, str(error)) from error


def _imprint(stamp: Stamp, data: bytes) -> None:
    digest = _hash(stamp.imprint_algorithm)
    if hashlib.new(digest.name, data).digest() != stamp.imprint:
        raise SignatureFaultError(Code.STAMP_CHANGED, "the time stamp is about other bytes")


def _hash(oid: str) -> HashAlgorithm:
    if oid not in HASHES:
        raise SignatureFaultError(Code.STAMP_ALGORITHM, f"digest {oid}; SHA-256, 384 or 512 only")
    return HASHES[oid]


def _certificate(stamp: Stamp, pool: Sequence[x509.Certificate]) -> x509.Certificate:
    for each in pool:
        if each.serial_number == stamp.signer.serial and _issuer(each) == stamp.signer.issuer:
            _bound(stamp, each)
            return each
    raise SignatureFaultError(Code.STAMP_CHAIN, "the certificate of the authority is not there")


def _issuer(certificate: x509.Certificate) -> bytes:
    """Give the issuer's name in the bytes of the certificate (RFC 5280 section 4.1)."""
    parts = der.read(certificate.tbs_certificate_bytes).children()
    parts.optional(0xA0)
    parts.take()
    parts.take()
    return parts.take().raw


def _bound(stamp: Stamp, certificate: x509.Certificate) -> None:
    """Hold the certificate to the digest of it that is signed (RFC 3161 2.4.1, RFC 5816)."""
    encoded = certificate.public_bytes(Encoding.DER)
    try:
        name, digest = _certificate_digest(stamp)
    except der.DerError as error:
        raise SignatureFaultError(Code.STAMP_MALFORMED, str(error)) from error
    if hashlib.new(name, encoded, usedforsecurity=False).digest() != digest:
        raise SignatureFaultError(Code.STAMP_WRONG, "another certificate than the one signed with")


def _certificate_digest(stamp: Stamp) -> tuple[str, bytes]:
    attributes = stamp.signer.attributes
    newer = _SIGNING_CERTIFICATE_V2 in attributes
    node = attributes.get(_SIGNING_CERTIFICATE_V2 if newer else _SIGNING_CERTIFICATE)
    if node is None:
        raise der.DerError("it does not say with which certificate it was signed")
    named = node.children().take().children().take().children()
    name = "sha1"  # RFC 2634 knew no other; the signature itself does not rest on it
    if newer:
        kind = named.optional(der.SEQUENCE)
        name = _hash(kind.children().take().oid()).name if kind else "sha256"
    return name, named.take().expect(der.OCTETS).content


def _signature(stamp: Stamp, certificate: x509.Certificate) -> None:
    signer = stamp.signer
    digest = _hash(signer.digest)
    try:
        kind = signer.attributes[_CONTENT_TYPE].oid()
        said = signer.attributes[_MESSAGE_DIGEST].expect(der.OCTETS).content
    except (KeyError, der.DerError) as error:
        raise SignatureFaultError(Code.STAMP_MALFORMED, "what is signed is not told") from error
    if kind != TST_INFO or said != hashlib.new(digest.name, stamp.info).digest():
        raise SignatureFaultError(Code.STAMP_WRONG, "the time is not the one that was signed")
    if not _holds(stamp, certificate, digest):
        raise SignatureFaultError(Code.STAMP_WRONG, f"not signed by {name_of(certificate)}")


def _holds(stamp: Stamp, certificate: x509.Certificate, digest: HashAlgorithm) -> bool:
    signer, name = stamp.signer, stamp.signer.algorithm
    try:
        key = certificate.public_key()
        match key:
            case RSAPublicKey() if name == _PLAIN_RSA or _RSA.get(name) == digest.name:
                key.verify(signer.signature, signer.signed, PKCS1v15(), digest)
            case EllipticCurvePublicKey() if _ECDSA.get(name) == digest.name:
                key.verify(signer.signature, signer.signed, ECDSA(digest))
            case Ed25519PublicKey() if name == _ED25519:
                key.verify(signer.signature, signer.signed)
            case _:
                why = f"signature {name} over {digest.name} with that key"
                raise SignatureFaultError(Code.STAMP_ALGORITHM, why)
    except InvalidSignature:
        return False
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SignatureFaultError(Code.STAMP_ALGORITHM, "a kind of key unknown here") from error
    return True


def _may_stamp(certificate: x509.Certificate) -> None:
    """Hold a certificate to RFC 3161 section 2.3: only for time stamps, and critically so."""
    if why := odd_extensions(certificate):
        raise SignatureFaultError(Code.STAMP_CHAIN, why)
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        usage = None
    only = usage is not None and list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]
    if usage is None or not only or not usage.critical:
        why = f"{name_of(certificate)} is not a certificate for time stamps and nothing else"
        raise SignatureFaultError(Code.STAMP_CHAIN, why)


def _judged(
    stamp: Stamp,
    signer: x509.Certificate,
    pool: Sequence[x509.Certificate],
    path: Path | None,
    place: str,
) -> Stamped:
    findings: list[Finding] = []
    trusted, chain = "", _in_order(signer, pool)
    if path is None:
        message = f"{name_of(signer)} leads to no root that is trusted for time stamps"
        findings.append(Code.STAMP_UNKNOWN.at(place, message))
    else:
        trusted, chain = path.root.name, path.certificates
        if path.expired:
            why = f"{path.expired} was not valid at {stamp.time.isoformat()}"
            raise SignatureFaultError(Code.STAMP_EXPIRED, why)
        if path.root.policies and stamp.policy not in path.root.policies:
            why = f"{stamp.policy} is not one that {path.root.name} is trusted for"
            raise SignatureFaultError(Code.STAMP_POLICY, why)
    return Stamped(
        time=stamp.time,
        authority=name_of(signer),
        policy=stamp.policy,
        serial=stamp.serial,
        trusted=trusted,
        chain=chain,
        findings=tuple(findings),
    )


def _in_order(
    leaf: x509.Certificate, pool: Sequence[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """Give the chain as far as names tell it, for those who have the root."""
    chain = [leaf]
    while True:
        above = (each for each in pool if each.subject == chain[-1].issuer and each not in chain)
        issuer = next(above, None)
        if issuer is None:
            return tuple(chain)
        chain.append(issuer)
