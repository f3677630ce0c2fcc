"""What one version of a document says: its text, people, tags, links and dates.

All text here is derived and safe to store: no NUL, no lone surrogates. `raw` is the JSON text of
the value that stood in the front matter, dates and times as ISO 8601.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from pipeline.model import Finding


class PartFormat(Enum):
    """How a part is marked up."""

    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"


class PersonRole(Enum):
    """What a person is to a document, as the name of the field says."""

    AUTHOR = "author"
    CONTRIBUTOR = "contributor"
    EDITOR = "editor"
    TRANSLATOR = "translator"
    REVIEWER = "reviewer"
    SPEAKER = "speaker"
    CHAIR = "chair"
    ORGANIZER = "organizer"
    RESEARCHER = "researcher"
    SUPERVISOR = "supervisor"
    MEMBER = "member"
    PERSON = "person"


class MentionKind(Enum):
    """How a person is named: by a name, by the title or by the slug of a document."""

    NAME = "name"
    TITLE = "title"
    SLUG = "slug"


class TermKind(Enum):
    """Jekyll's two ways to group documents."""

    TAG = "tag"
    CATEGORY = "category"


class LinkKind(Enum):
    """What a link is: to read, to show, to download, to play in place, or a front matter field."""

    LINK = "link"
    IMAGE = "image"
    FILE = "file"
    EMBED = "embed"
    FIELD = "field"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A named piece of text: `body`, or a field of the front matter such as `faqs[2].answer`.

    The body's `offset` and `length` are bytes in the file; a field has the `line` of its value.
    `plain` is the text without markup, None where it was not worked out.
    """

    name: str
    position: int
    format: PartFormat
    text: str
    plain: str | None = None
    offset: int | None = None
    length: int | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A person named in the front matter.

    `name` is for people to read; `key` and `other_keys` are for matching (see `names.py`).
    `collection` is the collection that the field points into, for `author_people` and its like.
    """

    position: int
    role: PersonRole
    kind: MentionKind
    name: str
    key: str
    other_keys: tuple[str, ...] = ()
    collection: str | None = None
    field: str
    raw: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A tag or category. `field` is None where Jekyll takes it from the path or from defaults."""

    kind: TermKind
    position: int
    name: str
    key: str
    field: str | None
    raw: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as written, in the part or field named `part`. `text` is its label, often empty."""

    position: int
    part: str
    kind: LinkKind
    target: str
    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedDate:
    """A date that the front matter names, such as `event_date`.

    `raw` is what the author wrote. `day` is None where that is no date that we understand. `at` is
    aware, and None unless the author wrote a time with a zone: a zone is never made up.
    """

    name: str
    raw: str
    day: date | None = None
    at: datetime | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that one version says. Everything is in the order in which it stands in the file."""

    title: str | None = None
    title_raw: str | None = None
    parts: tuple[Part, ...] = ()
    mentions: tuple[Mention, ...] = ()
    terms: tuple[Term, ...] = ()
    links: tuple[Link, ...] = ()
    dates: tuple[NamedDate, ...] = ()
    findings: tuple[Finding, ...] = ()
