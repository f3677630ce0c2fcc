"""The words of a comparison: what can become of documents, fields, runs of words and URLs."""

from enum import Enum


class Status(Enum):
    """What became of a document. `UNREAD`: its bytes are absent on one side, so nobody knows."""

    KEPT = "kept"
    CHANGED = "changed"
    LOST = "lost"
    NEW = "new"
    UNREAD = "not compared"


class Field(Enum):
    """What is compared, in the order in which it is told."""

    TITLE = "title"
    AUTHORS = "authors"
    PEOPLE = "people"
    DATE = "date"
    TEXT = "text"
    EXCERPT = "excerpt"
    DESCRIPTION = "description"
    CATEGORIES = "categories"
    TAGS = "tags"
    IMAGES = "images"
    LINKS = "links"
    URL = "url"
    REDIRECTS = "redirects"


class Effect(Enum):
    """What became of a field. `LOST` and `REDUCED` are losses, the others are not by themselves."""

    LOST = "lost"
    """It had a value and has none."""
    REDUCED = "reduced"
    """Some of its values, or many of its words, are there no more, and nothing took their place."""
    CHANGED = "changed"
    """It has another value."""
    ADDED = "added"
    """It had no value, or only has more of them."""
    MOVED = "moved"
    """The same stands in another place: text that was the body is now in a front matter field."""


class RunKind(Enum):
    """What happened to a run of words."""

    EQUAL = "equal"
    REMOVED = "removed"
    ADDED = "added"


class Fate(Enum):
    """What an old URL of a document is on the other side."""

    REDIRECTED = "redirected"
    TAKEN = "taken over by another document"
    GONE = "gone"


class Edge(Enum):
    """Where boilerplate stands in a text."""

    START = "start"
    END = "end"


class LossKind(Enum):
    """What kind of loss a sentence tells of."""

    DOCUMENTS = "documents"
    TEXT = "text"
    AUTHORS = "authors"
    PEOPLE = "people"
    DATES = "dates"
    TITLES = "titles"
    URLS = "urls"
    EXCERPTS = "excerpts"
    CATEGORIES = "categories"
    TAGS = "tags"
    IMAGES = "images"
    LINKS = "links"
    REDIRECTS = "redirects"
