"""What Jekyll makes of one source file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from pipeline.model import Finding


class ItemKind(Enum):
    """The three things that Jekyll publishes."""

    DOCUMENT = "document"
    PAGE = "page"
    STATIC = "static"


class DateSource(Enum):
    """Where a document's date comes from. For `NONE` Jekyll takes the time of the build."""

    FRONT_MATTER = "front matter"
    FILE_NAME = "file name"
    DEFAULTS = "front matter defaults"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A source file cut by Jekyll's front matter rule: `header + body == data`, always.

    All four are byte offsets into the file. `header` is everything up to `body_start`: byte-order
    mark, both delimiters and their line ends; `yaml_start:yaml_end` is the YAML between them.
    A file without front matter has `yaml_start == yaml_end == body_start == 0`, `present` False.
    """

    present: bool
    yaml_start: int
    yaml_end: int
    body_start: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One document, page or static file as Jekyll computes it, before rendering.

    `path` is relative to the site's source. `url` and `destination` are None only where Jekyll
    makes none. `date` is aware, in the site's time zone, None where Jekyll would use the time of
    the build; `date_raw` is what the author wrote. `own` is the front matter of the file itself,
    `front_matter` the same after defaults (both JSON-like: dates as `datetime`/`date`); `data` keys
    are strings. `left_out` says why Jekyll drops an item that it has read (a draft, an unpublished
    or future post, one beyond `limit_posts`), empty if it does not; what is left out is never
    written.
    """

    kind: ItemKind
    collection: str | None
    path: str
    url: str | None
    destination: str | None
    written: bool
    left_out: str = ""
    date: datetime | None = None
    date_raw: str | None = None
    date_source: DateSource = DateSource.NONE
    draft: bool = False
    slug: str | None = None
    title: str | None = None
    ext: str = ""
    layout: str | None = None
    categories: tuple[Any, ...] = ()
    tags: tuple[Any, ...] = ()
    excerpt: str | None = None
    own: Mapping[str, Any]
    front_matter: Mapping[str, Any]
    split: Split | None = None
    redirect_from: tuple[str, ...] = ()
    redirect_to: str | None = None
    findings: tuple[Finding, ...] = ()
