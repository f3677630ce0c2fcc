"""Signatures beside a file are those of OpenSSH: each side checks what the other signs."""

import base64
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.warc.signing.detached import (
    EVENTS,
    MANIFEST,
    Detached,
    sign_detached,
    verify_detached,
)
from pipeline.warc.signing.keys import Algorithm, SigningKey
from pipeline.warc.signing.package import Demand, Standing
from pipeline.warc.signing.trust import Trust, TrustedKey
from tests.conftest import Need
from tests.warc.signing.certificates import STAMPS, Wish, issue
from tests.warc.signing.tokens import NOW, Told, response

DATA = b"# jekyll-archive manifest 1\n"
KEY = SigningKey.generate(Algorithm.ED25519)
ME = TrustedKey(name="Me", fingerprint=KEY.public.fingerprint)
ROOT = issue(Wish(name="Root", authority=True))
TSA = issue(Wish(name="Clock", purposes=[STAMPS]), ROOT)
TRUST = Trust(keys=(ME,), roots=(ROOT.root(),))
SIGNATURE = sign_detached(DATA, KEY, MANIFEST)
IT = Detached(data=DATA, namespace=MANIFEST, place="a.sig", signature=SIGNATURE)


def codes(it: Detached, trust: Trust = TRUST, demand: Demand | None = None) -> list[str]:
    return [finding.code for finding in verify_detached(it, trust, demand).findings]


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_signature_holds(algorithm: Algorithm) -> None:
    key = SigningKey.generate(algorithm)
    signature = sign_detached(DATA, key, EVENTS)
    assert signature == sign_detached(DATA, key, EVENTS)
    report = verify_detached(replace(IT, signature=signature, namespace=EVENTS), Trust())
    assert (report.standing, report.fingerprint) == (Standing.UNKNOWN, key.public.fingerprint)
    assert [finding.code for finding in report.findings] == ["SIGNATURE-KEY-UNKNOWN"]


def test_a_trusted_key_is_named() -> None:
    report = verify_detached(IT, TRUST, Demand(signature=True))
    assert (report.standing, report.by, report.findings) == (Standing.TRUSTED, "Me", ())


def test_what_is_demanded_and_absent_is_told() -> None:
    unsigned = replace(IT, signature=None)
    assert codes(unsigned) == ["SIGNATURE-ABSENT"]
    assert codes(unsigned, demand=Demand(signature=True))[1:] == ["SIGNATURE-REQUIRED"]
    assert codes(IT, demand=Demand(stamp=True)) == ["TIMESTAMP-REQUIRED"]


def stamp(data: bytes = SIGNATURE) -> bytes:
    return response(Told(signer=TSA, data=data, certificates=(TSA,)))


def test_a_stamp_over_the_signature_proves_when() -> None:
    stamped = replace(IT, response=stamp())
    report = verify_detached(stamped, TRUST, Demand(signature=True, stamp=True))
    assert report.stamped is not None
    assert (report.stamped.time, report.findings) == (NOW, ())
    assert codes(stamped, replace(TRUST, roots=())) == ["TIMESTAMP-UNKNOWN"]
    assert codes(replace(IT, response=stamp(b"other"))) == ["TIMESTAMP-CHANGED"]


def test_a_key_is_trusted_for_its_time() -> None:
    ended = replace(TRUST, keys=(replace(ME, until=NOW - timedelta(days=1)),))
    before = datetime(2026, 1, 1, tzinfo=UTC)
    assert codes(replace(IT, created=before), ended) == []
    assert codes(replace(IT, created=NOW), ended) == ["SIGNATURE-KEY-EXPIRED"]
    assert codes(replace(IT, created=before, response=stamp()), ended) == ["SIGNATURE-KEY-EXPIRED"]


def string(data: bytes) -> bytes:
    return len(data).to_bytes(4) + data


def armoured(blob: bytes) -> bytes:
    text = base64.b64encode(blob).decode()
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    frame = ("-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----")
    return "".join(f"{line}\n" for line in frame).encode()


def made(**parts: bytes) -> bytes:
    """Write a signature by hand, with other parts than it should have."""
    wire = base64.b64decode(KEY.public.openssh.split()[1])
    default = {
        "key": wire,
        "namespace": MANIFEST.encode(),
        "reserved": b"",
        "hash": b"sha512",
        "signature": string(b"ssh-ed25519") + string(bytes(64)),
    }
    return armoured(b"SSHSIG\0\0\0\1" + b"".join(map(string, (default | parts).values())))


