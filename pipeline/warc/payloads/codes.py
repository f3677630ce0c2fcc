"""The findings that reading the payloads of WARC files can give: stable code, severity, meaning."""

from pipeline.model import FindingCode, Severity


class PayloadCode(FindingCode):
    """One member a code. The value is (code, severity, what it means)."""

    CODED = (
        "PAYLOAD-CODED",
        Severity.WARNING,
        "A content or transfer coding could not be taken off, so the payload cannot be read.",
    )
    ASKED = (
        "PAYLOAD-ASKED",
        Severity.INFO,
        "The response answers a POST, or another method than GET: it is no page, and not read.",
    )
    CUT = (
        "PAYLOAD-CUT",
        Severity.WARNING,
        "The capture is not whole: its recorder cut it, or its coding ends too early.",
    )
    FORM = (
        "PAYLOAD-FORM",
        Severity.WARNING,
        "A record breaks a rule of ISO 28500, but its payload could be read all the same.",
    )
    LARGE = (
        "PAYLOAD-LARGE",
        Severity.WARNING,
        "The payload is longer than the limit and was not read.",
    )
    LOST = (
        "PAYLOAD-LOST",
        Severity.WARNING,
        "A revisit refers to a record that is not in the files given, so it has no payload.",
    )
    PACKAGE_CUT = (
        "PAYLOAD-PACKAGE-CUT",
        Severity.ERROR,
        "The package (WACZ) is not whole; what could be found in what is left was read.",
    )
    SEGMENTED = (
        "PAYLOAD-SEGMENTED",
        Severity.WARNING,
        "The payload lies in several records (segments), which are not put together.",
    )
    NOT_HTTP = (
        "PAYLOAD-NOT-HTTP",
        Severity.WARNING,
        "A response from the web has no HTTP header that ends, so nothing can be said of it.",
    )
