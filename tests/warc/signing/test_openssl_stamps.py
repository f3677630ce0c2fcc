"""A real authority, `openssl ts`: it answers us, we read it, it checks what we keep."""

import subprocess
from pathlib import Path

import pytest

from pipeline.warc.signing.anonymous import sign_package
from pipeline.warc.signing.keys import Algorithm, SigningKey
from pipeline.warc.signing.package import Demand, Standing, verify_signature
from pipeline.warc.signing.signed_data import from_base64, parse_digest
from pipeline.warc.signing.stamp import read_response, request
from pipeline.warc.signing.stamp_check import check_answer, check_stamp
from pipeline.warc.signing.trust import Trust, TrustedKey
from tests.conftest import Need
from tests.warc.signing.certificates import STAMPS, Wish, issue
from tests.warc.signing.openssl import Authority
from tests.warc.signing.tokens import Told, response

DATA = b"c2lnbmF0dXJl"
PACKAGE = b'{"created": "2026-03-01T12:00:00Z", "software": "jekyll-archive 1"}'


@pytest.fixture(scope="module", params=["rsa", "p256"])
def authority(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, need: Need
) -> Authority:
    return Authority(need("openssl"), tmp_path_factory.mktemp("tsa"), str(request.param))


def test_its_answer_is_read_and_trusted(authority: Authority) -> None:
    stamp = read_response(authority.answer(request(DATA, nonce=1 << 40, policy="1.2.3.4.2")))
    check_answer(stamp, nonce=1 << 40, policy="1.2.3.4.2")
    stamped = check_stamp(stamp, DATA, authority.trust, place="here")
    assert (stamped.authority, stamped.trusted) == ("Clock", "A root")
    assert stamped.policy == "1.2.3.4.2"


def test_it_reads_what_we_ask(authority: Authority) -> None:
    told = authority.read_request(request(DATA, nonce=255, policy="1.2.3.4.2"))
    for said in ("Hash Algorithm: sha256", "Policy OID: 1.2.3.4.2", "Nonce: 0xFF"):
        assert said in told
    assert "Certificate required: yes" in told


def test_it_refuses_what_it_does_not_do(authority: Authority) -> None:
    answer = authority.answer(request(DATA, nonce=1, policy="1.9.9"))
    with pytest.raises(Exception, match="TIMESTAMP-REFUSED"):
        read_response(answer)


def test_a_package_carries_what_openssl_checks(authority: Authority) -> None:
    key = SigningKey.generate(Algorithm.P384)

    def stamp(data: bytes) -> bytes:
        return authority.answer(request(data, nonce=7))

    digest = sign_package(PACKAGE, key, stamp)
    me = TrustedKey(name="Me", fingerprint=key.public.fingerprint)
    trust = Trust(keys=(me,), roots=authority.trust.roots)
    report = verify_signature(digest, PACKAGE, trust, Demand(signature=True, stamp=True))
    assert report.standing is Standing.TRUSTED
    signed = parse_digest(digest).signed
    assert signed is not None
    token = from_base64(signed.time_signature, "timeSignature")
    assert authority.accepts(signed.signature.encode(), token)
    assert not authority.accepts(b"other", token)


def test_it_accepts_the_stamps_that_our_tests_make(authority: Authority) -> None:
    """So what the tests break was right before."""
    tsa = issue(Wish(name="Ours", purposes=[STAMPS], key="rsa"), authority.root)
    told = Told(signer=tsa, data=DATA, certificates=(tsa,))
    assert authority.accepts(DATA, response(told))


def test_openssl_prints_the_time_that_we_read(authority: Authority, tmp_path: Path) -> None:
    answer = authority.answer(request(DATA, nonce=1))
    (tmp_path / "a.tsr").write_bytes(answer)
    command = [str(authority.openssl), "ts", "-reply", "-in", str(tmp_path / "a.tsr"), "-text"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    time = read_response(answer).time
    assert f"{time:%b} {time.day:2} {time:%H:%M:%S %Y} GMT" in told
