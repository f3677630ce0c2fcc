"""The findings of this room: stable code, severity, meaning.

Nothing here is an error: whatever is odd in a document, all of its bytes are kept.
"""

from enum import Enum

from pipeline.model import Finding, Place, Severity


class Code(Enum):
    """One member a code. The value is (code, severity, what it means)."""

    FIELDS_TOO_MANY = (
        "CONTENT-FIELDS-TOO-MANY",
        Severity.WARNING,
        "The front matter, aliases written out, is too large or deep; only the body was read.",
    )
    NO_TEXT = (
        "CONTENT-NO-TEXT",
        Severity.INFO,
        "The body is empty and no field of the front matter holds text.",
    )
    NOT_UTF8 = (
        "CONTENT-NOT-UTF8",
        Severity.WARNING,
        "The body is not UTF-8; the bytes that are not were read as U+FFFD.",
    )
    NOT_READ = (
        "CONTENT-NOT-READ",
        Severity.WARNING,
        (
            "A text is too large or tangled to be parsed: its words are rough, its links unread. "
            "Of a body the catalogue has the first 2 MiB; the archive has all of it."
        ),
    )
    CLOCK_AS_NUMBER = (
        "CONTENT-CLOCK-AS-NUMBER",
        Severity.WARNING,
        "A time of day without quotes (`10:30`) was read by YAML 1.1 as a number (630).",
    )
    LIST_IN_STRING = (
        "CONTENT-LIST-IN-STRING",
        Severity.INFO,
        "A string holds what looks like a list (`\"['news']\"`); it was read as that list.",
    )
    DATE_NOT_UNDERSTOOD = (
        "CONTENT-DATE-NOT-UNDERSTOOD",
        Severity.WARNING,
        "A field that should hold a date holds text that is none; the text is kept.",
    )
    PERSON_SHAPE = (
        "PEOPLE-SHAPE",
        Severity.WARNING,
        "A field for people has a shape that we do not know; no name was taken from it.",
    )
    PERSON_EMPTY = (
        "PEOPLE-EMPTY",
        Severity.INFO,
        "An entry in a list of people has no name.",
    )
    PERSON_NOT_PLAIN = (
        "PEOPLE-NOT-PLAIN",
        Severity.INFO,
        "A field for people holds more than names; it was kept whole as one name.",
    )
    PERSON_TWICE = (
        "PEOPLE-TWICE",
        Severity.WARNING,
        "Two documents of a people collection have one name, so that name leads to neither.",
    )
    PERSON_AMBIGUOUS = (
        "PEOPLE-AMBIGUOUS",
        Severity.WARNING,
        "A document names a person whom two documents describe; the name is kept, untied.",
    )

    @property
    def code(self) -> str:
        """The stable name."""
        return self.value[0]

    @property
    def severity(self) -> Severity:
        """How much a person should care."""
        return self.value[1]

    @property
    def meaning(self) -> str:
        """One sentence for docs/findings.md."""
        return self.value[2]

    def at(self, place: Place, message: str) -> Finding:
        """Make a finding at a place."""
        return Finding(code=self.code, severity=self.severity, message=message, place=place)
