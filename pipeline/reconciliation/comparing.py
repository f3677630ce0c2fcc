"""One page held against its document: title, date, people, text, links, images."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from pipeline.content.dates import read_date
from pipeline.html.values import Page, Value
from pipeline.reconciliation.values import Kind, SourceSide
from pipeline.reconciliation.words import Bag, key, words

SHOWN = 12  # words of a difference
HALF = 0.5  # of its words: a field of which less stands on the page is not shown there
_BETWEEN = re.compile(r"\s+[|\-\u2013\u2014\u00b7\u2022\u00bb]+\s+|:\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A page as it was read: what it says, all of its text, where it leads, what it needs.

    `leads` are its links and needs as `told` has them, to be compared with those of a source.
    """

    path: str
    page: Page
    whole: Bag
    article: Bag
    leads: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLack:
    """How much of a field's text is on the page: words of it, missing ones, those outside."""

    words: int
    missing: tuple[str, ...]
    outside: int

    @property
    def shown(self) -> bool:
        """Whether the page shows the field at all."""
        return len(self.missing) < HALF * self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What differs, by kind, and what is on the page of each field."""

    differences: Mapping[Kind, str]
    fields: Mapping[str, FieldLack]
    made_up: Value | None


def compare(side: SourceSide, read: Read, told: Mapping[str, str | None]) -> Compared:
    """Compare a page with its document. `told` says where each target of the source leads."""
    fields = {name: _lack(lines, read) for name, lines in side.texts.items()}
    shown = {name for name, lack in fields.items() if lack.shown} - side.liquid
    found: dict[Kind, str] = {}
    if side.title and not _titled(side.title, read):
        page_title = read.page.title.text if read.page.title else "(none)"
        found[Kind.TITLE] = f"the source says {side.title!r}, the page {page_title!r}"
    if (moved := _date(side, read.page.published)) is not None:
        found[Kind.DATE] = moved
    if gone := [name for name in side.authors if not _named(name, read)]:
        found[Kind.PEOPLE] = f"not on the page: {', '.join(gone)}"
    for kind, targets in ((Kind.LINKS, side.links), (Kind.IMAGES, side.images)):
        lost = _lost(targets, shown, read.leads, told)
        if lost:
            found[kind] = f"not on the page: {', '.join(lost[:SHOWN])}{_more(lost)}"
    return Compared(differences=found, fields=fields, made_up=_made_up(side, read.page.published))


def _lack(lines: tuple[str, ...], read: Read) -> FieldLack:
    total = sum(len(words(line)) for line in lines)
    out = read.article.lacks(lines)
    missing = read.whole.lacks(lines) if out else ()
    return FieldLack(words=total, missing=missing, outside=max(0, len(out) - len(missing)))


def shown_words(found: Iterable[str]) -> str:
    """Write the first of many words."""
    several = list(found)
    return " ".join(several[:SHOWN]) + _more(several)


def _more(found: list[str]) -> str:
    return " …" if len(found) > SHOWN else ""


def _titled(title: str, read: Read) -> bool:
    """Tell whether the page has the title; most have the site's name before or behind it."""
    said = read.page.title.text if read.page.title else ""
    return entitled(title, said) or key(title) in {key(each.text) for each in read.page.headings}


def entitled(title: str, said: str) -> bool:
    """Tell whether this is the title, with something else before or behind it or without."""
    pieces = _BETWEEN.split(said)
    ends = {key(" ".join(pieces[:n])) for n in range(1, len(pieces) + 1)}
    ends |= {key(" ".join(pieces[n:])) for n in range(len(pieces))}
    return key(title) in {"", *ends}


def _named(name: str, read: Read) -> bool:
    said = {key(author.text) for author in read.page.authors}
    plain = name.replace("-", " ").replace("_", " ")
    return key(plain) in said or read.whole.says(plain)


def _date(side: SourceSide, value: Value | None) -> str | None:
    if side.day is None or side.at is None or value is None:
        return None
    day, at = day_of(value.text)
    same = day is None or day == side.day or day in side.days
    if same or (at is not None and at == side.at):
        return None
    return f"the source says {side.day.isoformat()}, the page {value.text} ({value.origin})"


def _made_up(side: SourceSide, value: Value | None) -> Value | None:
    """Give a date of publication of the page that the source has not."""
    if side.day is not None or value is None:
        return None
    day, at = day_of(value.text)
    same_in_utc = at is not None and at.astimezone(UTC).date() in side.days
    if day is None or day in side.days or same_in_utc:
        return None
    return value


def day_of(text: str) -> tuple[date | None, datetime | None]:
    """Read a date of a page: as machines write it, else as people do."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return read_date(text)
    return at.date(), at if at.tzinfo else None


def _lost(
    targets: Iterable[tuple[str, str]],
    shown: set[str],
    leads: frozenset[str],
    told: Mapping[str, str | None],
) -> list[str]:
    """Give the targets in fields that are shown, which the page has not."""
    return [
        target
        for part, target in targets
        if part in shown and (where := told.get(target)) is not None and where not in leads
    ]
