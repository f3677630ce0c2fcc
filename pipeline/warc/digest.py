"""Labelled digests: `sha256:<hex>` when we write, what the world wrote when we read.

ISO 28500 clause 5.8 leaves the encoding open, but a digest value is a token, so padded Base32 (`=`)
is out. The annotated standard (iipc/warc-specifications issues 48 and 80) asks for lower-case
Base16 for SHA-256; warcio and FastWARC read that, while warcio misreads unpadded Base32.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import Final

ALGORITHMS: Final = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512")
"""What we can recompute. Labels are compared in lower case, without the hyphen of `SHA-1`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A digest with the name of its algorithm, decoded."""

    algorithm: str
    raw: bytes


def algorithm_of(text: str) -> str:
    """Give the algorithm that a labelled digest names, `sha1` for `SHA-1`; "" if it names none."""
    label, colon, _ = text.partition(":")
    label = label.strip().lower()
    if not colon:
        return ""
    plain = label.replace("sha-", "sha", 1)
    return plain if plain in ALGORITHMS else label


def parse_digest(text: str) -> Labelled:
    """Read a labelled digest in Base16, Base32 or Base64, padded or not. Raises ValueError."""
    algorithm = algorithm_of(text)
    if algorithm not in ALGORITHMS:
        raise ValueError(text)
    value = text.partition(":")[2].strip()
    size = hashlib.new(algorithm, usedforsecurity=False).digest_size
    try:
        raw = _decode(value, size)
    except binascii.Error as error:
        raise ValueError(text) from error
    if len(raw) != size:
        raise ValueError(text)
    return Labelled(algorithm=algorithm, raw=raw)


def _decode(value: str, size: int) -> bytes:
    """Decode by length, which tells Base16, Base32 and Base64 of one digest apart.

    Only MD5 is as long in Base16 as in padded Base32; the padding decides (annotated standard,
    issue 80). Base64 is read because it is found in the world (issue 48).
    """
    if len(value) == 2 * size and not value.endswith("="):
        return binascii.unhexlify(value)
    bare = value.rstrip("=")
    if len(bare) == -(-8 * size // 5):
        return base64.b32decode(bare.upper() + "=" * (-len(bare) % 8))
    plain = bare.replace("-", "+").replace("_", "/")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
