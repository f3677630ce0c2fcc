"""What came of holding a rendering against its source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from pipeline.model import Finding, Severity


class How(Enum):
    """By what a page was tied to its source."""

    URL = "URL"
    PATH = "source path"
    CONTENT = "content"


class Kind(Enum):
    """What differs between a source and its page."""

    TEXT = "text"
    TITLE = "title"
    DATE = "date"
    PEOPLE = "people"
    LINKS = "links"
    IMAGES = "images"


class Made(Enum):
    """What a page without a source is, where that can be told."""

    REDIRECT = "redirect"
    FEED = "feed"
    SITEMAP = "sitemap"
    PAGINATION = "pagination"
    ARCHIVE = "archive of a tag, category or year"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSide:
    """A document as its source has it, ready to be compared.

    `texts` are lines of plain text by field. `why` says why no page is expected; empty where one
    is. `day` is the date that the author gave, `days` all others that the source names.
    """

    path: str
    collection: str | None
    destination: str | None
    url: str | None
    why: str = ""
    title: str | None = None
    day: date | None = None
    at: datetime | None = None
    days: frozenset[date] = frozenset()
    authors: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    liquid: frozenset[str] = frozenset()
    links: tuple[tuple[str, str], ...] = ()
    images: tuple[tuple[str, str], ...] = ()
    leads_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLine:
    """A page: what it was tied to and how, or what made it, and what differs, each as a sentence.

    `words` of the source were looked for; `missing` are nowhere on the page, `outside` are on it,
    but not in its article. `compared` is False where nothing of it could or had to be.
    """

    url: str
    source: str | None = None
    how: How | None = None
    made: Made | None = None
    compared: bool = False
    words: int = 0
    missing: int = 0
    outside: int = 0
    made_up_date: str | None = None
    differences: Mapping[Kind, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """A document that has no page: why, or nothing where nobody knows."""

    path: str
    url: str | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """Something that pages name, how many pages do, and one of them."""

    url: str
    pages: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """pages = tied + generated + unexplained + unread; documents = with page + explained + without.

    `by_url`, `by_path` and `by_content` are how the tied ones were. None is what was not looked
    for, because the rendering is not archived.
    """

    pages: int
    tied: int
    by_url: int
    by_path: int
    by_content: int
    generated: int
    unexplained: int
    unread: int
    documents: int
    with_page: int
    explained: int
    without: int
    compared: int
    made_up_dates: int | None
    missing_assets: int | None
    dead_links: int | None
    third_party_pages: int | None
    differences: Mapping[Kind, int]
    made: Mapping[Made, int]

    @property
    def pages_sum(self) -> str:
        """How the pages add up."""
        unread = f" + {self.unread} unread" if self.unread else ""
        return (
            f"{self.pages} pages = {self.tied} tied + {self.generated} generated"
            f" + {self.unexplained} unexplained{unread}"
        )

    @property
    def documents_sum(self) -> str:
        """How the documents add up."""
        return (
            f"{self.documents} documents = {self.with_page} with a page"
            f" + {self.explained} explained + {self.without} without"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """All of it. `rebuilt` says by what the commit was built again, where it was.

    A rendering that is not `archived` is known by the catalogue's rows alone: its URLs and titles.
    """

    site: str
    title: str | None
    revision: str
    rendered_at: datetime | None
    totals: Totals
    pages: tuple[PageLine, ...]
    documents: tuple[DocumentLine, ...]
    assets: tuple[Needed, ...]
    links: tuple[Needed, ...]
    third_party: tuple[Needed, ...]
    rebuilt: str
    findings: tuple[Finding, ...]
    archived: bool = True

    @property
    def exit_code(self) -> int:
        """1 where a finding is an error, else 0."""
        return int(any(finding.severity is Severity.ERROR for finding in self.findings))
