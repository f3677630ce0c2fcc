"""The same foreign lines at one end of many texts: what a migration scraped along.

Two lines are the same if they are alike but for where on a host their links lead: a share button
carries the URL of its own page.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from pipeline.content.raw import one_line
from pipeline.content.values import Part
from pipeline.history.comparison.kinds import Edge
from pipeline.history.comparison.reading import Account
from pipeline.history.comparison.values import Boilerplate
from pipeline.history.comparison.words import seen

MANY = 3  # documents
DEEPEST = 100  # lines from the end of a text
FEW_WORDS = 4  # a line of fewer, without a link, is a heading or a date
LONGEST = 500  # characters of an example

_URL = re.compile(
    r"(?:https?:)?//(?:www\.)?([^\s/?#()\[\]<>\"']+)[^\s()\[\]<>\"']*|(mailto:)[^)\s]*"
)
_MARKS = re.compile(r"[*_#>`~\\]")
_TARGET = re.compile(r"\]\([^)]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A document with both of its sides; `id` is its id in the comparison."""

    id: str
    old: Account
    new: Account


def boilerplate(documents: Iterable[Grown]) -> tuple[Boilerplate, ...]:
    """Find lines that at least three documents have at the same end, and had not before."""
    holders: dict[tuple[Edge, str], dict[str, tuple[Grown, str]]] = defaultdict(dict)
    for document in documents:
        for edge, key, line in _foreign(document):
            holders[edge, key].setdefault(document.id, (document, line))
    groups: dict[tuple[Edge, tuple[str, ...]], list[str]] = defaultdict(list)
    for (edge, key), held in holders.items():
        if len(held) >= MANY:
            groups[edge, tuple(held)].append(key)
    found = [_told(edge, keys, holders[edge, keys[0]]) for (edge, _), keys in groups.items()]
    return tuple(sorted(found, key=lambda each: (-len(each.ids), each.edge.value, each.lines)))


def _told(edge: Edge, keys: Sequence[str], held: Mapping[str, tuple[Grown, str]]) -> Boilerplate:
    example = next(iter(held.values()))[1]
    documents = tuple(document for document, _ in held.values())
    words = sum(any(map(str.isalnum, word)) for key in keys for word in _label(key))
    return Boilerplate(
        edge=edge,
        lines=tuple(reversed(keys) if edge is Edge.END else keys),
        example=example if len(example) <= LONGEST else example[: LONGEST - 1] + "…",
        words=words,
        documents=tuple(document.new.side.path for document in documents),
        ids=tuple(document.id for document in documents),
    )


def _label(key: str) -> list[str]:
    """Give what a reader sees of a line: not where its links lead."""
    return _TARGET.sub(" ", key).split()


def _foreign(document: Grown) -> Iterator[tuple[Edge, str, str]]:
    """Give the lines at the ends of each text of the newer side that the older one had nowhere.

    What is foreign from end to end is told as an end.
    """
    known = {skeleton(line) for part in document.old.version.content.parts for line in _lines(part)}
    for part in document.new.version.content.parts:
        lines = [(skeleton(line), line) for line in _lines(part)]
        tail = [*takewhile(lambda each: each[0] not in known, reversed(lines[-DEEPEST:]))]
        head = [*takewhile(lambda each: each[0] not in known, lines[:DEEPEST])]
        for edge, found in ((Edge.END, tail), (Edge.START, head if len(tail) < len(lines) else [])):
            for key, line in found:
                if _TARGET.search(key) or _URL.search(line) or len(key.split()) >= FEW_WORDS:
                    yield edge, key, line


def _lines(part: Part) -> Iterator[str]:
    return filter(None, map(one_line, part.text.split("\n")))


def skeleton(line: str) -> str:
    """Reduce a line to its words and the hosts of its links."""
    bare = _URL.sub(lambda found: found[1] or found[2], line)
    return " ".join(_MARKS.sub("", seen(word)) for word in bare.split()).strip()
