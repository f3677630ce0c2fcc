"""The findings that reading a Jekyll site can make: code, severity, meaning."""

from dataclasses import dataclass

from pipeline.model import Finding, Place, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One kind of finding. `meaning` is a sentence for the documentation."""

    code: str
    severity: Severity
    meaning: str


_TABLE: tuple[tuple[str, Severity, str], ...] = (
    (
        "CONFIG-VALUE",
        Severity.WARNING,
        "A setting in the configuration has a value with which Jekyll stops; the default is used.",
    ),
    (
        "CONFIG-SOURCE-OUTSIDE",
        Severity.WARNING,
        "`source` leads out of the tree: nothing is read there, the tree is taken for the source.",
    ),
    (
        "FM-YAML",
        Severity.WARNING,
        "The front matter is not YAML: Jekyll keeps the document without its front matter.",
    ),
    (
        "FM-LIMIT",
        Severity.WARNING,
        "The front matter passes a limit on size, depth or aliases; it was not read.",
    ),
    (
        "FM-NOT-A-MAPPING",
        Severity.WARNING,
        "The front matter is YAML but not a mapping of keys to values, so Jekyll cannot use it.",
    ),
    (
        "FM-VALUE",
        Severity.WARNING,
        "A value in the front matter has a type with which Jekyll fails; the rest is not used.",
    ),
    (
        "TEXT-ENCODING",
        Severity.WARNING,
        "The file is not valid in the site's encoding: Jekyll drops a post, and reads others bare.",
    ),
    (
        "DATE-INVALID",
        Severity.WARNING,
        "The date is not one that Ruby can read; Jekyll refuses to build the site.",
    ),
    (
        "DATE-BUILD-TIME",
        Severity.INFO,
        "The date leaves out the year, so Jekyll completes it from the day of the build.",
    ),
    (
        "URL-BUILD-TIME",
        Severity.WARNING,
        "The URL contains the date of a document that has none: it changes with every build.",
    ),
    (
        "URL-INVALID",
        Severity.WARNING,
        "Jekyll cannot make a URL of the permalink or its values, and refuses to build the site.",
    ),
    (
        "URL-CONFLICT",
        Severity.WARNING,
        "Two files of the site are written to the same place; one overwrites the other.",
    ),
    (
        "URL-CASE",
        Severity.INFO,
        "Two destinations differ only by case, which some file systems cannot hold.",
    ),
    (
        "REDIRECT-SELF",
        Severity.WARNING,
        "A redirect leads to the address it starts from.",
    ),
    (
        "REDIRECT-LOOP",
        Severity.WARNING,
        "Redirects lead in a circle, so that no page is ever reached.",
    ),
    (
        "REDIRECT-HIDDEN",
        Severity.WARNING,
        "A redirect starts where another file is written: one of the two is never seen.",
    ),
    (
        "REDIRECT-TWICE",
        Severity.WARNING,
        "Two files claim a redirect from the same address; the last one wins.",
    ),
    (
        "LINK-OUTSIDE",
        Severity.WARNING,
        "A symbolic link leads out of the tree, to nothing or in a circle; it was not followed.",
    ),
)
CODES: dict[str, Code] = {
    code: Code(code=code, severity=severity, meaning=meaning) for code, severity, meaning in _TABLE
}


def finding(code: str, message: str, place: Place) -> Finding:
    """Make a finding of a known code, with the severity that the table gives it."""
    return Finding(code=code, severity=CODES[code].severity, message=message, place=place)
