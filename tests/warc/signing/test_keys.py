"""Keys are those of OpenSSL, and sign as RFC 6979 says, so that the same is signed alike."""

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from pipeline.warc.signing.keys import Algorithm, KeyRefusedError, PublicKey, SigningKey
from tests.conftest import Need

DATA = b"sha256:" + b"0" * 64


@pytest.fixture(params=Algorithm, ids=lambda algorithm: algorithm.name)
def key(request: pytest.FixtureRequest) -> SigningKey:
    return SigningKey.generate(request.param)


def test_a_key_is_read_as_it_was_written(key: SigningKey) -> None:
    assert SigningKey.from_pem(key.pem, "k").public == key.public
    assert PublicKey.from_pem(key.public.pem, "k") == key.public
    assert PublicKey.from_spki(key.public.spki) == key.public


def test_a_signature_holds_for_its_data_and_key_only(key: SigningKey) -> None:
    signature = key.sign(DATA)
    other = SigningKey.generate(key.public.algorithm)
    assert signature == key.sign(DATA)
    assert key.public.holds(signature, DATA)
    assert not key.public.holds(signature, DATA + b"0")
    assert not key.public.holds(signature + b"0", DATA)
    assert not key.public.holds(bytes(len(signature)), DATA)
    assert not other.public.holds(signature, DATA)


def test_ecdsa_signs_as_rfc_6979_has_it() -> None:
    """Appendix A.2.5: P-256, SHA-256, the message `sample`."""
    secret = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
    key = SigningKey.of(ec.derive_private_key(secret, ec.SECP256R1()))
    assert key.sign(b"sample").hex().upper() == (
        "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
        "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"
    )


def test_the_private_key_is_never_shown(key: SigningKey) -> None:
    assert "private" not in repr(key)


def test_other_kinds_of_key_are_refused() -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    large = ec.generate_private_key(ec.SECP521R1())
    for other in (weak, large):
        private = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = other.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        with pytest.raises(KeyRefusedError, match="only ECDSA"):
            SigningKey.from_pem(private, "k")
        with pytest.raises(KeyRefusedError, match="only ECDSA"):
            PublicKey.from_spki(public)


def test_what_is_no_key_is_refused() -> None:
    key = SigningKey.generate(Algorithm.P384)
    locked = key.private.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word")
    )
    with pytest.raises(KeyRefusedError, match="passphrase"):
        SigningKey.from_pem(locked, "k")
    with pytest.raises(KeyRefusedError, match="k: not a key that can be used: no private key"):
        SigningKey.from_pem(key.public.pem, "k")
    with pytest.raises(KeyRefusedError, match="no public key"):
        PublicKey.from_pem(key.pem, "k")
    with pytest.raises(KeyRefusedError, match="not a SubjectPublicKeyInfo"):
        PublicKey.from_spki(b"key")


def test_a_key_written_otherwise_is_refused() -> None:
    """A compressed point is the same key with another fingerprint."""
    public = SigningKey.generate(Algorithm.P384).private.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    point = public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    head = bytes.fromhex("3046301006072a8648ce3d020106052b81040022033200")
    with pytest.raises(KeyRefusedError, match="not written as DER has it"):
        PublicKey.from_spki(head + point)


def test_openssl_checks_what_we_sign_and_signs_what_we_check(
    key: SigningKey, tmp_path: Path, need: Need
) -> None:
    openssl = str(need("openssl"))
    data, private, public = (tmp_path / name for name in ("data", "key", "key.pub"))
    data.write_bytes(DATA)
    private.write_bytes(key.pem)
    public.write_bytes(key.public.pem)
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.write_bytes(key.sign_as(DATA))
    plain = key.public.algorithm is Algorithm.ED25519
    form = [] if plain else ["-digest", "sha256"]
    pkeyutl = [openssl, "pkeyutl", "-rawin", *form, "-in", str(data)]
    check = [*pkeyutl, "-verify", "-pubin", "-inkey", str(public), "-sigfile", str(ours)]
    assert b"Verified Successfully" in _run(check)
    _run([*pkeyutl, "-sign", "-inkey", str(private), "-out", str(theirs)])
    assert key.public.holds_as(theirs.read_bytes(), DATA)
    spki = [openssl, "pkey", "-pubin", "-in", str(public), "-outform", "DER"]
    assert _run(spki) == key.public.spki


def _run(command: list[str]) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout
