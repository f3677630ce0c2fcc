"""The people of a document against those that it names later."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from pipeline.content.names import person_key
from pipeline.history.comparison.fields import listed, moved, some
from pipeline.history.comparison.kinds import Effect, Field
from pipeline.history.comparison.reading import Account
from pipeline.history.comparison.values import FieldChange

ALIKE = 0.85  # of the letters of two names: one of them is misspelt
LONGEST = 60  # letters of a name that can be misspelt
MOST = 40  # names that are looked at for that


def people(old: Account, new: Account) -> Iterator[FieldChange]:
    """Compare authors, then the other people; who only changed the list has moved."""
    sides = [account.side.people for account in (old, new)]
    everyone = {person_key(person.name) for person in sides[1]}
    for field, is_author in ((Field.AUTHORS, True), (Field.PEOPLE, False)):
        before, after = (
            list(dict.fromkeys(p.name for p in side if (p.role == "author") is is_author))
            for side in sides
        )
        change = listed(field, before, after, person_key)
        if change is None:
            continue
        if change.lost and all(person_key(name) in everyone for name in change.lost):
            yield moved(change, "among its people" if is_author else "among its authors")
        else:
            yield _without_respelt(change, [person.name for person in sides[1]])


def _without_respelt(change: FieldChange, names: Sequence[str]) -> FieldChange:
    """Take from what was lost the people who are still named, only written otherwise."""
    respelt = {
        name: other
        for name in change.lost[:MOST]
        if (other := next((each for each in names[:MOST] if same_person(name, each)), None))
    }
    lost = tuple(name for name in change.lost if name not in respelt)
    if not respelt:
        return change
    said = f"writes {some([f'{name} as {other}' for name, other in respelt.items()])}"
    if lost:
        return replace(
            change, lost=lost, sentence=f"{change.field.value}: lost {some(lost)}, {said}"
        )
    return replace(change, lost=(), effect=Effect.CHANGED, sentence=f"{change.field.value}: {said}")


def same_person(name: str, other: str) -> bool:
    """Tell whether two names are one with a middle name less, a slug, or a slip of the pen."""
    one, two = spoken(name), spoken(other)
    if max(len(one), len(two)) > LONGEST:
        return one == two
    words, others = one.split(), two.split()
    if len(words) > 1 and len(others) > 1 and (words[0], words[-1]) == (others[0], others[-1]):
        return True
    return one == two or SequenceMatcher(None, one, two, autojunk=False).ratio() >= ALIKE


def spoken(name: str) -> str:
    """Fold a name, or the slug of one, to how it is said."""
    return person_key(name).replace("-", " ")
