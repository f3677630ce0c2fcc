"""The findings that reading a rendered page can give."""

from pipeline.model import FindingCode, Severity


class HtmlCode(FindingCode):
    """One member a code. The value is (code, severity, what it means)."""

    CHARSET = (
        "HTML-CHARSET",
        Severity.WARNING,
        "The page has bytes that its encoding does not have; they are shown as U+FFFD.",
    )
    CUT = (
        "HTML-CUT",
        Severity.ERROR,
        "The page is too large, too deep or has too many elements; only its beginning was read.",
    )
    JSON_LD = (
        "HTML-JSON-LD",
        Severity.WARNING,
        "A block of JSON-LD is not JSON, or is nested too deeply, and is passed over.",
    )
    NO_TEXT = (
        "HTML-NO-TEXT",
        Severity.INFO,
        "No article was found on the page: it has no text beside what every page has.",
    )
    SELECTOR = (
        "HTML-SELECTOR",
        Severity.WARNING,
        "None of the selectors for the article, set for this site, fits the page.",
    )
