"""Markdown and Liquid on the way to HTML.

Liquid is not evaluated: each tag is put aside before Markdown is read, since Jekyll runs Liquid
first and what it leaves has no braces or spaces (`[a]({{ site.url }}/b)` is a link to Jekyll, not
to CommonMark). kramdown's own signs that CommonMark does not know are taken out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt

_OPEN, _SHUT = "\ue000", "\ue001"
_COMMENT = re.compile(r"\{%-?\s*comment\s")
_END_COMMENT = re.compile(r"\{%-?\s*endcomment\s*-?%\}")
_ASIDE = re.compile(f"{_OPEN}([0-9]+){_SHUT}")
_PRIVATE = str.maketrans({_OPEN: "\ufffd", _SHUT: "\ufffd"})

# kramdown: attribute lists `{: .note}`, extensions `{::nomarkdown}`, footnotes `[^1]` and `[^1]:`
_ATTRIBUTES = re.compile(r"\{:{1,2}[^{}\n]*\}")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,100}\]:?")


@dataclass(frozen=True, slots=True)
class Liquid:
    """The Liquid of a text, put aside; each place holds a mark with its number."""

    tags: tuple[str, ...]

    def back(self, text: str) -> str:
        """Put the tags back, as written."""
        if _OPEN not in text:
            return text
        return _ASIDE.sub(lambda mark: self.tags[int(mark[1])], text)

    @staticmethod
    def drop(text: str) -> str:
        """Take the marks out."""
        return _ASIDE.sub("", text) if _OPEN in text else text


def put_aside(text: str) -> tuple[str, Liquid]:
    """Replace Liquid tags by marks without spaces or signs. Comments go whole."""
    text = text.translate(_PRIVATE) if _OPEN in text or _SHUT in text else text
    kept: list[str] = []
    tags: list[str] = []
    here = 0
    for start, end in _tags(text):
        kept += text[here:start], f"{_OPEN}{len(tags)}{_SHUT}"
        tags.append(text[start:end])
        here = end
    return "".join((*kept, text[here:])), Liquid(tuple(tags))


def _tags(text: str) -> Iterator[tuple[int, int]]:
    # By hand: a pattern would look for the end of each unclosed `{{` through the whole text.
    shuts = {"{{": "}}", "{%": "%}"}
    start = text.find("{")
    while start >= 0 and shuts:
        shut = shuts.get(text[start : start + 2])
        end = text.find(shut, start + 2) if shut else -1
        if shut and end < 0:
            del shuts[text[start : start + 2]]  # none will be found further on, either
        if end < 0:
            start = text.find("{", start + 1)
            continue
        end += 2
        if _COMMENT.match(text, start):
            shut_comment = _END_COMMENT.search(text, end)
            end = shut_comment.end() if shut_comment else len(text)
        yield start, end
        start = text.find("{", end)


def markdown_to_html(text: str) -> str:
    """Render Markdown; HTML in it is passed on as it is, link targets as they were written."""
    text = _ATTRIBUTES.sub("", text) if "{:" in text else text
    text = _FOOTNOTE.sub("", text) if "[^" in text else text
    text = text.replace("\\\\\n", "\\\n")  # kramdown ends a line with two, CommonMark with one
    return str(_renderer().render(text))


@cache
def _renderer() -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    renderer.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    renderer.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return renderer
