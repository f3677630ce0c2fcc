"""Counts of a comparison that add up."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from pipeline.history.comparison.kinds import Effect, Field, Status
from pipeline.history.comparison.values import Compared, FieldTally, Side, Tally

_HAS: dict[Field, Callable[[Side], bool]] = {
    Field.TITLE: lambda side: bool(side.title),
    Field.AUTHORS: lambda side: any(person.role == "author" for person in side.people),
    Field.PEOPLE: lambda side: any(person.role != "author" for person in side.people),
    Field.DATE: lambda side: side.date is not None,
    Field.TEXT: lambda side: side.words > 0,
    Field.EXCERPT: lambda side: side.excerpt is not None,
    Field.DESCRIPTION: lambda side: side.description is not None,
    Field.CATEGORIES: lambda side: bool(side.categories),
    Field.TAGS: lambda side: bool(side.tags),
    Field.IMAGES: lambda side: bool(side.images),
    Field.LINKS: lambda side: bool(side.links),
    Field.URL: lambda side: side.written and side.url is not None,
    Field.REDIRECTS: lambda side: bool(side.redirects),
}


def tally(documents: Sequence[Compared]) -> Tally:
    """Count what became of documents."""
    return _tally(None, documents, 0, 0)


def by_collection(documents: Sequence[Compared]) -> tuple[Tally, ...]:
    """Count by collection, pages outside of collections last."""
    names = {side.collection for each in documents for side in (each.before, each.after) if side}
    found = []
    for name in sorted(names, key=lambda name: (name is None, name or "")):
        here = [each for each in documents if _home(each) == name]
        moved = [each for each in documents if _goal(each) != _home(each)]
        moved_out = sum(_home(each) == name for each in moved)
        found.append(_tally(name, here, moved_out, sum(_goal(each) == name for each in moved)))
    return tuple(found)


def _home(document: Compared) -> str | None:
    side = document.before or document.after
    return side.collection if side else None


def _goal(document: Compared) -> str | None:
    side = document.after or document.before
    return side.collection if side else None


def _tally(name: str | None, here: Sequence[Compared], moved_out: int, moved_in: int) -> Tally:
    count = Counter(each.status for each in here)
    stood = count[Status.KEPT] + count[Status.CHANGED] + count[Status.UNREAD]
    return Tally(
        collection=name,
        before=stood + count[Status.LOST],
        kept=count[Status.KEPT],
        changed=count[Status.CHANGED],
        lost=count[Status.LOST],
        new=count[Status.NEW],
        unread=count[Status.UNREAD],
        moved_out=moved_out,
        moved_in=moved_in,
        after=stood + count[Status.NEW] - moved_out + moved_in,
    )


def by_field(documents: Iterable[Compared]) -> tuple[FieldTally, ...]:
    """Count by field what became of it in the documents that stand on both sides."""
    both = [(each, each.before, each.after) for each in documents if each.before and each.after]
    effects = {
        field: [change.effect for each, _, _ in both for change in each.changes
                if change.field is field]
        for field in Field
    }  # fmt: skip
    return tuple(
        FieldTally(
            field=field,
            before=sum(has(before) for _, before, _ in both if before),
            after=sum(has(after) for _, _, after in both if after),
            lost=effects[field].count(Effect.LOST),
            reduced=effects[field].count(Effect.REDUCED),
            changed=effects[field].count(Effect.CHANGED),
            added=effects[field].count(Effect.ADDED),
            moved=effects[field].count(Effect.MOVED),
        )
        for field, has in _HAS.items()
    )
