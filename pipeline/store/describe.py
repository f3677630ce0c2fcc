"""Put what Jekyll and the site's conventions make of a file into rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.content.dates import Provenance
from pipeline.content.values import Content, Mention
from pipeline.jekyll.item import Item, ItemKind
from pipeline.model import Sha256, shown_path
from pipeline.store.intake import Intake
from pipeline.store.search import SearchText, is_cut
from pipeline.store.tables import (
    AssetRow,
    DateRow,
    DocumentRow,
    LinkRow,
    MentionRow,
    PartRow,
    PersonRow,
    PublicationRow,
    RedirectRow,
    StayRow,
    TaggingRow,
    TagRow,
    UrlRow,
    VersionRow,
)
from pipeline.store.types import clean

UID_DIGITS = 12
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A state of a document that stands no more, as it was read under the rules of its time."""

    file_id: int
    document_id: int
    item: Item
    date: datetime | None
    date_source: Provenance
    yaml_engine: str
    context: Sha256


def raw_path(path: str) -> bytes | None:
    """Give the bytes of a path that is not shown as it is."""
    return None if shown_path(path) == path else path.encode("utf-8", "surrogateescape")


def uid_of(site_key: str, path: str) -> str:
    """Give the uid of the document that a path stands for."""
    return Sha256.of(f"{site_key}:{shown_path(path)}".encode()).hex[:UID_DIGITS]


