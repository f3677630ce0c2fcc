"""A time stamp counts for what it is about, from whoever may give it, while he might."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.warc.signing import der
from pipeline.warc.signing.chains import POOL_MOST, read_ders
from pipeline.warc.signing.codes import SignatureCode as Code
from pipeline.warc.signing.codes import SignatureFaultError
from pipeline.warc.signing.stamp import SIZE_MOST, read_response, request
from pipeline.warc.signing.stamp_check import Stamped, check_answer, check_stamp
from pipeline.warc.signing.trust import Trust, Use
from tests.warc.signing.certificates import STAMPS, WEB, Identity, Wish, issue
from tests.warc.signing.tokens import (
    DATA,
    ECDSA_SHA256,
    NOW,
    POLICY,
    RSA_SHA256,
    SHA1_OID,
    Told,
    response,
    seq,
)

SIGNED = b"c2lnbmF0dXJl"
ROOT = issue(Wish(name="Root", authority=True))
MIDDLE = issue(Wish(name="Middle", authority=True, depth=0), ROOT)
TSA = issue(Wish(name="Clock", purposes=[STAMPS]), MIDDLE)
GOOD = Told(signer=TSA, data=SIGNED, certificates=(TSA, MIDDLE))
TRUST = Trust(roots=(ROOT.root(Use.TIME),))


def check(told: Told, trust: Trust = TRUST, data: bytes = SIGNED) -> Stamped:
    return check_stamp(read_response(response(told)), data, trust, place="here")


def fault(told: Told, trust: Trust = TRUST, data: bytes = SIGNED) -> Code:
    with pytest.raises(SignatureFaultError) as refused:
        check(told, trust, data)
    assert str(refused.value).endswith(f"[{refused.value.code.code}]")
    return refused.value.code


@pytest.mark.parametrize("key", ["p256", "rsa", "ed25519"])
@pytest.mark.parametrize("essence", ["v2", "v2 named", "v1"])
def test_a_good_stamp_tells_when_and_by_whom(key: str, essence: str) -> None:
    tsa = issue(Wish(name="Clock", purposes=[STAMPS], key=key), MIDDLE)
    stamped = check(replace(GOOD, signer=tsa, certificates=(tsa, MIDDLE), essence=essence))
    assert (stamped.time, stamped.authority, stamped.trusted) == (NOW, "Clock", "A root")
    assert (stamped.policy, stamped.serial, stamped.findings) == (POLICY, 7, ())
    assert stamped.chain == (tsa.certificate, MIDDLE.certificate, ROOT.certificate)


def test_certificates_may_come_from_beside_the_stamp() -> None:
    stamp = read_response(response(replace(GOOD, certificates=())))
    also = read_ders([TSA.der, MIDDLE.der])
    assert check_stamp(stamp, SIGNED, TRUST, place="here", also=also).trusted == "A root"


def test_a_root_known_by_its_digest_has_to_come_along() -> None:
    trust = Trust(roots=(ROOT.root(full=False),))
    assert check(GOOD, trust).findings[0].code == "TIMESTAMP-UNKNOWN"
    assert check(replace(GOOD, certificates=(TSA, MIDDLE, ROOT)), trust).trusted == "A root"


def test_what_nobody_trusts_is_said_and_still_checked() -> None:
    stamped = check(GOOD, Trust())
    assert (stamped.trusted, [each.code for each in stamped.findings]) == (
        "",
        ["TIMESTAMP-UNKNOWN"],
    )
    assert stamped.chain == (TSA.certificate, MIDDLE.certificate)
    assert check(GOOD, Trust(roots=(ROOT.root(Use.DOMAIN),))).trusted == ""


STRANGER = issue(Wish(name="Clock", purposes=[STAMPS]), MIDDLE)
BROKEN: dict[str, tuple[Code, Told]] = {
    "refused": (Code.STAMP_REFUSED, replace(GOOD, status=2)),
    "about other bytes": (Code.STAMP_CHANGED, replace(GOOD, data=b"other")),
    "a weak imprint": (Code.STAMP_ALGORITHM, replace(GOOD, imprint=SHA1_OID)),
    "a weak digest": (Code.STAMP_ALGORITHM, replace(GOOD, digest=SHA1_OID)),
    "an algorithm of another key": (Code.STAMP_ALGORITHM, replace(GOOD, algorithm=RSA_SHA256)),
    "no certificate": (Code.STAMP_CHAIN, replace(GOOD, certificates=())),
    "another certificate": (Code.STAMP_CHAIN, replace(GOOD, certificates=(STRANGER,))),
    "too many certificates": (Code.STAMP_CHAIN, replace(GOOD, certificates=(TSA,) * 40)),
    "named another certificate": (Code.STAMP_WRONG, replace(GOOD, essence_of=STRANGER)),
    "no certificate named": (Code.STAMP_MALFORMED, replace(GOOD, essence="")),
    "another time signed": (Code.STAMP_WRONG, replace(GOOD, other_info=True)),
    "another type signed": (Code.STAMP_WRONG, replace(GOOD, signed_content=DATA)),
    "a wrong signature": (Code.STAMP_WRONG, replace(GOOD, other_signature=True)),
    "not a time stamp": (Code.STAMP_MALFORMED, replace(GOOD, content=DATA)),
    "an attribute twice": (Code.STAMP_MALFORMED, replace(GOOD, twice=True)),
    "an unknown version": (Code.STAMP_MALFORMED, replace(GOOD, version=2)),
    "an unknown extension": (Code.STAMP_MALFORMED, replace(GOOD, extra=der.wrap(0xA1))),
    "something more": (Code.STAMP_MALFORMED, replace(GOOD, extra=der.wrap(der.NULL))),
    "a time that is none": (Code.STAMP_MALFORMED, replace(GOOD, time="20260231000000Z")),
    "a time without zone": (Code.STAMP_MALFORMED, replace(GOOD, time="20260301000000")),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_stamp_is_refused_with_its_code(name: str) -> None:
    code, told = BROKEN[name]
    assert fault(told) is code


def by(*chain: Identity) -> Told:
    return replace(GOOD, signer=chain[0], certificates=chain)


WRONG_CERTIFICATES: dict[str, tuple[Code, Callable[[], Told]]] = {
    "for the web": (Code.STAMP_CHAIN, lambda: by(issue(Wish(name="W", purposes=[WEB]), ROOT))),
    "for both": (Code.STAMP_CHAIN, lambda: by(issue(Wish(name="B", purposes=[STAMPS, WEB]), ROOT))),
    "for nothing": (Code.STAMP_CHAIN, lambda: by(issue(Wish(name="N"), ROOT))),
    "not critically": (
        Code.STAMP_CHAIN,
        lambda: by(issue(Wish(name="C", purposes=[STAMPS], critical=False), ROOT)),
    ),
    "something critical": (
        Code.STAMP_CHAIN,
        lambda: by(issue(Wish(name="O", purposes=[STAMPS], odd=True), ROOT)),
    ),
    "by no authority": (Code.STAMP_CHAIN, lambda: _below(Wish(name="No"))),
    "by one that may not": (
        Code.STAMP_CHAIN,
        lambda: _below(Wish(name="No", authority=True, may_sign=False)),
    ),
    "by an odd one": (Code.STAMP_CHAIN, lambda: _below(Wish(name="No", authority=True, odd=True))),
    "too deep": (Code.STAMP_CHAIN, lambda: _too_deep(GOOD)),
    "expired": (
        Code.STAMP_EXPIRED,
        lambda: by(issue(Wish(name="E", purposes=[STAMPS], until=NOW - timedelta(1)), ROOT)),
    ),
    "not yet": (
        Code.STAMP_EXPIRED,
        lambda: by(issue(Wish(name="Y", purposes=[STAMPS], since=NOW + timedelta(1)), ROOT)),
    ),
    "expired between": (
        Code.STAMP_EXPIRED,
        lambda: _below(Wish(name="No", authority=True, until=NOW - timedelta(1))),
    ),
}


def _below(wish: Wish) -> Told:
    between = issue(wish, ROOT)
    return by(issue(Wish(name="T", purposes=[STAMPS]), between), between)


def _too_deep(told: Told) -> Told:
    between = issue(Wish(name="Between", authority=True), MIDDLE)
    tsa = issue(Wish(name="T", purposes=[STAMPS]), between)
    return replace(told, signer=tsa, certificates=(tsa, between, MIDDLE))


@pytest.mark.parametrize("name", WRONG_CERTIFICATES)
def test_a_certificate_that_may_not_is_refused(name: str) -> None:
    code, told = WRONG_CERTIFICATES[name]
    assert fault(told()) is code


def test_a_key_of_a_kind_that_is_not_taken_is_refused() -> None:
    tsa = issue(Wish(name="Big", purposes=[STAMPS], key="rsa"), ROOT)
    assert fault(replace(by(tsa), algorithm=ECDSA_SHA256)) is Code.STAMP_ALGORITHM


def test_a_forged_issuer_leads_nowhere() -> None:
    forged = issue(Wish(name="Root", authority=True))
    told = by(issue(Wish(name="T", purposes=[STAMPS]), forged), forged)
    assert [each.code for each in check(told).findings] == ["TIMESTAMP-UNKNOWN"]


def test_a_valid_way_is_preferred_to_an_expired_one() -> None:
    old = issue(Wish(name="Middle", authority=True, until=NOW - timedelta(1)), ROOT, MIDDLE.key)
    for pool in ((TSA, old, MIDDLE), (TSA, MIDDLE, old)):
        assert check(replace(GOOD, certificates=pool)).trusted == "A root"


def test_a_circle_of_certificates_ends() -> None:
    one = issue(Wish(name="One", authority=True))
    two = issue(Wish(name="Two", authority=True), one)
    back = issue(Wish(name="One", authority=True), two, one.key)
    told = by(issue(Wish(name="T", purposes=[STAMPS]), back), back, two, one)
    assert check(told).trusted == ""
    assert len(told.certificates) < POOL_MOST


def test_only_some_policies_of_a_root_may_be_trusted() -> None:
    assert check(GOOD, Trust(roots=(ROOT.root(policies=(POLICY,)),))).trusted
    assert fault(GOOD, Trust(roots=(ROOT.root(policies=("1.9",)),))) is Code.STAMP_POLICY


def test_an_answer_is_held_to_the_request() -> None:
    stamp = read_response(response(replace(GOOD, nonce=5)))
    check_answer(stamp, nonce=5, policy=POLICY)
    for nonce, policy, code in (
        (6, None, Code.STAMP_NONCE),
        (None, None, Code.STAMP_NONCE),
        (5, "1.9", Code.STAMP_POLICY),
    ):
        with pytest.raises(SignatureFaultError) as refused:
            check_answer(stamp, nonce=nonce, policy=policy)
        assert refused.value.code is code


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not DER",
        b"0" * (SIZE_MOST + 1),
        seq(seq(der.write_integer(0))),
        seq(seq(der.write_integer(9))),
        seq(seq(der.write_integer(0)), seq(der.write_oid(DATA), der.wrap(0xA0, seq()))),
    ],
    ids=["empty", "text", "long", "no token", "unknown status", "not signed"],
)
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    with pytest.raises(SignatureFaultError) as refused:
        read_response(data)
    assert refused.value.code in {Code.STAMP_MALFORMED, Code.STAMP_REFUSED}


def test_every_cut_and_flips_in_every_byte_are_found() -> None:
    whole = response(GOOD)
    for end in range(len(whole)):
        with pytest.raises(SignatureFaultError):
            read_response(whole[:end])
    passed = []
    for bit in range(0, len(whole) * 8, 5):  # each byte, at one bit or two
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            stamped = check_stamp(read_response(bytes(flipped)), SIGNED, TRUST, place="here")
        except SignatureFaultError:
            continue
        if stamped.trusted:
            passed.append(bit // 8)
    assert passed == []


def test_a_request_says_what_is_asked() -> None:
    parts = der.read(request(b"x", nonce=1 << 63, policy="1.2.3")).children()
    assert parts.take().integer() == 1
    parts.take()
    assert parts.take().oid() == "1.2.3"
    assert parts.take().integer() == 1 << 63
    assert parts.take().raw == b"\x01\x01\xff"
    assert der.read(request(b"x", nonce=None)).children().take().integer() == 1
    with pytest.raises(der.DerError):
        request(b"x", nonce=None, policy="soon")


def test_a_fraction_of_a_second_is_kept() -> None:
    stamped = check(replace(GOOD, time="20260301120000.25Z"))
    assert stamped.time == datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
