"""What is read from one rendered page. Every value says where it came from."""

from dataclasses import dataclass
from enum import Enum

from pipeline.model import Finding


class How(Enum):
    """By what the region of the article was found."""

    SELECTOR = "selector"  # the site's own settings
    SCHEMA = "schema"  # itemprop="articleBody" and the like
    LAYOUT = "layout"  # what differs between pages of one layout
    MARKUP = "markup"  # <article>, <main>, role="main"
    CONTENT = "content"  # where most of the text stands
    BODY = "body"  # nothing better was found: the whole page
    TRAFILATURA = "trafilatura"  # by that extra, where our own rules found nothing to rely on
    NONE = "none"  # the page has no text


class Chrome(Enum):
    """What was taken out of the region, being no part of what the page says."""

    SELECTOR = "selector"  # the site's own settings say so
    COOKIES = "cookies"
    NAVIGATION = "navigation"
    SHARE = "share"
    RELATED = "related"
    COMMENTS = "comments"
    FORM = "form"
    HIDDEN = "hidden"
    TITLE = "title"  # what the layout prints of the document's own title
    BYLINE = "byline"  # its date, author, tags
    TEMPLATE = "template"  # the same on other pages of the layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A text and where it stands: `json-ld headline`, `og:title`, `title`, `time[datetime]` ..."""

    text: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of the article: absolute, and as written. Without a base, `url` is as written."""

    url: str
    written: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image of the article, like a link."""

    url: str
    written: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of the article; `anchor` is its id."""

    level: int
    text: str
    anchor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """Something taken out of the region: which element, and how its text begins."""

    kind: Chrome
    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Where the article stands. `path` is the selector that fitted, or the way to the element.

    `confidence` is from 0 (there is none) to 1 (the site's own settings say so).
    """

    how: How
    path: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Selectors:
    """CSS selectors of a site. `article`: the first that fits, with all that it fits.

    `remove` is taken out of the article. The others come before every other origin.
    """

    article: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


NO_SELECTORS = Selectors()
NO_REGION = Region(how=How.NONE, path="", confidence=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All that one rendered page says. Texts of values have no line ends and are as written.

    `text` has a line for each block; `markdown` has the same words, and is None where nobody asked.
    """

    charset: Value
    canonical: Value | None = None
    title: Value | None = None
    published: Value | None = None
    modified: Value | None = None
    description: Value | None = None
    language: Value | None = None
    image: Value | None = None
    site: Value | None = None
    generator: Value | None = None
    redirect: Value | None = None
    authors: tuple[Value, ...] = ()
    tags: tuple[Value, ...] = ()
    region: Region = NO_REGION
    removed: tuple[Removed, ...] = ()
    text: str = ""
    markdown: str | None = None
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()
    headings: tuple[Heading, ...] = ()
    findings: tuple[Finding, ...] = ()
