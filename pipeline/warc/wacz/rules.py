"""What can be wrong with a package: rules with a stable code, a severity and their clause.

MUST is an error, SHOULD a warning. What lies in the WARC files is held to the rules of `damage`.
"""

from typing import Final

from pipeline.model import Finding, Place, Severity
from pipeline.warc.damage import Rule
from pipeline.warc.limits import DAMAGES_MOST

WACZ = "WACZ 1.1.1"
ZIP = "APPNOTE 6.3"
CDXJ = "CDXJ 0.1.0"
BOUND = "bound"


def _error(code: str, clause: str, says: str) -> Rule:
    return Rule(code=f"wacz-{code}", severity=Severity.ERROR, clause=clause, says=says)


def _warning(code: str, clause: str, says: str) -> Rule:
    return Rule(code=f"wacz-{code}", severity=Severity.WARNING, clause=clause, says=says)


def _info(code: str, clause: str, says: str) -> Rule:
    return Rule(code=f"wacz-{code}", severity=Severity.INFO, clause=clause, says=says)


SUFFIX: Final = _error("suffix", f"{WACZ} Zip Format File Extension", "the name ends with .wacz")
ZIP_END: Final = _error("zip-end", f"{ZIP} 4.3.16", "the file ends with a zip's end record")
ZIP_DIRECTORY: Final = _error("zip-directory", f"{ZIP} 4.3.12", "the directory can be read whole")
ZIP_MANY: Final = _error("zip-many", BOUND, "there are bearably many members")
ZIP_NAME: Final = _error("zip-name", f"{ZIP} 4.4.17", "a name is a path in the package, with /")
ZIP_TWICE: Final = _error("zip-twice", f"{WACZ} Zip Format", "a name stands for one member")
ZIP_SPECIAL: Final = _error("zip-special", f"{ZIP} 4.4.15", "a member is a plain file")
ZIP_ENCRYPTED: Final = _error("zip-encrypted", f"{ZIP} 4.4.4", "nothing is encrypted")
ZIP_METHOD: Final = _error(
    "zip-method", f"{WACZ} Zip Compression", "members are stored or deflated"
)
ZIP_HEADER: Final = _error("zip-header", f"{ZIP} 4.3.7", "header and directory say the same")
ZIP_OVERLAP: Final = _error("zip-overlap", f"{ZIP} 4.3.6", "members do not overlap")
ZIP_GAP: Final = _error("zip-gap", f"{ZIP} 4.3.6", "no bytes lie between or before members")
ZIP_CRC: Final = _error("zip-crc", f"{ZIP} 4.4.7", "a member has its CRC-32 and its size")
ZIP_INFLATION: Final = _error("zip-inflation", BOUND, "a member inflates to a bearable size")
ZIP_FRAME: Final = _error("zip-frame", "our own form", "our package is framed as we frame it")
NOT_STORED: Final = _error(
    "not-stored", f"{WACZ} Zip Compression", "what is compressed is not compressed again"
)
DEFLATED: Final = _warning("deflated", f"{WACZ} Zip Compression", "files in archive/ are stored")
DATAPACKAGE_MISSING: Final = _error(
    "datapackage-missing", f"{WACZ} datapackage.json", "datapackage.json is at the root"
)
DATAPACKAGE_JSON: Final = _error(
    "datapackage-json", f"{WACZ} datapackage.json", "it is one JSON object, each name in it once"
)
DATAPACKAGE_FORM: Final = _error(
    "datapackage-form", f"{WACZ} datapackage.json", "it has profile, wacz_version and resources"
)
PROFILE: Final = _warning(  # a MUST that Browsertrix Crawler does not keep; nothing is lost by it
    "profile", f"{WACZ} datapackage.json", "it says that it is a data-package"
)
VERSION: Final = _warning("version", f"{WACZ} datapackage.json", "the version is one that we know")
CONTEXT: Final = _warning("context", f"{WACZ} datapackage.json", "title and times are told")
RESOURCE: Final = _error(
    "resource", f"{WACZ} datapackage.json", "a resource has path, hash and bytes, once a file"
)
HASH_UNKNOWN: Final = _error(
    "hash-unknown", f"{WACZ} datapackage.json", "a hash is SHA-256, or one that can be computed"
)
HASH_WEAK: Final = _warning("hash-weak", "RFC 6151", "a hash is one that nobody can forge")
FILE_MISSING: Final = _error(
    "file-missing", f"{WACZ} datapackage.json", "what is listed is in the package"
)
FILE_UNLISTED: Final = _error(
    "file-unlisted", f"{WACZ} Other files and directories", "what is in the package is listed"
)
FILE_SIZE: Final = _error("file-size", f"{WACZ} datapackage.json", "a file has its size")
FILE_HASH: Final = _error("file-hash", f"{WACZ} datapackage.json", "a file has its hash")
FILE_STRAY: Final = _error(
    "file-stray", f"{WACZ} Other files and directories", "nothing else is in WACZ's folders"
)
DIGEST_MISSING: Final = _warning(
    "digest-missing", f"{WACZ} datapackage-digest.json", "the datapackage's hash is beside it"
)
DIGEST_FORM: Final = _error(
    "digest-form", f"{WACZ} datapackage-digest.json", "it names datapackage.json and its hash"
)
DIGEST_HASH: Final = _error(
    "digest-hash", f"{WACZ} datapackage-digest.json", "the datapackage has that hash"
)
OWN: Final = _error("own", "our own form", "our package has what we write")
ARCHIVE_MISSING: Final = _error("archive-missing", f"{WACZ} archive", "there is a WARC file")
ARCHIVE_NAME: Final = _error("archive-name", f"{WACZ} archive", "gzipped ones end with .warc.gz")
INDEX_MISSING: Final = _error("index-missing", f"{WACZ} indexes", "there is an index")
INDEX_DATA: Final = _error("index-data", f"{WACZ} indexes", "an index can be inflated")
INDEX_LINE: Final = _error(
    "index-line", f"{CDXJ} Introduction", "a line is key, timestamp and one JSON object"
)
INDEX_FIELD: Final = _error(
    "index-field", f"{CDXJ} JSON Block", "an entry has the fields that lead to bytes"
)
INDEX_MIME: Final = _warning(  # a MUST that cdxj-indexer does not keep; nothing is lost by it
    "index-mime", f"{CDXJ} JSON Block", "an entry says the media type"
)
INDEX_DIGEST: Final = _warning(  # what is no HTTP response has no such payload
    "index-digest", f"{CDXJ} JSON Block", "an entry has a digest, also where there was no HTTP"
)
INDEX_ORDER: Final = _error("index-order", f"{CDXJ} Sorting", "lines are sorted by their bytes")
INDEX_KEY: Final = _warning("index-key", f"{CDXJ} Searchable URL", "the key is that of the URL")
INDEX_SHORT: Final = _error("index-short", "ZipNum", "the short index leads to every block")
INDEX_RECORD: Final = _error(
    "index-record", f"{CDXJ} JSON Block", "there is a whole record at the entry's place"
)
INDEX_DIFFERS: Final = _error(
    "index-differs", f"{CDXJ} JSON Block", "an entry says what its record says"
)
INDEX_HOLLOW: Final = _warning(  # CDXJ defines the digest of an HTTP response's payload only
    "index-hollow", f"{CDXJ} JSON Block", "an entry's digest is not that of no bytes at all"
)
INDEX_TWICE: Final = _warning("index-twice", f"{CDXJ} Introduction", "a capture has one line")
UNINDEXED: Final = _error("unindexed", f"{WACZ} indexes", "every capture has an entry")
PAGES_MISSING: Final = _error("pages-missing", f"{WACZ} pages.jsonl", "there is a list of pages")
PAGES_LINE: Final = _error("pages-line", f"{WACZ} pages.jsonl", "a line is one JSON object")
PAGES_FIELD: Final = _error("pages-field", f"{WACZ} pages.jsonl", "a page has url and ts")
PAGES_EMPTY: Final = _info("pages-empty", f"{WACZ} pages.jsonl", "there is a page to begin with")
PAGE_UNINDEXED: Final = _warning(
    "page-unindexed", f"{WACZ} Processing Model", "a page's URL has an entry"
)
MORE: Final = _error("more", BOUND, "all that is wrong is listed")

