"""A text as passages: what blank lines part. Their words and what they lead to, by pattern. Pure.

Most states of a file differ from the one before in one passage. So each distinct passage is kept
once and read once, whatever number of states has it. It is read roughly, without parsing Markdown
or HTML: for knowing a text again all that counts is that the same passage gives the same words.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape

from pipeline.content.raw import plain_words

_BLANK = re.compile(r"\n[ \t\r]*\n\s*")
_UNSEEN = re.compile(r"<!--|<(?:script|style)\b|\{%-?\s*comment\s", re.IGNORECASE)
_ENDS = {
    "<!": re.compile("-->"),
    "<s": re.compile(r"</(?:script|style)\b[^<>]*>", re.IGNORECASE),
    "{%": re.compile(r"\{%-?\s*endcomment\s*-?%\}"),
}
_LIQUID = re.compile(r"\{\{[^{}]*\}\}|\{%[^{}]*%\}|\{:[^{}\n]*\}")
_TARGET = re.compile(r"""\]\([^()\s]*(?:\s+(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'))?\s?\)""")
_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[^\W_]+")

_LIQUID_OR = r"(?:\{\{[^{}]*\}\}|\{%[^{}]*%\}|"
_LINKS = re.compile(
    rf"""(!\[[^\[\]]{{0,500}})?\]\(\s*<?({_LIQUID_OR}[^()\s<>])+)"""
    rf"""|<(img)?[^<>]{{0,1000}}?\s(?:href|src)\s*=\s*["']?({_LIQUID_OR}[^"'\s<>])+)"""
    r"""|^[ ]{0,3}\[[^\[\]^][^\[\]]{0,500}\]:[ \t]*(\S+)"""
    r"""|<([a-z]{3,6}://[^<>\s]+)>""",
    re.MULTILINE,
)


def passages(text: str) -> tuple[str, ...]:
    """Cut a text at its blank lines. Comments, scripts and styles are left out."""
    if ("<" in text or "{%" in text) and _UNSEEN.search(text):
        text = "".join(_seen(text))
    return tuple(filter(None, map(str.strip, _BLANK.split(text))))


def _seen(text: str) -> Iterator[str]:
    # By hand: a pattern would look for the end of each unclosed `<!--` through the whole text.
    here, open_ended = 0, set()
    start = _UNSEEN.search(text)
    while start is not None:
        kind = start[0][:2].lower()
        end = None if kind in open_ended else _ENDS[kind].search(text, start.end())
        if end is None:
            open_ended.add(kind)
        else:
            yield text[here : start.start()]
            here = end.end()
        start = _UNSEEN.search(text, max(here, start.end()))
    yield text[here:]


def words(text: str) -> list[str]:
    """The words of a plain text in lower case; punctuation and its many spellings fall away."""
    found = plain_words(text)
    return _WORD.findall(text.casefold()) if found is None else found


@lru_cache(maxsize=1 << 15)
def word_set(text: str) -> frozenset[str]:
    """The words of a title or a name."""
    return frozenset(words(text))


def seen_words(passage: str) -> list[str]:
    """The words of a passage that a reader sees: no Liquid, no tags, no link targets."""
    if "{" in passage:
        passage = _LIQUID.sub(" ", passage)
    if "](" in passage:
        passage = _TARGET.sub("]", passage)
    if "<" in passage:
        passage = _TAG.sub(" ", passage)
    return words(unescape(passage) if "&" in passage else passage)


def targets(passage: str) -> Iterator[tuple[str, bool]]:
    """Give what a passage links to and shows, as written, in order; True for images."""
    if "](" in passage or "<" in passage or "]:" in passage:
        for match in _LINKS.finditer(passage):
            target = match[2] or match[4] or match[5] or match[6]
            yield target, bool(match[1] or match[3])
