"""A signed WACZ says who made it; whatever is changed after that is found and named."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pipeline.errors import UsageError
from pipeline.model import Severity, Sha256
from pipeline.warc.signing.anonymous import package_signer, sign, sign_package
from pipeline.warc.signing.codes import SignatureFaultError
from pipeline.warc.signing.keys import Algorithm, SigningKey
from pipeline.warc.signing.package import Demand, SignatureReport, Standing, verify_signature
from pipeline.warc.signing.signed_data import (
    PackageDigest,
    fields_of,
    hash_of,
    parse_digest,
    render_digest,
    to_base64,
)
from pipeline.warc.signing.trust import Trust, TrustedKey, Use
from tests.warc.signing.certificates import STAMPS, Wish, issue
from tests.warc.signing.tokens import NOW, Told, response

SOFTWARE = "jekyll-archive 1.0"
CREATED = "2026-03-01T11:58:00Z"
PACKAGE = json.dumps({"software": SOFTWARE, "created": CREATED, "resources": []}).encode()
KEY = SigningKey.generate(Algorithm.P384)
OTHER = SigningKey.generate(Algorithm.P384)
ROOT = issue(Wish(name="Root", authority=True))
TSA = issue(Wish(name="Clock", purposes=[STAMPS]), ROOT)
ME = TrustedKey(name="Me", fingerprint=KEY.public.fingerprint)
TRUST = Trust(keys=(ME,), roots=(ROOT.root(Use.TIME),))
SIGNED = sign_package(PACKAGE, KEY)


def stamped_at(time: datetime) -> Callable[[bytes], bytes]:
    return lambda data: response(Told(signer=TSA, data=data, time=time, certificates=(TSA,)))


STAMPED = sign_package(PACKAGE, KEY, stamped_at(NOW))


def codes(report: SignatureReport) -> list[str]:
    return [finding.code for finding in report.findings]


def verify(
    digest: bytes | None = SIGNED, package: bytes = PACKAGE, trust: Trust = TRUST, **demand: bool
) -> SignatureReport:
    return verify_signature(digest, package, trust, Demand(**demand))


def test_a_signature_by_a_trusted_key_is_trusted() -> None:
    report = verify(signature=True)
    assert (report.standing, report.by, report.form) == (Standing.TRUSTED, "Me", "anonymous")
    assert report.fingerprint == KEY.public.fingerprint
    assert report.created == datetime(2026, 3, 1, 11, 58, tzinfo=UTC)
    assert codes(report) == ["SIGNATURE-UNPROVED-TIME"]


def test_a_time_stamp_proves_when() -> None:
    report = verify(STAMPED, signature=True, stamp=True)
    assert (report.standing, report.findings) == (Standing.TRUSTED, ())
    assert report.stamped is not None
    assert (report.stamped.time, report.stamped.authority) == (NOW, "Clock")


def test_the_same_key_and_package_give_the_same_bytes() -> None:
    for algorithm in Algorithm:
        key = SigningKey.generate(algorithm)
        assert sign_package(PACKAGE, key) == sign_package(PACKAGE, key)


def test_the_fields_are_those_of_the_anonymous_form() -> None:
    told = json.loads(SIGNED)
    assert list(told) == ["path", "hash", "signedData"]
    assert told["path"] == "datapackage.json"
    assert told["hash"] == f"sha256:{Sha256.of(PACKAGE).hex}"
    signed = told["signedData"]
    assert list(signed) == ["hash", "created", "software", "version", "signature", "publicKey"]
    assert (signed["hash"], signed["version"]) == (told["hash"], "0.1.0")
    assert list(json.loads(STAMPED)["signedData"])[-2:] == ["timeSignature", "timestampCert"]


def test_the_writer_of_packages_is_given_the_same() -> None:
    fields = package_signer(KEY, SOFTWARE)(
        Sha256.of(PACKAGE), datetime(2026, 3, 1, 11, 58, 0, 999, tzinfo=UTC)
    )
    assert dict(fields) == json.loads(SIGNED)["signedData"]
    digest = parse_digest(STAMPED)
    assert digest.signed is not None
    assert fields_of(digest.signed) == json.loads(STAMPED)["signedData"]


def test_a_package_that_does_not_say_when_is_not_signed() -> None:
    with pytest.raises(UsageError, match="created"):
        sign_package(b'{"software": "x"}', KEY)


def test_a_wrong_answer_is_not_put_into_a_package() -> None:
    with pytest.raises(SignatureFaultError, match="TIMESTAMP-CHANGED"):
        sign_package(PACKAGE, KEY, lambda _: stamped_at(NOW)(b"other"))


def test_nobody_known_is_a_warning_until_a_signature_is_required() -> None:
    report = verify(trust=Trust())
    assert report.standing is Standing.UNKNOWN
    assert codes(report) == ["SIGNATURE-UNPROVED-TIME", "SIGNATURE-KEY-UNKNOWN"]
    assert all(each.severity is not Severity.ERROR for each in report.findings)
    assert codes(verify(trust=Trust(), signature=True))[-1] == "SIGNATURE-REQUIRED"


@pytest.mark.parametrize("digest", [None, render_digest(PackageDigest(hash=hash_of(PACKAGE)))])
def test_nothing_signed_is_told_and_can_be_refused(digest: bytes | None) -> None:
    assert verify(digest).standing is Standing.UNSIGNED
    assert codes(verify(digest)) == ["SIGNATURE-ABSENT"]
    demanded = verify(digest, signature=True, stamp=True)
    assert codes(demanded) == ["SIGNATURE-ABSENT", "SIGNATURE-REQUIRED", "TIMESTAMP-REQUIRED"]


def test_keys_that_browsers_do_not_check_hold_here() -> None:
    for algorithm in (Algorithm.P256, Algorithm.ED25519):
        report = verify(sign_package(PACKAGE, SigningKey.generate(algorithm)))
        assert report.standing is Standing.UNKNOWN
        assert codes(report)[0] == "SIGNATURE-RARE-KEY"


def test_a_key_is_trusted_for_its_time() -> None:
    """The time that is proved counts, else the one that the signer says."""
    until = replace(ME, until=NOW - timedelta(minutes=1))
    since = replace(ME, since=NOW - timedelta(minutes=1))
    for key, digest, holds in (
        (until, SIGNED, True),
        (until, STAMPED, False),
        (since, SIGNED, False),
        (since, STAMPED, True),
    ):
        report = verify(digest, trust=replace(TRUST, keys=(key,)))
        assert (report.standing is Standing.TRUSTED) is holds
        assert ("SIGNATURE-KEY-EXPIRED" in codes(report)) is not holds


def test_a_stamp_given_much_later_or_before_is_told() -> None:
    for time in (NOW + timedelta(days=30), NOW - timedelta(days=1)):
        report = verify(sign_package(PACKAGE, KEY, stamped_at(time)))
        assert codes(report) == ["TIMESTAMP-LATE"]


def edited(digest: bytes = SIGNED, /, **changes: object) -> bytes:
    """Change fields of `signedData`; None takes one away."""
    told = json.loads(digest)
    told["signedData"] = _with(told["signedData"], changes)
    return json.dumps(told, indent=2).encode() + b"\n"


def outside(**changes: object) -> bytes:
    return json.dumps(_with(json.loads(SIGNED), changes), indent=2).encode() + b"\n"


def _with(told: dict[str, Any], changes: dict[str, object]) -> dict[str, Any]:
    return {name: value for name, value in (told | changes).items() if value is not None}


HASH = hash_of(PACKAGE)
OTHER_SIGNED = sign("sha256:" + "0" * 64, KEY, created=CREATED, software=SOFTWARE)
BIG = issue(Wish(name="Big"))
DER = to_base64(KEY.sign_as(HASH.encode()))
BROKEN: dict[str, tuple[str, bytes]] = {
    "not JSON": ("SIGNATURE-MALFORMED", b"{"),
    "nested for ever": ("SIGNATURE-MALFORMED", b"[" * 100_000),
    "not an object": ("SIGNATURE-MALFORMED", b"[]"),
    "too long": ("SIGNATURE-MALFORMED", b" " * (1 << 20) + SIGNED),
    "a field twice": ("SIGNATURE-MALFORMED", SIGNED.replace(b'"path"', b'"hash": "x", "path"')),
    "a field too many": ("SIGNATURE-MALFORMED", outside(more="x")),
    "another path": ("SIGNATURE-MALFORMED", outside(path="other.json")),
    "no digest": ("SIGNATURE-MALFORMED", outside(hash=None)),
    "a digest that is none": ("SIGNATURE-MALFORMED", outside(hash="sha256")),
    "a weak digest": ("SIGNATURE-ALGORITHM", outside(hash="md5:" + "0" * 32)),
    "a digest that is too long": ("SIGNATURE-ALGORITHM", outside(hash="sha256:" + "0" * 66)),
    "another digest": ("SIGNATURE-CHANGED", outside(hash="sha256:" + "0" * 64)),
    "no signature but a word": ("SIGNATURE-MALFORMED", outside(signedData="yes")),
    "about another digest": ("SIGNATURE-OTHER-HASH", edited(**fields_of(OTHER_SIGNED))),
    "an unknown field": ("SIGNATURE-MALFORMED", edited(more="x")),
    "a number": ("SIGNATURE-MALFORMED", edited(software=5)),
    "no key": ("SIGNATURE-STRIPPED", edited(publicKey=None)),
    "no signature": ("SIGNATURE-STRIPPED", edited(signature=None)),
    "no time": ("SIGNATURE-STRIPPED", edited(created=None)),
    "half of a stamp": ("SIGNATURE-STRIPPED", edited(STAMPED, timestampCert=None)),
    "both forms": ("SIGNATURE-MALFORMED", edited(domain="example.org")),
    "a certificate beside a key": ("SIGNATURE-MALFORMED", edited(domainCert=BIG.pem)),
    "an unknown format": ("SIGNATURE-MALFORMED", edited(version="9")),
    "another time": ("SIGNATURE-CREATED", edited(created="2026-03-01T11:58:01Z")),
    "another software": ("SIGNATURE-REWRITTEN", edited(software="jekyll-archive 2.0")),
    "other spaces": ("SIGNATURE-REWRITTEN", SIGNED + b"\n"),
    "a key of somebody else": ("SIGNATURE-WRONG", edited(publicKey=to_base64(OTHER.public.spki))),
    "a signature by somebody else": (
        "SIGNATURE-WRONG",
        edited(signature=to_base64(OTHER.sign(HASH.encode()))),
    ),
    "a signature as OpenSSL has it": ("SIGNATURE-WRONG", edited(signature=DER)),
    "no base64": ("SIGNATURE-MALFORMED", edited(signature="!")),
    "base64 with a bit too many": ("SIGNATURE-MALFORMED", edited(publicKey="TUV=")),
    "a key that is none": ("SIGNATURE-ALGORITHM", edited(publicKey="TUU=")),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_signature_gives_its_code(name: str) -> None:
    code, digest = BROKEN[name]
    report = verify(digest)
    assert (report.standing, codes(report)) == (Standing.BROKEN, [code])
    assert report.findings[0].place.path == "datapackage-digest.json"


def test_a_broken_stamp_breaks_the_signature() -> None:
    later = json.loads(sign_package(PACKAGE, OTHER, stamped_at(NOW)))["signedData"]
    for changes, code in (
        ({"timeSignature": later["timeSignature"]}, "TIMESTAMP-CHANGED"),
        ({"timeSignature": "!"}, "TIMESTAMP-MALFORMED"),
        ({"timestampCert": "no certificate"}, "TIMESTAMP-CHAIN"),
    ):
        report = verify(edited(STAMPED, **changes))
        assert (report.standing, codes(report)) == (Standing.BROKEN, [code])


def test_a_time_that_is_none_is_refused() -> None:
    package = PACKAGE.replace(CREATED.encode(), b"soon")
    assert codes(verify(sign_package(package, KEY), package)) == [
        "SIGNATURE-UNPROVED-TIME",
        "SIGNATURE-MALFORMED",
    ]


def test_changed_data_is_found() -> None:
    assert codes(verify(package=PACKAGE + b" ")) == ["SIGNATURE-CHANGED"]


def test_packages_of_others_may_be_written_otherwise() -> None:
    package = json.dumps({"software": "Other 1", "created": CREATED}).encode()
    digest = json.dumps(json.loads(sign_package(package, KEY))).encode()
    assert verify(digest, package).standing is Standing.TRUSTED


def test_every_flip_of_a_bit_is_found() -> None:
    for digest in (SIGNED, STAMPED):
        for place in range(0, len(digest), 1 if digest is SIGNED else 7):
            flipped = bytearray(digest)
            flipped[place] ^= 1 << place // 7 % 8
            report = verify(bytes(flipped))
            assert report.standing is Standing.BROKEN, (place, bytes(flipped[place : place + 9]))


#: What WebCrypto made in Node.js 20, as ArchiveWeb.page calls it (src/sw/keystore.ts).
WEB_PACKAGE = b"""{
  "profile": "data-package",
  "resources": [],
  "wacz_version": "1.1.1",
  "software": "Webrecorder ArchiveWeb.page (test)",
  "created": "2026-03-01T12:00:00Z"
}"""
WEB_SIGNED = {
    "hash": "sha256:e56a07543b23c3ba3d65afc2062aacec6f0a7dcc4887a1bb14d11fee99b93808",
    "signature": "dk+c2xH+US7YX5pfq45bA1XyI95379JT3/z7g5KKMenOjSaFrSkS6yCwEgQHe2tidgdTCz0Z7WHKMgPC"
    "7rUlW0RzgnDG6AWRLLiqOu84w+Dbi+2DV+EgUFss5tSy9pZj",
    "publicKey": "MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEmnj2iAkyw7ClQM90PK4OXB6Jt6WS5c91iLA2WJo0poxf/SKj"
    "6oLLtbAtZ6zlulpcZWVlKj1DkJx4kA2sTo14j0zqsvwDzhQE+PY/sQ8uPRzh3PYuNiGze1KUE8yRPrnv",
    "created": "2026-03-01T12:00:00Z",
    "software": "Webrecorder ArchiveWeb.page (test)",
}


def test_a_signature_made_in_a_browser_holds() -> None:
    digest = {"path": "datapackage.json", "hash": WEB_SIGNED["hash"], "signedData": WEB_SIGNED}
    report = verify_signature(json.dumps(digest).encode(), WEB_PACKAGE, Trust())
    assert report.standing is Standing.UNKNOWN
    assert codes(report) == ["SIGNATURE-UNPROVED-TIME", "SIGNATURE-KEY-UNKNOWN"]
