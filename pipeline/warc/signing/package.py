"""Check who signed a WACZ: wacz-auth 0.1.0, and all that a signature is about."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

from pipeline.model import Finding, Sha256
from pipeline.warc.signing.chains import ChainError, read_pem
from pipeline.warc.signing.codes import SignatureCode as Code
from pipeline.warc.signing.codes import SignatureFaultError
from pipeline.warc.signing.domain import check_domain
from pipeline.warc.signing.keys import Algorithm, KeyRefusedError, PublicKey
from pipeline.warc.signing.signed_data import (
    DIGEST_PATH,
    PACKAGE_PATH,
    PackageDigest,
    SignedData,
    from_base64,
    hash_of,
    parse_digest,
    read_json,
    render_digest,
)
from pipeline.warc.signing.stamp import read_response
from pipeline.warc.signing.stamp_check import Stamped, chain_of, check_stamp
from pipeline.warc.signing.trust import Trust

OURS: Final = "jekyll-archive "
NEAR: Final = timedelta(minutes=10)  # section 5.2 step 7


class Standing(Enum):
    """What a signature is worth."""

    TRUSTED = "trusted"
    UNKNOWN = "holds, by nobody we trust"
    BROKEN = "broken"
    UNSIGNED = "not signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What has to be there, beyond what is there being right."""

    signature: bool = False
    stamp: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReport:
    """What came of checking a signature: what it is worth, whose it is, since when, findings."""

    standing: Standing
    form: str = ""
    by: str = ""
    fingerprint: Sha256 | None = None
    created: datetime | None = None
    stamped: Stamped | None = None
    findings: tuple[Finding, ...] = ()


def verify_signature(
    digest_json: bytes | None,
    datapackage: bytes,
    trust: Trust,
    demand: Demand | None = None,
) -> SignatureReport:
    """Check all that `datapackage-digest.json` says against what is there; None: it is not there.

    Everything is computed again. Nothing is asked of the network or of a clock.
    """
    check = _Check(datapackage, trust)
    try:
        report = check.run(digest_json)
    except SignatureFaultError as fault:
        findings = (*check.findings, fault.at(DIGEST_PATH))
        report = SignatureReport(standing=Standing.BROKEN, findings=findings)
    return demanded(report, demand or Demand(), DIGEST_PATH)


def demanded(report: SignatureReport, demand: Demand, place: str) -> SignatureReport:
    """Add what was demanded and is not there."""
    findings = list(report.findings)
    if demand.signature and report.standing is not Standing.TRUSTED:
        message = f"a trusted signature is required; here: {report.standing.value}"
        findings.append(Code.REQUIRED.at(place, message))
    if demand.stamp and not (report.stamped and report.stamped.trusted):
        findings.append(Code.STAMP_REQUIRED.at(place, "a trusted time stamp is required"))
    return replace(report, findings=tuple(findings))


