"""Certificates of people who do not exist, for tests: made here, with any date and any purpose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pipeline.model import Sha256
from pipeline.warc.signing.trust import TrustedRoot, Use

STAMPS = ExtendedKeyUsageOID.TIME_STAMPING
WEB = ExtendedKeyUsageOID.SERVER_AUTH
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
UNTIL = datetime(2080, 1, 1, tzinfo=UTC)
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def root(self, *uses: Use, policies: tuple[str, ...] = (), full: bool = True) -> TrustedRoot:
        return TrustedRoot(
            name="A root",
            fingerprint=Sha256.of(self.der),
            certificate=self.der if full else None,
            uses=frozenset(uses or Use),
            policies=policies,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a certificate should say."""

    name: str
    authority: bool = False
    depth: int | None = None
    purposes: Sequence[x509.ObjectIdentifier] = ()
    critical: bool = True
    hosts: Sequence[str] = ()
    since: datetime = SINCE
    until: datetime = UNTIL
    key: str = "p256"
    odd: bool = False
    may_sign: bool = True


@lru_cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def new_key(kind: str) -> Key:
    match kind:
        case "rsa":
            return rsa_key()
        case "ed25519":
            return ed25519.Ed25519PrivateKey.generate()
        case "p521":
            return ec.generate_private_key(ec.SECP521R1())
    return ec.generate_private_key(ec.SECP256R1())


def issue(wish: Wish, issuer: Identity | None = None, key: Key | None = None) -> Identity:
    """Make a certificate as wished, by an issuer or by itself."""
    key = key or new_key(wish.key)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, wish.name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer.certificate.subject if issuer else name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(wish.since)
        .not_valid_after(wish.until)
        .add_extension(
            x509.BasicConstraints(ca=wish.authority, path_length=wish.depth), critical=True
        )
    )
    if wish.authority:
        builder = builder.add_extension(_usage(may_sign=wish.may_sign), critical=True)
    if wish.purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(wish.purposes), wish.critical)
    if wish.hosts:
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in wish.hosts])
        builder = builder.add_extension(names, critical=False)
    if wish.odd:
        unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
        builder = builder.add_extension(unknown, critical=True)
    signer = issuer.key if issuer else key
    digest = None if isinstance(signer, ed25519.Ed25519PrivateKey) else SHA256()
    return Identity(certificate=builder.sign(signer, digest), key=key)


def _usage(*, may_sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=may_sign,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
