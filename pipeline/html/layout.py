"""What pages of one layout have in common, learnt from the pages themselves.

A text that stands at the same place, told by names and classes, on most pages that have the place
is the layout's; what differs from page to page is theirs.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from pipeline.html.outline import Row

ENOUGH = 3  # pages: two may say the same by chance
SHARE = 0.6
MOST_KEYS = 400_000  # some 40 MB
MOST_BLOCKS = 20_000  # of one page


@dataclass(slots=True)
class Layout:
    """Counts of places and of texts at places. Bounded: what was met only once is forgotten."""

    places: Counter[int] = field(default_factory=Counter)
    texts: Counter[int] = field(default_factory=Counter)
    pages: int = 0

    def learn(self, rows: Sequence[Row]) -> None:
        """Count one page by its outline."""
        places, texts = set(), set()
        for row in islice(rows, MOST_BLOCKS):
            if row.said:
                places.add(row.kin)
                texts.add(_key(row))
        self.places.update(places)
        self.texts.update(texts)
        self.pages += 1
        for table in (self.places, self.texts):
            if len(table) > MOST_KEYS:
                for key in [key for key, count in table.items() if count == 1]:
                    del table[key]
                if len(table) > MOST_KEYS:
                    table.clear()

    @property
    def knows(self) -> bool:
        """Say whether enough pages were learnt from."""
        return self.pages >= ENOUGH

    def owns(self, row: Row) -> bool:
        """Say whether a block's text is the layout's."""
        count = self.texts[_key(row)]
        return count >= ENOUGH and count >= SHARE * self.places[row.kin]


NO_LAYOUT = Layout()


def _key(row: Row) -> int:
    return hash((row.kin, " ".join("".join(row.said).split())))
