"""Which document of the older side is which of the newer one: by lineage, one to one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.history.comparison.reading import Account
from pipeline.history.comparison.values import Tie


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """What lineage knows: the document that each path held at either moment, and its joins.

    Paths are as git has them, documents any names. A path that is in no mapping is a document of
    its own, by that path. `joins` are those between the two moments.
    """

    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    joins: Mapping[str, tuple[Tie, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A document and its two sides. `twin` is a path that holds it too, where one is left over."""

    document: str
    old: Account | None
    new: Account | None
    twin: str | None = None

    @property
    def collection(self) -> str | None:
        """Where it was; a new one, where it is."""
        account = self.old or self.new
        return account.side.collection if account else None


def pairs(before: Iterable[Account], after: Iterable[Account], ties: Ties) -> Iterator[Pair]:
    """Pair them. Where a document stands at several paths, each is paired once."""
    sides = (_by_document(before, ties.before), _by_document(after, ties.after))
    for document in dict.fromkeys((*sides[0], *sides[1])):
        olds, news = (side.get(document, []) for side in sides)
        yield from _matched(document, olds, news)


def _by_document(side: Iterable[Account], known: Mapping[str, str]) -> dict[str, list[Account]]:
    found: dict[str, list[Account]] = {}
    for account in side:
        found.setdefault(known.get(account.path, account.path), []).append(account)
    return found


def _matched(document: str, olds: Sequence[Account], news: Sequence[Account]) -> Iterator[Pair]:
    free = {account.path: account for account in news}
    held: dict[str, Account] = {}
    for old in olds:
        if old.path in free:
            held[old.path] = free.pop(old.path)
    shares = sorted(
        (-_shared(old, new), old.path, new.path)
        for old in olds
        for new in free.values()
        if old.path not in held
    )
    for _, old_path, new_path in shares:
        if old_path not in held and new_path in free:
            held[old_path] = free.pop(new_path)
    for old in olds:
        twin = news[0].side.path if news and old.path not in held else None
        yield Pair(document=document, old=old, new=held.get(old.path), twin=twin)
    for new in free.values():
        twin = olds[0].side.path if olds else None
        yield Pair(document=document, old=None, new=new, twin=twin)


def _shared(old: Account, new: Account) -> int:
    return (Counter(old.all_text.split()) & Counter(new.all_text.split())).total()