RULES: Final = tuple(rule for rule in list(globals().values()) if isinstance(rule, Rule))
"""Every rule, in the order above."""

_NAME_MOST: Final = 1_000  # characters of a member's name that are told


class Tell:
    """Collects what is wrong with a package, so much and no more; counts the rest."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._found: list[Finding] = []
        self._more = 0
        self.fails = False

    def __call__(self, rule: Rule, member: str, message: str) -> None:
        """Say that a member (or with "" the package) breaks a rule."""
        self.add(rule.code, rule.severity, member, f"{message} ({rule.clause})")

    def add(
        self, code: str, severity: Severity, member: str, message: str, offset: int | None = None
    ) -> None:
        """Take a finding about a member."""
        self.fails = self.fails or severity is Severity.ERROR
        if len(self._found) >= DAMAGES_MOST:
            self._more += 1
            return
        if len(member) > _NAME_MOST:
            member = f"{member[:_NAME_MOST]}…"
        place = f"{self._package}/{member}" if member else self._package
        self._found.append(
            Finding(
                code=code,
                severity=severity,
                message=message,
                place=Place(path=place, offset=offset),
            )
        )

    def findings(self) -> tuple[Finding, ...]:
        """Give all, and the number of those that were too many."""
        if not self._more:
            return tuple(self._found)
        message = f"{self._more} more are not listed"
        place = Place(path=self._package)
        return (
            *self._found,
            Finding(code=MORE.code, severity=MORE.severity, message=message, place=place),
        )