class Describer:
    """The documents of one run, as rows."""

    def __init__(self, intake: Intake, site_id: int, site_key: str) -> None:
        """Rows go to `intake`; nothing is written here."""
        self.intake = intake
        self.site_id = site_id
        self.site_key = site_key
        self.searchable: list[SearchText] = []
        self.cut: list[str] = []  # paths of versions too long to be searched whole
        self.homes: dict[str, str] = {}  # uid of the document that a path holds now, if not its own
        self.no_more: list[int] = []  # versions that are not of the newest snapshot any more
        self._documents = intake.shelf(DocumentRow, "site_id", "uid")
        self._versions = intake.shelf(
            VersionRow, "file_id", columns=("id", "file_id", "document_id", "context")
        )
        self._people = intake.shelf(PersonRow, "site_id", "key")
        self._tags = intake.shelf(TagRow, "site_id", "kind", "key")
        self._urls = intake.shelf(UrlRow, "site_id", "url")
        self._stale: set[int] = set()

    @property
    def people(self) -> int:
        """How many people the catalogue names."""
        return sum(1 for _ in self._people.rows())

    def version_of(self, file_id: int) -> int | None:
        """Find the version that a file is."""
        known = self._versions.get(file_id)
        return int(known["id"]) if known else None

    def url(self, url: str) -> int:
        """Keep a URL of the site."""
        return self._urls.put(site_id=self.site_id, url=clean(url))

    def published(self, file_id: int, item: Item) -> int | None:
        """Say where a file is published; None where Jekyll makes no URL for it."""
        if item.url is None:
            return None
        return self.publication(file_id, item.url, item.destination or "", written=item.written)

    def publication(self, file_id: int, url: str, destination: str, *, written: bool) -> int:
        """Keep that a file is published at a URL under some configuration."""
        key = ("file_id", "url_id", "destination", "written")
        return self.intake.shelf(PublicationRow, *key).put(
            file_id=file_id,
            url_id=self.url(url),
            destination=clean(destination),
            written=written,
        )

    def redirects(self, file_id: int, item: Item) -> None:
        """Keep what the file's front matter says about redirects, as written."""
        shelf = self.intake.shelf(RedirectRow, "file_id", "from_url_id", "target")
        pairs = [("redirect_from", origin, item.url or "") for origin in item.redirect_from]
        if item.redirect_to is not None and item.url is not None:
            pairs.append(("redirect_to", item.url, item.redirect_to))
        kept = set()
        for source, origin, target in dict.fromkeys(pairs):
            key = (file_id, self.url(origin), clean(target))
            shelf.put(file_id=file_id, source=source, from_url_id=key[1], target=key[2])
            kept.add(key)
        shelf.drop_others("file_id", file_id, kept)  # what another configuration made of it

    def asset(self, file_id: int, media_type: str) -> None:
        """Keep a static file's media type."""
        shelf = self.intake.shelf(AssetRow, "file_id")
        shelf.put(file_id=file_id, media_type=media_type)

    def document_at(self, item: Item, path: str) -> int:
        """Keep the document that a path holds now."""
        return self.document(self._uid(path), item.kind, item.collection, path)

    def document(self, uid: str, kind: ItemKind, collection: str | None, path: str) -> int:
        """Keep a document: what and where it is, or was when it was last seen."""
        return self._documents.put(
            site_id=self.site_id,
            uid=uid,
            kind=kind.value,
            collection=collection,
            path=shown_path(path),
        )

    def belongs(self, file_id: int, document_id: int) -> None:
        """Say to which document a version belongs, if the file is one."""
        if self._versions.get(file_id) is not None:
            self._versions.put(file_id=file_id, document_id=document_id)

    def former(self, told: Former) -> None:
        """Keep a version that stands no more: no parts, people and links, they are read anew."""
        known = self._versions.get(told.file_id)
        if known is not None and known["context"] == told.context:
            self._versions.put(file_id=told.file_id, document_id=told.document_id)
            return
        version_id = self._versions.put(
            document_id=told.document_id,
            file_id=told.file_id,
            **_derived(
                told.item,
                date=told.date,
                date_source=told.date_source,
                yaml_engine=told.yaml_engine,
                context=told.context,
            ),
        )
        if known is not None:
            self._stale.add(version_id)
            self.no_more.append(version_id)

    def version(self, told: Told) -> None:
        """Keep a version and all that belongs to it; what is there under the same rules stays."""
        known = self._versions.get(told.file_id)
        document_id = self.document_at(told.item, told.path)
        if known is not None and known["context"] == told.context:
            self._versions.put(file_id=told.file_id, document_id=document_id)
            self._tie(told)
            return
        version_id = self._versions.put(
            document_id=document_id,
            file_id=told.file_id,
            **_derived(
                told.item,
                date=told.date,
                date_source=told.date_source,
                yaml_engine=told.yaml_engine,
                context=told.context,
            ),
        )
        if known is not None:
            self._stale.add(version_id)
        self._text(version_id, told)
        self._people_named(version_id, told)
        self._tagged(version_id, told.content)
        self._linked(version_id, told)

    def close(self) -> None:
        """Drop what belonged to versions that were derived anew, and documents that are no more."""
        for row_class in CHILDREN:
            self.intake.shelf(row_class, "version_id", "position").drop_children(
                "version_id", self._stale
            )
        stays = self.intake.shelf(StayRow, "document_id", "position")
        needed = {row["document_id"] for row in (*self._versions.rows(), *stays.rows())}
        for row in list(self._documents.stored()):
            if row["id"] not in needed:
                self._documents.retire(self.site_id, row["uid"])
                for person in list(self._people.rows()):
                    if person["document_id"] == row["id"]:
                        self._people.put(site_id=self.site_id, key=person["key"], document_id=None)

    def _text(self, version_id: int, told: Told) -> None:
        parts = self.intake.shelf(PartRow, "version_id", "position")
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
        dates = self.intake.shelf(DateRow, "version_id", "position")
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
        shelf = self.intake.shelf(MentionRow, "version_id", "position")
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

    def _tie(self, told: Told) -> None:
        """Tie people to their pages again: one can have come since."""
        for mention, profile in zip(told.content.mentions, told.profiles, strict=True):
            self._person(mention, profile)

    def _person(self, mention: Mention, profile: str | None) -> int:
        uid = None if profile is None else self._uid(profile)
        document = None if uid is None else self._documents.get(self.site_id, uid)
        known = self._people.get(self.site_id, mention.key)
        values: dict[str, Any] = {}
        if document is not None or known is None:  # a page that is gone still was about them
            values["document_id"] = document["id"] if document else None
        if known is None:
            values["name"] = mention.name
        return self._people.put(site_id=self.site_id, key=mention.key, **values)

    def _uid(self, path: str) -> str:
        return self.homes.get(path) or uid_of(self.site_key, path)

    def _tagged(self, version_id: int, content: Content) -> None:
        shelf = self.intake.shelf(TaggingRow, "version_id", "position")
        for position, term in enumerate(content.terms):
            known = self._tags.get(self.site_id, term.kind.value, term.key)
            tag_id = (
                int(known["id"])
                if known
                else self._tags.put(
                    site_id=self.site_id, kind=term.kind.value, key=term.key, name=term.name
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
        shelf = self.intake.shelf(LinkRow, "version_id", "position")
        for link, url in zip(told.content.links, told.destinations, strict=True):
            shelf.put(
                version_id=version_id,
                position=link.position,
                part=link.part,
                kind=link.kind.value,
                target=clean(link.target),
                text=clean(link.text),
                line=link.line,
                url_id=None if url is None else self.url(url),
            )


def _derived(
    item: Item,
    *,
    date: datetime | None,
    date_source: Provenance,
    yaml_engine: str,
    context: Sha256,
) -> Mapping[str, Any]:
    split = item.split
    offset = date.utcoffset() if date else None
    return {
        "title": None if item.title is None else clean(item.title),
        "slug": None if item.slug is None else clean(item.slug),
        "date": date,
        "date_offset": None if offset is None else int(offset.total_seconds() // 60),
        "date_raw": None if item.date_raw is None else clean(item.date_raw),
        "date_source": date_source.value,
        "draft": item.draft,
        "layout": None if item.layout is None else clean(str(item.layout)),
        "excerpt": None if item.excerpt is None else clean(item.excerpt),
        "own": item.own,
        "from_defaults": {
            key: value
            for key, value in item.front_matter.items()
            if key not in item.own or item.own[key] != value
        },
        "yaml_engine": yaml_engine,
        "context": context,
        "yaml_start": split.yaml_start if split else 0,
        "yaml_end": split.yaml_end if split else 0,
        "body_start": split.body_start if split else 0,
    }
