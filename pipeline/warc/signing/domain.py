"""The domain form of wacz-auth: a signature by the key of a certificate for a host."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import NameOID

from pipeline.model import Finding, Sha256
from pipeline.warc.signing.chains import (
    ChainError,
    Path,
    find_path,
    fingerprint,
    odd_extensions,
    read_pem,
)
from pipeline.warc.signing.codes import SignatureCode as Code
from pipeline.warc.signing.codes import SignatureFaultError
from pipeline.warc.signing.keys import Algorithm, KeyRefusedError, PublicKey
from pipeline.warc.signing.signed_data import SignedData, from_base64
from pipeline.warc.signing.trust import Trust, Use


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainOwner:
    """Whose certificate it was that signed. `trusted` needs the domain and a root of its chain."""

    fingerprint: Sha256
    trusted: bool
    findings: tuple[Finding, ...]


def check_domain(signed: SignedData, trust: Trust, moment: datetime, place: str) -> DomainOwner:
    """Check the signature and its certificates for a time. Raises SignatureFaultError."""
    try:
        chain = read_pem(signed.domain_cert)
        crossed = read_pem(signed.cross_signed_cert) if signed.cross_signed_cert else ()
    except ChainError as error:
        raise SignatureFaultError(Code.CHAIN, str(error)) from error
    leaf = chain[0]
    key = _signature(signed, leaf)
    if crossed and _key(crossed[0], "crossSignedCert") != key:
        raise SignatureFaultError(Code.CROSS_SIGNED, "another key than that of `domainCert`")
    if signed.domain.lower() not in names_of(leaf):
        raise SignatureFaultError(Code.DOMAIN, f"the certificate is not for {signed.domain!r}")
    path = _path(chain, trust, moment)
    if path is None and crossed:
        path = _path(crossed, trust, moment)
    findings: list[Finding] = []
    if path is None:
        message = f"the certificates of {signed.domain} lead to no root that is trusted"
        findings.append(Code.CHAIN_UNKNOWN.at(place, message))
    if signed.domain.lower() not in trust.domains:
        findings.append(Code.DOMAIN_UNKNOWN.at(place, f"{signed.domain} is not a trusted domain"))
    return DomainOwner(
        fingerprint=fingerprint(leaf), trusted=not findings, findings=tuple(findings)
    )


def _signature(signed: SignedData, leaf: x509.Certificate) -> PublicKey:
    """Check ECDSA in DER over SHA-256 of the text of the digest, as authsign writes it."""
    key = _key(leaf, "domainCert")
    if key.algorithm is Algorithm.ED25519:
        raise SignatureFaultError(Code.ALGORITHM, "a domain signs with ECDSA")
    if not key.holds_as(from_base64(signed.signature, "signature"), signed.hash.encode()):
        raise SignatureFaultError(Code.WRONG, "the signature is not by the key of `domainCert`")
    return key


def _key(certificate: x509.Certificate, place: str) -> PublicKey:
    try:
        return PublicKey.of(certificate.public_key(), place)
    except (KeyRefusedError, ValueError, UnsupportedAlgorithm) as error:
        raise SignatureFaultError(Code.ALGORITHM, str(error)) from error


def _path(chain: tuple[x509.Certificate, ...], trust: Trust, moment: datetime) -> Path | None:
    if why := odd_extensions(chain[0]):
        raise SignatureFaultError(Code.CHAIN, why)
    try:
        path = find_path(chain[0], chain[1:], trust, Use.DOMAIN, moment)
    except ChainError as error:
        raise SignatureFaultError(Code.CHAIN, str(error)) from error
    expired = path.expired if path else ""
    leaf = chain[0]
    if not leaf.not_valid_before_utc <= moment <= leaf.not_valid_after_utc:
        expired = "the certificate of the domain"
    if expired:
        why = f"{expired} was not valid at {moment.isoformat()}"
        raise SignatureFaultError(Code.CERTIFICATE_EXPIRED, why)
    return path


def names_of(certificate: x509.Certificate) -> frozenset[str]:
    """Give the hosts that a certificate names, in lower case."""
    named = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    names = {str(each.value).lower() for each in named}
    try:
        also = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names |= {name.lower() for name in also.get_values_for_type(x509.DNSName)}
    except x509.ExtensionNotFound:
        pass  # then the subject is all that names one
    return frozenset(names)
