"""The findings that a crawl can give: stable code, severity, meaning."""

from pipeline.model import FindingCode, Severity


class CrawlCode(FindingCode):
    """One member a code. The value is (code, severity, what it means)."""

    BUSY = (
        "CRAWL-BUSY",
        Severity.WARNING,
        "The server asked us to come back later (429, 503), again and again; what it said is kept.",
    )
    FAILED = (
        "CRAWL-FAILED",
        Severity.WARNING,
        "There was no answer of HTTP: no such name, no connection, no TLS, or nothing came.",
    )
    FORBIDDEN = (
        "CRAWL-FORBIDDEN",
        Severity.WARNING,
        "A scheme, port, name or address that a crawl must not touch; not a byte went there.",
    )
    LENGTH = (
        "CRAWL-LENGTH",
        Severity.WARNING,
        "What the header says of the length is not so, or says two things; the bytes are kept.",
    )
    LIMIT = (
        "CRAWL-LIMIT",
        Severity.WARNING,
        "A bound of the crawl was reached (URLs, bytes, depth, time); the rest was not asked for.",
    )
    LIST = (
        "CRAWL-LIST",
        Severity.WARNING,
        "A sitemap or feed cannot be read to its end; what it named before that counts.",
    )
    OUTSIDE = (
        "CRAWL-OUTSIDE",
        Severity.INFO,
        "A page of the site redirects to another place, which is not part of this crawl.",
    )
    REDIRECT = (
        "CRAWL-REDIRECT",
        Severity.WARNING,
        "Redirects lead in a circle or are too many; each was kept, none is followed further.",
    )
    ROBOTS = (
        "CRAWL-ROBOTS",
        Severity.INFO,
        "robots.txt asks robots not to fetch this, so we did not (RFC 9309).",
    )
    ROBOTS_AWAY = (
        "CRAWL-ROBOTS-AWAY",
        Severity.WARNING,
        "robots.txt may exist and cannot be had, so nothing there is asked for (RFC 9309).",
    )
    SEED = (
        "CRAWL-SEED",
        Severity.ERROR,
        "What the crawl was to begin with gave no page.",
    )
    STATUS = (
        "CRAWL-STATUS",
        Severity.WARNING,
        "The server answered with an error (4xx, 5xx) to something that a page names; it is kept.",
    )
    TRAP = (
        "CRAWL-TRAP",
        Severity.WARNING,
        "Too many URLs are alike (a calendar, a filter, a path that repeats itself); left out.",
    )
    TRUNCATED = (
        "CRAWL-TRUNCATED",
        Severity.WARNING,
        "A response is not whole: too long, too slow, or cut off; what came is kept and says so.",
    )
    URL = (
        "CRAWL-URL",
        Severity.INFO,
        "A page names something by a URL that nobody can ask for.",
    )
