"""A document as it was read at one moment, and what of it is compared."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.content.fields import TooLargeError, fields
from pipeline.content.parts import field_format
from pipeline.content.plain import plain_text, read
from pipeline.content.raw import clean, one_line
from pipeline.content.targets import is_image
from pipeline.content.values import Content, LinkKind, TermKind
from pipeline.history.comparison.values import Person, Side
from pipeline.history.comparison.words import Line, folded, lines_of, shown
from pipeline.jekyll.item import DateSource, Item
from pipeline.model import shown_path

OPENING = 40  # words
LONGEST = 2_000  # characters of an excerpt, a target or a name that are kept
EXCERPTS, DESCRIPTIONS = ("excerpt",), ("description", "summary")
_STEP = re.compile(r"[.\[].*", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadVersion:
    """A version, read under the rules of its time. `path` is as git has it."""

    path: str
    item: Item
    content: Content
    sha256: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a version says, made ready to be compared with another.

    `texts` are the lines that a reader sees, by the field that holds them; excerpt and description
    are not among them. `all_text` is everything that it says anywhere, as one folded string.
    """

    version: ReadVersion
    side: Side
    texts: Mapping[str, tuple[Line, ...]]
    all_text: str = field(repr=False)

    @property
    def path(self) -> str:
        """Where it stood, as git has it."""
        return self.version.path

    @property
    def date(self) -> datetime | None:
        """The date that the author gave, in the site's zone."""
        item = self.version.item
        return None if item.date_source is DateSource.NONE else item.date


def account(version: ReadVersion) -> Account:
    """Make a version ready to be compared."""
    item, content = version.item, version.content
    texts: dict[str, tuple[Line, ...]] = {}
    for part in content.parts:
        name = _STEP.sub("", part.name)
        if name not in {*EXCERPTS, *DESCRIPTIONS}:
            texts[name] = (*texts.get(name, ()), *lines_of(plain_text(part)))
    texts = {name: lines for name, lines in texts.items() if lines}
    excerpt, description = (_own(item, names) for names in (EXCERPTS, DESCRIPTIONS))
    more = lines_of("\n".join(filter(None, (excerpt, description, content.title, *_strings(item)))))
    return Account(
        version=version,
        side=_side(version, texts, excerpt, description),
        texts=texts,
        all_text=folded([*(line for lines in texts.values() for line in lines), *more]),
    )


def _side(
    version: ReadVersion,
    texts: Mapping[str, tuple[Line, ...]],
    excerpt: str | None,
    description: str | None,
) -> Side:
    item, content = version.item, version.content
    words = [word for lines in texts.values() for line in lines for word in line]
    given = item.date if item.date_source is not DateSource.NONE else None
    images = [link.target for link in content.links if _shows(link.kind, link.target)]
    links = [link.target for link in content.links if not _shows(link.kind, link.target)]
    return Side(
        path=shown_path(version.path),
        collection=item.collection or None,
        title=content.title,
        url=clean(item.url) if item.url else None,
        written=item.written,
        draft=item.draft,
        date=given.isoformat() if given else None,
        people=tuple(
            dict.fromkeys(Person(name=_short(m.name), role=m.role.value) for m in content.mentions)
        ),
        tags=_once(term.name for term in content.terms if term.kind is TermKind.TAG),
        categories=_once(term.name for term in content.terms if term.kind is TermKind.CATEGORY),
        excerpt=excerpt,
        description=description,
        images=_once(images),
        links=_once(links),
        redirects=_once(map(clean, item.redirect_from)),
        texts=tuple(texts),
        words=len(words),
        opening=" ".join(map(shown, words[:OPENING])) + (" …" if len(words) > OPENING else ""),
        sha256=version.sha256,
        size=version.size,
    )


def _shows(kind: LinkKind, target: str) -> bool:
    return kind is LinkKind.IMAGE or (kind is LinkKind.FIELD and is_image(target))


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_short(value) for value in values))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _own(item: Item, names: Iterable[str]) -> str | None:
    """Read what the author wrote in a field, without markup; Jekyll's own excerpt is no field."""
    for name in names:
        value = item.own.get(name)
        if isinstance(value, str) and value.strip():
            text = clean(value)
            return _short(one_line(read(text, field_format(text)).plain)) or None
    return None


def _strings(item: Item) -> list[str]:
    try:
        found = fields(item.own)
    except TooLargeError:
        return []
    return [clean(each.value) for each in found if isinstance(each.value, str)]
