"""People whom the older side names in a field and the newer one names in none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.content.names import term_key
from pipeline.history.comparison.people import spoken
from pipeline.history.comparison.reading import Account
from pipeline.history.comparison.values import Unnamed


@dataclass(slots=True)
class _Named:
    name: str
    keys: set[str]
    roles: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)


def unnamed(before: Sequence[Account], after: Sequence[Account]) -> tuple[Unnamed, ...]:
    """List them: first those whom not even a text names, then by how many documents named them."""
    still = {key for account in after for keys in _keys(account) for key in keys}
    still |= {spoken(account.side.title) for account in after if account.side.title}
    gone = [each for each in _named(before) if not each.keys & still]
    texts = _texts(after) if gone else ""
    found = [
        Unnamed(
            name=each.name,
            roles=tuple(dict.fromkeys(each.roles)),
            documents=tuple(dict.fromkeys(each.documents)),
            in_text=f" {' '.join(_words(each.name))} " in texts,
        )
        for each in gone
    ]
    return tuple(sorted(found, key=lambda p: (p.in_text, -len(p.documents), term_key(p.name))))


def _keys(account: Account) -> Iterable[set[str]]:
    for mention in account.version.content.mentions:
        yield {spoken(key) for key in (mention.key, *mention.other_keys)}


def _named(before: Sequence[Account]) -> Iterable[_Named]:
    people: dict[str, _Named] = {}
    for account in before:
        for mention in account.version.content.mentions:
            if mention.key:
                key = spoken(mention.key)
                person = people.setdefault(key, _Named(mention.name, {key}))
                person.keys.update(map(spoken, mention.other_keys))
                person.roles.append(mention.role.value)
                person.documents.append(account.side.path)
    return people.values()


def _texts(after: Sequence[Account]) -> str:
    words = (word for account in after for word in _words(account.all_text))
    return f" {' '.join(words)} "


def _words(text: str) -> list[str]:
    """Give the letters of a text as words: a name may be followed by a comma or an apostrophe."""
    letters = "".join(char if char.isalnum() else " " for char in text.casefold())
    return letters.split()
