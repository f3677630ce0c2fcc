"""Who is who: from the names that documents mention to the pages that people have on the site.

A name is tied to a page when their keys are equal (see `names.py`), never by likeness. Where two
pages of one collection have the name, it is tied to neither. Where people have a page in two
collections, the first collection that the settings name wins, unless the field says which
(`author_team`), and a page that only points to another (`team_member: Ada Example`) leads there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.content.codes import Code
from pipeline.content.fields import snake
from pipeline.content.names import display, is_honorific, person_key, term_key
from pipeline.content.settings import Settings
from pipeline.content.values import Mention, MentionKind
from pipeline.jekyll.item import Item
from pipeline.model import Finding, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """A document of a people collection: the keys it answers to, best first.

    `points_to` is the key of the page that this one only stands in for.
    """

    path: str
    collection: str
    name: str
    names: tuple[str, ...]
    slugs: tuple[str, ...]
    points_to: str | None = None


def person_page(item: Item, settings: Settings) -> PersonPage | None:
    """Read whom a document is about; None where it is not of a people collection."""
    if item.collection is None or item.collection not in settings.people_collections:
        return None
    own = {snake(str(key)): value for key, value in item.own.items()}

    def text(*keys: str) -> str:
        return " ".join(display(own[k]) for k in keys if isinstance(own.get(k), str)).strip()

    family = text("family")
    written = (
        text("given", "family") if family else "",
        text("preferred", "family") if text("preferred") else "",
        text("name"),
        text("title"),
        item.title or "",
    )
    spoken = tuple(name for name in map(display, written) if name and not is_honorific(name))
    slugs = (text("slug"), item.slug or "", PurePosixPath(item.path).stem)
    return PersonPage(
        path=item.path,
        collection=item.collection,
        name=spoken[0] if spoken else slugs[-1],
        names=_distinct(person_key(name) for name in spoken),
        slugs=_distinct(term_key(slug) for slug in slugs),
        points_to=person_key(text("team_member")) or None,
    )


class PeopleIndex:
    """The pages of people, by name and by slug."""

    def __init__(self, pages: Iterable[PersonPage], settings: Settings) -> None:
        order = {name: rank for rank, name in enumerate(settings.people_collections)}
        self._pages = sorted(pages, key=lambda page: (order.get(page.collection, 99), page.path))
        self._by_name: dict[str, list[PersonPage]] = {}
        self._by_slug: dict[str, list[PersonPage]] = {}
        for page in self._pages:
            for name in page.names:
                self._by_name.setdefault(name, []).append(page)
            for slug in page.slugs:
                self._by_slug.setdefault(slug, []).append(page)

    def find(self, mention: Mention) -> str | None:
        """Give the path of the page of the person mentioned; None for no page, or two."""
        found = self._candidates(mention)
        return found[0].path if len(found) == 1 else None

    def ambiguity(self, mention: Mention, path: str) -> Finding | None:
        """Give the finding for a name in the document at `path` that two pages answer to."""
        found = self._candidates(mention)
        if len(found) <= 1:
            return None
        pages = " and ".join(page.path for page in found[:3])
        place = Place(path=path, line=mention.line, field=mention.field)
        message = f"{mention.field}: {mention.name} could be {pages}; tied to neither"
        return Code.PERSON_AMBIGUOUS.at(place, message)

    def findings(self) -> tuple[Finding, ...]:
        """Give a finding for each page whose name another page of its collection has."""
        made = []
        first: dict[tuple[str, str], PersonPage] = {}
        for page in self._pages:
            key = (page.collection, person_key(page.name))
            if (same := first.setdefault(key, page)) is not page:
                message = f"{page.name} is also the name of {same.path}"
                made.append(Code.PERSON_TWICE.at(Place(path=page.path), message))
        return tuple(made)

    def _candidates(self, mention: Mention) -> list[PersonPage]:
        for pages in self._answers(mention):
            wanted = [p for p in pages if p.collection.startswith(mention.collection or "")]
            best = wanted or pages
            if best:
                same = [page for page in best if page.collection == best[0].collection]
                return list(dict.fromkeys(map(self._end, same)))
        return []

    def _answers(self, mention: Mention) -> Iterable[list[PersonPage]]:
        keys = (mention.key, *mention.other_keys)
        if mention.kind is MentionKind.SLUG:
            yield self._by_slug.get(term_key(mention.name), [])
        yield from (self._by_name.get(key, []) for key in keys)

    def _end(self, page: PersonPage) -> PersonPage:
        """Follow a page that only points to another one, once."""
        others = [
            other
            for other in self._by_name.get(page.points_to or "", ())
            if other.collection != page.collection and other.collection.startswith("team")
        ]
        return others[0] if len(others) == 1 else page


def _distinct(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for key in keys if key))
