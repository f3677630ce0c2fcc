"""What can be wrong with a signature or a time stamp: stable code, severity, meaning."""

from pipeline.errors import PipelineError
from pipeline.model import Finding, FindingCode, Severity

_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO


class SignatureCode(FindingCode):
    """One member a code. The value is (code, severity, what it means)."""

    ABSENT = ("SIGNATURE-ABSENT", _I, "Nothing is signed here.")
    REQUIRED = ("SIGNATURE-REQUIRED", _E, "A signature that is trusted was required; none is here.")
    MALFORMED = ("SIGNATURE-MALFORMED", _E, "The signature is not written as its format asks.")
    STRIPPED = ("SIGNATURE-STRIPPED", _E, "Parts that belong to the signature are not there.")
    REWRITTEN = (
        "SIGNATURE-REWRITTEN",
        _E,
        "The signature says that this software wrote it, but its bytes are others.",
    )
    CHANGED = ("SIGNATURE-CHANGED", _E, "What is there is not what was signed.")
    OTHER_HASH = (
        "SIGNATURE-OTHER-HASH",
        _E,
        "The signature is about another digest than the one beside it.",
    )
    WRONG = ("SIGNATURE-WRONG", _E, "The signature was not made with the key that is named.")
    ALGORITHM = (
        "SIGNATURE-ALGORITHM",
        _E,
        "The kind of key, digest or signature is not one that we accept.",
    )
    RARE_KEY = (
        "SIGNATURE-RARE-KEY",
        _I,
        "The signature holds, but readers in browsers check only ECDSA P-384.",
    )
    KEY_UNKNOWN = ("SIGNATURE-KEY-UNKNOWN", _W, "The signature holds; nobody trusted has that key.")
    KEY_EXPIRED = (
        "SIGNATURE-KEY-EXPIRED",
        _E,
        "The key is known, but not trusted for the time of the signature.",
    )
    CREATED = (
        "SIGNATURE-CREATED",
        _E,
        "The signature gives another time of creation than the package.",
    )
    UNPROVED_TIME = (
        "SIGNATURE-UNPROVED-TIME",
        _I,
        "Only the signer says when this was signed; no time stamp proves it.",
    )
    DOMAIN = ("SIGNATURE-DOMAIN", _E, "The certificate is not for the domain that is named.")
    DOMAIN_UNKNOWN = (
        "SIGNATURE-DOMAIN-UNKNOWN",
        _W,
        "The signature holds; the domain is not one that is trusted.",
    )
    CHAIN = ("SIGNATURE-CHAIN", _E, "The certificates cannot be read, or may not sign this.")
    CHAIN_UNKNOWN = (
        "SIGNATURE-CHAIN-UNKNOWN",
        _W,
        "The certificates lead to no root that is trusted.",
    )
    CERTIFICATE_EXPIRED = (
        "SIGNATURE-CERTIFICATE-EXPIRED",
        _E,
        "A certificate was not valid at the time of the signature.",
    )
    CROSS_SIGNED = (
        "SIGNATURE-CROSS-SIGNED",
        _E,
        "The cross-signed certificate is not for the key that signed.",
    )
    STAMP_REQUIRED = (
        "TIMESTAMP-REQUIRED",
        _E,
        "A time stamp that is trusted was required; none is here.",
    )
    STAMP_MALFORMED = ("TIMESTAMP-MALFORMED", _E, "The time stamp is not written as RFC 3161 asks.")
    STAMP_REFUSED = ("TIMESTAMP-REFUSED", _E, "The authority refused to give a time stamp.")
    STAMP_CHANGED = ("TIMESTAMP-CHANGED", _E, "The time stamp is about other bytes.")
    STAMP_NONCE = ("TIMESTAMP-NONCE", _E, "The time stamp answers another request.")
    STAMP_POLICY = ("TIMESTAMP-POLICY", _E, "The time stamp was given under another policy.")
    STAMP_ALGORITHM = (
        "TIMESTAMP-ALGORITHM",
        _E,
        "The time stamp uses a digest or signature that we do not accept.",
    )
    STAMP_WRONG = (
        "TIMESTAMP-WRONG",
        _E,
        "The time stamp was not signed with the certificate that it names.",
    )
    STAMP_CHAIN = (
        "TIMESTAMP-CHAIN",
        _E,
        "The certificate of the time stamp is absent, unreadable, or may not give time stamps.",
    )
    STAMP_UNKNOWN = (
        "TIMESTAMP-UNKNOWN",
        _W,
        "The time stamp holds; its certificates lead to no root that is trusted.",
    )
    STAMP_EXPIRED = (
        "TIMESTAMP-EXPIRED",
        _E,
        "A certificate of the time stamp was not valid at the time that it gives.",
    )
    STAMP_FAR = (
        "TIMESTAMP-FAR",
        _E,
        "The time stamp and the time of creation are further apart than the format allows.",
    )
    STAMP_LATE = (
        "TIMESTAMP-LATE",
        _W,
        "The time stamp was given more than ten minutes after the time of creation.",
    )


class SignatureFaultError(PipelineError):
    """A signature or time stamp does not hold. A result: exit code 1."""

    exit_code = 1

    def __init__(self, code: SignatureCode, message: str) -> None:
        super().__init__(f"{message} [{code.code}]")
        self.code, self.message = code, message

    def at(self, path: str) -> Finding:
        """Say the same as a finding."""
        return self.code.at(path, self.message)
