"""The findings of lineage."""

from pipeline.model import FindingCode, Severity


class Code(FindingCode):
    """Stable name, severity, meaning."""

    DECISION_UNREADABLE = (
        "LINEAGE-DECISION-UNREADABLE",
        Severity.WARNING,
        "A line of the file with a person's decisions about lineage cannot be read.",
    )
    DECISION_UNUSED = (
        "LINEAGE-DECISION-UNUSED",
        Severity.WARNING,
        "A person's decision about lineage fits nothing in this history.",
    )
    SERIES_UNKNOWN = (
        "SERIES-UNKNOWN",
        Severity.WARNING,
        "A series that the site's settings name has a document that is not in this history.",
    )
    CONFIG_UNREADABLE = (
        "LINEAGE-CONFIG-UNREADABLE",
        Severity.WARNING,
        "A former configuration cannot be read; what stood then is read by the one before it.",
    )
