"""What was lost, how much of it, and which losses are the worst.

The weights are ours and plain: a document weighs most, then who wrote it and who is named, then its
words, its date and the promise of its URL, then the rest. What befell four times as many documents
weighs twice as much, so that a single grave loss is not drowned. They only order; all is listed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from pipeline.history.comparison.fields import missing, some
from pipeline.history.comparison.kinds import Effect, Fate, Field, LossKind, Status
from pipeline.history.comparison.values import Compared, FieldChange, Loss

WORST = 10
EXAMPLES = 5
PAGES = "pages"  # what is in no collection

#: What a field weighs: once, for each thing lost, at the most; and how one thing is counted.
_WEIGHTS = {
    Field.AUTHORS: (LossKind.AUTHORS, 30.0, 5.0, 60.0, "author"),
    Field.PEOPLE: (LossKind.PEOPLE, 12.0, 3.0, 45.0, "name"),
    Field.TITLE: (LossKind.TITLES, 20.0, 0.0, 20.0, "title"),
    Field.EXCERPT: (LossKind.EXCERPTS, 8.0, 0.0, 8.0, "excerpt"),
    Field.DESCRIPTION: (LossKind.EXCERPTS, 8.0, 0.0, 8.0, "description"),
    Field.CATEGORIES: (LossKind.CATEGORIES, 4.0, 1.0, 8.0, "category"),
    Field.TAGS: (LossKind.TAGS, 3.0, 1.0, 8.0, "tag"),
    Field.IMAGES: (LossKind.IMAGES, 3.0, 1.0, 10.0, "image"),
    Field.LINKS: (LossKind.LINKS, 1.0, 0.5, 10.0, "link"),
    Field.REDIRECTS: (LossKind.REDIRECTS, 4.0, 2.0, 12.0, "redirect"),
}
_DOCUMENT, _UNPUBLISHED, _DATE, _TIME, _URL, _ENDING = 100.0, 30.0, 15.0, 1.0, 12.0, 6.0
_WORDS_A_POINT, _MOST_TEXT = 8, 60.0
_SCALARS = frozenset({Field.TITLE, Field.EXCERPT, Field.DESCRIPTION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One thing that one document lost. `words` go on after "lost"."""

    kind: LossKind
    weight: float
    amount: int
    unit: str
    words: str
    examples: tuple[str, ...] = ()


def pieces(document: Compared) -> tuple[Piece, ...]:
    """List what a document lost, the weightiest first."""
    before = document.before
    if document.status is Status.LOST and before is not None:
        weight = _DOCUMENT if before.written else _UNPUBLISHED
        weight += min(_MOST_TEXT, before.words / _WORDS_A_POINT)
        title = before.title or before.path
        return (
            Piece(kind=LossKind.DOCUMENTS, weight=weight, amount=1, unit="document",
                  words=f"as a whole, {before.words} words", examples=(title,)),
        )  # fmt: skip
    found = [piece for change in document.changes for piece in _of_field(document, change)]
    found += _of_address(document)
    return tuple(sorted(found, key=lambda piece: -piece.weight))


def _of_field(document: Compared, change: FieldChange) -> list[Piece]:
    if change.field is Field.TEXT:
        return _of_text(document)
    if change.field is Field.DATE and change.effect in {Effect.LOST, Effect.REDUCED}:
        gone = change.effect is Effect.LOST
        words = f"its date {change.lost[0][:10]}" if gone else f"the time {change.lost[0]}"
        return [
            Piece(kind=LossKind.DATES, weight=_DATE if gone else _TIME, amount=1, unit="date",
                  words=words, examples=change.lost),
        ]  # fmt: skip
    if change.field not in _WEIGHTS or not change.lost or change.effect is Effect.MOVED:
        return []
    if change.field in _SCALARS and change.effect is not Effect.LOST:
        return []
    if change.field is Field.IMAGES and change.effect is Effect.CHANGED:
        return []  # an image took the place of another
    kind, once, each, most, unit = _WEIGHTS[change.field]
    count = len(change.lost)
    words = f"its {unit}" if change.field in _SCALARS else _counted(count, unit, change.lost)
    weight = min(most, once + each * count)
    return [
        Piece(kind=kind, weight=weight, amount=count, unit=unit, words=words, examples=change.lost)
    ]


def _of_text(document: Compared) -> list[Piece]:
    gone = missing(document.text) if document.text else 0
    losses = [change.effect for change in document.changes if change.field is Field.TEXT]
    if not gone or not document.text or losses[0] not in {Effect.LOST, Effect.REDUCED}:
        return []
    weight = min(_MOST_TEXT, gone / _WORDS_A_POINT)
    words = f"{gone} of {document.text.before} words"
    return [Piece(kind=LossKind.TEXT, weight=weight, amount=gone, unit="word", words=words)]


