"""Where the text of a document is: its body, and the fields of its front matter that hold text.

A field holds text when its name says so (`event_content`, `biography`, `faqs[].answer`), when it
has several lines, or when it is long and made of words. URLs, paths, dates, labels of links and
what other columns hold (title, tags, people, addresses) are no text. `jekyll-archive.toml` has the
last word.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import PurePosixPath

from pipeline.content.fields import Field
from pipeline.content.plain import Reading, read
from pipeline.content.raw import clean, word_set
from pipeline.content.scalars import Written
from pipeline.content.settings import TextFields
from pipeline.content.targets import OWN_ADDRESS, is_link_field, leads_somewhere
from pipeline.content.values import Part, PartFormat
from pipeline.jekyll.item import Item, ItemKind

LONG = 80  # characters
WORDS = 8
BODY_MOST = 2 * 1024 * 1024
"""Bytes of a body that the catalogue holds: what is longer is read no more (`plain.MAX_LENGTH`)."""

_SAYS_TEXT = re.compile(
    r"(?:^|_)(?:content|text|abstract|biography|bio|description|desc|summary|synopsis|answer|"
    r"question|excerpt|body|markdown|html|intro|introduction|instructions?|details|quote|caption|"
    r"subtitle|heading|subheading|headline|lead|lede|notes?|about|statement|overview|tagline|blurb|"
    r"transcript|message|findings?|recommendations?|achievements?|objectives?)$"
)
_LABEL = re.compile(r"(?:^|_)(?:link|button|cta|btn)_text$")
# Names whose values are facts with columns or tables of their own, however long they are.
_FACTS = OWN_ADDRESS | word_set(
    "title name tags tag categories category date email telephone phone role affiliation position "
    "job_title department institution location venue organizers organisers given "
    "family prefix full_name crsid orcid type time"
)
_MARKDOWN = frozenset((".md", ".markdown", ".mkd", ".mkdn", ".mkdown"))  # Jekyll's markdown_ext
_HTML = frozenset((".html", ".htm", ".xhtml"))
_TEXT = frozenset((".txt", ".text", ".textile", ".adoc", ".asciidoc", ".rst", ".org", ""))
_ELEMENT = re.compile(r"\s*<[a-zA-Z!][^>]*>.*</[a-zA-Z][a-zA-Z0-9]*>\s*", re.DOTALL)
_MARKED = re.compile(r"[*_`#<>\[\]|~\\{}]|^\s*(?:[-+]|\d+[.)])\s", re.MULTILINE)


@lru_cache(maxsize=1 << 12)  # asked once for each state of a file
def body_format(path: str) -> PartFormat | None:
    """Tell how the body of a file is marked up; None where it is code or data, not text."""
    extension = PurePosixPath(path).suffix.lower()
    if extension in _MARKDOWN:
        return PartFormat.MARKDOWN
    if extension in _HTML:
        return PartFormat.HTML
    return PartFormat.TEXT if extension in _TEXT else None


def body_part(item: Item, data: bytes) -> tuple[Part, Reading] | None:
    """Make the part of the body; None where it is blank, or no text."""
    markup = body_format(item.path)
    if markup is None or item.split is None or item.kind is ItemKind.STATIC:
        return None
    start = item.split.body_start
    end = _end(data, start)
    text = clean(data[start:end].decode("utf-8", "replace"))
    if not text.strip():
        return None
    reading = read(text, markup)
    return Part(
        name="body",
        position=0,
        format=markup,
        text=text,
        plain=reading.plain,
        offset=start,
        length=end - start,
        line=data.count(b"\n", 0, start) + 1,
    ), reading


def _end(data: bytes, start: int) -> int:
    """Tell where a body ends for the catalogue: at its end, or before a character past the most."""
    end = min(len(data), start + BODY_MOST)
    while start < end < len(data) and data[end] & 0xC0 == 0x80:  # noqa: PLR2004 - within a character
        end -= 1
    return end


def field_parts(
    fields: Iterable[Field], chosen: TextFields, written: Mapping[str, Written], first: int
) -> Iterator[tuple[Part, Reading]]:
    """Make the parts of the front matter, numbered from `first`, in file order."""
    position = first
    for field in fields:
        if not isinstance(field.value, str) or not is_text(field, field.value, chosen):
            continue
        text = clean(field.value)
        markup = field_format(text)
        reading = read(text, markup)
        place = written.get(field.path)
        yield (
            Part(
                name=clean(field.path),
                position=position,
                format=markup,
                text=text,
                plain=reading.plain,
                line=place.line if place else None,
            ),
            reading,
        )
        position += 1


def field_format(text: str) -> PartFormat:
    """Tell how a string is marked up: HTML from end to end, Markdown where it has signs of it."""
    if _ELEMENT.fullmatch(text):
        return PartFormat.HTML
    return PartFormat.MARKDOWN if "\n" in text.strip() or _MARKED.search(text) else PartFormat.TEXT


def holds_text(field: Field, value: str) -> bool:
    """Tell by rule whether a string field holds text."""
    stripped = value.strip()
    if field.key in _FACTS or _LABEL.search(field.key) or not any(map(str.isalnum, stripped)):
        return False
    if leads_somewhere(field.key, stripped):
        return False
    if "\n" in stripped or (len(stripped) >= LONG and len(stripped.split()) >= WORDS):
        return True
    if (
        field.key == "text"
        and field.depth > 1
        and any(map(is_link_field, map(str, field.siblings)))
    ):
        return False  # the label of the link beside it
    return bool(_SAYS_TEXT.search(field.key))


def is_text(field: Field, value: str, chosen: TextFields) -> bool:
    """Tell whether a string field holds text: as the site's settings say, else by rule."""
    if not value.strip() or field.pattern in chosen.remove:
        return False
    if chosen.only is not None:
        return field.pattern in chosen.only
    return field.pattern in chosen.add or holds_text(field, value)
