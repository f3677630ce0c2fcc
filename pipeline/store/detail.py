"""Everything that the catalogue knows about one document of the newest snapshot."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from pipeline.store.answers import Detail, Entry, Site
from pipeline.store.evidence import called, of_file
from pipeline.store.tables import (
    DateRow,
    DocumentRow,
    FindingRow,
    LinkRow,
    MentionRow,
    PageRow,
    PartRow,
    PersonRow,
    RedirectRow,
    TaggingRow,
    TagRow,
    UrlRow,
    VersionRow,
)


def detail(connection: Connection, site: Site, entry: Entry) -> Detail:
    """Read all that belongs to a document's newest version."""
    version = connection.execute(
        select(VersionRow.__table__).where(VersionRow.id == entry.version_id)
    ).one()

    def rows(statement: Select[*tuple[Any, ...]]) -> tuple[Mapping[str, Any], ...]:
        return tuple(dict(row) for row in connection.execute(statement).mappings())

    name = called(f"document:{entry.uid}", entry.title)
    return Detail(
        entry=entry,
        layout=version.layout,
        excerpt=version.excerpt,
        front_matter=version.own or {},
        header=(version.yaml_start, version.yaml_end),
        body_start=version.body_start,
        parts=rows(_parts(entry)),
        mentions=rows(_mentions(entry)),
        tags=rows(_tags(entry)),
        dates=rows(_dates(entry)),
        links=rows(_links(entry)),
        redirects=rows(_redirects(entry)),
        pages=rows(_pages(entry)),
        findings=rows(_findings(site, entry)),
        evidence=next(iter(of_file(connection, site, entry.file_id, name))),
    )


def _parts(entry: Entry) -> Select[*tuple[Any, ...]]:
    wanted = PartRow.__table__.c[
        "id", "name", "format", "text", "plain", "offset", "length", "line"
    ]
    return select(*wanted).where(PartRow.version_id == entry.version_id).order_by(PartRow.position)


def _mentions(entry: Entry) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *MentionRow.__table__.c["id", "role", "field", "raw"],
            PersonRow.name,
            DocumentRow.path.label("document"),
        )
        .join(PersonRow, PersonRow.id == MentionRow.person_id)
        .outerjoin(DocumentRow, DocumentRow.id == PersonRow.document_id)
        .where(MentionRow.version_id == entry.version_id)
        .order_by(MentionRow.position)
    )


def _tags(entry: Entry) -> Select[*tuple[Any, ...]]:
    return (
        select(TaggingRow.id, TagRow.kind, TagRow.name, TaggingRow.raw)
        .join(TagRow, TagRow.id == TaggingRow.tag_id)
        .where(TaggingRow.version_id == entry.version_id)
        .order_by(TaggingRow.position)
    )


def _dates(entry: Entry) -> Select[*tuple[Any, ...]]:
    wanted = DateRow.__table__.c["id", "name", "raw", "day", "at", "line"]
    return select(*wanted).where(DateRow.version_id == entry.version_id).order_by(DateRow.position)


def _links(entry: Entry) -> Select[*tuple[Any, ...]]:
    return (
        select(*LinkRow.__table__.c["id", "part", "kind", "target", "text"], UrlRow.url)
        .outerjoin(UrlRow, UrlRow.id == LinkRow.url_id)
        .where(LinkRow.version_id == entry.version_id)
        .order_by(LinkRow.position)
    )


def _redirects(entry: Entry) -> Select[*tuple[Any, ...]]:
    return (
        select(RedirectRow.id, RedirectRow.source, UrlRow.url.label("from_url"), RedirectRow.target)
        .join(UrlRow, UrlRow.id == RedirectRow.from_url_id)
        .where(RedirectRow.file_id == entry.file_id)
        .order_by(RedirectRow.id)
    )


def _pages(entry: Entry) -> Select[*tuple[Any, ...]]:
    return (
        select(*PageRow.__table__.c["id", "path", "title", "sha256"], UrlRow.url)
        .join(UrlRow, UrlRow.id == PageRow.url_id)
        .where(PageRow.version_id == entry.version_id)
        .order_by(PageRow.id)
    )


def _findings(site: Site, entry: Entry) -> Select[*tuple[Any, ...]]:
    table = FindingRow.__table__
    mine = or_(FindingRow.file_id == entry.file_id, FindingRow.path == entry.path)
    return (
        select(*table.c["id", "code", "severity", "message", "line", "column", "field"])
        .where(FindingRow.snapshot_id == site.snapshot_id, mine)
        .order_by(FindingRow.id)
    )
