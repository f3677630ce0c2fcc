"""The signatures that the checker of evidence verifies by itself: RFC 8032, and a library."""

from types import ModuleType

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

#: RFC 8032, 7.1: key, message, signature.
VECTORS = {
    "test 1": (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701c"
            "f9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    "test 2": (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0"
            "f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    "test 3": (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984"
            "dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_the_vectors_of_the_standard_hold(name: str, check: ModuleType) -> None:
    key, message, signature = (bytes.fromhex(each) for each in VECTORS[name])
    assert check.ed25519(key, message, signature)
    assert not check.ed25519(key, message + b"x", signature)
    s = int.from_bytes(signature[32:], "little") + check.Q  # the same number, written larger
    assert not check.ed25519(key, message, signature[:32] + s.to_bytes(32, "little"))


@settings(deadline=None, max_examples=40, derandomize=True)
@given(
    seed=st.binary(min_size=32, max_size=32),
    message=st.binary(max_size=40),
    flip=st.integers(0, 8 * 96 - 1),
)
def test_it_agrees_with_a_library(
    seed: bytes, message: bytes, flip: int, check: ModuleType
) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key, signature = private.public_key().public_bytes_raw(), private.sign(message)
    assert check.ed25519(key, message, signature)
    both = bytearray(key + signature)
    both[flip // 8] ^= 1 << flip % 8
    broken, other = bytes(both[:32]), bytes(both[32:])
    try:
        Ed25519PublicKey.from_public_bytes(broken).verify(other, message)
        holds = True
    except InvalidSignature:
        holds = False
    assert check.ed25519(broken, message, other) is holds


@pytest.mark.parametrize(
    "key",
    [
        b"\xff" * 32,  # y is no number of the field
        b"\x02" + b"\0" * 31,  # no x belongs to this y
        b"\x01" + b"\0" * 30 + b"\x80",  # x is 0 and has a sign
        b"\0" * 31,
    ],
)
def test_what_is_no_point_is_no_key(key: bytes, check: ModuleType) -> None:
    assert not check.ed25519(key, b"", bytes(64))


def test_a_cut_signature_does_not_hold(check: ModuleType) -> None:
    key, message, signature = (bytes.fromhex(each) for each in VECTORS["test 2"])
    assert not check.ed25519(key, message, signature[:-1])
    with pytest.raises(ValueError, match="too early"):
        check.strings(b"\0\0\0\x09abc")


@settings(deadline=None, max_examples=8, derandomize=True)
@given(
    seed=st.integers(1, 2**250),
    message=st.binary(max_size=40),
    flip=st.integers(0, 8 * 48 - 1),
    curve=st.sampled_from([ec.SECP256R1(), ec.SECP384R1()]),
)
def test_ecdsa_agrees_with_a_library(
    seed: int, message: bytes, flip: int, curve: ec.EllipticCurve, check: ModuleType
) -> None:
    private = ec.derive_private_key(seed, curve)
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    name = b"ecdsa-sha2-nistp%d" % curve.key_size
    kind = SHA256() if curve.key_size == 256 else SHA384()
    r, s = decode_dss_signature(private.sign(message, ec.ECDSA(kind)))
    size = curve.key_size // 8 + 1
    wire = b"".join(size.to_bytes(4, "big") + each.to_bytes(size, "big") for each in (r, s))
    assert check.ecdsa(name, point, message, wire)
    assert not check.ecdsa(name, point, message + b"x", wire)
    broken = bytearray(point)
    broken[1 + flip // 8 % (len(point) - 1)] ^= 1 << flip % 8
    assert not check.ecdsa(name, bytes(broken), message, wire)
    assert not check.ecdsa(name, point[1:], message, wire)
    assert not check.ecdsa(name, point, message, bytes(4) + wire[4 + size :])


def test_points_of_a_curve_are_added_as_the_rules_say(check: ModuleType) -> None:
    p, _, x, y, n, _ = check.CURVES[b"ecdsa-sha2-nistp256"]
    base, other = (x, y), (x, p - y)
    assert check.joined(base, None, p) == base
    assert check.joined(base, other, p) is None
    assert check.joined(check.joined(base, base, p), other, p) == base
    assert n.bit_length() == 256