def _of_address(document: Compared) -> list[Piece]:
    found = document.address
    if found is None or found.fate is Fate.REDIRECTED:
        return []
    ending = found.new is not None and found.old.removesuffix(".html") == found.new.rstrip("/")
    return [
        Piece(kind=LossKind.URLS, weight=_ENDING if ending else _URL, amount=1, unit="URL",
              words=f"its URL {found.old}", examples=(found.old,)),
    ]  # fmt: skip


def _counted(count: int, unit: str, names: Sequence[str]) -> str:
    shown = f" ({some(names, 3)})" if unit in {"author", "name", "category", "tag"} else ""
    return f"{plural(count, unit)}{shown}"


def plural(count: int, unit: str) -> str:
    """Count something in words: `1 category`, `2 categories`."""
    if count == 1:
        return f"1 {unit}"
    return f"{count:,} {unit[:-1]}ies" if unit.endswith("y") else f"{count:,} {unit}s"


def sentence(found: Sequence[Piece]) -> str:
    """Say in one line what a document lost."""
    return f"lost {', '.join(piece.words for piece in found)}" if found else ""


def worst(documents: Iterable[Compared]) -> tuple[Loss, ...]:
    """Rank the losses: those of one kind in one collection are one loss, told with its worst."""
    groups: dict[tuple[LossKind, str | None], list[tuple[Compared, Piece]]] = defaultdict(list)
    sizes: dict[str | None, int] = defaultdict(int)
    for document in documents:
        if document.before is None:
            continue
        sizes[document.before.collection] += 1
        for piece in pieces(document):
            groups[piece.kind, document.before.collection].append((document, piece))
    found = [_loss(kind, where, held, sizes[where]) for (kind, where), held in groups.items()]
    found.sort(key=lambda loss: (-loss[0], loss[1].kind.value, loss[1].collection or ""))
    return tuple(replace(loss, rank=rank) for rank, (_, loss) in enumerate(found[:WORST], 1))


def _loss(
    kind: LossKind, where: str | None, held: list[tuple[Compared, Piece]], size: int
) -> tuple[float, Loss]:
    held = sorted(held, key=lambda each: -each[1].weight)
    weight = round(sum(piece.weight for _, piece in held) / sqrt(len(held)), 1)
    amount = sum(piece.amount for _, piece in held)
    examples = tuple(dict.fromkeys(name for _, piece in held for name in piece.examples))
    told = _of_one(*held[0]) if len(held) == 1 else _of_many(kind, where, held, size, amount)
    return weight, Loss(
        rank=0,
        kind=kind,
        collection=where,
        weight=weight,
        amount=amount,
        unit=held[0][1].unit,
        sentence=told,
        ids=tuple(document.id for document, _ in held),
        examples=examples[:EXAMPLES],
    )


def _of_one(document: Compared, piece: Piece) -> str:
    before = document.before
    name = (before.title or before.path) if before else document.document
    if piece.kind is LossKind.DOCUMENTS:
        return f"“{name}” has no successor ({piece.words.partition(', ')[2]})"
    return f"“{name}” lost {piece.words}"


def _of_many(
    kind: LossKind,
    where: str | None,
    held: Sequence[tuple[Compared, Piece]],
    size: int,
    amount: int,
) -> str:
    count = len(held)
    share = f"all {size}" if count == size else f"{count} of {size}"
    some_of = f"{share} documents of {where or PAGES}"
    names = dict.fromkeys(name for _, piece in held for name in piece.examples)
    match kind:
        case LossKind.DOCUMENTS:
            words = sum(document.before.words for document, _ in held if document.before)
            return f"{some_of} have no successor: {words:,} words"
        case LossKind.TEXT:
            return f"{some_of} lost text: {amount:,} words in all"
        case LossKind.URLS:
            return f"{some_of} moved and their old URLs lead nowhere: {some([*names], 2)}"
        case LossKind.AUTHORS:
            return f"{some_of} lost their authors: {some([*names])}"
        case LossKind.PEOPLE:
            return f"{some_of} lost people whom they named: {some([*names])}"
        case LossKind.DATES:
            whole = sum(piece.weight > _TIME for _, piece in held)
            return f"{some_of} lost dates: {whole} the day, {count - whole} the time of day"
        case LossKind.TITLES | LossKind.EXCERPTS:
            return f"{some_of} lost their {held[0][1].unit}"
        case LossKind.CATEGORIES | LossKind.TAGS:
            return f"{some_of} lost {plural(amount, held[0][1].unit)}: {some([*names])}"
        case _:
            return f"{some_of} lost {plural(amount, held[0][1].unit)}"
