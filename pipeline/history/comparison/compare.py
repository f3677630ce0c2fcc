"""The way through: two trees as they were read, and lineage, in; what became of everything, out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.history.comparison import fields
from pipeline.history.comparison.addresses import Web, address
from pipeline.history.comparison.boilerplate import Grown, boilerplate
from pipeline.history.comparison.kinds import Effect, Field, Status
from pipeline.history.comparison.links import links
from pipeline.history.comparison.losses import pieces, sentence, worst
from pipeline.history.comparison.naming import unnamed
from pipeline.history.comparison.pairing import Pair, Ties, pairs
from pipeline.history.comparison.people import people
from pipeline.history.comparison.reading import Account, ReadVersion, account
from pipeline.history.comparison.tallies import by_collection, by_field, tally
from pipeline.history.comparison.texts import compare_texts
from pipeline.history.comparison.values import (
    Boilerplate,
    Compared,
    Comparison,
    FieldChange,
    Moment,
    Timeline,
    Unread,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a comparison is of. `public_url` is the site's address, by which links are its own."""

    site: str
    title: str | None = None
    before: Moment
    after: Moment
    timeline: Timeline
    collection: str | None = None
    public_url: str | None = None
    unread: tuple[Unread, ...] = ()
    unread_documents: frozenset[str] = field(default_factory=frozenset)


def compare(
    frame: Frame, before: Iterable[ReadVersion], after: Iterable[ReadVersion], ties: Ties
) -> Comparison:
    """Compare the documents of two trees. The same input gives the same output, in any order.

    `frame.collection` chooses the documents that are or were in it; None chooses all.
    """
    old, new = ([account(version) for version in _in_order(side)] for side in (before, after))
    found = sorted(pairs(old, new, ties), key=_place)

    webs = (
        Web.of(((p.document, p.old) for p in found if p.old), frame.public_url),
        Web.of(((p.document, p.new) for p in found if p.new), frame.public_url),
    )
    chosen = [pair for pair in found if _is_in(pair, frame.collection)]
    named = [(f"d{number}", pair) for number, pair in enumerate(chosen, 1)]
    scraped = boilerplate(
        Grown(id=name, old=pair.old, new=pair.new) for name, pair in named if pair.old and pair.new
    )
    added = _words_added(scraped)
    compared = tuple(
        _weighed(_compared(name, pair, frame, ties, webs, added.get(name, 0)))
        for name, pair in named
    )
    return Comparison(
        site=frame.site,
        title=frame.title,
        collection=frame.collection,
        before=frame.before,
        after=frame.after,
        worst=worst(compared),
        documents=compared,
        collections=by_collection(compared),
        total=tally(compared),
        fields=by_field(compared),
        boilerplate=scraped,
        unnamed=unnamed([pair.old for pair in chosen if pair.old], new),
        addresses=tuple(each.address for each in compared if each.address),
        timeline=frame.timeline,
        unread=frame.unread,
    )


def _in_order(side: Iterable[ReadVersion]) -> list[ReadVersion]:
    return sorted(side, key=lambda version: version.path)


def _place(pair: Pair) -> tuple[bool, str, str]:
    account_ = pair.old or pair.new
    path = account_.path if account_ else ""
    return pair.collection is None, pair.collection or "", path


def _is_in(pair: Pair, collection: str | None) -> bool:
    sides = (pair.old, pair.new)
    return collection is None or any(
        each is not None and (each.side.collection or "pages") == collection for each in sides
    )


def _words_added(found: Iterable[Boilerplate]) -> dict[str, int]:
    words: dict[str, int] = {}
    for each in found:
        for name in each.ids:
            words[name] = words.get(name, 0) + each.words
    return words


def _compared(
    name: str, pair: Pair, frame: Frame, ties: Ties, webs: tuple[Web, Web], scraped: int
) -> Compared:
    old, new = pair.old, pair.new
    unread = pair.document in frame.unread_documents
    joins = ties.joins.get(pair.document, ()) if old and new and old.path != new.path else ()
    found = Compared(
        id=name,
        document=pair.document,
        status=_status(pair, frame),
        before=old.side if old else None,
        after=new.side if new else None,
        ties=joins,
        confidence=min((tie.confidence for tie in joins), default=1.0),
        address=address(pair.document, old, new, webs[1]) if old and not unread else None,
        sentence=f"the document still stands at {pair.twin}" if pair.twin else "",
    )
    if old is None or new is None:
        return found
    text = compare_texts(old, new)
    text = replace(text, boilerplate=min(scraped, text.added)) if text else None
    changes = fields.in_order((*_changes(old, new, webs), fields.text(text, old, new),
                               fields.url(found.address, old, new)))  # fmt: skip
    status = Status.CHANGED if changes else Status.KEPT
    return replace(found, text=text, changes=changes, status=status)


def _status(pair: Pair, frame: Frame) -> Status:
    if pair.document in frame.unread_documents:
        return Status.UNREAD
    return Status.NEW if pair.old is None else Status.LOST


def _changes(old: Account, new: Account, webs: Sequence[Web]) -> Iterator[FieldChange | None]:
    yield fields.one(Field.TITLE, old.side.title, new.side.title)
    yield from people(old, new)
    yield fields.date(old, new)
    yield from fields.summaries(old, new)
    yield from fields.terms(old, new)
    yield fields.images(old, new)
    yield links(old, new, *webs)
    yield fields.listed(Field.REDIRECTS, old.side.redirects, new.side.redirects, str)


def _weighed(document: Compared) -> Compared:
    found = pieces(document)
    said = document.sentence or sentence(found) or _told(document)
    return replace(document, loss=round(sum(piece.weight for piece in found), 1), sentence=said)


def _told(document: Compared) -> str:
    if document.status is Status.CHANGED:
        gains = {Effect.ADDED: "gained", Effect.MOVED: "moved"}
        return "; ".join(
            f"{change.field.value} {gains.get(change.effect, 'changed')}"
            for change in document.changes
        )
    return str(document.status.value)
