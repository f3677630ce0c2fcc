"""The findings of this room: code, severity, meaning. Documentation is generated from this table.

Nothing here is an error: whatever is odd in a document, all of its bytes are kept.
"""

from dataclasses import dataclass
from enum import Enum

from pipeline.model import Finding, Place, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """How much a code matters and what it says, in one sentence."""

    severity: Severity
    text: str


class Code(Enum):
    """The stable codes of this room."""

    FIELDS_TOO_MANY = "CONTENT-FIELDS-TOO-MANY"
    NO_TEXT = "CONTENT-NO-TEXT"
    NOT_UTF8 = "CONTENT-NOT-UTF8"
    NOT_READ = "CONTENT-NOT-READ"
    CLOCK_AS_NUMBER = "CONTENT-CLOCK-AS-NUMBER"
    LIST_IN_STRING = "CONTENT-LIST-IN-STRING"
    DATE_NOT_UNDERSTOOD = "CONTENT-DATE-NOT-UNDERSTOOD"
    PERSON_SHAPE = "PEOPLE-SHAPE"
    PERSON_EMPTY = "PEOPLE-EMPTY"
    PERSON_NOT_PLAIN = "PEOPLE-NOT-PLAIN"
    PERSON_TWICE = "PEOPLE-TWICE"
    PERSON_AMBIGUOUS = "PEOPLE-AMBIGUOUS"


MEANINGS: dict[Code, Meaning] = {
    Code.FIELDS_TOO_MANY: Meaning(
        severity=Severity.WARNING,
        text="The front matter, with its aliases written out, is too large or too deep to be "
        "searched for text, people, tags and links; only the body was.",
    ),
    Code.NO_TEXT: Meaning(
        severity=Severity.INFO,
        text="The body is empty and no field of the front matter holds text.",
    ),
    Code.NOT_UTF8: Meaning(
        severity=Severity.WARNING,
        text="The body is not UTF-8; the bytes that are not were read as U+FFFD.",
    ),
    Code.NOT_READ: Meaning(
        severity=Severity.WARNING,
        text="A text is too large or has too many brackets to be parsed; it was searched as it "
        "stands and its links were not read.",
    ),
    Code.CLOCK_AS_NUMBER: Meaning(
        severity=Severity.WARNING,
        text="A time of day without quotes (`10:30`) was read by YAML 1.1 as a number (630).",
    ),
    Code.LIST_IN_STRING: Meaning(
        severity=Severity.INFO,
        text="A string holds what looks like a list (`\"['news']\"`); it was read as that list.",
    ),
    Code.DATE_NOT_UNDERSTOOD: Meaning(
        severity=Severity.WARNING,
        text="A field that should hold a date holds text that is none; the text is kept.",
    ),
    Code.PERSON_SHAPE: Meaning(
        severity=Severity.WARNING,
        text="A field for people has a shape that we do not know; no name was taken from it.",
    ),
    Code.PERSON_EMPTY: Meaning(
        severity=Severity.INFO,
        text="An entry in a list of people has no name.",
    ),
    Code.PERSON_NOT_PLAIN: Meaning(
        severity=Severity.INFO,
        text="A field for people holds more than names; it was kept whole as one name.",
    ),
    Code.PERSON_TWICE: Meaning(
        severity=Severity.WARNING,
        text="Two documents of a people collection have one name, so that name leads to neither.",
    ),
    Code.PERSON_AMBIGUOUS: Meaning(
        severity=Severity.WARNING,
        text="A document names a person whom two documents describe; the name is kept, untied.",
    ),
}


def finding(code: Code, message: str, place: Place) -> Finding:
    """Make the finding of this code."""
    return Finding(code=code.value, severity=MEANINGS[code].severity, message=message, place=place)
