"""A signature in a file of its own, in OpenSSH's form (PROTOCOL.sshsig), which names its key.

Others check it with what is on every machine:
`ssh-keygen -Y verify -f allowed_signers -I NAME -n NAMESPACE -s FILE.sig < FILE`, and make it with
`ssh-keygen -Y sign -f KEY -n NAMESPACE FILE`.
"""

import base64
import binascii
import hashlib
import textwrap
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.serialization import load_ssh_public_key

from pipeline.model import Finding
from pipeline.warc.signing.codes import SignatureCode as Code
from pipeline.warc.signing.codes import SignatureFaultError
from pipeline.warc.signing.keys import (
    SSH_HASHES,
    Algorithm,
    KeyRefusedError,
    PublicKey,
    SigningKey,
)
from pipeline.warc.signing.package import Demand, SignatureReport, Standing, demanded
from pipeline.warc.signing.stamp import read_response
from pipeline.warc.signing.stamp_check import check_stamp
from pipeline.warc.signing.trust import Trust

MANIFEST: Final = "jekyll-archive-manifest"
EVENTS: Final = "jekyll-archive-events"
SIZE_MOST: Final = 1 << 16
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_MAGIC: Final = b"SSHSIG"
_VERSION: Final = (1).to_bytes(4)
_WIDTH: Final = 70  # characters in a line, as ssh-keygen writes them
_HASH: Final = b"sha512"
_HASHES: Final = frozenset({b"sha256", b"sha512"})
_NAMES: Final = {
    Algorithm.ED25519: b"ssh-ed25519",
    Algorithm.P256: b"ecdsa-sha2-nistp256",
    Algorithm.P384: b"ecdsa-sha2-nistp384",
}


