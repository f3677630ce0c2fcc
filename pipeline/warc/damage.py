"""What can be wrong with a WARC: rules with a stable code, a severity and their clause."""

from dataclasses import dataclass, field
from typing import Final

from pipeline.model import Finding, Place, Severity

ISO = "ISO 28500:2017"
GZIP = "RFC 1952"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that the standard asks for. SHALL is an error, SHOULD a warning, the rest info."""

    code: str
    severity: Severity
    clause: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A rule broken at a place: `offset` is where the record or gzip member begins in the file."""

    rule: Rule = field(repr=False)
    offset: int
    message: str
    record_id: str | None = None

    @property
    def code(self) -> str:
        """The rule's stable code."""
        return self.rule.code

    @property
    def severity(self) -> Severity:
        """The rule's severity."""
        return self.rule.severity

    def finding(self, path: str) -> Finding:
        """Say the same as a finding in the file at `path`."""
        return Finding(
            code=self.code,
            severity=self.severity,
            message=f"{self.message} ({self.rule.clause})",
            place=Place(path=path, offset=self.offset),
        )


def _error(code: str, clause: str, says: str) -> Rule:
    return Rule(code=code, severity=Severity.ERROR, clause=clause, says=says)


def _warning(code: str, clause: str, says: str) -> Rule:
    return Rule(code=code, severity=Severity.WARNING, clause=clause, says=says)


def _info(code: str, clause: str, says: str) -> Rule:
    return Rule(code=code, severity=Severity.INFO, clause=clause, says=says)


EMPTY: Final = _error("warc-empty", f"{ISO} 4", "a file holds at least one record")
TRUNCATED: Final = _error("warc-truncated", f"{ISO} 4", "a file ends where a record ends")
GZIP_HEADER: Final = _error("warc-gzip-header", f"{GZIP} 2.3", "a gzip member begins here")
GZIP_DATA: Final = _error("warc-gzip-data", f"{GZIP} 2.3", "a member's data can be inflated")
GZIP_CHECK: Final = _error("warc-gzip-check", f"{GZIP} 2.3.1", "CRC-32 and ISIZE hold")
GZIP_MEMBER: Final = _warning("warc-gzip-member", f"{ISO} D.2", "a gzip member holds one record")
INFLATION: Final = _error("warc-inflation", "bound", "a file inflates to a bearable size")
LOST: Final = _error("warc-lost", "bound", "after damage the next record can be found")
VERSION: Final = _error("warc-version", f"{ISO} 4", "a record begins with WARC/1.0 or WARC/1.1")
VERSION_OLD: Final = _info("warc-version-old", f"{ISO} 4", "the version is not a draft")
HEADER_SIZE: Final = _error("warc-header-size", "bound", "a header has at most 64 KiB, 2,000 lines")
HEADER_LINE: Final = _error("warc-header-line", f"{ISO} 4", "a header line is `name: value` CRLF")
HEADER_FOLDED: Final = _info("warc-header-folded", f"{ISO} 4", "lines should not be continued")
LENGTH: Final = _error("warc-content-length", f"{ISO} 5.3", "Content-Length is the block's size")
RECORD_END: Final = _error("warc-record-end", f"{ISO} 4", "a block is followed by two CRLF")
MISSING: Final = _error("warc-field-missing", f"{ISO} 5 and 6", "the type's mandatory fields exist")
REPEATED: Final = _error("warc-field-repeated", f"{ISO} 5.1", "a field appears once in a record")
FORBIDDEN: Final = _error("warc-field-forbidden", f"{ISO} 5 and 6", "the type may have this field")
VALUE: Final = _error("warc-field-value", f"{ISO} 5", "a field's value has its form")
VALUE_IRI: Final = _warning(  # some tools write names as they are; what is meant is plain
    "warc-field-iri", f"{ISO} 5.12 and 5.14", "a URI is one by RFC 3986, its letters all ASCII"
)
TYPE_UNKNOWN: Final = _info("warc-type-unknown", f"{ISO} 5.5", "the record type is a known one")
TYPELESS: Final = _warning("warc-content-type", f"{ISO} 5.6", "a block's media type is given")
TYPE_OTHER: Final = _warning("warc-content-type-other", f"{ISO} 6", "it is the type's usual one")
SEGMENT: Final = _error("warc-segment-number", f"{ISO} 5.20", "segments are numbered from 1")
PROFILE: Final = _info("warc-profile-unknown", f"{ISO} 6.7", "a revisit's profile is a known one")
REVISIT_DIGEST: Final = _error("warc-revisit-digest", f"{ISO} 6.7.2", "a digest says what is same")
REVISIT_TRUNCATED: Final = _warning(  # a SHALL that no crawler keeps; nothing is lost by it
    "warc-revisit-truncated", f"{ISO} 6.7.2", "a block without its payload says WARC-Truncated"
)
REVISIT_REFERS: Final = _warning(
    "warc-revisit-refers", f"{ISO} 6.7.2 and 6.7.3", "a revisit names the record it refers to"
)
ORIGINAL: Final = _error("warc-revisit-original", f"{ISO} 6.7.2", "the original has that payload")
ORIGINAL_OTHER: Final = _warning(
    "warc-revisit-place", f"{ISO} 6.7.2", "the original has the URI and date that are given"
)
ELSEWHERE: Final = _info("warc-revisit-elsewhere", f"{ISO} 6.7.2", "the original is in the file")
BLOCK_DIGEST: Final = _error("warc-block-digest", f"{ISO} 5.8", "the block has its digest")
PAYLOAD_DIGEST: Final = _error("warc-payload-digest", f"{ISO} 5.9", "the payload has its digest")
PAYLOAD_CODED: Final = _info("warc-payload-coded", f"{ISO} 5.9", "its digest is without coding")
UNCHECKED: Final = _info("warc-digest-unchecked", f"{ISO} 5.8 and 5.9", "a digest can be checked")
ID_REPEATED: Final = _warning("warc-id-repeated", f"{ISO} 5.2", "a record's id is its own")
NO_WARCINFO: Final = _warning("warc-no-warcinfo", f"{ISO} 5.5", "a file begins with a warcinfo")
MORE: Final = _error("warc-more", "bound", "all damages are listed")

RULES: Final = tuple(rule for rule in list(globals().values()) if isinstance(rule, Rule))
"""Every rule, in the order above; `docs/` lists them from here."""
