"""A time authority that says whatever a test wants (RFC 3161, RFC 5652), right or wrong."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm

from pipeline.warc.signing import der
from pipeline.warc.signing.stamp import SIGNED_DATA, TST_INFO
from tests.warc.signing.certificates import Identity, Key

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
SHA256_OID, SHA1_OID = "2.16.840.1.101.3.4.2.1", "1.3.14.3.2.26"
RSA, RSA_SHA256 = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11"
ECDSA_SHA256, ED25519 = "1.2.840.10045.4.3.2", "1.3.101.112"
DATA = "1.2.840.113549.1.7.1"
POLICY = "1.2.3.4.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the authority says; the defaults are right."""

    signer: Identity
    data: bytes
    time: datetime | str = NOW
    certificates: Sequence[Identity] = ()
    nonce: int | None = None
    policy: str = POLICY
    status: int = 0
    content: str = TST_INFO
    signed_content: str = TST_INFO
    imprint: str = SHA256_OID
    digest: str = SHA256_OID
    algorithm: str = ""
    essence: str = "v2"
    essence_of: Identity | None = None
    other_info: bool = False
    other_signature: bool = False
    extra: bytes = b""
    version: int = 1
    twice: bool = False


def response(told: Told) -> bytes:
    """Write the answer of the authority."""
    status = seq(der.write_integer(told.status))
    if told.status > 1:
        return seq(status)
    return seq(status, seq(der.write_oid(SIGNED_DATA), der.wrap(0xA0, _signed_data(told))))


def _signed_data(told: Told) -> bytes:
    info = _info(told)
    inside = seq(der.write_oid(told.content), der.wrap(0xA0, der.wrap(der.OCTETS, info)))
    signed_info = _info(told, serial=8) if told.other_info else info
    certificates = b"".join(each.der for each in told.certificates)
    return seq(
        der.write_integer(3),
        der.wrap(der.SET, _algorithm(told.digest)),
        inside,
        der.wrap(0xA0, certificates) if certificates else b"",
        der.wrap(der.SET, _signer_info(told, signed_info)),
    )


def _info(told: Told, serial: int = 7) -> bytes:
    time = told.time if isinstance(told.time, str) else told.time.strftime("%Y%m%d%H%M%SZ")
    digest = hashlib.new("sha1" if told.imprint == SHA1_OID else "sha256", told.data).digest()
    return seq(
        der.write_integer(told.version),
        der.write_oid(told.policy),
        seq(_algorithm(told.imprint), der.wrap(der.OCTETS, digest)),
        der.write_integer(serial),
        der.wrap(der.GENERALIZED_TIME, time.encode()),
        der.write_integer(told.nonce) if told.nonce is not None else b"",
        told.extra,
    )


def _signer_info(told: Told, info: bytes) -> bytes:
    attributes = b"".join(
        [
            _attribute("1.2.840.113549.1.9.3", der.write_oid(told.signed_content)),
            _attribute("1.2.840.113549.1.9.4", der.wrap(der.OCTETS, hashlib.sha256(info).digest()))
            * (1 + told.twice),
            _essence(told),
        ]
    )
    data = der.wrap(der.SET, attributes) + (b"!" if told.other_signature else b"")
    certificate = told.signer.certificate
    return seq(
        der.write_integer(1),
        seq(certificate.issuer.public_bytes(), der.write_integer(certificate.serial_number)),
        _algorithm(told.digest),
        der.wrap(0xA0, attributes),
        seq(der.write_oid(told.algorithm or _usual(told.signer.key))),
        der.wrap(der.OCTETS, _sign(told.signer.key, data)),
    )


def _essence(told: Told) -> bytes:
    """Name the certificate that signs (RFC 5035)."""
    certificate = (told.essence_of or told.signer).der
    match told.essence:
        case "v2":
            digest = der.wrap(der.OCTETS, hashlib.sha256(certificate).digest())
            return _attribute("1.2.840.113549.1.9.16.2.47", seq(seq(seq(digest))))
        case "v2 named":
            digest = der.wrap(der.OCTETS, hashlib.sha256(certificate).digest())
            named = seq(seq(seq(_algorithm(SHA256_OID), digest)))
            return _attribute("1.2.840.113549.1.9.16.2.47", named)
        case "v1":
            sha1 = hashlib.sha1(certificate, usedforsecurity=False).digest()
            digest = der.wrap(der.OCTETS, sha1)
            return _attribute("1.2.840.113549.1.9.16.2.12", seq(seq(seq(digest))))
    return b""


def _attribute(name: str, value: bytes) -> bytes:
    return seq(der.write_oid(name), der.wrap(der.SET, value))


def _algorithm(oid: str) -> bytes:
    return seq(der.write_oid(oid), der.wrap(der.NULL))


def _usual(key: Key) -> str:
    match key:
        case rsa.RSAPrivateKey():
            return RSA
        case ed25519.Ed25519PrivateKey():
            return ED25519
    return ECDSA_SHA256


def _sign(key: Key, data: bytes) -> bytes:
    digest: HashAlgorithm = SHA256()
    match key:
        case rsa.RSAPrivateKey():
            return key.sign(data, PKCS1v15(), digest)
        case ed25519.Ed25519PrivateKey():
            return key.sign(data)
        case ec.EllipticCurvePrivateKey():
            return key.sign(data, ec.ECDSA(digest))
    raise TypeError(key)


def seq(*parts: bytes) -> bytes:
    return der.wrap(der.SEQUENCE, *parts)
