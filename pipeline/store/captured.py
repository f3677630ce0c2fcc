"""Ask the catalogue for the rendered pages that the archive holds, with what they say."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from pipeline.store.answers import Site
from pipeline.store.tables import CaptureRow, PageRow, PartRow, UrlRow, VersionRow, WarcFileRow

PORTION: Final = 200
"""Versions whose text is asked for at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedPage:
    """A capture of a rendered page. `path` is its URL within the site.

    Title and text are those of the version that it was made from, so without what the layout puts
    around it; where none is known, the page's own title, and no text. `record` is where its bytes
    are: the path of a WARC file, offset and length.
    """

    url: str
    path: str
    at: datetime
    title: str | None
    text: str | None
    record: tuple[str, int, int]


def captured_pages(connection: Connection, site: Site) -> Iterator[CapturedPage]:
    """Give every capture of a rendered page, by URL and moment."""
    original, file = aliased(CaptureRow), aliased(WarcFileRow)
    body = func.coalesce(original.block_sha256, CaptureRow.block_sha256)
    statement = (
        select(
            CaptureRow.target_uri,
            UrlRow.url,
            CaptureRow.captured_at,
            PageRow.version_id,
            func.coalesce(VersionRow.title, PageRow.title),
            file.path,
            func.coalesce(original.offset, CaptureRow.offset),
            func.coalesce(original.length, CaptureRow.length),
        )
        .join(UrlRow, UrlRow.id == CaptureRow.url_id)
        .outerjoin(original, original.id == CaptureRow.refers_to_id)
        .join(file, file.id == func.coalesce(original.warc_file_id, CaptureRow.warc_file_id))
        .join(PageRow, (PageRow.url_id == UrlRow.id) & (PageRow.sha256 == body))
        .outerjoin(VersionRow, VersionRow.id == PageRow.version_id)
        .where(UrlRow.site_id == site.id, CaptureRow.type != "metadata")
        .order_by(CaptureRow.target_uri, CaptureRow.captured_at, CaptureRow.id)
    )
    found = connection.execute(statement).all()
    for start in range(0, len(found), PORTION):
        portion = found[start : start + PORTION]
        texts = _texts(connection, {row[3] for row in portion if row[3] is not None})
        for uri, path, at, version_id, title, warc, offset, length in portion:
            text = None if version_id is None else texts.get(version_id)
            yield CapturedPage(
                url=uri or path,
                path=path,
                at=at,
                title=title,
                text=text,
                record=(warc, offset, length),
            )


def _texts(connection: Connection, versions: set[int]) -> dict[int, str]:
    statement = (
        select(PartRow.version_id, PartRow.plain)
        .where(PartRow.version_id.in_(sorted(versions)))
        .order_by(PartRow.version_id, PartRow.position)
    )
    parts: dict[int, list[str]] = defaultdict(list)
    for version_id, plain in connection.execute(statement):
        parts[version_id].append(plain)
    return {version_id: "\n\n".join(filter(None, each)) for version_id, each in parts.items()}


def record_ids(connection: Connection, site: Site, warc_path: str) -> tuple[str, ...]:
    """Give the ids of the records of a WARC file in order; its warcinfo record is no row."""
    statement = (
        select(CaptureRow.record_id)
        .join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
        .where(WarcFileRow.site_id == site.id, WarcFileRow.path == warc_path)
        .order_by(CaptureRow.offset)
    )
    return tuple(connection.scalars(statement))


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureAt:
    """A capture under a URL, or (`metadata`) what is said of where one came from."""

    id: int
    type: str
    url: str
    at: datetime


def captures_at(
    connection: Connection, site: Site, paths: Collection[str]
) -> tuple[CaptureAt, ...]:
    """List everything that was captured at these URLs within the site, in order."""
    statement = (
        select(CaptureRow.id, CaptureRow.type, CaptureRow.target_uri, CaptureRow.captured_at)
        .join(UrlRow, UrlRow.id == CaptureRow.url_id)
        .where(UrlRow.site_id == site.id, UrlRow.url.in_(sorted(paths)))
        .order_by(CaptureRow.id)
    )
    return tuple(
        CaptureAt(id=row.id, type=row.type, url=str(row.target_uri), at=row.captured_at)
        for row in connection.execute(statement)
    )


def capture_in(connection: Connection, site: Site, warc_path: str, offset: int) -> CaptureAt | None:
    """Find the capture whose record begins at a byte of a WARC file of the archive."""
    statement = (
        select(CaptureRow.id, CaptureRow.type, CaptureRow.target_uri, CaptureRow.captured_at)
        .join(WarcFileRow, WarcFileRow.id == CaptureRow.warc_file_id)
        .where(WarcFileRow.site_id == site.id, WarcFileRow.path == warc_path)
        .where(CaptureRow.offset == offset, CaptureRow.target_uri.is_not(None))
    )
    row = connection.execute(statement).first()
    if row is None:
        return None
    return CaptureAt(id=row.id, type=row.type, url=row.target_uri, at=row.captured_at)