def sign_detached(data: bytes, key: SigningKey, namespace: str) -> bytes:
    """Sign data for one purpose, its namespace; give the text of the file."""
    name = _NAMES[key.public.algorithm]
    signature = key.sign_as(_signed(data, namespace, _HASH), SSH_HASHES.get(key.public.algorithm))
    if key.public.algorithm is not Algorithm.ED25519:
        signature = b"".join(_string(_mpint(part)) for part in decode_dss_signature(signature))
    parts = (_wire(key.public), namespace.encode(), b"", _HASH, _string(name) + _string(signature))
    return _armoured(_MAGIC + _VERSION + b"".join(map(_string, parts)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Detached:
    """Data, and beside it a signature and an authority's response over the signature's file.

    `created` is when the data says that it was made: the key has to be trusted for that time, where
    no time stamp proves another. `place` names the signature for findings.
    """

    data: bytes = field(repr=False)
    namespace: str
    place: str
    signature: bytes | None = None
    response: bytes | None = None
    created: datetime | None = None


def verify_detached(it: Detached, trust: Trust, demand: Demand | None = None) -> SignatureReport:
    """Check a signature in a file of its own, offline."""
    findings: list[Finding] = []
    try:
        report = _verified(it, trust, findings)
    except SignatureFaultError as fault:
        findings.append(fault.at(it.place))
        report = SignatureReport(standing=Standing.BROKEN, findings=tuple(findings))
    return demanded(report, demand or Demand(), it.place)


def _verified(it: Detached, trust: Trust, findings: list[Finding]) -> SignatureReport:
    if it.signature is None:
        findings.append(Code.ABSENT.at(it.place, "not signed"))
        return SignatureReport(standing=Standing.UNSIGNED, findings=tuple(findings))
    key, stamped = _read(it.signature, it.data, it.namespace), None
    if it.response is not None:
        stamp = read_response(it.response)
        stamped = check_stamp(stamp, it.signature, trust, place=it.place)
        findings += stamped.findings
    known = trust.key(key.fingerprint)
    moment = stamped.time if stamped and stamped.trusted else it.created
    if known is None:
        message = f"the key {key.fingerprint} is not a trusted one"
        findings.append(Code.KEY_UNKNOWN.at(it.place, message))
    elif moment is not None and not known.covers(moment):
        why = f"{known.name} is not trusted for {moment.isoformat()}"
        raise SignatureFaultError(Code.KEY_EXPIRED, why)
    return SignatureReport(
        standing=Standing.TRUSTED if known else Standing.UNKNOWN,
        form="detached",
        by=known.name if known else "",
        fingerprint=key.fingerprint,
        created=it.created,
        stamped=stamped,
        findings=tuple(findings),
    )


def _read(text: bytes, data: bytes, namespace: str) -> PublicKey:
    """Give the key that signed the data. Raises SignatureFaultError."""
    blob = _blob(text)
    if not blob.startswith(_MAGIC + _VERSION):
        raise _malformed("not a signature of version 1")
    wire, said, reserved, digest, signature = _strings(blob[len(_MAGIC + _VERSION) :], 5)
    if said != namespace.encode() or reserved:
        raise SignatureFaultError(Code.CHANGED, f"signed for {said!r}, not for {namespace!r}")
    if digest not in _HASHES:
        raise SignatureFaultError(Code.ALGORITHM, f"a digest by {digest!r}")
    key = _key(wire)
    name, raw = _strings(signature, 2)
    if name != _NAMES[key.algorithm]:
        raise SignatureFaultError(Code.ALGORITHM, f"a signature by {name!r}")
    if key.algorithm is not Algorithm.ED25519:
        r, s = (int.from_bytes(part) for part in _strings(raw, 2))
        if raw != _string(_mpint(r)) + _string(_mpint(s)):
            raise _malformed("its numbers are not written as they have to be")
        raw = encode_dss_signature(r, s)
    if not key.holds_as(raw, _signed(data, namespace, digest), SSH_HASHES.get(key.algorithm)):
        raise SignatureFaultError(Code.WRONG, "the signature is not by its key over these bytes")
    return key


def _key(wire: bytes) -> PublicKey:
    kind = _strings(wire, 1, more=True)[0]
    if kind not in _NAMES.values():
        raise SignatureFaultError(Code.ALGORITHM, f"a key of the kind {kind!r}")
    try:
        key = PublicKey.of(load_ssh_public_key(kind + b" " + base64.b64encode(wire)))
    except (ValueError, NotImplementedError, UnsupportedAlgorithm, KeyRefusedError) as error:
        raise SignatureFaultError(Code.ALGORITHM, f"no {kind.decode()} key") from error
    if _wire(key) != wire:
        raise _malformed("its key is not written as it has to be")
    return key


def _signed(data: bytes, namespace: str, digest: bytes) -> bytes:
    hashed = hashlib.new(digest.decode(), data).digest()
    return _MAGIC + b"".join(map(_string, (namespace.encode(), b"", digest, hashed)))


def _wire(key: PublicKey) -> bytes:
    return base64.b64decode(key.openssh.split()[1])


def _string(data: bytes) -> bytes:
    return len(data).to_bytes(4) + data


def _mpint(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1)


def _strings(data: bytes, count: int, *, more: bool = False) -> list[bytes]:
    found, at = [], 0
    for _ in range(count):
        end = at + 4 + int.from_bytes(data[at : at + 4])
        if at + 4 > len(data) or end > len(data):
            raise _malformed("it ends too early")
        found.append(data[at + 4 : end])
        at = end
    if at < len(data) and not more:
        raise _malformed("there is more than there should be")
    return found


def _armoured(blob: bytes) -> bytes:
    lines = textwrap.wrap(base64.b64encode(blob).decode(), _WIDTH)
    return "".join(f"{line}\n" for line in (_BEGIN, *lines, _END)).encode()


def _blob(text: bytes) -> bytes:
    begin, end = f"{_BEGIN}\n".encode(), f"{_END}\n".encode()
    if len(text) > SIZE_MOST or not (text.startswith(begin) and text.endswith(end)):
        raise _malformed("not a signature as OpenSSH writes it")
    try:
        blob = base64.b64decode(text[len(begin) : -len(end)].replace(b"\n", b""), validate=True)
    except (ValueError, binascii.Error) as error:
        raise _malformed("not base64") from error
    if _armoured(blob) != text:
        raise _malformed("not written as OpenSSH writes it")
    return blob


def _malformed(why: str) -> SignatureFaultError:
    return SignatureFaultError(Code.MALFORMED, why)
