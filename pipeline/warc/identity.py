"""Record ids derived from what a record says, so that the same input gives the same bytes."""

import hashlib
from collections.abc import Iterable

_VERSION = 0x80  # RFC 9562 section 5.8: version 8, our own use of the bits
_VARIANT = 0x80


def record_id(fields: Iterable[tuple[str, str]], repeat: int = 0) -> str:
    """Give the `urn:uuid:` of a record with these fields (its block's digest is among them).

    122 bits of a SHA-256 in a version 8 UUID. `repeat` counts equal records in one file.
    """
    text = "".join(f"{name}: {value}\r\n" for name, value in fields) + f"{repeat}"
    raw = bytearray(hashlib.sha256(text.encode("utf-8")).digest()[:16])
    raw[6] = _VERSION | raw[6] & 0x0F
    raw[8] = _VARIANT | raw[8] & 0x3F
    digits = raw.hex()
    parts = (digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])
    return f"urn:uuid:{'-'.join(parts)}"
