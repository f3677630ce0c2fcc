"""What speaks for two pieces being one document, what against, and how much.

Weights are natural logarithms of odds, set by reading real reorganisations and checked on a ground
truth. They are added; a pair needs more than `NEEDED` to be likelier one document than not.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from pipeline.history.lineage.candidates import (
    Index,
    name_key,
    name_of,
    names,
    url_key,
)
from pipeline.history.lineage.gitlike import git_similarity
from pipeline.history.lineage.passages import word_set
from pipeline.history.lineage.pieces import Piece
from pipeline.history.lineage.texts import Texts
from pipeline.history.lineage.values import Evidence, EvidenceKind, Manner, State

NEEDED = 4.0

_TEXT = ((0.0, -4.0), (0.05, -2.0), (0.15, 1.0), (0.3, 3.5), (0.6, 5.5), (0.9, 7.0), (1.0, 7.5))
_SURE_SIZE = 44  # shingles: a comparison of shorter texts counts for less
_LONG = 1000  # shingles: that much in common, or that little, leaves no doubt
_SAME_BYTES = 8.0
_GIT_RENAME = 0.5  # git's own threshold
_SAME_TITLE, _LIKE_TITLE, _OTHER_TITLE = 4.0, 2.0, -1.5
_LIKE = 0.5
_SAME_NAME, _LIKE_NAME = 2.5, 1.0
_SAME_DAY, _OTHER_DAY = 1.5, -0.5
_SAME_PEOPLE, _SAME_IMAGE, _SAME_COLLECTION = 1.0, 1.0, 0.5
_SAME_URL, _REDIRECT, _NAMED_IN_LINK = 3.0, 6.0, 4.0
_SAME_PATH, _HELD_PATH = 4.0, 9.0
_APART = -1.0
_DAYS_PER_POINT = 30.0
_OVERLAP_DAYS_PER_POINT = 4.0
_MOST_APART = -11.0
_DAY = 86_400.0


def weigh(
    old: Piece, new: Piece, manner: Manner, texts: Texts, index: Index
) -> tuple[Evidence, ...]:
    """List the evidence about one pair. The states compared are those next to the move."""
    before = old.last
    after = new.first
    if manner is Manner.MOVED_BY_COPY and old.died:
        after = new.at(old.died.order)
    moved = old.path != new.path
    return (
        *_path(old, new, manner),
        *_content(before, after, texts),
        *_title(before, after, index),
        *(_name(old, new, before, after, index) if moved else ()),
        *_facts(before, after, texts),
        *(_pointers(old, before, after, texts) if moved else ()),
        *_time(old, new, manner),
    )


def _path(old: Piece, new: Piece, manner: Manner) -> Iterator[Evidence]:
    if manner is Manner.REWRITTEN:
        yield Evidence(
            kind=EvidenceKind.PATH, weight=_HELD_PATH, words="the file was changed, not moved"
        )
    elif old.path == new.path:
        yield Evidence(kind=EvidenceKind.PATH, weight=_SAME_PATH, words="the path is the same")
    elif old.life.collection == new.life.collection:
        words_ = "the collection is the same"
        yield Evidence(kind=EvidenceKind.COLLECTION, weight=_SAME_COLLECTION, words=words_)


def _content(before: State, after: State, texts: Texts) -> Iterator[Evidence]:
    if before.blob == after.blob:
        yield Evidence(
            kind=EvidenceKind.BYTES, weight=_SAME_BYTES, words="the file is byte for byte the same"
        )
        return
    alike = texts.likeness(before, after)
    if alike.size:
        share = max(alike.jaccard, 0.95 * alike.containment)
        sure = min(1.0, alike.size / _SURE_SIZE) + min(0.4, alike.size / _LONG)
        weight = _between(share, _TEXT) * sure
        words_ = f"{alike.containment:.0%} of the shorter text is in both"
        yield Evidence(kind=EvidenceKind.TEXT, weight=weight, words=words_)
    similar = git_similarity(before.facts.source, after.facts.source)
    if similar >= _GIT_RENAME:
        words_ = f"git would call it a rename ({similar:.0%})"
        weight = 1.0 + 2 * (similar - _GIT_RENAME)
        yield Evidence(kind=EvidenceKind.GIT, weight=weight, words=words_)


def _title(before: State, after: State, index: Index) -> Iterator[Evidence]:
    one, other = name_key(before.facts.title or ""), name_key(after.facts.title or "")
    if not one or not other:
        return
    if one == other:
        weight = _SAME_TITLE * index.rarity("title", one)
        yield Evidence(kind=EvidenceKind.TITLE, weight=weight, words="the title is the same")
    elif _share(word_set(one), word_set(other)) >= _LIKE:
        yield Evidence(
            kind=EvidenceKind.TITLE, weight=_LIKE_TITLE, words="the titles are nearly the same"
        )
    else:
        yield Evidence(kind=EvidenceKind.TITLE, weight=_OTHER_TITLE, words="the titles differ")


def _name(old: Piece, new: Piece, before: State, after: State, index: Index) -> Iterator[Evidence]:
    one, other = names(old.path, before.facts.slug), names(new.path, after.facts.slug)
    common = one & other
    if common:
        weight = _SAME_NAME * max(index.rarity("name", name) for name in common)
        yield Evidence(kind=EvidenceKind.NAME, weight=weight, words="the name is the same")
    elif name_key(after.facts.title or "") in one or name_key(before.facts.title or "") in other:
        words_ = "the name of one is the title of the other"
        yield Evidence(kind=EvidenceKind.NAME, weight=_LIKE_NAME, words=words_)
    else:
        left, right = word_set(name_of(old.path)), word_set(name_of(new.path))
        if left and right and (left <= right or right <= left):
            yield Evidence(
                kind=EvidenceKind.NAME, weight=_LIKE_NAME, words="one name is part of the other"
            )


def _facts(before: State, after: State, texts: Texts) -> Iterator[Evidence]:
    if before.facts.day and after.facts.day:
        same = before.facts.day == after.facts.day
        words_ = "the date is the same" if same else "the dates differ"
        weight = _SAME_DAY if same else _OTHER_DAY
        yield Evidence(kind=EvidenceKind.DATE, weight=weight, words=words_)
    if share := _share(before.facts.people, after.facts.people):
        yield Evidence(
            kind=EvidenceKind.PEOPLE, weight=_SAME_PEOPLE * share, words="it names the same people"
        )
    shown, still = texts.images(before.facts), texts.images(after.facts)
    if shown and still and not _files(shown).isdisjoint(_files(still)):
        words_ = "it shows the same image"
        yield Evidence(kind=EvidenceKind.IMAGE, weight=_SAME_IMAGE, words=words_)


def _pointers(old: Piece, before: State, after: State, texts: Texts) -> Iterator[Evidence]:
    url = url_key(before.facts.url or "")
    if url and url == url_key(after.facts.url or ""):
        yield Evidence(kind=EvidenceKind.URL, weight=_SAME_URL, words="the URL is the same")
    elif url and url in {url_key(each) for each in after.facts.redirect_from}:
        words_ = "the new one redirects from the old URL"
        yield Evidence(kind=EvidenceKind.REDIRECT, weight=_REDIRECT, words=words_)
    if old.path.rpartition(".")[2] and any(old.path in link for link in texts.links(after.facts)):
        words_ = "a link in the new one names the old file"
        yield Evidence(kind=EvidenceKind.LINK, weight=_NAMED_IN_LINK, words=words_)


def _time(old: Piece, new: Piece, manner: Manner) -> Iterator[Evidence]:
    if manner in {Manner.MOVED, Manner.REWRITTEN} or not old.died:
        return
    scale, words_ = _DAYS_PER_POINT, "days after the old one was deleted"
    if manner is Manner.MOVED_BY_COPY:
        scale, words_ = _OVERLAP_DAYS_PER_POINT, "days before the old one was deleted"
    days = 0.0
    if old.died.at and new.born.at:
        days = abs((new.born.at - old.died.at).total_seconds()) / _DAY
    weight = max(_MOST_APART, _APART - days / scale)
    yield Evidence(kind=EvidenceKind.TIME, weight=weight, words=f"added {days:.1f} {words_}")


def _between(x: float, table: tuple[tuple[float, float], ...]) -> float:
    for (left, low), (right, high) in pairwise(table):
        if x <= right:
            return low + (high - low) * (x - left) / (right - left)
    return table[-1][1]


def _files(targets: Iterable[str]) -> set[str]:
    return {target.rpartition("/")[2] for target in targets}


def _share(one: Iterable[str], other: Iterable[str]) -> float:
    left, right = frozenset(one), frozenset(other)
    return len(left & right) / len(left | right) if left and right else 0.0