RSA = string(b"ssh-rsa") + string(b"\x01\x00\x01") + string(b"\x00" + b"\xc1" * 128)
BROKEN: dict[str, tuple[str, bytes]] = {
    "nothing": ("MALFORMED", b""),
    "too long": ("MALFORMED", b"x" * (1 << 17)),
    "no base64": ("MALFORMED", SIGNATURE.replace(b"U1NIU0", b"!!!!!!")),
    "lines of another length": ("MALFORMED", SIGNATURE.replace(b"\n", b"\n\n", 2)),
    "another format": ("MALFORMED", armoured(b"SSHSIG\0\0\0\2")),
    "cut": ("MALFORMED", armoured(b"SSHSIG\0\0\0\1" + string(b"x"))),
    "something more": ("MALFORMED", made(more=b"x")),
    "another purpose": ("CHANGED", made(namespace=b"git")),
    "something reserved": ("CHANGED", made(reserved=b"x")),
    "a weak digest": ("ALGORITHM", made(hash=b"md5")),
    "a kind of key not taken": ("ALGORITHM", made(key=RSA)),
    "no key": ("ALGORITHM", made(key=string(b"ssh-ed25519"))),
    "an algorithm of another key": ("ALGORITHM", made(signature=string(b"x") + string(b"y"))),
    "another signature": ("WRONG", made()),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_signature_gives_its_code(name: str) -> None:
    code, signature = BROKEN[name]
    assert codes(replace(IT, signature=signature)) == [f"SIGNATURE-{code}"]


def test_changed_data_is_found() -> None:
    assert codes(replace(IT, data=DATA + b"\n")) == ["SIGNATURE-WRONG"]


def test_numbers_are_written_in_one_way() -> None:
    key = SigningKey.generate(Algorithm.P256)
    wire = base64.b64decode(key.public.openssh.split()[1])
    long = string(b"ecdsa-sha2-nistp256") + string(string(b"\0\0\1") + string(b"\1"))
    assert codes(replace(IT, signature=made(key=wire, signature=long))) == ["SIGNATURE-MALFORMED"]


@pytest.mark.parametrize("algorithm", [Algorithm.ED25519, Algorithm.P384])
def test_every_flip_of_a_bit_is_found(algorithm: Algorithm) -> None:
    key = SigningKey.generate(algorithm)
    whole = sign_detached(DATA, key, MANIFEST)
    known = Trust(keys=(TrustedKey(name="Me", fingerprint=key.public.fingerprint),))
    for bit in range(0, len(whole) * 8, 1 if algorithm is Algorithm.ED25519 else 5):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        report = verify_detached(replace(IT, signature=bytes(flipped)), known)
        assert report.standing is Standing.BROKEN, bit


@pytest.mark.parametrize("algorithm", Algorithm)
def test_ssh_keygen_checks_what_we_sign(algorithm: Algorithm, tmp_path: Path, need: Need) -> None:
    key = SigningKey.generate(algorithm)
    (tmp_path / "a.sig").write_bytes(sign_detached(DATA, key, MANIFEST))
    (tmp_path / "allowed").write_bytes(b"archive " + key.public.openssh + b"\n")
    command = [str(need("ssh-keygen")), "-Y", "verify", "-f", "allowed", "-I", "archive"]
    for data, code in ((DATA, 0), (DATA + b"x", 255)):
        ran = subprocess.run(
            [*command, "-n", MANIFEST, "-s", "a.sig"],
            input=data,
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        assert ran.returncode == code, ran.stderr


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa-256", "ecdsa-384"])
def test_we_check_what_ssh_keygen_signs(kind: str, tmp_path: Path, need: Need) -> None:
    keygen = str(need("ssh-keygen"))
    name, _, bits = kind.partition("-")
    size = ["-b", bits] if bits else []
    made = [keygen, "-q", "-t", name, *size, "-N", "", "-f", str(tmp_path / "key")]
    subprocess.run(made, check=True)
    (tmp_path / "000001.txt").write_bytes(DATA)
    sign = [keygen, "-Y", "sign", "-q", "-f", str(tmp_path / "key"), "-n", MANIFEST]
    subprocess.run([*sign, str(tmp_path / "000001.txt")], check=True, capture_output=True)
    signature = (tmp_path / "000001.txt.sig").read_bytes()
    assert verify_detached(replace(IT, signature=signature), TRUST).standing is Standing.UNKNOWN
