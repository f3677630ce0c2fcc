"""Words: sets of them in our own tables, and white space in what pages say."""

import re
from collections.abc import Iterator

MAX_TEXT = 10_000
PIECE = 1 << 16
"""Characters of a text that are taken apart at a time: each word costs fifty bytes and more."""

_WORD = re.compile(r"\w+")


def word_set(words: str) -> frozenset[str]:
    """Make a set of the words of a text."""
    return frozenset(words.split())


def one_line(text: str) -> str:
    """Collapse white space in a value; one that is absurdly long is cut."""
    return " ".join(text[:MAX_TEXT].split())


def all_in_one_line(text: str) -> str:
    """Collapse white space, however long the text."""
    if len(text) <= PIECE:
        return " ".join(text.split())
    return "".join(_collapsed(text))


def count_words(text: str) -> int:
    """Count the words of a text."""
    if len(text) <= PIECE:
        return len(_WORD.findall(text))
    return sum(1 for _ in _WORD.finditer(text))


def _collapsed(text: str) -> Iterator[str]:
    """Collapse white space piece by piece, with one space where it stands between two pieces."""
    is_begun = is_apart = False
    for start in range(0, len(text), PIECE):
        piece = text[start : start + PIECE]
        is_apart = is_apart or piece[0].isspace()
        if words := piece.split():
            if is_begun and is_apart:
                yield " "
            yield " ".join(words)
            is_begun, is_apart = True, piece[-1].isspace()