class _Check:
    """One file, looked at step by step; `findings` grow on the way."""

    def __init__(self, datapackage: bytes, trust: Trust) -> None:
        self._datapackage, self._trust = datapackage, trust
        self.findings: list[Finding] = []
        self._ours = False

    def run(self, digest_json: bytes | None) -> SignatureReport:
        if digest_json is None:
            return self._unsigned(f"there is no {DIGEST_PATH}")
        digest = parse_digest(digest_json)
        if digest.hash != hash_of(self._datapackage):
            raise SignatureFaultError(Code.CHANGED, f"{PACKAGE_PATH} has another digest")
        if digest.signed is None:
            return self._unsigned("a digest, but no signature")
        if digest.signed.hash != digest.hash:
            raise SignatureFaultError(Code.OTHER_HASH, "`signedData` is about another digest")
        self._agrees(digest, digest_json)
        if digest.signed.public_key:
            return self._anonymous(digest.signed)
        return self._domain(digest.signed)

    def _unsigned(self, why: str) -> SignatureReport:
        self.findings.append(Code.ABSENT.at(DIGEST_PATH, why))
        return SignatureReport(standing=Standing.UNSIGNED, findings=tuple(self.findings))

    def _agrees(self, digest: PackageDigest, digest_json: bytes) -> None:
        """Hold what the signature does not cover to the package, which it covers."""
        signed: Any = digest.signed
        told = read_json(self._datapackage, PACKAGE_PATH)
        if told.get("created") != signed.created:
            raise SignatureFaultError(Code.CREATED, f"{signed.created}, not {told.get('created')}")
        software = told.get("software")
        self._ours = isinstance(software, str) and software.startswith(OURS)
        if signed.domain or not self._ours:
            return
        if signed.software != software or render_digest(digest) != digest_json:
            raise SignatureFaultError(Code.REWRITTEN, "not written as this software writes it")

    def _anonymous(self, signed: SignedData) -> SignatureReport:
        spki = from_base64(signed.public_key, "publicKey")
        try:
            key = PublicKey.from_spki(spki, "publicKey")
        except KeyRefusedError as error:
            raise SignatureFaultError(Code.ALGORITHM, str(error)) from error
        if not key.holds(from_base64(signed.signature, "signature"), signed.hash.encode()):
            raise SignatureFaultError(Code.WRONG, "the signature is not by this key")
        if key.algorithm is not Algorithm.P384:
            self._find(Code.RARE_KEY, f"{key.algorithm.value}; readers in browsers take P-384")
        stamped = self._stamped(signed) if signed.time_signature else None
        if stamped is None:
            self._find(Code.UNPROVED_TIME, f"{signed.created}, says the signer")
        elif not timedelta() <= stamped.time - signed.created_at <= NEAR:
            self._find(Code.STAMP_LATE, _apart(signed, stamped))
        by = self._known(key, signed, stamped)
        return SignatureReport(
            standing=Standing.TRUSTED if by else Standing.UNKNOWN,
            form="anonymous",
            by=by,
            fingerprint=key.fingerprint,
            created=signed.created_at,
            stamped=stamped,
            findings=tuple(self.findings),
        )

    def _known(self, key: PublicKey, signed: SignedData, stamped: Stamped | None) -> str:
        """Give who has the key. A time that is proved counts, else the one that is said."""
        trusted = self._trust.key(key.fingerprint)
        if trusted is None:
            self._find(Code.KEY_UNKNOWN, f"the key {key.fingerprint} is not a trusted one")
            return ""
        moment = stamped.time if stamped and stamped.trusted else signed.created_at
        if not trusted.covers(moment):
            why = f"{trusted.name} is not trusted for {moment.isoformat()}"
            raise SignatureFaultError(Code.KEY_EXPIRED, why)
        return trusted.name

    def _stamped(self, signed: SignedData) -> Stamped:
        response = from_base64(signed.time_signature, "timeSignature", Code.STAMP_MALFORMED)
        try:
            also = read_pem(signed.timestamp_cert)
        except ChainError as error:
            raise SignatureFaultError(Code.STAMP_CHAIN, str(error)) from error
        data = signed.signature.encode()
        stamp = read_response(response)
        stamped = check_stamp(stamp, data, self._trust, place=DIGEST_PATH, also=also)
        if self._ours and signed.timestamp_cert != chain_of(stamp):
            raise SignatureFaultError(Code.REWRITTEN, "not the certificates of the time stamp")
        self.findings += stamped.findings
        return stamped

    def _domain(self, signed: SignedData) -> SignatureReport:
        stamped = self._stamped(signed)
        apart = stamped.time - signed.created_at.replace(microsecond=0)
        if not timedelta() <= apart <= NEAR:
            raise SignatureFaultError(Code.STAMP_FAR, _apart(signed, stamped))
        owner = check_domain(signed, self._trust, stamped.time, DIGEST_PATH)
        self.findings += owner.findings
        trusted = owner.trusted and stamped.trusted
        return SignatureReport(
            standing=Standing.TRUSTED if trusted else Standing.UNKNOWN,
            form="domain",
            by=signed.domain,
            fingerprint=owner.fingerprint,
            created=signed.created_at,
            stamped=stamped,
            findings=tuple(self.findings),
        )

    def _find(self, code: Code, message: str) -> None:
        self.findings.append(code.at(DIGEST_PATH, message))


def _apart(signed: SignedData, stamped: Stamped) -> str:
    return f"created {signed.created}, stamped {stamped.time.isoformat()}"
