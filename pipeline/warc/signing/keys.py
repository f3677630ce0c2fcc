"""Keys: ECDSA on P-384 (what readers in browsers check) and P-256, and Ed25519.

Signatures are the same for the same key and data (RFC 6979, RFC 8032), so that archives are, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    SECP384R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, HashAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)

from pipeline.errors import UsageError
from pipeline.model import Sha256

PrivateKey = EllipticCurvePrivateKey | Ed25519PrivateKey


class Algorithm(Enum):
    """A kind of key."""

    P384 = "ECDSA P-384"
    P256 = "ECDSA P-256"
    ED25519 = "Ed25519"


_CURVES: Final = {"secp384r1": Algorithm.P384, "secp256r1": Algorithm.P256}
_WIDTH: Final = {Algorithm.P384: 48, Algorithm.P256: 32}
SSH_HASHES: Final[Mapping[Algorithm, HashAlgorithm]] = {
    Algorithm.P384: SHA384(),
    Algorithm.P256: SHA256(),
}
"""RFC 5656 section 6.2.1; wacz-auth's implementations take SHA-256 for every curve."""


class KeyRefusedError(UsageError):
    """A key cannot be read, or is of a kind that we do not use."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place}: not a key that can be used: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A public key: its SubjectPublicKeyInfo in DER (RFC 5280), as OpenSSL writes it."""

    algorithm: Algorithm
    spki: bytes = field(repr=False)

    @classmethod
    def of(cls, key: object, place: str = "the key") -> Self:
        """Take a key of the library. Raises KeyRefusedError for kinds that we do not use."""
        algorithm = None
        if isinstance(key, Ed25519PublicKey):
            algorithm = Algorithm.ED25519
        elif isinstance(key, EllipticCurvePublicKey):
            algorithm = _CURVES.get(key.curve.name)
        if algorithm is None or not isinstance(key, Ed25519PublicKey | EllipticCurvePublicKey):
            raise KeyRefusedError(place, "only ECDSA on P-384 or P-256, and Ed25519, are taken")
        spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return cls(algorithm=algorithm, spki=spki)

    @classmethod
    def from_spki(cls, spki: bytes, place: str = "the key") -> Self:
        """Read a SubjectPublicKeyInfo, written in the one way. Raises KeyRefusedError."""
        try:
            key = cls.of(load_der_public_key(spki), place)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise KeyRefusedError(place, "not a SubjectPublicKeyInfo") from error
        if key.spki != spki:
            raise KeyRefusedError(place, "not written as DER has it")
        return key

    @classmethod
    def from_pem(cls, pem: bytes, place: str) -> Self:
        """Read a `PUBLIC KEY` in PEM. Raises KeyRefusedError."""
        try:
            return cls.of(load_pem_public_key(pem), place)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise KeyRefusedError(place, "no public key in PEM") from error

    @property
    def fingerprint(self) -> Sha256:
        """SHA-256 of the SubjectPublicKeyInfo: `openssl pkey -pubin -outform DER | sha256sum`."""
        return Sha256.of(self.spki)

    @property
    def pem(self) -> bytes:
        """The key as OpenSSL reads it."""
        return self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @property
    def openssh(self) -> bytes:
        """The key as OpenSSH reads it: type and base64, in one line."""
        return self._key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)

    @property
    def _key(self) -> Ed25519PublicKey | EllipticCurvePublicKey:
        key = load_der_public_key(self.spki)
        if not isinstance(key, Ed25519PublicKey | EllipticCurvePublicKey):
            raise KeyRefusedError("the key", "of another kind than it says")  # `of` let none in
        return key

    def holds(self, signature: bytes, data: bytes) -> bool:
        """Check r‖s over SHA-256, as WebCrypto writes ECDSA; or a signature by Ed25519."""
        if self.algorithm is Algorithm.ED25519:
            return self.holds_as(signature, data)
        width = _WIDTH[self.algorithm]
        if len(signature) != 2 * width:
            return False
        r, s = signature[:width], signature[width:]
        pair = encode_dss_signature(int.from_bytes(r), int.from_bytes(s))
        return self.holds_as(pair, data)

    def holds_as(self, der: bytes, data: bytes, digest: HashAlgorithm | None = None) -> bool:
        """Check an ECDSA-Sig-Value in DER, as OpenSSL writes it; or a signature by Ed25519."""
        key = self._key
        try:
            if isinstance(key, Ed25519PublicKey):
                key.verify(der, data)
            else:
                key.verify(der, data, ECDSA(digest or SHA256()))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A private key, which is never printed."""

    private: PrivateKey = field(repr=False)
    public: PublicKey

    @classmethod
    def generate(cls, algorithm: Algorithm) -> Self:
        """Make a new key, from the randomness of the operating system."""
        match algorithm:
            case Algorithm.ED25519:
                return cls.of(Ed25519PrivateKey.generate())
            case Algorithm.P384:
                return cls.of(generate_private_key(SECP384R1()))
            case Algorithm.P256:
                return cls.of(generate_private_key(SECP256R1()))

    @classmethod
    def of(cls, key: object, place: str = "the key") -> Self:
        """Take a key of the library. Raises KeyRefusedError for kinds that we do not use."""
        if not isinstance(key, Ed25519PrivateKey | EllipticCurvePrivateKey):
            raise KeyRefusedError(place, "only ECDSA on P-384 or P-256, and Ed25519, are taken")
        return cls(private=key, public=PublicKey.of(key.public_key(), place))

    @classmethod
    def from_pem(cls, pem: bytes, place: str) -> Self:
        """Read a private key in PEM, without a passphrase. Raises KeyRefusedError."""
        try:
            return cls.of(load_pem_private_key(pem, password=None), place)
        except TypeError as error:
            why = "it has a passphrase; take it off into a safe place with `openssl pkey`"
            raise KeyRefusedError(place, why) from error
        except (ValueError, UnsupportedAlgorithm) as error:
            raise KeyRefusedError(place, "no private key in PEM") from error

    @property
    def pem(self) -> bytes:
        """The private key as OpenSSL reads it (PKCS #8), not encrypted."""
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, data: bytes) -> bytes:
        """Sign as `PublicKey.holds` checks it."""
        signature = self.sign_as(data)
        if self.public.algorithm is Algorithm.ED25519:
            return signature
        width = _WIDTH[self.public.algorithm]
        return b"".join(part.to_bytes(width) for part in decode_dss_signature(signature))

    def sign_as(self, data: bytes, digest: HashAlgorithm | None = None) -> bytes:
        """Sign as `PublicKey.holds_as` checks it."""
        if isinstance(self.private, Ed25519PrivateKey):
            return self.private.sign(data)
        try:
            once = ECDSA(digest or SHA256(), deterministic_signing=True)
        except UnsupportedAlgorithm as error:
            why = "this OpenSSL cannot sign the same bytes twice alike (RFC 6979); use Ed25519"
            raise KeyRefusedError("the key", why) from error
        return self.private.sign(data, once)
