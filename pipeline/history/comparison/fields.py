"""The fields of a document against its later fields: one change a field, each with a sentence."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import time
from pathlib import PurePosixPath

from pipeline.content.names import term_key
from pipeline.history.comparison.kinds import Effect, Fate, Field
from pipeline.history.comparison.reading import Account
from pipeline.history.comparison.values import Address, FieldChange, TextChange
from pipeline.history.comparison.words import folded, lines_of

MANY = 0.1  # of the words of a text
SHORT = 60  # characters
FEW = 5  # words that may go without being told as a loss
_COPY = re.compile(r"(?:-\d{1,2})?-?\Z")
_BREAK = re.compile(r"[^a-z0-9]+")

Keys = Callable[[str], str]


def listed(field: Field, old: Sequence[str], new: Sequence[str], key: Keys) -> FieldChange | None:
    """Compare two lists of values as sets; None where they are the same."""
    before, after = ({key(value): value for value in side} for side in (old, new))
    lost = tuple(value for each, value in before.items() if each not in after)
    gained = tuple(value for each, value in after.items() if each not in before)
    if not lost and not gained:
        return None
    return FieldChange(
        field=field,
        effect=_effect(len(lost), len(gained), len(after)),
        old=tuple(old),
        new=tuple(new),
        lost=lost,
        gained=gained,
        sentence=_words(field, lost, gained),
    )


def _effect(lost: int, gained: int, left: int) -> Effect:
    if not lost:
        return Effect.ADDED
    if not left:
        return Effect.LOST
    return Effect.REDUCED if lost > gained else Effect.CHANGED


def _words(field: Field, lost: Sequence[str], gained: Sequence[str]) -> str:
    parts = [f"lost {some(lost)}" if lost else "", f"now has {some(gained)}" if gained else ""]
    return f"{field.value}: " + ", ".join(part for part in parts if part)


def some(values: Sequence[str], most: int = 5) -> str:
    """Name a few values, shortened, and count the others."""
    named = ", ".join(map(short, values[:most]))
    return f"{named} and {len(values) - most} more" if len(values) > most else named


def short(value: str) -> str:
    """Shorten a value for a sentence."""
    return value if len(value) <= SHORT else value[: SHORT - 1] + "…"


def one(field: Field, old: str | None, new: str | None) -> FieldChange | None:
    """Compare two texts of one line, as a reader sees them."""
    before, after = (folded(lines_of(side or "")).strip() for side in (old, new))
    if before == after:
        return None
    effect = Effect.CHANGED if before and after else Effect.LOST if before else Effect.ADDED
    return FieldChange(
        field=field,
        effect=effect,
        old=(old,) if old else (),
        new=(new,) if new else (),
        lost=(old,) if old else (),
        gained=(new,) if new else (),
        sentence=f"{field.value}: {effect.value}",
    )


def moved(change: FieldChange, where: str) -> FieldChange:
    """Say that what seems lost stands elsewhere."""
    sentence = f"{change.field.value}: now {where}"
    return replace(change, effect=Effect.MOVED, lost=(), sentence=sentence)


def terms(old: Account, new: Account) -> Iterator[FieldChange]:
    """Compare categories and tags; a category that became a tag has moved."""
    one_, other = old.side, new.side
    pairs = (
        (Field.CATEGORIES, one_.categories, other.categories, other.tags, ("a tag", "tags")),
        (Field.TAGS, one_.tags, other.tags, other.categories, ("a category", "categories")),
    )
    for field, before, after, elsewhere, what in pairs:
        change = listed(field, before, after, term_key)
        if change is None:
            continue
        there = {term_key(name) for name in elsewhere}
        if change.lost and all(term_key(name) in there for name in change.lost):
            change = moved(change, what[len(change.lost) > 1])
        yield change


def date(old: Account, new: Account) -> FieldChange | None:
    """Compare the dates that the author gave, each in the zone of its site."""
    change = one(Field.DATE, old.side.date, new.side.date)
    if change is None or old.date is None:
        return change
    day = old.date.date()
    if new.date is None:
        named = [each.name for each in new.version.content.dates if each.day == day]
        return moved(change, f"in {named[0]}") if named else change
    if new.date == old.date:  # the same instant, written with another offset
        return None
    if new.date.date() == day and new.date.time() == time():
        clock = f"{old.date:%H:%M}"
        sentence = f"date: the day stays, its time {clock} is gone"
        return replace(change, effect=Effect.REDUCED, lost=(clock,), gained=(), sentence=sentence)
    return change


def summaries(old: Account, new: Account) -> Iterator[FieldChange]:
    """Compare excerpt and description; one may have become the other."""
    one_, other = old.side, new.side
    excerpt = one(Field.EXCERPT, one_.excerpt, other.excerpt)
    description = one(Field.DESCRIPTION, one_.description, other.description)
    for change, elsewhere, name in (
        (excerpt, other.description, "the description"),
        (description, other.excerpt, "the excerpt"),
    ):
        if change is None:
            continue
        words = folded(lines_of(" ".join(change.lost))).strip()
        if words and words in folded(lines_of(elsewhere or "")):
            yield moved(change, name)
        elif change.effect is Effect.LOST and words in new.all_text:
            sentence = f"{change.field.value}: lost; its words still stand in the text"
            yield replace(change, sentence=sentence)
        else:
            yield change


def images(old: Account, new: Account) -> FieldChange | None:
    """Compare images by the names of their files: editors move and renumber them."""
    before, after = old.side.images, new.side.images
    change = listed(Field.IMAGES, before, after, image_key)
    if change is None and set(before) != set(after):
        change = listed(Field.IMAGES, before, after, str)
        return moved(change, f"at {some(after, 1)}") if change else None
    return change


def image_key(target: str) -> str:
    """Fold `/a/Coyle_Diane.jpg` and `/b/coyle_diane-1-.jpg` to one name."""
    name = _BREAK.sub("-", PurePosixPath(target.split("?", maxsplit=1)[0]).stem.lower())
    return _COPY.sub("", name) or target


def url(found: Address | None, old: Account, new: Account) -> FieldChange | None:
    """Tell of a published URL that changed, with what became of the old one."""
    before = old.side.url if old.side.written else None
    after = new.side.url if new.side.written else None
    if found is None and (before is not None or after is None):
        return None  # it still answers there, perhaps with another slash at the end
    change = one(Field.URL, before, after)
    if change is None or found is None:
        return change
    fates = {
        Fate.GONE: "and nothing redirects there",
        Fate.REDIRECTED: "and redirects",
        Fate.TAKEN: f"and is {Fate.TAKEN.value}, {found.by}",
    }
    sentence = f"url: {before} is now {after or 'unpublished'}, {fates[found.fate]}"
    return replace(change, sentence=sentence)


def text(change: TextChange | None, old: Account, new: Account) -> FieldChange | None:
    """Sum up how the text changed."""
    if change is None:
        return None
    count = [f"{side.side.words} words in {some(side.side.texts) or 'no text'}"
             for side in (old, new)]  # fmt: skip
    effect = _text_effect(change)
    said = [
        f"{change.removed} words removed" if change.removed else "",
        f"{change.added} added" if change.added else "",
        f"{change.shifted} now elsewhere" if change.shifted else "",
    ]
    if change.moved:
        said.append(f"moved from {some(change.moved[0])} to {some(change.moved[1])}")
    return FieldChange(
        field=Field.TEXT,
        effect=effect,
        old=(count[0],) if change.before else (),
        new=(count[1],) if change.after else (),
        lost=(f"{change.removed} words",) if change.removed else (),
        gained=(f"{change.added} words",) if change.added else (),
        sentence="text: " + ", ".join(filter(None, said)),
    )


def _text_effect(change: TextChange) -> Effect:
    if change.removed and not change.kept + change.shifted:
        return Effect.CHANGED if change.added >= change.removed else Effect.LOST
    if missing(change) > max(FEW, MANY * change.before):
        return Effect.REDUCED
    if change.removed:
        return Effect.CHANGED
    return Effect.ADDED if change.added else Effect.MOVED


def missing(change: TextChange) -> int:
    """Count the removed words that no new words took the place of."""
    return max(0, change.removed - (change.added - change.boilerplate))


def in_order(changes: Iterable[FieldChange | None]) -> tuple[FieldChange, ...]:
    """Put the changes in the order in which they are told."""
    ranks = {field: rank for rank, field in enumerate(Field)}
    return tuple(sorted((c for c in changes if c is not None), key=lambda c: ranks[c.field]))
