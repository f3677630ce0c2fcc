"""Ask the catalogue for the newest rendering: the last capture of every URL of the site."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import aliased

from pipeline.model import Sha256
from pipeline.store.answers import Site
from pipeline.store.tables import CaptureRow, UrlRow, WarcFileRow
from pipeline.warc.record import RecordType


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedFile:
    """A file of the rendering, and the record that holds its bytes (of a revisit: the other)."""

    url: str
    at: datetime
    media_type: str
    sha256: Sha256
    size: int
    warc_path: str
    offset: int
    length: int


def rendered_files(connection: Connection, site: Site) -> tuple[RenderedFile, ...]:
    """List the newest capture of every URL, by URL.

    A URL that a later rendering did not have any more stays: the catalogue knows what was captured,
    not what was absent.
    """
    original = aliased(CaptureRow)
    statement = (
        select(
            CaptureRow.target_uri,
            CaptureRow.captured_at,
            func.coalesce(original.content_type, CaptureRow.content_type).label("media"),
            *CaptureRow.__table__.c["block_sha256", "block_size", "offset", "length"],
            CaptureRow.refers_to_id,
            original.block_sha256.label("held_sha256"),
            original.block_size.label("held_size"),
            original.offset.label("held_offset"),
            original.length.label("held_length"),
            WarcFileRow.path,
        )
        .join(UrlRow, UrlRow.id == CaptureRow.url_id)
        .outerjoin(original, original.id == CaptureRow.refers_to_id)
        .join(
            WarcFileRow,
            WarcFileRow.id == func.coalesce(original.warc_file_id, CaptureRow.warc_file_id),
        )
        .where(
            UrlRow.site_id == site.id,
            CaptureRow.type != RecordType.METADATA.value,
            CaptureRow.target_uri.is_not(None),
        )
        .order_by(CaptureRow.target_uri, CaptureRow.captured_at, CaptureRow.id)
    )
    newest: dict[str, RenderedFile] = {}
    for row in connection.execute(statement):
        revisit = row.refers_to_id is not None
        newest[row.target_uri] = RenderedFile(
            url=row.target_uri,
            at=row.captured_at,
            media_type=row.media or "",
            sha256=row.held_sha256 if revisit else row.block_sha256,
            size=row.held_size if revisit else row.block_size,
            warc_path=row.path,
            offset=row.held_offset if revisit else row.offset,
            length=row.held_length if revisit else row.length,
        )
    return tuple(newest.values())
