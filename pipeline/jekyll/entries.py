r"""Front matter as the entries of its outermost mapping, so that each distinct one is read once.

The states of a file repeat each other: most edits touch one entry in ten. A plain block mapping can
be cut before every line that begins with a plain key, since nothing but a comment, a blank line or
an item of a list may stand at the margin and belong to the entry before. If as many entries come
out as were put in, none of them reached into the next, so each means the same wherever it stands.
Whatever is not as plain as that (anchors, other keys, more than one document) is not cut at all.
"""

import re
from collections.abc import Callable
from typing import Any, Final

_LONGEST: Final = 20_000  # characters of an entry that is kept; longer ones are read each time
_MOST: Final = 4_000_000  # characters of all entries that are kept
_OPENING = re.compile(r"---[ ]*\n")
# Both begin with a line end, which is found much faster than `^`.
_KEY = re.compile(r"\n[A-Za-z_][A-Za-z0-9_-]*:(?=[ \n])")
#: A line at the margin that is neither a key, an item of a list, a comment nor blank.
_ODD = re.compile(r"\n(?![A-Za-z_][A-Za-z0-9_-]*:[ \n]|-[ \n]|[# \n]|\Z)")
_ENDS = ("\r", "\x85", "\u2028", "\u2029")  # which end a line for YAML, too

Mapping = dict[str, Any]
Parse = Callable[[str], Mapping | None]
"""Reads a text; None where it is no mapping, or holds what could matter outside of it."""


class Entries:
    """The entries that were read so far. What they hold is shared: nobody may change it."""

    def __init__(self) -> None:
        """Start with none."""
        self._known: dict[str, tuple[str, Any]] = {}
        self._size = 0

    def load(self, text: str, parse: Parse) -> Mapping | None:
        """Read a text by its entries; None where it has to be read as a whole."""
        entries = _cut(text)
        known = self._known
        fresh = [entry for entry in entries if entry not in known]
        if not fresh:
            return dict([known[entry] for entry in entries]) if entries else None
        value = parse("".join(fresh))
        if value is None or len(value) != len(fresh):
            return None
        read = dict(zip(fresh, value.items(), strict=True))
        found = dict([read.get(entry) or known[entry] for entry in entries])
        self._keep(read)
        return found

    def _keep(self, read: Mapping) -> None:
        kept = {entry: pair for entry, pair in read.items() if len(entry) <= _LONGEST}
        size = sum(map(len, kept))
        if self._size + size > _MOST:
            self._known, self._size = {}, 0
        self._known.update(kept)
        self._size += size


def _cut(text: str) -> list[str]:
    """Cut a text at its keys; nothing where it is not as plain as it has to be."""
    opening = _OPENING.match(text)
    if opening is None or not text.endswith("\n") or any(end in text for end in _ENDS):
        return []
    start = opening.end()
    starts = [match.start() + 1 for match in _KEY.finditer(text, start - 1)]
    if not starts or text[start : starts[0]].strip(" \n") or _ODD.search(text, start - 1):
        return []
    return [text[at:end] for at, end in zip(starts, (*starts[1:], None), strict=True)]
