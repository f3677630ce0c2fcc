"""Words of a text as a reader sees them, and which of them another text lacks.

A word is a run of letters and digits: quotes, dashes and white space differ with every renderer.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from pipeline.history.comparison.words import seen

_WORD = re.compile(r"[^\W_]+")
MOST_LINES = 5_000  # of one text that are looked for one by one


def words(text: str) -> tuple[str, ...]:
    """Cut a text into words."""
    return tuple(word for chunk in text.split() for word in _WORD.findall(seen(chunk)))


def key(text: str) -> str:
    """Fold a short text, such as a name or a title, to be compared."""
    return " ".join(words(text)).casefold()


@dataclass(frozen=True, slots=True)
class Bag:
    """The words of a page, in order and counted."""

    folded: str
    counts: Counter[str]

    @classmethod
    def of(cls, text: str) -> Self:
        """Read a text."""
        found = words(text)
        return cls(f" {' '.join(found)} ", Counter(found))

    def lacks(self, lines: Iterable[str]) -> tuple[str, ...]:
        """Give the words of these lines that are not here.

        A line that stands here as it is, is here; of the others each word is looked for, as often
        as it is there.
        """
        left: Counter[str] = Counter()
        for number, line in enumerate(lines):
            found = words(line)
            if number >= MOST_LINES or f" {' '.join(found)} " not in self.folded:
                left.update(found)
        if not left:
            return ()
        return tuple((left - self.counts).elements())

    def says(self, name: str) -> bool:
        """Tell whether a name stands here, in whatever case."""
        wanted = key(name)
        return not wanted or f" {wanted} " in self.folded.casefold()
