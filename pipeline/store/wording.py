"""Put what a version says into rows: its text, dates, people, tags and links."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.content.dates import Provenance
from pipeline.content.values import Content, Mention
from pipeline.jekyll.item import Item
from pipeline.model import Sha256
from pipeline.store.intake import Intake
from pipeline.store.search import SearchText, is_cut
from pipeline.store.tables import (
    DateRow,
    DocumentRow,
    LinkRow,
    MentionRow,
    PartRow,
    PersonRow,
    TaggingRow,
    TagRow,
)
from pipeline.store.types import clean

CHILDREN = (PartRow, DateRow, MentionRow, TaggingRow, LinkRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A file that is a document or page, and everything said about it.

    `date` is the effective one, with its provenance. `profiles` holds for each mention the path of
    the document about that person, `destinations` for each link the site's URL that it leads to.
    """

    file_id: int
    path: str
    item: Item
    content: Content
    date: datetime | None
    date_source: Provenance
    yaml_engine: str
    context: Sha256
    profiles: Sequence[str | None]
    destinations: Sequence[str | None]


class Wording:
    """What the versions of one run say, as rows."""

    def __init__(
        self,
        intake: Intake,
        site_id: int,
        uid: Callable[[str], str],
        url: Callable[[str], int],
    ) -> None:
        """Rows go to `intake`. `uid` names the document at a path, `url` keeps a URL."""
        self._intake, self._site_id = intake, site_id
        self._uid, self._url = uid, url
        self.searchable: list[SearchText] = []
        self.cut: list[str] = []  # paths of versions too long to be searched whole
        self._documents = intake.shelf(DocumentRow, "site_id", "uid")
        self._people = intake.shelf(PersonRow, "site_id", "key")
        self._tags = intake.shelf(TagRow, "site_id", "kind", "key")

    @property
    def people(self) -> int:
        """How many people the catalogue names."""
        return sum(1 for _ in self._people.rows())

    def keep(self, version_id: int, told: Told) -> None:
        """Keep all that a version says; nothing of it is there yet, or all will be dropped."""
        self._text(version_id, told)
        self._people_named(version_id, told)
        self._tagged(version_id, told.content)
        self._linked(version_id, told)

    def untie(self, document_id: int) -> None:
        """Tie no person to a document that is no more."""
        for person in list(self._people.rows()):
            if person["document_id"] == document_id:
                self._people.put(site_id=self._site_id, key=person["key"], document_id=None)

    def _text(self, version_id: int, told: Told) -> None:
        parts = self._intake.shelf(PartRow, "version_id", "position")
        for part in told.content.parts:
            parts.put(
                version_id=version_id,
                position=part.position,
                name=part.name,
                format=part.format.value,
                text=part.text,
                plain=part.plain or "",
                offset=part.offset,
                length=part.length,
                line=part.line,
            )
        dates = self._intake.shelf(DateRow, "version_id", "position")
        for position, named in enumerate(told.content.dates):
            dates.put(
                version_id=version_id,
                position=position,
                name=named.name,
                raw=named.raw,
                day=named.day,
                at=named.at,
                line=named.line,
            )
        searchable = SearchText(
            version_id=version_id,
            title=told.content.title or told.item.title or "",
            people=" ".join(mention.name for mention in told.content.mentions),
            tags=" ".join(term.name for term in told.content.terms),
            body=" ".join(part.plain or "" for part in told.content.parts),
        )
        self.searchable.append(searchable)
        if is_cut(searchable):
            self.cut.append(told.path)

    def _people_named(self, version_id: int, told: Told) -> None:
        shelf = self._intake.shelf(MentionRow, "version_id", "position")
        for mention, profile in zip(told.content.mentions, told.profiles, strict=True):
            shelf.put(
                version_id=version_id,
                position=mention.position,
                person_id=self._person(mention, profile),
                role=mention.role.value,
                kind=mention.kind.value,
                name=mention.name,
                field=mention.field,
                raw=mention.raw,
                line=mention.line,
            )

    def tie(self, told: Told) -> None:
        """Tie people to their pages again: one can have come since."""
        for mention, profile in zip(told.content.mentions, told.profiles, strict=True):
            self._person(mention, profile)

    def _person(self, mention: Mention, profile: str | None) -> int:
        uid = None if profile is None else self._uid(profile)
        document = None if uid is None else self._documents.get(self._site_id, uid)
        known = self._people.get(self._site_id, mention.key)
        values: dict[str, Any] = {}
        if document is not None or known is None:  # a page that is gone still was about them
            values["document_id"] = document["id"] if document else None
        if known is None:
            values["name"] = mention.name
        return self._people.put(site_id=self._site_id, key=mention.key, **values)

    def _tagged(self, version_id: int, content: Content) -> None:
        shelf = self._intake.shelf(TaggingRow, "version_id", "position")
        for position, term in enumerate(content.terms):
            known = self._tags.get(self._site_id, term.kind.value, term.key)
            tag_id = (
                int(known["id"])
                if known
                else self._tags.put(
                    site_id=self._site_id, kind=term.kind.value, key=term.key, name=term.name
                )
            )
            shelf.put(
                version_id=version_id,
                position=position,
                tag_id=tag_id,
                field=term.field,
                raw=term.raw,
                line=term.line,
            )

    def _linked(self, version_id: int, told: Told) -> None:
        shelf = self._intake.shelf(LinkRow, "version_id", "position")
        for link, url in zip(told.content.links, told.destinations, strict=True):
            shelf.put(
                version_id=version_id,
                position=link.position,
                part=link.part,
                kind=link.kind.value,
                target=clean(link.target),
                text=clean(link.text),
                line=link.line,
                url_id=None if url is None else self._url(url),
            )
