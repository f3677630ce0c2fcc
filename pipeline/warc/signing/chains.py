"""Chains of certificates (RFC 5280), checked offline for a time in the past.

Not asked: lists of revoked certificates. A certificate with an extension that it calls critical and
that we do not know is refused.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import ExtensionOID, NameOID

from pipeline.model import Sha256
from pipeline.warc.signing import der
from pipeline.warc.signing.trust import Trust, TrustedRoot, Use

POOL_MOST: Final = 32
DEPTH_MOST: Final = 8
_KNOWN: Final = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.CERTIFICATE_POLICIES,
    }
)


#: KeyError: what older versions say of a name in a kind of text that there is not.
_UNREADABLE: Final = (ValueError, KeyError, x509.InvalidVersion, CryptographyDeprecationWarning)


class ChainError(ValueError):
    """The certificates cannot be what they are given for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """From a certificate to a root that is trusted. `expired` names one that was not valid."""

    certificates: tuple[x509.Certificate, ...]
    root: TrustedRoot
    expired: str = ""


def read_pem(text: str) -> tuple[x509.Certificate, ...]:
    """Read a chain in PEM, the certificate that signed first. Raises ChainError."""
    with _reading():
        found = tuple(x509.load_pem_x509_certificates(text.encode()))
        _bounded(found)
        return tuple(map(_probed, found))


def read_ders(ders: Sequence[bytes]) -> tuple[x509.Certificate, ...]:
    """Read certificates in DER. Raises ChainError."""
    _bounded(ders)
    with _reading():
        return tuple(_probed(x509.load_der_x509_certificate(each)) for each in ders)


@contextmanager
def _reading() -> Iterator[None]:
    """Map what the library says of bad certificates, and what it only warns of until it refuses."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", CryptographyDeprecationWarning)
            yield
    except ChainError:
        raise
    except _UNREADABLE as error:
        raise ChainError("no certificate that can be read") from error


def _probed(certificate: x509.Certificate) -> x509.Certificate:
    """Have the parts read that are read late."""
    _ = certificate.subject, certificate.issuer, certificate.serial_number
    _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    parts = der.read(certificate.public_bytes(Encoding.DER)).children()
    *_, signature = parts
    if not signature.content.startswith(b"\0"):  # bits that are left over, and not looked at
        raise ChainError("a signature in a certificate is not whole bytes")
    return certificate


def _bounded(found: Sequence[object]) -> None:
    if not 0 < len(found) <= POOL_MOST:
        raise ChainError(f"{len(found)} certificates, not 1 to {POOL_MOST}")


def write_pem(chain: Sequence[x509.Certificate]) -> str:
    """Write a chain in PEM."""
    return "".join(each.public_bytes(Encoding.PEM).decode() for each in chain)


def find_path(
    leaf: x509.Certificate,
    pool: Sequence[x509.Certificate],
    trust: Trust,
    use: Use,
    moment: datetime,
) -> Path | None:
    """Find how a certificate leads to a trusted root; None where it does not.

    A path on which all are valid at the moment is preferred. Raises ChainError where the only way
    leads over a certificate that may not sign others.
    """
    roots = {root.fingerprint: root for root in trust.roots_for(use)}
    ders = [root.certificate for root in roots.values() if root.certificate is not None]
    known = [found for each in ders for found in read_ders([each])]
    search = _Search((*pool, *known), roots, moment)
    search.walk((leaf,))
    if search.found is None and search.refused:
        raise ChainError(search.refused)
    return search.found


class _Search:
    """Looks for a way up, the shortest first for each issuer, without going in a circle."""

    def __init__(
        self,
        pool: Sequence[x509.Certificate],
        roots: dict[Sha256, TrustedRoot],
        moment: datetime,
    ) -> None:
        self._pool, self._roots, self._moment = pool, roots, moment
        self.found: Path | None = None
        self.refused = ""

    def walk(self, chain: tuple[x509.Certificate, ...]) -> None:
        last = chain[-1]
        root = self._roots.get(fingerprint(last))
        if root is not None:
            expired = next((name_of(each) for each in chain if not self._valid(each)), "")
            if self.found is None or not expired:
                self.found = Path(certificates=chain, root=root, expired=expired)
            return
        for issuer in self._pool:
            if len(chain) >= DEPTH_MOST or (self.found and not self.found.expired):
                return
            if issuer in chain or not _issued(last, issuer):
                continue
            trusted = fingerprint(issuer) in self._roots
            why = "" if trusted else may_not_issue(issuer, below=len(chain) - 1)
            if why:
                self.refused = why
                continue
            self.walk((*chain, issuer))

    def _valid(self, each: x509.Certificate) -> bool:
        return each.not_valid_before_utc <= self._moment <= each.not_valid_after_utc


def _issued(subject: x509.Certificate, issuer: x509.Certificate) -> bool:
    if subject.issuer != issuer.subject:
        return False
    try:
        subject.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True


def may_not_issue(certificate: x509.Certificate, below: int) -> str:
    """Say why a certificate may not sign others, with so many between it and the last one."""
    name = name_of(certificate)
    if why := odd_extensions(certificate):
        return why
    extensions = certificate.extensions
    try:
        basic = extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return f"{name} is no authority"
    if not basic.ca or (basic.path_length is not None and below > basic.path_length):
        return f"{name} is no authority for this"
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return ""
    return "" if usage.key_cert_sign else f"{name} may not sign certificates"


def odd_extensions(certificate: x509.Certificate) -> str:
    """Say which extension is critical and unknown, or that the extensions cannot be read."""
    try:
        odd = [
            each.oid.dotted_string
            for each in certificate.extensions
            if each.critical and each.oid not in _KNOWN
        ]
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return "the extensions of a certificate cannot be read"
    return f"{name_of(certificate)} has an unknown critical extension {odd[0]}" if odd else ""


def fingerprint(certificate: x509.Certificate) -> Sha256:
    """Give the SHA-256 of a certificate, as `openssl x509 -fingerprint -sha256` prints it."""
    return Sha256.of(certificate.public_bytes(Encoding.DER))


def name_of(certificate: x509.Certificate) -> str:
    """Name a certificate for people."""
    try:
        named = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        name = str(named[0].value) if named else certificate.subject.rfc4514_string()
    except ValueError:
        name = ""
    return name or fingerprint(certificate).hex[:16]
