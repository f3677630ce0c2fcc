"""What the texts of states say, read only where it is asked for, each passage once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.history.lineage.fingerprint import (
    Fingerprint,
    Likeness,
    fingerprint,
    likeness,
    shingles,
)
from pipeline.history.lineage.passages import seen_words, targets
from pipeline.history.lineage.values import State

EDGE = 60  # characters in common at either end: surely the same text, edited
MOST = 20_000  # words of one text; the passages that follow are not compared


@dataclass(slots=True)
class Texts:
    """Fingerprints, beginnings and links of states, each taken once."""

    _words: dict[str, list[str]] = field(default_factory=dict)
    _shingles: dict[str, frozenset[int]] = field(default_factory=dict)
    _targets: dict[str, tuple[tuple[str, bool], ...]] = field(default_factory=dict)
    _known: dict[tuple[str, ...], Fingerprint] = field(default_factory=dict)

    def of(self, state: State) -> Fingerprint:
        """The fingerprint of a state's text."""
        text = state.facts.text
        found = self._known.get(text)
        if found is None:
            found = self._known[text] = fingerprint(self._passages(text))
        return found

    def likeness(self, one: State, other: State) -> Likeness:
        """How alike two states' texts are."""
        return likeness(self.of(one), self.of(other))

    def share_an_end(self, one: State, other: State) -> bool:
        """Whether two texts begin or end alike."""
        left, right = one.facts.text, other.facts.text
        return _alike(self._edge(left), self._edge(right)) or _alike(
            self._edge(left[::-1], back=True), self._edge(right[::-1], back=True)
        )

    def links(self, state: State) -> Iterable[str]:
        """What a state links to, as written."""
        return (*state.facts.links, *self._led(state, images=False))

    def images(self, state: State) -> Iterable[str]:
        """What a state shows, as written."""
        return (*state.facts.images, *self._led(state, images=True))

    def _led(self, state: State, *, images: bool) -> Iterable[str]:
        known = self._targets
        for passage in state.facts.text:
            found = known.get(passage)
            if found is None:
                found = known[passage] = tuple(targets(passage))
            yield from (target for target, image in found if image is images)

    def _passages(self, text: Iterable[str]) -> Iterable[frozenset[int]]:
        count = 0
        for passage in text:
            found = self._shingles.get(passage)
            if found is None:
                found = self._shingles[passage] = shingles(seen_words(passage))
            count += len(found)
            yield found
            if count > MOST:
                return

    def _edge(self, text: Iterable[str], *, back: bool = False) -> str:
        """The first words of a text, or its last; empty if it is too short for that."""
        found = ""
        for passage in text:
            words = self._words.get(passage)
            if words is None:
                words = self._words[passage] = seen_words(passage)
            found += " " + " ".join(reversed(words) if back else words)
            if len(found) > EDGE:
                return found[:EDGE]
        return ""


def _alike(one: str, other: str) -> bool:
    return bool(one) and one == other
