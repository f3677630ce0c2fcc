"""Check a whole package: its zip structure, its lists, its index, its pages and every record."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import NotVerifiableError
from pipeline.model import Finding, Severity, Sha256
from pipeline.warc.cdxj import Entry
from pipeline.warc.check import digest_file
from pipeline.warc.durable import OPEN
from pipeline.warc.indexing import digest_at, index
from pipeline.warc.member import MAGIC
from pipeline.warc.record import Proved, Record
from pipeline.warc.revisit import Originals
from pipeline.warc.wacz.directory import BrokenZipError, read_directory
from pipeline.warc.wacz.layout import ARCHIVE, INDEXES, PAGE_LIST, PAGES, SUFFIX
from pipeline.warc.wacz.lines import index_entries, listed_pages
from pipeline.warc.wacz.matching import CRLFS, Matching
from pipeline.warc.wacz.members import BadMemberError, Contents, readable
from pipeline.warc.wacz.outside import Outside, look_outside
from pipeline.warc.wacz.rules import (
    INDEX_MISSING,
    PAGES_EMPTY,
    PAGES_MISSING,
    Tell,
)
from pipeline.warc.wacz.rules import (
    SUFFIX as SUFFIX_RULE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a package is and what is wrong with it, told apart by what was looked at.

    `outside` is None where nothing says what should be in the package.
    """

    size: int
    sha256: Sha256
    outside: Outside | None
    files: int
    records: int
    entries: int
    pages: int
    package: tuple[Finding, ...]
    index: tuple[Finding, ...]
    warcs: tuple[Finding, ...]
    proved: Proved = field(default_factory=Proved)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that was found, from the outside in."""
        return (*self.package, *self.index, *self.warcs)

    @property
    def sound(self) -> bool:
        """Whether nothing of severity error was found."""
        return all(found.severity is not Severity.ERROR for found in self.findings)


def check_wacz(path: Path) -> Checked:
    """Check every byte of a package; nothing is written. Raises NotVerifiableError."""
    size, digest = digest_file(path)
    try:
        with path.open("rb") as file:
            looked = _Look(path, file)
            looked.look()
    except OSError as error:
        raise NotVerifiableError(str(path), error.strerror or str(error)) from error
    return Checked(
        size=size,
        sha256=digest,
        outside=looked.outside,
        files=looked.files,
        records=looked.records,
        entries=looked.entries,
        pages=looked.pages,
        package=looked.package.findings(),
        index=looked.index.findings(),
        warcs=looked.warcs.findings(),
        proved=looked.proved,
    )


class _Look:
    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path, self._file = path, file
        self.package, self.index, self.warcs = (Tell(str(path)) for _ in range(3))
        self.outside: Outside | None = None
        self.files = self.records = self.entries = self.pages = 0
        self.proved = Proved()

    def look(self) -> None:
        """Look from the outside in, as far as one gets."""
        if not self._path.name.removesuffix(OPEN).endswith(SUFFIX):
            self.package(SUFFIX_RULE, "", f"it is not called {SUFFIX}")
        try:
            directory = read_directory(self._file, self.package)
        except BrokenZipError as error:
            self.package(error.rule, error.member, str(error))
            return
        members = readable(directory.members, self.package)
        self.files = len(members)
        contents = Contents(path=self._path, file=self._file, members=members, tell=self.package)
        self.outside = look_outside(contents, directory)
        matching = Matching(self.index, is_ours=bool(self.outside and self.outside.is_ours))
        self._records(contents, matching)
        self._lists(contents, matching)
        matching.finish()
        self.entries, self.pages = matching.entries, matching.pages

    def _lists(self, contents: Contents, matching: Matching) -> None:
        lists = Contents(
            path=self._path, file=self._file, members=contents.members, tell=self.index
        )
        names = sorted(contents.members)
        indexes = [n for n in names if n.startswith(INDEXES) and not n.endswith(".idx")]
        if not indexes:
            self.index(INDEX_MISSING, INDEXES, "there is no index")
        for name in indexes:
            for entry in index_entries(lists, name):
                matching.index(name, entry)
        if PAGE_LIST not in contents.members:
            self.index(PAGES_MISSING, PAGE_LIST, "it is not there")
        for name in names:
            if name.startswith(PAGES):
                for page in listed_pages(lists, name):
                    matching.page(name, page)
        if not matching.pages:
            self.index(PAGES_EMPTY, PAGE_LIST, "it lists no page")

    def _records(self, contents: Contents, matching: Matching) -> None:
        originals = Originals(waits=True)  # crawlers write files side by side
        for name in sorted(contents.members):
            if not name.startswith(ARCHIVE):
                continue
            try:
                with contents.stretch(name) as where, where.open() as raw:
                    checked = index(
                        where,
                        name.removeprefix(ARCHIVE),
                        _put(matching, raw),
                        wanted=_has_url,
                        originals=originals,
                    )
            except BadMemberError:
                continue
            self.records += checked.records
            self.proved += checked.proved
            for damage in checked.damages:
                message = f"{damage.message} ({damage.rule.clause})"
                self.warcs.add(damage.code, damage.severity, name, message, damage.offset)
        settled = originals.settle()
        self.proved = replace(self.proved, dangling=self.proved.dangling - settled)
        for damage in originals.finish():
            self.warcs.add(damage.code, damage.severity, ARCHIVE, damage.message)


def _has_url(record: Record) -> bool:
    return record.target_uri is not None


def _put(matching: Matching, raw: BinaryIO) -> Callable[[Entry, Record], None]:
    def put(entry: Entry, record: Record) -> None:
        matching.record(entry, record, _bare_digest(raw, entry))

    return put


def _bare_digest(raw: BinaryIO, entry: Entry) -> str | None:
    """Digest a record without the CRLFs after it, as indexers do in files without gzip."""
    raw.seek(entry.offset)
    if raw.read(len(MAGIC)) == MAGIC or entry.length <= CRLFS:
        return None
    return str(digest_at(raw, entry.offset, entry.length - CRLFS))
