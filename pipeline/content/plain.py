"""Plain text of a part, for search and comparison, and the links in it."""

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.content import html
from pipeline.content.markup import markdown_to_html, put_aside
from pipeline.content.raw import one_line
from pipeline.content.values import Part, PartFormat

# Bounds of one text. Past one of them the words are still all there, in a rougher form.
MAX_LENGTH = 256 * 1024  # characters; the worst Markdown takes 25 microseconds each
MAX_BRACKETS = 20_000  # markdown-it looks ahead from each `[`: 20,000 cost 0.1 s, twice as many 0.4
MAX_TAGS = 50_000

_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The plain text, a line a block, and the links. `whole` is False where a bound was passed."""

    plain: str
    links: tuple[html.Found, ...] = ()
    whole: bool = True


@lru_cache(maxsize=128)  # versions of one document, read one after the other, share most texts
def read(text: str, markup: PartFormat) -> Reading:
    """Read a text in its markup. Never raises; past a bound it gives rough words and no links."""
    if markup is PartFormat.TEXT:
        return Reading(plain=_lines(text))
    if len(text) > MAX_LENGTH or text.count("[") > MAX_BRACKETS or text.count("<") > MAX_TAGS:
        return Reading(plain=_lines(_TAG.sub(" ", text)), whole=False)
    marked, liquid = put_aside(text)
    seen = html.scan(markdown_to_html(marked) if markup is PartFormat.MARKDOWN else marked)
    return Reading(
        plain=_lines(liquid.drop(seen.words())),
        links=(*seen.links(liquid), *html.included(liquid)),
    )


def plain_text(part: Part) -> str:
    """Give a part's text without markup, Liquid and HTML. One line a block."""
    return part.plain if part.plain is not None else read(part.text, part.format).plain


def _lines(text: str) -> str:
    return "\n".join(line for line in map(one_line, text.split("\n")) if line)
