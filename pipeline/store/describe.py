"""Put what Jekyll and the site's conventions make of a file into rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.content.dates import Provenance
from pipeline.jekyll.item import Item, ItemKind
from pipeline.model import Sha256, shown_path
from pipeline.store.intake import Intake
from pipeline.store.tables import (
    AssetRow,
    DocumentRow,
    PublicationRow,
    RedirectRow,
    StayRow,
    UrlRow,
    VersionRow,
)
from pipeline.store.types import clean
from pipeline.store.wording import CHILDREN, Told, Wording

UID_DIGITS = 12


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
        self.homes: dict[str, str] = {}  # uid of the document that a path holds now, if not its own
        self.no_more: list[int] = []  # versions that are not of the newest snapshot any more
        self._documents = intake.shelf(DocumentRow, "site_id", "uid")
        self._versions = intake.shelf(
            VersionRow, "file_id", columns=("id", "file_id", "document_id", "context")
        )
        self.wording = Wording(intake, site_id, self._uid, self.url)
        self._urls = intake.shelf(UrlRow, "site_id", "url")
        self._stale: set[int] = set()

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
            self.wording.tie(told)
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
        self.wording.keep(version_id, told)

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
                self.wording.untie(row["id"])

    def _uid(self, path: str) -> str:
        return self.homes.get(path) or uid_of(self.site_key, path)


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
