"""The domain form, as authsign writes it: whose certificate, for which host, from which root."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from pipeline.warc.signing.package import Demand, SignatureReport, Standing, verify_signature
from pipeline.warc.signing.signed_data import (
    PackageDigest,
    SignedData,
    hash_of,
    render_digest,
    to_base64,
)
from pipeline.warc.signing.trust import Trust, Use
from tests.warc.signing.certificates import STAMPS, WEB, Identity, Wish, issue
from tests.warc.signing.tokens import NOW, Told, response

HOST = "sign.example.org"
PACKAGE = json.dumps({"software": "py-wacz 0.5", "created": "2026-03-01T11:58:00Z"}).encode()
WEB_ROOT = issue(Wish(name="Web Root", authority=True))
WEB_CA = issue(Wish(name="Web CA", authority=True), WEB_ROOT)
OWNER = issue(Wish(name=HOST, purposes=[WEB], critical=False, hosts=[HOST]), WEB_CA)
TIME_ROOT = issue(Wish(name="Time Root", authority=True))
TSA = issue(Wish(name="Clock", purposes=[STAMPS]), TIME_ROOT)
TRUST = Trust(
    domains=frozenset({HOST}), roots=(WEB_ROOT.root(Use.DOMAIN), TIME_ROOT.root(Use.TIME))
)


def signed(owner: Identity = OWNER, *chain: Identity, time: datetime = NOW) -> SignedData:
    """Sign as authsign does: in DER over the text of the digest, stamped over the text of that."""
    assert isinstance(owner.key, EllipticCurvePrivateKey)
    text = hash_of(PACKAGE)
    signature = to_base64(owner.key.sign(text.encode(), ECDSA(SHA256())))
    told = Told(signer=TSA, data=signature.encode(), time=time, certificates=(TSA,))
    return SignedData(
        hash=text,
        created="2026-03-01T11:58:00Z",
        software="authsigner 0.5",
        version="0.1.0",
        signature=signature,
        domain=HOST,
        domain_cert="\n".join(each.pem for each in (owner, *(chain or (WEB_CA,)))),
        time_signature=to_base64(response(told)),
        timestamp_cert=TSA.pem + TIME_ROOT.pem,
    )


SIGNED = signed()


def verify(data: SignedData, trust: Trust = TRUST) -> SignatureReport:
    digest = render_digest(PackageDigest(hash=hash_of(PACKAGE), signed=data))
    return verify_signature(digest, PACKAGE, trust, Demand())


def codes(report: SignatureReport) -> list[str]:
    return [finding.code for finding in report.findings]


def test_a_domain_that_is_trusted_by_a_root_that_is_trusted() -> None:
    report = verify(SIGNED)
    assert (report.standing, report.form, report.by) == (Standing.TRUSTED, "domain", HOST)
    assert report.stamped is not None
    assert (report.stamped.time, report.findings) == (NOW, ())


@pytest.mark.parametrize(
    ("trust", "missing"),
    [
        (replace(TRUST, domains=frozenset()), "SIGNATURE-DOMAIN-UNKNOWN"),
        (replace(TRUST, roots=(TIME_ROOT.root(),)), "SIGNATURE-CHAIN-UNKNOWN"),
        (replace(TRUST, roots=(WEB_ROOT.root(Use.DOMAIN), TIME_ROOT.root(Use.DOMAIN))), None),
        (replace(TRUST, roots=(WEB_ROOT.root(),)), "TIMESTAMP-UNKNOWN"),
    ],
)
def test_all_three_have_to_be_trusted(trust: Trust, missing: str | None) -> None:
    report = verify(SIGNED, trust)
    assert report.standing is Standing.UNKNOWN
    assert codes(report) == [missing or "TIMESTAMP-UNKNOWN"]


STRANGER = issue(Wish(name=HOST, hosts=[HOST]), WEB_CA)
BROKEN: dict[str, tuple[str, SignedData]] = {
    "another host": ("SIGNATURE-DOMAIN", replace(SIGNED, domain="example.org")),
    "another certificate": (
        "SIGNATURE-WRONG",
        replace(SIGNED, domain_cert=STRANGER.pem + WEB_CA.pem),
    ),
    "no certificate": ("SIGNATURE-CHAIN", replace(SIGNED, domain_cert="none")),
    "too many certificates": ("SIGNATURE-CHAIN", replace(SIGNED, domain_cert=OWNER.pem * 40)),
    "by no authority": (
        "SIGNATURE-CHAIN",
        signed(issue(Wish(name=HOST), WEB_OWNER := issue(Wish(name="No"), WEB_ROOT)), WEB_OWNER),
    ),
    "an odd certificate": ("SIGNATURE-CHAIN", signed(issue(Wish(name=HOST, odd=True), WEB_CA))),
    "a kind of key not taken": (
        "SIGNATURE-ALGORITHM",
        replace(SIGNED, domain_cert=issue(Wish(name=HOST, key="rsa"), WEB_CA).pem),
    ),
    "a kind of key not meant": (
        "SIGNATURE-ALGORITHM",
        replace(SIGNED, domain_cert=issue(Wish(name=HOST, key="ed25519"), WEB_CA).pem),
    ),
    "a large curve": (
        "SIGNATURE-ALGORITHM",
        replace(SIGNED, domain_cert=issue(Wish(name=HOST, key="p521"), WEB_CA).pem),
    ),
    "expired": (
        "SIGNATURE-CERTIFICATE-EXPIRED",
        signed(issue(Wish(name=HOST, until=NOW - timedelta(1)), WEB_CA)),
    ),
    "crossed with another key": (
        "SIGNATURE-CROSS-SIGNED",
        replace(SIGNED, cross_signed_cert=STRANGER.pem),
    ),
    "stamped an hour later": ("TIMESTAMP-FAR", signed(time=NOW + timedelta(hours=1))),
    "stamped before": ("TIMESTAMP-FAR", signed(time=NOW - timedelta(minutes=3))),
    "no domain": ("SIGNATURE-STRIPPED", replace(SIGNED, domain="")),
    "no chain": ("SIGNATURE-STRIPPED", replace(SIGNED, domain_cert="")),
    "no stamp": ("SIGNATURE-STRIPPED", replace(SIGNED, time_signature="")),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_domain_gives_its_code(name: str) -> None:
    code, data = BROKEN[name]
    report = verify(data)
    assert (report.standing, codes(report)) == (Standing.BROKEN, [code])


def test_an_expired_authority_is_told() -> None:
    old = issue(Wish(name="Web CA", authority=True, until=NOW - timedelta(1)), WEB_ROOT)
    owner = issue(Wish(name=HOST), old)
    assert codes(verify(signed(owner, old))) == ["SIGNATURE-CERTIFICATE-EXPIRED"]


def test_a_cross_signed_certificate_is_another_way_to_trust() -> None:
    crossing = issue(Wish(name="Second Root", authority=True))
    crossed = issue(Wish(name=HOST), crossing, OWNER.key)
    data = replace(SIGNED, cross_signed_cert=crossed.pem)
    trust = replace(TRUST, roots=(crossing.root(Use.DOMAIN), TIME_ROOT.root(Use.TIME)))
    assert verify(data, trust).standing is Standing.TRUSTED
    assert verify(SIGNED, trust).standing is Standing.UNKNOWN


def test_the_host_may_stand_in_either_place() -> None:
    by_name = issue(Wish(name="whoever", hosts=["www.example.org", HOST.upper()]), WEB_CA)
    assert verify(signed(by_name)).standing is Standing.TRUSTED
