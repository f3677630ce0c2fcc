"""The links of a document against its later links, each by where it leads."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from pipeline.history.comparison.addresses import Web
from pipeline.history.comparison.fields import listed, some
from pipeline.history.comparison.kinds import Effect, Field
from pipeline.history.comparison.reading import Account
from pipeline.history.comparison.values import FieldChange


def links(old: Account, new: Account, before: Web, after: Web) -> FieldChange | None:
    """Compare links. One to a document that moved is the same link; a dead one is lost."""
    key = _keys(old, new, before, after)
    change = listed(Field.LINKS, old.side.links, new.side.links, key)
    dead = tuple(
        target
        for target in new.side.links
        if target in old.side.links
        and before.document(target, old.side.url) is not None
        and after.document(target, new.side.url) is None
    )
    if not dead:
        return change
    sentence = f"{len(dead)} of its links now lead nowhere: {some(dead)}"
    if change is None:
        return FieldChange(
            field=Field.LINKS,
            effect=Effect.LOST if len(dead) == len(new.side.links) else Effect.REDUCED,
            old=old.side.links,
            new=new.side.links,
            lost=dead,
            gained=(),
            sentence=f"links: {sentence}",
        )
    effect = Effect.CHANGED if change.effect is Effect.ADDED else change.effect
    lost = (*change.lost, *dead)
    return replace(change, effect=effect, lost=lost, sentence=f"{change.sentence}; {sentence}")


def _keys(old: Account, new: Account, before: Web, after: Web) -> Callable[[str], str]:
    """Fold a link to the document that it leads to; what both sides write alike stays itself."""
    both = set(map(_folded, old.side.links)) & set(map(_folded, new.side.links))

    def key(target: str) -> str:
        folded = _folded(target)
        if folded in both:
            return folded
        for web, account in ((before, old), (after, new)):
            if target in account.side.links:
                document = web.document(target, account.side.url)
                if document is not None:
                    return f"document {document}"
        return folded

    return key


def _folded(target: str) -> str:
    scheme, mark, rest = target.partition("://")
    plain = rest if mark and scheme.lower() in {"http", "https"} else target
    return unquote(plain).removeprefix("www.").rstrip("/") or target
