"""What the texts of states say, read only where it is asked for, each passage once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.history.lineage.fingerprint import (
    Fingerprint,
    Likeness,
    Passage,
    fingerprint,
    likeness,
    shingled,
)
from pipeline.history.lineage.passages import seen_words, targets
from pipeline.history.lineage.values import Facts, State

EDGE = 60  # characters in common at either end: surely the same text, edited
NEAR = 8 * EDGE  # of a passage: so much is looked at for them
MOST = 20_000  # words of one text; the passages that follow are not compared

Text = tuple[str, ...]


@dataclass(slots=True)
class Texts:
    """Fingerprints, beginnings and links of texts, each taken once."""

    _fingerprints: dict[Text, Fingerprint] = field(default_factory=dict)
    _passages: dict[str, Passage] = field(default_factory=dict)
    _edges: dict[Text, tuple[str, str]] = field(default_factory=dict)
    _targets: dict[str, tuple[tuple[str, bool], ...]] = field(default_factory=dict)
    _led: dict[Text, tuple[Text, Text]] = field(default_factory=dict)

    def of(self, state: State) -> Fingerprint:
        """The fingerprint of a state's text."""
        text = state.facts.text
        found = self._fingerprints.get(text)
        if found is None:
            found = self._fingerprints[text] = fingerprint(self._compared(text))
        return found

    def likeness(self, one: State, other: State) -> Likeness:
        """How alike two states' texts are."""
        return likeness(self.of(one), self.of(other))

    def share_an_end(self, one: State, other: State) -> bool:
        """Whether two texts begin or end alike."""
        pairs = zip(self._ends(one.facts.text), self._ends(other.facts.text), strict=True)
        return any(left and left == right for left, right in pairs)

    def links(self, facts: Facts) -> Text:
        """What a state links to, as written."""
        return facts.links + self._leads(facts.text)[0]

    def images(self, facts: Facts) -> Text:
        """What a state shows, as written."""
        return facts.images + self._leads(facts.text)[1]

    def _leads(self, text: Text) -> tuple[Text, Text]:
        found = self._led.get(text)
        if found is None:
            all_ = [each for passage in text for each in self._targets_of(passage)]
            found = self._led[text] = (
                tuple(target for target, is_image in all_ if not is_image),
                tuple(target for target, is_image in all_ if is_image),
            )
        return found

    def _targets_of(self, passage: str) -> Iterable[tuple[str, bool]]:
        found = self._targets.get(passage)
        if found is None:
            found = self._targets[passage] = tuple(targets(passage))
        return found

    def _compared(self, text: Text) -> list[Passage]:
        count = 0
        compared = []
        for passage in text:
            found = self._passages.get(passage)
            if found is None:
                found = self._passages[passage] = shingled(seen_words(passage))
            compared.append(found)
            count += len(found.shingles)
            if count > MOST:
                break
        return compared

    def _ends(self, text: Text) -> tuple[str, str]:
        """The first words of a text and its last; empty if it is too short for that."""
        found = self._edges.get(text)
        if found is None:
            head = _taken(" ".join(seen_words(passage[:NEAR])) for passage in text)
            tail = _taken(
                " ".join(reversed(seen_words(passage[-NEAR:]))) for passage in reversed(text)
            )
            found = self._edges[text] = head, tail
        return found


def _taken(passages: Iterable[str]) -> str:
    found = ""
    for passage in passages:
        found += f" {passage}"
        if len(found) > EDGE:
            return found[:EDGE]
    return ""
